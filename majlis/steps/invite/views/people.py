"""Who comes: for those who take part, what everybody may know; for the organisers what they need."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_GET

from majlis.dialogue.queries import visible_dialogue
from majlis.steps.invite import queries
from majlis.steps.invite.rsvp import ORGANISERS
from majlis.steps.invite.rules import may_read
from majlis.steps.invite.views.reader import reader
from majlis.steps.invite.views.room import shell
from majlis.web.refused import NotThere

NOBODY = _("There is no such person in this dialogue, or it is not open to you.")


@login_required
@require_GET
def people(request: HttpRequest, dialogue: str) -> HttpResponse:
    """Everybody who comes and may stand in the list of participants; the organisers see all who come."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    context = shell(found, account)
    levels = may_read(account, found)
    if "closed" in context or not levels:
        return render(request, "invite/closed.html", context)
    context |= {"people": queries.coming(found, levels), "is_organiser": ORGANISERS in levels}
    return render(request, "invite/people.html", context)


@login_required
@require_GET
def person(request: HttpRequest, dialogue: str, participant: int) -> HttpResponse:
    """What one person told, as far as its reader may know it. For the organisers."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    levels = may_read(account, found)
    row = queries.invitations(found).filter(participant=participant, sent_at__isnull=False).first()
    if row is None or ORGANISERS not in levels:
        raise NotThere(NOBODY)
    context = shell(found, account) | {"row": row, "told": queries.told(row, levels), "places": queries.places_of(row)}
    return render(request, "invite/person.html", context)
