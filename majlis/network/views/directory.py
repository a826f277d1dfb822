"""The directory: cities, people, themes."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from majlis.accounts.models import Account
from majlis.network import queries, terms
from majlis.network.actions import set_listed
from majlis.network.models import Person
from majlis.network.rules import NO_CITY, can_edit_city, can_import, can_see_person
from majlis.web.pictures import Point, city_map
from majlis.web.refused import NotThere

PER_PAGE = 24


def account_of(request: HttpRequest) -> Account | None:
    return request.user if isinstance(request.user, Account) else None


@require_safe
def cities(request: HttpRequest) -> HttpResponse:
    """All cities by facets and name, with a map of those found."""
    chosen = {facet: request.GET.get(facet, "") for facet in queries.FACETS}
    chosen = {facet: value for facet, value in chosen.items() if _is_known(facet, value)}
    words = request.GET.get("q", "")[:100]
    found = queries.directory(chosen, words)
    context = {
        "found": found, "words": words, "is_filtered": bool(chosen or words), "labels": facet_labels(),
        "page": Paginator(found.cities, PER_PAGE).get_page(request.GET.get("page")),
        "map": _map(found), "may_import": can_import(account_of(request)),
    }  # fmt: skip
    return render(request, "network/cities.html", context)


def _is_known(facet: str, value: str) -> bool:
    known: dict[str, Any] = {
        "country": terms.countries(), "subregion": terms.subregions(), "language": queries.LANGUAGE_NAMES,
        "size": terms.size_classes(), "theme": terms.themes() | terms.main_themes(),
    }  # fmt: skip
    return value in known[facet]


def _map(found: queries.Directory) -> Any:
    points = [
        Point(each.city.name.shown().body, each.city.latitude, each.city.longitude, 1) for each in found.cities[:60]
    ]
    return city_map(points, _("Cities of the network")) if points else None


def facet_labels() -> dict[str, str]:
    return {
        "country": _("Country"), "subregion": _("Region"), "theme": _("Theme"), "language": _("Language"), "size": _("Size"),
        "offer": _("Offer of their city"), "evidence": _("Evidence"), "level": _("Level"),
    }  # fmt: skip


@require_safe
def city(request: HttpRequest, city: str) -> HttpResponse:
    """One city: what it needs, envisions and offers, and who there agreed to be listed."""
    there = queries.city_there(city)
    account = account_of(request)
    statements = queries.statements_of(there)
    context = {
        "city": there,
        "country": queries.country_name(there.country),
        "size": queries.NAMES["size"](there.size_class),
        "kinds": [(kind, KINDS[kind](), statements[kind]) for kind in statements],
        "organisations": list(there.organisations.order_by("id")),
        "people": list(queries.listed_people(account, there).order_by("seat", "id")),
        "may_edit": can_edit_city(account, there) if account else False,
        "may_correct": can_import(account),
    }
    return render(request, "network/city.html", context)


KINDS = {
    "need": lambda: {"heading": _("Needs"), "empty": _("No need stated yet."), "add": _("Add a need")},
    "vision": lambda: {"heading": _("Visions"), "empty": _("No vision stated yet."), "add": _("Add a vision")},
    "offer": lambda: {"heading": _("Offers"), "empty": _("Nothing offered yet."), "add": _("Add an offer")},
}


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Practitioners who agreed to be listed, by language, country and what their city offers."""
    chosen = {facet: request.GET.get(facet, "") for facet in queries.PEOPLE_FACETS}
    found, facets = queries.practitioners(account_of(request), {k: v for k, v in chosen.items() if v})
    own = Person.objects.filter(account=account_of(request)).first() if account_of(request) else None
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")), "facets": facets, "own": own,
        "count": len(found), "is_filtered": any(chosen.values()), "labels": facet_labels(),
    }  # fmt: skip
    return render(request, "network/people.html", context)


@require_POST
def listed(request: HttpRequest, person: int) -> HttpResponse:
    """Agree to stand in the directory, or leave it."""
    account = account_of(request)
    there = Person.objects.filter(pk=person).first()
    if account is None or there is None or not can_see_person(account, there):
        raise NotThere(NO_CITY)
    set_listed(by=account, person=there, is_listed=request.POST.get("is_listed") == "yes")
    return redirect("network:people")


@require_safe
def themes(request: HttpRequest) -> HttpResponse:
    """The list of themes with their codes."""
    groups = [
        (main, [term for code, term in terms.themes().items() if code.startswith(main["code"])])
        for main in terms.main_themes().values()
    ]
    return render(request, "network/themes.html", {"groups": groups})
