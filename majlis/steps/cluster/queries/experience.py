"""Which cities have something to give in which main theme: from their offers, and from their published solutions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from majlis.network.models import Statement
from majlis.solutions.models import Solution
from majlis.steps.cluster.terms import main_theme


def experience(cities: Iterable[int]) -> dict[int, set[str]]:
    """{city id: codes of main themes}, empty for a city with nothing to give. Two queries."""
    found: dict[int, set[str]] = defaultdict(set)
    wanted = list(cities)
    offers = Statement.objects.filter(city__in=wanted, kind=Statement.Kind.OFFER)
    solutions = Solution.objects.filter(city__in=wanted, state=Solution.State.PUBLISHED)
    for rows in (offers, solutions):
        for city, codes in rows.values_list("city_id", "themes"):
            found[city] |= {main_theme(code) for code in codes}
    return found
