"""What the room's page asks for while it is open: a ticket, and commands for networks that block WebSocket."""

import json

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from majlis.accounts.models import Account
from majlis.room import commands, tickets
from majlis.room.models import Room
from majlis.room.queries import events_after, room_with
from majlis.room.rules import NOT_THERE, require_seat
from majlis.web.refused import NotThere, Refused

LARGEST_COMMAND = 64 * 1024  # bytes


@require_GET
@never_cache
def ticket(request: HttpRequest, number: int) -> JsonResponse:
    """{"ticket": …} for a member of the room; it lives a minute and works beside this browser's session only."""
    try:
        account, room = _at_the_table(request, number)
    except Refused as refused:
        return _no(refused)
    return JsonResponse({"ticket": tickets.issue(account, room, request.session.session_key or "")})


@require_GET
@never_cache
def events(request: HttpRequest, number: int) -> JsonResponse:
    """What happened after ?after=seq, for networks that block WebSocket: {now, events: [{s, seq, name, data}, …]}."""
    try:
        _account, room = _at_the_table(request, number)
        after = request.GET.get("after", "")
        if not (after.isascii() and after.isdigit() and len(after) < 18):
            raise Refused(_("Say after which number."))
    except Refused as refused:
        return _no(refused)
    missed = events_after(room.stream_id, int(after))
    return JsonResponse(
        {
            "now": timezone.now().isoformat(),
            "events": [
                {"s": f"room:{number}", "seq": each.seq, "name": each.name, "data": each.data} for each in missed
            ],
        }
    )


@require_POST
@never_cache
def command(request: HttpRequest, number: int) -> JsonResponse:
    """The same commands as over WebSocket: {id, name, args} in, {"t": "ack" or "nak", …} out, after the commit."""
    try:
        account, room = _at_the_table(request, number)
        frame = _frame(request)
        args = frame.get("args")
        done = commands.perform(
            by=account, room=room, name=str(frame.get("name")), number=str(frame.get("id")),
            args=args if isinstance(args, dict) else {},
        )  # fmt: skip
    except Refused as refused:
        return _no(refused)
    return JsonResponse({"t": "ack", "id": frame.get("id")} | done)


def _at_the_table(request: HttpRequest, number: int) -> tuple[Account, Room]:
    account = request.user
    room = room_with(number)
    if room is None or not isinstance(account, Account):
        raise NotThere(NOT_THERE)
    require_seat(account, room)
    return account, room


def _frame(request: HttpRequest) -> dict[str, object]:
    try:
        frame = json.loads(request.body) if len(request.body) <= LARGEST_COMMAND else None
    except (ValueError, RecursionError):
        frame = None
    if not isinstance(frame, dict):
        raise Refused(_("This is not a command."))
    return frame


def _no(refused: Refused) -> JsonResponse:
    return JsonResponse({"t": "nak", "status": refused.status, "message": str(refused.sentence)}, status=refused.status)
