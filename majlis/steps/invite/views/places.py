"""How answers are taken, who has a place, who waits, who is expected: the secretariat's pages."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from majlis.dialogue.models import Dialogue, Participant, Session
from majlis.dialogue.queries import visible_dialogue
from majlis.dialogue.rules import require_run
from majlis.steps.invite import actions, queries
from majlis.steps.invite.actions.places import NOBODY
from majlis.steps.invite.forms.registration import RegistrationForm
from majlis.steps.invite.rules import COME_OF_100
from majlis.steps.invite.views.reader import reader
from majlis.steps.invite.views.room import shell
from majlis.web.refused import NotThere, Refused


@login_required
@require_http_methods(["GET", "POST"])
def registration(request: HttpRequest, dialogue: str) -> HttpResponse:
    """From when until when, with approval or without, which reminders leave when and to how many."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    require_run(account, found)
    context = shell(found, account)
    if "closed" in context:
        return render(request, "invite/closed.html", context)
    form, status = RegistrationForm(queries.registration_of(found), request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.set_registration(by=account, dialogue=found, terms=form.terms())
                messages.success(request, _("It is kept."))
                return redirect("invite:registration", dialogue)
            except Refused as refused:
                if refused.status != 422:
                    raise
                form.add_error(None, str(refused.sentence))
    silent = queries.unanswered(found)
    context |= {
        "form": form, "reminders": queries.planned_reminders(found), "registration": queries.registration_of(found),
        "silent": silent, "languages": sorted({each.account.language for each in silent}),
    }  # fmt: skip
    return render(request, "invite/registration.html", context, status=status)


@login_required
@require_GET
def places(request: HttpRequest, dialogue: str) -> HttpResponse:
    """Who waits for approval, who waits for a place in which session, how many are expected, who comes from where."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    require_run(account, found)
    context = shell(found, account)
    if "closed" in context:
        return render(request, "invite/closed.html", context)
    context |= {
        "approvals": list(queries.for_approval(found)), "sessions": queries.session_places(found),
        "balance": queries.balance(found), "registration": queries.registration_of(found),
        "news": queries.with_news(found).count(), "come": COME_OF_100,
    }  # fmt: skip
    return render(request, "invite/places.html", context)


@login_required
@require_POST
def decide(request: HttpRequest, dialogue: str) -> HttpResponse:
    """Approve those who were ticked, or refuse them with a reason."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    chosen = [int(number) for number in request.POST.getlist("person") if number.isdigit()]
    people = list(found.participants.filter(pk__in=chosen))
    is_approved = request.POST.get("decision") == "approve"
    count = actions.decide(
        by=account, participants=people, is_approved=is_approved, reason=request.POST.get("reason", "")
    )
    said = ngettext("%(count)s decision is kept.", "%(count)s decisions are kept.", count) % {"count": count}
    messages.success(request, said)
    return redirect("invite:places", dialogue)


@login_required
@require_POST
def give(request: HttpRequest, dialogue: str, session: int, participant: int) -> HttpResponse:
    """Let one person move up out of turn."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    one, person = _of(found, session, participant)
    actions.give_place(by=account, session=one, participant=person)
    messages.success(request, _("The person has a place now. Draft the mail that says so."))
    return redirect("invite:places", dialogue)


def _of(dialogue: Dialogue, session: int, participant: int) -> tuple[Session, Participant]:
    one = dialogue.sessions.filter(pk=session).first()
    person = dialogue.participants.filter(pk=participant).first()
    if one is None or person is None:
        raise NotThere(NOBODY)
    return one, person


@login_required
@require_POST
def fill(request: HttpRequest, dialogue: str) -> HttpResponse:
    """Give every free place to those next in line."""
    account = reader(request)
    count = actions.fill_places(by=account, dialogue=visible_dialogue(dialogue, account))
    moved = ngettext("%(count)s person moved up.", "%(count)s people moved up.", count) % {"count": count}
    messages.success(request, moved)
    return redirect("invite:places", dialogue)
