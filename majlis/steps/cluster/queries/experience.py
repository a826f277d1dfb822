"""Which cities have something to give in which main theme: from their offers, and from their published solutions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from majlis.network.models import Statement
from majlis.solutions.models import Solution
from majlis.steps.cluster.models import Cluster
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


def main_themes(clusters: Sequence[Cluster]) -> dict[int, str]:
    """{cluster id: code of the main theme that its cities name most; of two named as often, the one that is named less
    elsewhere; empty where they name nothing}."""
    named: dict[int, Counter[str]] = {cluster.pk: Counter() for cluster in clusters}
    for cluster in clusters:
        for code, cities in cluster.themes:
            named[cluster.pk][main_theme(code)] += cities
    everywhere = sum(named.values(), Counter[str]())
    return {
        pk: max(here, key=lambda code: (here[code], -everywhere[code], code), default="") for pk, here in named.items()
    }
