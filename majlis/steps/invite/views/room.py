"""The room of the step: where it stands, the concept note, roles."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.dialogue.queries import StepView, page_context, visible_dialogue
from majlis.dialogue.rules import CLOSED, missing_before, require_run, step_name
from majlis.language.models import Text
from majlis.steps.invite import actions, queries
from majlis.steps.invite.forms import TERMS, NoteForm, OwnRoleForm
from majlis.steps.invite.models import Invitation
from majlis.steps.invite.rules import gate
from majlis.steps.invite.terms import LABELS
from majlis.steps.invite.views.reader import reader
from majlis.web.refused import NotThere, Refused
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
        "others": [(label, note.field(key)) for key, (label, _help) in LABELS.items() if note and note.field(key)],
    }  # fmt: skip
    return render(request, "invite/page.html", context)


@login_required
@require_POST
def complete(request: HttpRequest, dialogue: str) -> HttpResponse:
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    actions.complete(by=account, dialogue=found)
    messages.success(request, _("The step is done. Enable is open now."))
    return redirect(f"/dialogues/{found.slug}/enable/")


@login_required
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, dialogue: str) -> HttpResponse:
    """Write the concept note; what was typed stays when something does not fit."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    require_run(account, found)
    context = shell(found, account)
    if request.method == "GET" and not context["is_open"]:
        return render(request, "invite/closed.html", context)
    before = queries.note_of(found)
    form = NoteForm(found, before, request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                actions.write_concept_note(
                    by=account, dialogue=found, **{key: form.text(key) for key in TERMS}, fields=form.other_fields(),
                    keeps_agreements=form.cleaned_data.get("keeps_agreements", False),
                )  # fmt: skip
                messages.success(request, _("The concept note is kept."))
                return redirect("invite:page", dialogue)
            except Refused as refused:
                if refused.status != 422:
                    raise
                form.add_error(None, str(refused.sentence))
        status = 422
    context |= {
        "form": form,
        "note": before,
        "versions": before.versions.select_related("written_by") if before else [],
    }
    return render(request, "invite/note.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def role(request: HttpRequest, dialogue: str, partner: int) -> HttpResponse:
    """Give one partner a role of its own."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    require_run(account, found)
    one = found.partners.select_related("city", "role_agreement", "dialogue").filter(pk=partner).first()
    if one is None:
        raise NotThere(_("There is no such partner in this dialogue."))
    agreement = getattr(one, "role_agreement", None)
    form = OwnRoleForm(request.POST or None, initial={"role": str(agreement.own_role) if agreement else ""})
    if request.method == "POST" and form.is_valid():
        actions.give_role(by=account, partner=one, role=Text(get_language() or "en", form.cleaned_data["role"]))
        messages.success(request, _("The role is kept. Ask the city to agree."))
        return redirect("invite:page", dialogue)
    context = shell(found, account) | {"form": form, "partner": one, "agreement": agreement}
    return render(request, "invite/role.html", context, status=422 if form.errors else 200)
