"""The room of the report."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.dialogue.queries import StepView, page_context, visible_dialogue
from majlis.dialogue.rules import can_facilitate
from majlis.language.models import LANGUAGES
from majlis.steps.report import actions, queries
from majlis.steps.report.document import Document
from majlis.steps.report.drawings import DRAWINGS
from majlis.steps.report.models import Summary
from majlis.steps.report.rules import gate
from majlis.web.refused import NotThere

TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}
# A downloaded page carries its own style and nothing else; it must not act in our name if somebody opens it here.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def _reader(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _language(request: HttpRequest) -> str:
    """The report's language: the one asked for, else the reader's."""
    asked = request.GET.get("language", "")
    return asked if asked in LANGUAGES else get_language() or "en"


@login_required
@require_GET
def page(request: HttpRequest, dialogue: str) -> HttpResponse:
    """The report in one language, each number leading to its records."""
    account = _reader(request)
    found = visible_dialogue(dialogue, account)
    context = _context(found, account)
    if context["current"].state == StepRecord.State.CLOSED:
        return render(request, "report/closed.html", context)
    summary = _summary(request, found)
    language = _language(request)
    context |= {
        "next": queries.next_action(found, account),
        "summary": summary,
        "versions": Summary.objects.filter(dialogue=found),
        "document": queries.report(found, language, summary),
        "formats": list(DRAWINGS),
        "base": "",
    }
    return render(request, "report/page.html", context)


def _context(dialogue: Dialogue, account: Account) -> dict[str, Any]:
    context = page_context(dialogue, account, Step.REPORT)
    context["current"] = StepView(context["current"].record, list(gate(dialogue).conditions))
    return context


def _summary(request: HttpRequest, dialogue: Dialogue) -> Summary | None:
    version = request.GET.get("version", "")
    summary = queries.summary_of(
        dialogue, int(version) if version.isascii() and version.isdigit() and len(version) < 5 else None
    )
    if summary is None and version:
        raise NotThere(_("There is no such version of the summary."))
    return summary


@login_required
@require_GET
def records(request: HttpRequest, dialogue: str, key: str, activity: str = "") -> HttpResponse:
    """The records that one number was counted from."""
    account = _reader(request)
    found = visible_dialogue(dialogue, account)
    context = _context(found, account)
    fact = queries.fact_of(found, key, activity) if context["current"].state != StepRecord.State.CLOSED else None
    if fact is None:
        raise NotThere(_("The report has no such number."))
    context |= {"fact": fact, "found": queries.records(fact, found, account), "is_team": can_facilitate(account, found)}
    return render(request, "report/records.html", context)


@login_required
@require_POST
def write_entries(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, _reader(request))
    actions.write_activity_entries(by=_reader(request), dialogue=found)
    messages.success(request, _("Every activity has its entry."))
    return redirect("report:page", found.slug)


@login_required
@require_POST
def write_summary(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, _reader(request))
    summary = actions.write_summary(by=_reader(request), dialogue=found)
    messages.success(request, _("Version %(version)s of the summary is written.") % {"version": summary.version})
    return redirect("report:page", found.slug)


@login_required
@require_POST
def complete(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, _reader(request))
    actions.complete(by=_reader(request), dialogue=found)
    messages.success(request, _("The report is complete, and with it the dialogue."))
    return redirect("report:page", found.slug)


@login_required
@require_GET
def download(request: HttpRequest, dialogue: str, name: str) -> HttpResponse:
    """A file of the latest summary by its name, e.g. led-mena-2026.de.pdf or led-mena-2026.json."""
    found = visible_dialogue(dialogue, _reader(request))
    summary = queries.summary_of(found)
    language, _dot, ending = name.removeprefix(f"{found.slug}.").rpartition(".")
    if summary is None or name not in _names(found):
        raise NotThere(_("There is no such file. The files are there once the summary is written."))
    content = actions.as_json(found, summary) if ending == "json" else _drawn(found, language, ending, summary)
    response = HttpResponse(content, content_type=TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = FILE_POLICY
    return response


def _names(dialogue: Dialogue) -> set[str]:
    drawn = {f"{dialogue.slug}.{language}.{ending}" for language in LANGUAGES for ending in DRAWINGS}
    return drawn | {f"{dialogue.slug}.json"}


def _drawn(dialogue: Dialogue, language: str, ending: str, summary: Summary) -> bytes:
    document: Document = queries.report(dialogue, language, summary)
    return DRAWINGS[ending](document)
