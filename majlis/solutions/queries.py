"""Reads of the library: the list with its facets, an entry, what is similar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.language.folding import fold
from majlis.language.words import in_all_languages
from majlis.network.models import City, Person
from majlis.network.queries import NAMES, Option, by_name, fits, options, theme_name
from majlis.network.rules import is_secretariat
from majlis.solutions.models import Solution
from majlis.solutions.rules import can_see
from majlis.web.refused import NotThere

FACETS = ("theme", "country", "size", "evidence", "language")
NOT_THERE = _("There is no such solution, or it is not open to you.")
MOST_SIMILAR = 4


@dataclass(frozen=True)
class Found:
    """A solution in the list with what the filters ask about."""

    solution: Solution

    def values(self, facet: str) -> set[str]:
        solution = self.solution
        if facet == "theme":
            return set(solution.themes) | {theme.partition(".")[0] for theme in solution.themes}
        if facet == "country":
            return {solution.city.country}
        if facet == "size":
            return {solution.city.size_class}
        if facet == "city":
            return {solution.city.slug}
        return {solution.evidence} if facet == "evidence" else {solution.title.language}


@dataclass(frozen=True)
class Library:
    solutions: list[Solution]
    facets: dict[str, list[Option]]
    total: int


def visible(account: Account | None) -> QuerySet[Solution]:
    """Published solutions; drafts too for the secretariat and for their own city's focal point."""
    all_of_them = Solution.objects.select_related("city")
    if is_secretariat(account):
        return all_of_them
    shown = Q(state=Solution.State.PUBLISHED)
    if account and account.is_authenticated:
        own = Person.objects.filter(account=account, is_focal_point=True).values("city")
        shown |= Q(city__in=own)
    return all_of_them.filter(shown)


def library(account: Account | None, chosen: Mapping[str, str], words: str = "") -> Library:
    """The solutions that fit every chosen facet (also `city`) and hold the words in a title or summary; one query."""
    everything = [Found(solution) for solution in visible(account)]
    wanted = fold(words)
    named = [each for each in everything if not wanted or wanted in _all_words(each.solution)]
    found = [each.solution for each in named if fits(each, chosen)]
    names = NAMES | {"evidence": evidence_name}
    return Library(
        by_name(found, lambda solution: solution.title.shown().body),
        {facet: options(named, facet, chosen, names[facet]) for facet in FACETS},
        len(everything),
    )


def _all_words(solution: Solution) -> str:
    texts = (
        *solution.title.in_all().values(),
        *solution.summary.in_all().values(),
        *solution.city.name.in_all().values(),
    )
    return fold(" ".join(texts))


def evidence_name(code: str) -> dict[str, str]:
    return in_all_languages(Solution.Evidence(code).label)


def entry(code: str, account: Account | None) -> Solution:
    """The solution of this code with its city, contact and building blocks; raises NotThere."""
    solution = (
        Solution.objects.select_related("city", "contact__account", "contact__city")
        .prefetch_related("building_blocks")
        .filter(code=code)
        .first()
    )
    if solution is None or not can_see(account, solution):
        raise NotThere(NOT_THERE)
    return solution


def free_code(city: City) -> str:
    """The next code of a city's solutions: gabes-1, gabes-2, …"""
    begins = f"{city.slug[:24]}-"
    taken = Solution.objects.filter(code__startswith=begins).values_list("code", flat=True)
    numbers = [int(code.removeprefix(begins)) for code in taken if code.removeprefix(begins).isdigit()]
    return f"{begins}{max(numbers, default=0) + 1}"


def similar(solution: Solution) -> Sequence[Solution]:
    """Published solutions that share themes, those that share most first."""
    others = Solution.objects.select_related("city").filter(
        state=Solution.State.PUBLISHED, themes__overlap=solution.themes
    )
    shared = sorted(
        others.exclude(pk=solution.pk), key=lambda other: (-len(set(other.themes) & set(solution.themes)), other.code)
    )
    return shared[:MOST_SIMILAR]


def solutions_for(themes: Sequence[str], but: Sequence[int] = ()) -> QuerySet[Solution]:
    """Published solutions that bear one of these themes; `but` are numbers of cities to leave out."""
    found = Solution.objects.select_related("city").filter(state=Solution.State.PUBLISHED, themes__overlap=list(themes))
    return found.exclude(city__in=but)


__all__ = [
    "FACETS",
    "Library",
    "entry",
    "evidence_name",
    "free_code",
    "library",
    "similar",
    "solutions_for",
    "theme_name",
    "visible",
]
