"""The library's pages: list, entry, writing one, and the list as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from majlis.accounts.models import Account
from majlis.network import terms
from majlis.network.models import City, Person
from majlis.network.queries import LANGUAGE_NAMES, by_name, city_there, country_name, reader, theme_name
from majlis.network.rules import can_see_person, is_secretariat
from majlis.solutions import queries
from majlis.solutions.actions import draft_solution, publish_solution, withdraw_solution
from majlis.solutions.forms import SolutionForm
from majlis.solutions.models import Solution
from majlis.solutions.rules import can_edit, require_edit
from majlis.web.refused import NotThere, Refused
from majlis.web.sentences import spoken
from majlis.web.spreadsheets import CSV_TYPE, XLSX_TYPE, csv_bytes, xlsx

PER_PAGE = 20


def account_of(request: HttpRequest) -> Account | None:
    return request.user if isinstance(request.user, Account) else None


def _chosen(request: HttpRequest) -> dict[str, str]:
    known: dict[str, Any] = {
        "theme": terms.themes() | terms.main_themes(), "country": terms.countries(), "size": terms.size_classes(),
        "evidence": Solution.Evidence.values, "language": LANGUAGE_NAMES,
    }  # fmt: skip
    chosen = {facet: value for facet in known if (value := request.GET.get(facet, "")) in known[facet]}
    city = request.GET.get("city", "")[:60]
    return chosen | ({"city": city} if city else {})


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """All solutions by facets and words."""
    account, chosen = account_of(request), _chosen(request)
    words = request.GET.get("q", "")[:100]
    found = queries.library(account, chosen, words)
    own = (
        Person.objects.filter(account=account, is_focal_point=True).select_related("city").first() if account else None
    )
    context = {
        "found": found, "words": words, "is_filtered": bool(chosen or words),
        "page": Paginator(found.solutions, PER_PAGE).get_page(request.GET.get("page")),
        "city": City.objects.filter(slug=chosen["city"]).first() if "city" in chosen else None,
        "labels": {
            "theme": _("Theme"), "country": _("Country"), "size": _("Size of the city"), "evidence": _("Evidence"),
            "language": _("Language of the original"),
        },
        "own_city": own.city if own else None, "may_write": is_secretariat(account),
    }  # fmt: skip
    return render(request, "solutions/list.html", context)


@require_safe
def entry(request: HttpRequest, code: str) -> HttpResponse:
    """One solution with its building blocks, its contact and what is similar."""
    account = account_of(request)
    solution = queries.entry(code, account)
    contact = solution.contact if solution.contact and can_see_person(account, solution.contact) else None
    context = {
        "solution": solution, "blocks": solution.building_blocks.all(), "contact": contact,
        "similar": queries.similar(solution), "may_edit": can_edit(account, solution.city) if account else False,
        "evidence": EVIDENCE[solution.evidence](),
    }  # fmt: skip
    return render(request, "solutions/entry.html", context)


EVIDENCE = {
    "told": lambda: _("The city tells of it; nobody has looked at documents yet."),
    "documented": lambda: _("Documents show that it is done: a by-law, a contract, a report."),
    "measured": lambda: _("There is at least one result with number, date and source."),
    "evaluated": lambda: _("Somebody from outside has evaluated it."),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, city: str) -> HttpResponse:
    """Write a new solution of a city."""
    account, there = account_of(request), city_there(city)
    assert account is not None
    require_edit(account, there)
    form = SolutionForm(request.POST or None, initial={"language": account.language})
    return _written(request, account, there, form, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a solution."""
    account = account_of(request)
    assert account is not None
    solution = queries.entry(code, account)
    if not can_edit(account, solution.city):
        raise NotThere(queries.NOT_THERE)
    return _written(request, account, solution.city, SolutionForm(request.POST or None, solution=solution), solution)


def _written(
    request: HttpRequest, account: Account, city: City, form: SolutionForm, solution: Solution | None
) -> HttpResponse:
    context = {"form": form, "city": city, "solution": solution, "themes": terms.themes().values()}
    if request.method != "POST" or not form.is_valid():
        return render(request, "solutions/form.html", context, status=422 if form.errors else 200)
    act = publish_solution if request.POST.get("act") == "publish" else draft_solution
    code = solution.code if solution else queries.free_code(city)
    illustrative = solution.is_illustrative if solution else city.is_illustrative
    try:
        saved = act(by=account, code=code, city=city, is_illustrative=illustrative, **form.contents())
    except Refused as refused:
        return render(request, "solutions/form.html", context | {"refused": refused}, status=refused.status)
    messages.success(request, _("Saved. Thank you."))
    return redirect("solutions:entry", code=saved.code)


@login_required
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take a solution out of the library."""
    account = account_of(request)
    assert account is not None
    solution = queries.entry(code, account)
    withdraw_solution(by=account, solution=solution)
    messages.success(request, _("The solution was withdrawn."))
    return redirect("solutions:entry", code=solution.code)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The list as the filters leave it: ?format=xlsx or csv, in the reader's language."""
    found = queries.library(account_of(request), _chosen(request), request.GET.get("q", "")[:100])
    headings = [
        _("Code"), _("Title"), _("Original title"), _("Language of the original"), _("City"), _("Country"), _("Themes"),
        _("Evidence"), _("Level"), _("Illustrative"),
    ]  # fmt: skip
    rows = [_row(solution) for solution in found.solutions]
    today = timezone.localdate().isoformat()
    if request.GET.get("format") == "csv":
        return _file(csv_bytes(headings, rows), f"majlis-solutions-{today}.csv", CSV_TYPE)
    content = xlsx([(_("Solutions"), headings, rows)], is_rtl=reader() == "ar")
    return _file(content, f"majlis-solutions-{today}.xlsx", XLSX_TYPE)


def _row(solution: Solution) -> list[str]:
    return [
        solution.code, solution.title.shown().body, solution.title.body, solution.title.language,
        solution.city.name.shown().body, spoken(country_name(solution.city.country)),
        ", ".join(spoken(theme_name(theme)) for theme in solution.themes),
        solution.get_evidence_display(), solution.get_level_display(),
        _("yes") if solution.is_illustrative else _("no"),
    ]  # fmt: skip


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_safe
def choose_city(request: HttpRequest) -> HttpResponse:
    """Whose solution it is, for the secretariat."""
    account = account_of(request)
    if not is_secretariat(account):
        raise NotThere(queries.NOT_THERE)
    cities = by_name(City.objects.all(), lambda city: city.name.shown().body)
    return render(request, "solutions/choose_city.html", {"cities": cities})
