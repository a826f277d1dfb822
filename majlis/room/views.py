"""The room's page and its plain forms: everything can be read and written without JavaScript."""

import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from majlis.accounts.models import Account
from majlis.room import actions, commands
from majlis.room.models import Member, Room
from majlis.room.page import page_of
from majlis.room.queries import facts, room_with
from majlis.room.rules import NOT_THERE, can_see_state, seat_of
from majlis.web.refused import NotThere, Refused


@login_required
@require_GET
@never_cache
def page(request: HttpRequest, number: int) -> HttpResponse:
    """The room for its members; its state without a word of what is said for the secretariat; nothing for others."""
    account, room, seat = _seen(request, number)
    if seat is None:
        return render(request, "room/state.html", {"room": room, "facts": facts([room])[0]})
    actions.join(by=account, room=room)
    return _page(request, room, seat)


@login_required
@require_POST
def write(request: HttpRequest, number: int) -> HttpResponse:
    """A card from the plain form. A refusal shows the page again with the text still there."""
    account, room, seat = _seated(request, number)
    args = {key: value for key, value in request.POST.items() if isinstance(value, str)}
    # The form carries a number of its own, so that sending it twice writes one card.
    given = args.get("command") or secrets.token_hex(12)
    try:
        commands.perform(by=account, room=room, name="card.add", number=given, args=args)
    except Refused as refused:
        return _page(request, room, seat, draft=args, refused=refused)
    messages.success(request, _("Saved."))
    return redirect("room:page", number=number)


@login_required
@require_POST
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Any other command from a plain form: the next phase, more time, a verdict, closing."""
    account, room, seat = _seated(request, number)
    args = {key: value for key, value in request.POST.items() if isinstance(value, str)}
    try:
        commands.perform(
            by=account, room=room, name=args.get("name", ""), number=args.get("command") or secrets.token_hex(12), args=args
        )  # fmt: skip
    except Refused as refused:
        return _page(request, room, seat, refused=refused)
    return redirect("room:page", number=number)


@login_required
@require_POST
def release(request: HttpRequest, number: int) -> HttpResponse:
    """The case giver lets the key question be reported."""
    account, room, _seat = _seated(request, number)
    if room.case is None:
        raise NotThere(NOT_THERE)
    actions.release_case(by=account, case=room.case)
    messages.success(request, _("Thank you. The key question may be reported; nothing else that was said."))
    return redirect("room:page", number=number)


def _seen(request: HttpRequest, number: int) -> tuple[Account, Room, Member | None]:
    account = request.user
    room = room_with(number)
    if room is None or not isinstance(account, Account):
        raise NotThere(NOT_THERE)
    seat = seat_of(account, room)
    if seat is None and not can_see_state(account, room):
        raise NotThere(NOT_THERE)
    return account, room, seat


def _seated(request: HttpRequest, number: int) -> tuple[Account, Room, Member]:
    account, room, seat = _seen(request, number)
    if seat is None:
        raise NotThere(NOT_THERE)
    return account, room, seat


def _page(
    request: HttpRequest, room: Room, seat: Member, draft: dict[str, str] | None = None, refused: Refused | None = None
) -> HttpResponse:
    fresh = room_with(room.pk)
    context: dict[str, Any] = page_of(fresh or room, seat, get_language() or "en")
    context |= {"draft": draft or {}, "refused": refused, "command": secrets.token_hex(12)}
    return render(request, "room/room.html", context, status=refused.status if refused else 200)
