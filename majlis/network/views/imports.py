"""The workbook's way in and out: choose, look, bring in; or take the present one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from majlis.network import queries
from majlis.network.actions import ask_bring_in, discard, preview_workbook
from majlis.network.forms import WorkbookForm
from majlis.network.models import WorkbookImport
from majlis.network.rules import NO_IMPORT, can_import, require_import
from majlis.network.views.directory import account_of
from majlis.network.workbook import columns
from majlis.network.workbook.opening import MOST_BYTES, MOST_ROWS, TOO_LARGE
from majlis.network.workbook.reading import Problem
from majlis.network.workbook.writing import csv_table, workbook
from majlis.web.refused import NotThere, Refused
from majlis.web.sentences import Sentence
from majlis.web.spreadsheets import CSV_TYPE, XLSX_TYPE, csv_bytes

SHOWN_PROBLEMS = 50
SHOWN_CHANGES = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a workbook; what it would change is shown next."""
    account = account_of(request)
    require_import(account)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "sheets": columns.sheets(), "most_rows": MOST_ROWS}
    if request.method != "POST":
        return render(request, "network/import.html", context)
    if not form.is_valid():
        return render(request, "network/import.html", context, status=422)
    file = form.cleaned_data["file"]
    if file.size > MOST_BYTES:
        refused = Refused(Sentence(TOO_LARGE, {"megabytes": MOST_BYTES // 2**20}))
        return render(request, "network/import.html", context | {"refused": refused}, status=413)
    try:
        preview = preview_workbook(by=account, filename=file.name, content=file.read())
    except Refused as refused:
        return render(request, "network/import.html", context | {"refused": refused}, status=refused.status)
    return redirect("network:import-preview", pk=preview.pk)


@dataclass(frozen=True)
class SheetView:
    """One sheet in the preview."""

    title: str
    counts: dict[str, Any]
    changes: list[dict[str, Any]]

    @property
    def more(self) -> int:
        return int(self.counts["new"]) + int(self.counts["changed"]) - len(self.changes)


@login_required
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What bringing it in would do, or did; every problem with its place."""
    there = _upload(request, pk)
    problems = [Problem.from_json(problem) for problem in there.problems]
    context = {
        "upload": there,
        "problems": problems[:SHOWN_PROBLEMS],
        "problem_count": len(problems),
        "errors": sum(problem.is_error for problem in problems),
        "sheets": [
            _sheet_view(sheet, there.changes[sheet.key]) for sheet in columns.sheets() if sheet.key in there.changes
        ],
        "refusal": Sentence.from_json(there.refusal) if there.refusal else None,
        "does_nothing": not any(each["new"] or each["changed"] for each in there.changes.values()),
    }
    return render(request, "network/import_preview.html", context)


def _sheet_view(sheet: columns.Sheet, counts: dict[str, Any]) -> SheetView:
    labels = {column.key: column.title[queries.reader()] for column in sheet.columns}
    labels["name"] = _("Name")
    changes = [
        change | {"fields": [(labels.get(key, key), *values) for key, values in change["fields"].items()]}
        for change in counts["shown"][:SHOWN_CHANGES]
    ]
    return SheetView(sheet.title[queries.reader()], counts, changes)


@login_required
@require_POST
def bring(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave it to a worker to bring it in as a whole; the page shows how far it is."""
    there, account = _upload(request, pk), account_of(request)
    assert account is not None
    try:
        ask_bring_in(by=account, workbook_import=there)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return redirect("network:import-preview", pk=pk)


@login_required
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Discard an upload."""
    discard(by=account_of(request), workbook_import=_upload(request, pk))
    messages.success(request, _("The upload was discarded; nothing was changed."))
    return redirect("network:import")


@login_required
@require_safe
def problems(request: HttpRequest, pk: int) -> HttpResponse:
    """The problems as a list to work through in a spreadsheet."""
    there = _upload(request, pk)
    rows = []
    for stored in there.problems:
        problem = Problem.from_json(stored)
        heading = problem.heading if isinstance(problem.heading, str) else problem.heading.get(queries.reader(), "")
        level = _("Error") if problem.is_error else _("Notice")
        rows.append([level, problem.sheet, problem.row or "", problem.column, heading, str(problem.sentence)])
    headings = [_("Severity"), _("Sheet"), _("Row"), _("Column"), _("Heading"), _("What to mend")]
    return _file(csv_bytes(headings, rows), f"{slugify(there.filename) or 'workbook'}-problems.csv")


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The present workbook: ?format=xlsx (all sheets) or ?format=csv&sheet=cities. Importing it again changes nothing."""
    require_import(account_of(request))
    rows = queries.workbook_rows()
    language = queries.reader()
    today = timezone.localdate().isoformat()
    if request.GET.get("format") == "csv":
        key = request.GET.get("sheet", "cities")
        if key not in rows:
            raise NotThere(NO_IMPORT)
        sheet = columns.sheet(key)
        return _file(csv_table(sheet, rows[key], language), f"majlis-{key}-{today}.csv")
    tables = [(sheet, rows[sheet.key]) for sheet in columns.sheets()]
    return _file(workbook(tables, language), f"majlis-partners-{today}.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    kind = XLSX_TYPE if name.endswith(".xlsx") else CSV_TYPE
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _upload(request: HttpRequest, pk: int) -> WorkbookImport:
    """The upload for the secretariat; for all others it is not there."""
    there = WorkbookImport.objects.filter(pk=pk).first()
    if there is None or not can_import(account_of(request)):
        raise NotThere(NO_IMPORT)
    return there
