"""The gap ledger over all cities: as bars, as a table, as a file."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, get_language_bidi, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from majlis.network.terms import names
from majlis.projects import queries
from majlis.projects.models import Resource, SupportRequest
from majlis.projects.queries import GapRow, SupportRow
from majlis.projects.terms import resource_types, support_types
from majlis.web import pictures
from majlis.web.calendar import number
from majlis.web.sentences import spoken
from majlis.web.spreadsheets import csv_bytes, xlsx

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_GET
def gaps(request: HttpRequest) -> HttpResponse:
    """How many projects lack which resource, sums per unit, and support asked and matched per kind."""
    rows, asked = queries.gaps(), queries.support()
    context = {
        "rows": [{"row": row, "name": spoken(row.name)} for row in rows],
        "asked": [{"row": row, "name": spoken(row.name)} for row in asked],
        "n_projects": queries.projects_of().count(),
        "bars": pictures.bars([_lacking(row) for row in rows if row.n_projects], _("Projects that lack a resource")),
        "support_bars": pictures.bars(
            [_matched(row) for row in asked], _("Support asked, and how much of it is matched")
        ),
    }
    return render(request, "projects/gaps.html", context)


def _lacking(row: GapRow) -> pictures.Bar:
    words = ngettext("%(count)s project", "%(count)s projects", row.n_projects) % {"count": number(row.n_projects)}
    return pictures.Bar(spoken(row.name), row.n_projects, 0, words)


def _matched(row: SupportRow) -> pictures.Bar:
    words = _("%(matched)s of %(asked)s matched") % {"matched": number(row.n_matched), "asked": number(row.n_asked)}
    return pictures.Bar(spoken(row.name), row.n_asked, row.n_matched, words)


@login_required
@require_GET
def as_csv(request: HttpRequest) -> HttpResponse:
    """Every resource line of every project, texts as text cells whatever they begin with."""
    return _file(csv_bytes(_headings(), _lines()), CSV, "gaps.csv")


@login_required
@require_GET
def as_xlsx(request: HttpRequest) -> HttpResponse:
    """The same lines, and the support asked, as a workbook of two sheets."""
    support = [_("Project"), _("City"), _("Support"), _("State"), _("Offered by")]
    tables = [(_("Resource gaps"), _headings(), _lines()), (_("Support asked"), support, _support_lines())]
    return _file(xlsx(tables, is_rtl=get_language_bidi()), XLSX, "gaps.xlsx")


def _headings() -> list[str]:
    return [
        _("Project"),
        _("City"),
        _("Stage"),
        _("Kind of resource"),
        _("Required"),
        _("Available"),
        _("Gap"),
        _("Unit"),
    ]


def _lines() -> Iterator[list[Any]]:
    found = Resource.objects.select_related("project__city").order_by("project__code", "id")
    for each in found:
        project = each.project
        yield [
            str(project.title), str(project.city.name), project.get_stage_display(),
            spoken(names(resource_types()[each.type])), each.required, each.available, each.gap, each.unit_name,
        ]  # fmt: skip


def _support_lines() -> Iterator[list[Any]]:
    found = SupportRequest.objects.select_related("project__city", "offered_by").order_by("project__code", "id")
    for each in found:
        yield [
            str(each.project.title), str(each.project.city.name), spoken(names(support_types()[each.type])),
            each.get_state_display(), str(each.offered_by.name) if each.offered_by else "",
        ]  # fmt: skip


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Language"] = get_language() or "en"
    return response
