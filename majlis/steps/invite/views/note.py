"""The concept note: written, read in full, compared; and a role of its own for one partner."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from majlis.dialogue.queries import visible_dialogue
from majlis.dialogue.rules import require_run
from majlis.language.models import Text
from majlis.steps.invite import actions, queries
from majlis.steps.invite.actions.note import Outdated
from majlis.steps.invite.comparing import changes, listed
from majlis.steps.invite.forms.agreement import OwnRoleForm
from majlis.steps.invite.forms.note import TERMS, NoteForm
from majlis.steps.invite.views.reader import reader
from majlis.steps.invite.views.room import shell
from majlis.web.refused import NotThere, Refused


@login_required
@require_GET
def concept_note(request: HttpRequest, dialogue: str) -> HttpResponse:
    """The whole note as its reader's language has it; for the secretariat also what is missing in which language."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    context = shell(found, account)
    one = queries.note_of(found)
    if "closed" in context or one is None:
        return render(request, "invite/closed.html", context)
    context |= {
        "note": one, "sheet": queries.note_sheet(found, one), "versions": one.versions.select_related("written_by"),
        "answers": queries.partner_answers(found, one), "who_does_what": listed(one.responsibilities), "hours": one.effort_hours,
        "coverage": queries.coverage(found, one) if context["may_run"] else [],
    }  # fmt: skip
    return render(request, "invite/concept_note.html", context)


@login_required
@require_GET
def compare(request: HttpRequest, dialogue: str) -> HttpResponse:
    """Two versions of the note side by side, word by word; the newest and the one before unless others are chosen."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    context = shell(found, account)
    one = queries.note_of(found)
    if one is None:
        return render(request, "invite/closed.html", context)
    versions = list(one.versions.select_related("written_by"))
    by_number = {str(each.version): each for each in versions}
    after = by_number.get(request.GET.get("after", ""), versions[0])
    before = by_number.get(request.GET.get("before", ""), versions[min(1, len(versions) - 1)])
    context |= {
        "versions": versions, "before": before, "after": after, "changes": changes(before.content, after.content),
    }  # fmt: skip
    return render(request, "invite/compare.html", context)


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
    form, status = NoteForm(found, before, request.POST or None), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                actions.write_concept_note(
                    by=account, dialogue=found, **{key: form.text(key) for key in TERMS}, fields=form.other_fields(),
                    keeps_agreements=form.cleaned_data.get("keeps_agreements", False), responsibilities=form.chart(),
                    effort_hours=form.cleaned_data["effort_hours"], methods=form.cleaned_data["methods"],
                    of_version=form.cleaned_data["of_version"],
                )  # fmt: skip
                messages.success(request, _("The concept note is kept."))
                return redirect("invite:page", dialogue)
            except Refused as refused:
                if not isinstance(refused, Outdated) and refused.status != 422:
                    raise
                form.add_error(None, str(refused.sentence))
                status = refused.status
                if status == 409:  # what was typed stays, and may now replace the version that the writer is told of
                    form.data = {**request.POST.dict(), "of_version": str(queries.newest_version(found))}
        status = max(status, 422) if form.errors and status == 200 else status
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
    if agreement:
        form.begin_with(agreement.own_responsibilities, agreement.own_hours)
    if request.method == "POST" and form.is_valid():
        actions.give_role(
            by=account, partner=one, role=Text(get_language() or "en", form.cleaned_data["role"]),
            responsibilities=form.chart(), hours=form.cleaned_data["effort_hours"],
        )  # fmt: skip
        messages.success(request, _("The role is kept. Ask the city to agree."))
        return redirect("invite:page", dialogue)
    context = shell(found, account) | {"form": form, "partner": one, "agreement": agreement}
    return render(request, "invite/role.html", context, status=422 if form.errors else 200)
