"""The room of the step: where it stands and what is next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.dialogue.queries import StepView, page_context, visible_dialogue
from majlis.dialogue.rules import CLOSED, missing_before, step_name
from majlis.steps.invite import actions, queries
from majlis.steps.invite.models import Invitation
from majlis.steps.invite.rules import gate
from majlis.steps.invite.views.reader import reader
from majlis.web.sentences import Sentence


def shell(dialogue: Dialogue, account: Account) -> dict[str, Any]:
    """What every page of this step needs; the gate is looked at afresh."""
    context = page_context(dialogue, account, Step.INVITE)
    record = context["current"].record
    context["current"] = StepView(record, list(gate(dialogue).conditions))
    context["is_open"] = record.state == StepRecord.State.OPEN
    if record.state == StepRecord.State.CLOSED:
        words = {"step": step_name(Step.INVITE), "missing": missing_before(record)}
        context["closed"] = Sentence(CLOSED, words)
    return context


@login_required
@require_GET
def page(request: HttpRequest, dialogue: str) -> HttpResponse:
    """What is next, the concept note, who agreed, the sessions, who was invited and what they answered."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    context = shell(found, account)
    if "closed" in context:
        return render(request, "invite/closed.html", context)
    note, rows = queries.note_of(found), list(queries.invitations(found))
    answers, counted, answer = queries.partner_answers(found, note), queries.counts(rows), request.GET.get("answer", "")
    context |= {
        "next": queries.next_action(found, account), "note": note, "answers": answers, "sessions": list(found.sessions.all()),
        "missing_answers": any(each.state != "agreed" for each in answers), "counts": counted,
        "uninvited": found.participants.count() - counted.sent, "answer": answer,
        "rows": [row for row in rows if answer in {"", row.answer}] if context["may_run"] else [],
        "filters": [("", _("all")), *Invitation.Answer.choices],
    }  # fmt: skip
    if context["may_run"]:
        delegations = queries.seats_of(found)
        context |= {"delegations": delegations, "free_seats": sum(len(each.free) for each in delegations)}
    return render(request, "invite/page.html", context)


@login_required
@require_POST
def complete(request: HttpRequest, dialogue: str) -> HttpResponse:
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    actions.complete(by=account, dialogue=found)
    messages.success(request, _("The step is done. Enable is open now."))
    return redirect(f"/dialogues/{found.slug}/enable/")
