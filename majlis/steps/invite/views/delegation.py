"""A city's delegation: named, substituted and handed over by its focal point, by a link or signed in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from majlis.accounts.actions import GONE, open_link
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Partner
from majlis.dialogue.queries import visible_dialogue
from majlis.dialogue.rules import can_run
from majlis.steps.invite import actions, queries
from majlis.steps.invite.actions.agreement import partner_of
from majlis.steps.invite.forms.delegation import NamedForm
from majlis.steps.invite.queries import Seat
from majlis.steps.invite.rules import DELEGATE, can_answer_for
from majlis.steps.invite.views.reader import as_read_by, reader
from majlis.web.refused import NotThere, Refused

HAND_OVER = "hand_over"


@require_http_methods(["GET", "POST"])
def delegation(request: HttpRequest, dialogue: str, token: str) -> HttpResponse:
    """The page behind the link in a focal point's mail. Opening it changes nothing."""
    link = open_link(token, act=DELEGATE)
    partner = partner_of(link)
    if partner.dialogue.slug != dialogue:
        raise NotThere(GONE)
    with as_read_by(request, link.account, partner.city.zone):
        return _delegation(request, partner, link.account, link)


@login_required
@require_http_methods(["GET", "POST"])
def delegation_mine(request: HttpRequest, dialogue: str) -> HttpResponse:
    """The same for a focal point who is signed in."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    mine = found.partners.select_related("dialogue", "city").filter(
        city__people__account=account, city__people__is_focal_point=True
    )
    partner = mine.first()
    if partner is None:
        raise NotThere(_("You are not the focal point of a city in this dialogue."))
    return _delegation(request, partner, account, None)


@login_required
@require_http_methods(["GET", "POST"])
def delegation_of(request: HttpRequest, dialogue: str, partner: int) -> HttpResponse:
    """The same for the secretariat, for any city."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    one = found.partners.select_related("dialogue", "city").filter(pk=partner).first()
    if one is None or not (can_run(account, found) or can_answer_for(account, one)):
        raise NotThere(_("There is no such partner in this dialogue."))
    return _delegation(request, one, account, None)


def _delegation(request: HttpRequest, partner: Partner, account: Account, link: ActionLink | None) -> HttpResponse:
    seats, status = queries.delegation(partner), 200
    wanted = request.POST.get("act", "")
    forms = {str(seat.number): _form(request, seat, wanted, account) for seat in seats}
    forms[HAND_OVER] = _form(request, None, wanted, account)
    if request.method == "POST":
        form = forms.get(wanted)
        if form is None:
            raise NotThere(GONE)
        status = 422
        if form.is_valid() and (said := _acted(form, wanted, seats, partner, account, link)):
            messages.success(request, said)
            done = wanted == HAND_OVER and not can_run(account, partner.dialogue)
            return render(request, "invite/handed_over.html", {"partner": partner}) if done else redirect(request.path)
    context = {
        "dialogue": partner.dialogue, "partner": partner, "account": account, "note": queries.note_of(partner.dialogue),
        "seats": [(seat, forms[str(seat.number)]) for seat in seats], "hand_over": forms[HAND_OVER],
        "free": sum(seat.participant is None for seat in seats), "is_own": can_answer_for(account, partner),
    }  # fmt: skip
    return render(request, "invite/delegation.html", context, status=status)


def _form(request: HttpRequest, seat: Seat | None, wanted: str, account: Account) -> NamedForm:
    """The form of one seat, or of the hand-over; what was typed belongs to the one that was sent."""
    act = str(seat.number) if seat else HAND_OVER
    is_sent = request.method == "POST" and wanted == act
    with_organisation = bool(seat and seat.is_partner_seat)
    return NamedForm(
        request.POST if is_sent else None,
        auto_id=f"id_{act}_%s",
        with_organisation=with_organisation,
        language=account.language,
    )


def _acted(
    form: NamedForm, wanted: str, seats: list[Seat], partner: Partner, account: Account, link: ActionLink | None
) -> str:
    """Do it and say what was done; an empty text if it was refused, and the form says why."""
    who: dict[str, Any] = {"link": link, "by": account}
    try:
        if wanted == HAND_OVER:
            actions.hand_over(named=form.named(), partner=partner, **who)
            return _("Handed over. The mail to your successor is drafted.")
        seat = next(each for each in seats if str(each.number) == wanted)
        if seat.participant:
            actions.substitute(participant=seat.participant, named=form.named(), **who)
            return _("The seat has a new person. They will be invited personally.")
        actions.name_delegate(seat=seat.number, named=form.named(), partner=partner, **who)
        return _("The person is named. They will be invited personally.")
    except Refused as refused:
        if refused.status not in {409, 422, 429}:
            raise
        form.add_error(None, str(refused.sentence))
        return ""
