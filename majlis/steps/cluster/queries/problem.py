"""What the algorithm is asked: the partners as it knows them, what people wish, and what they decided by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.algorithms import clustering
from majlis.algorithms.clustering.relabel import numbered_like
from majlis.dialogue.models import Dialogue, Partner
from majlis.network import terms
from majlis.network.models import Statement
from majlis.search.queries import Reading, readings
from majlis.steps.cluster.models import Pair, Place, Proposal
from majlis.steps.cluster.queries.proposals import latest
from majlis.steps.cluster.terms import families
from majlis.web.refused import Refused

DO_NOT_FIT = _(
    "%(cities)s cities cannot be put into clusters of %(smallest)s to %(largest)s. Widen the sizes or change the number of clusters."
)
BAD_WEIGHTS = _("Weights must be numbers of 0 or more, and at least one must be more than 0.")
NO_PARTNERS = _("There are no partners yet. Add cities to the dialogue first.")
DECISIONS_CLASH = _(
    "What was decided by hand cannot all be kept within these sizes: cities held in their cluster, and cities that shall stay together or apart. Release one of them, or allow larger clusters."
)
CRITERIA = ("region", "needs", "vision", "zones")


@dataclass(frozen=True)
class Wish:
    """What a person asks for: weights {region, needs, vision, zones} on any scale (None: the usual ones), sizes, and the
    number of clusters (None: the sizes decide).
    """  # fmt: skip

    weights: Mapping[str, float] | None = None
    smallest: int = 5
    largest: int = 9
    count: int | None = None


@dataclass(frozen=True)
class Input:
    """The algorithm's cities and the partners behind them, in the same order. by_scores: the part, 0…1, of their needs and
    visions that carry no theme yet and count by what they mean."""

    partners: Sequence[Partner]
    cities: tuple[clustering.City, ...]
    by_scores: float = 0.0

    @property
    def names(self) -> dict[str, dict[str, str]]:
        return {key(partner): partner.city.name.in_all() for partner in self.partners}


def key(partner: Partner) -> str:
    return str(partner.pk)


def algorithm_input(dialogue: Dialogue) -> Input:
    """Partners as the algorithm knows them: country, working subregion, themes of needs and visions, hours. Two queries,
    two more where a statement carries no theme: then what all of them mean counts for that part."""
    partners, now = list(dialogue.partners.select_related("city")), timezone.now()
    kinds = [Statement.Kind.NEED, Statement.Kind.VISION]
    themes: dict[tuple[int, str], set[str]] = defaultdict(set)
    numbers: dict[tuple[int, str], list[int]] = defaultdict(list)
    without: dict[int, list[int]] = defaultdict(list)
    said = Statement.objects.filter(city__in=[partner.city_id for partner in partners], kind__in=kinds)
    for number, city, kind, codes in said.order_by("pk").values_list("pk", "city_id", "kind", "themes"):
        themes[city, kind] |= set(codes)
        numbers[city, kind].append(number)
        if not codes:
            without[city].append(number)
    everything = [number for own in numbers.values() for number in own]
    read = readings(everything) if without else {}
    cities = tuple(
        clustering.City(
            key=key(partner),
            country=partner.city.country,
            region=terms.countries().get(partner.city.country, {}).get("sub", partner.city.country),
            needs=frozenset(themes[partner.city_id, Statement.Kind.NEED]),
            visions=frozenset(themes[partner.city_id, Statement.Kind.VISION]),
            hours=hours_ahead(partner.city.zone, now),
            need_scores=_mean(read, numbers[partner.city_id, Statement.Kind.NEED]),
            vision_scores=_mean(read, numbers[partner.city_id, Statement.Kind.VISION]),
            read=frozenset(
                theme for number in without[partner.city_id] if number in read for theme in read[number].themes
            ),
        )
        for partner in partners
    )
    n_read = sum(number in read for numbers_of_city in without.values() for number in numbers_of_city)
    return Input(partners, cities, n_read / max(1, len(everything)))


def _mean(read: Mapping[int, Reading], numbers: Sequence[int]) -> tuple[float, ...]:
    scores = [read[number].scores for number in numbers if number in read]
    return tuple(np.mean(scores, axis=0).tolist()) if scores else ()


def hours_ahead(zone: str, at: datetime) -> float:
    """How far the clocks of a zone are ahead of UTC at a moment, in hours."""
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    return offset.total_seconds() / 3600 if offset else 0.0


def problem_of(proposal: Proposal, given: Input, count: int) -> clustering.Problem:
    """The problem that this proposal answers, without what was decided by hand."""
    return clustering.Problem(
        cities=given.cities,
        count=count,
        smallest=proposal.smallest,
        largest=proposal.largest,
        weights=clustering.Weights(**proposal.weights),
        families=families(),
        by_scores=given.by_scores,
    )


@dataclass(frozen=True)
class Question:
    """A problem ready to be solved, and what it came from."""

    given: Input
    problem: clustering.Problem
    shares: dict[str, float]
    before: Proposal | None
    places: list[Place]
    pairs: list[Pair]

    @property
    def held(self) -> set[str]:
        """Keys of the cities that a person keeps where they are."""
        return {str(place.partner_id) for place in self.places if place.is_held}

    @property
    def former(self) -> list[int | None]:
        """The cluster's position, from 0, of each city in the version before; None for one that it did not hold."""
        seats = {place.partner_id: place.cluster.position - 1 for place in self.places}
        return [seats.get(partner.pk) for partner in self.given.partners]

    def solved(self, *, seed: int, is_tried_only: bool = False) -> clustering.Clustering:
        """The clusters, numbered like those before; refused in words when what was decided by hand cannot be kept.

        It takes the compiled kernel, which is a worker's. is_tried_only: how stable the places are is left out.
        """
        runs = {"perturbed_runs": 0} if is_tried_only else {}
        try:
            found = clustering.solve(self.problem, seed=seed, by_kernel=True, **runs)
        except clustering.BadProblem as wrong:
            raise Refused(DECISIONS_CLASH) from wrong
        if any(violation.kind == "size" for violation in found.violations):
            raise Refused(DECISIONS_CLASH)
        return numbered_like(found, self.former) if self.before else found


def question(dialogue: Dialogue, wish: Wish) -> Question:
    """The problem with everything that people decided; refused in words when it cannot be. Five queries.

    Cities held by hand in the newest version keep their place: each stays with the city at the centre of the cluster
    that a person put it into, and apart from those that a person put elsewhere.
    """
    given = algorithm_input(dialogue)
    if not given.cities:
        raise Refused(NO_PARTNERS)
    shares = _shares(wish.weights)
    smallest, count = _fitting(len(given.cities), wish)
    before = latest(dialogue)
    places = list(before.places.select_related("cluster")) if before else []
    pairs = list(dialogue.cluster_pairs.all())
    together, apart = _decided(places, pairs, count)
    problem = clustering.Problem(
        cities=given.cities, count=count, smallest=smallest, largest=wish.largest,
        weights=clustering.Weights(**shares), together=together, apart=apart, families=families(),
        by_scores=given.by_scores,
    )  # fmt: skip
    return Question(given, problem, shares, before, places, pairs)


def _shares(weights: Mapping[str, float] | None) -> dict[str, float]:
    defaults = vars(clustering.Weights())
    wanted = {name: float((weights or defaults).get(name, 0)) for name in CRITERIA}
    total = sum(wanted.values())
    # The comparison is written so that "not a number" is refused too.
    if not (min(wanted.values()) >= 0 and 0 < total < float("inf")):
        raise Refused(BAD_WEIGHTS)
    return {name: round(value / total, 4) for name, value in wanted.items()}


def _fitting(cities: int, wish: Wish) -> tuple[int, int]:
    """The sizes that hold and the number of clusters; refused in words when nothing fits."""
    refusal = Refused(DO_NOT_FIT, cities=cities, smallest=wish.smallest, largest=wish.largest)
    count = wish.count
    if count is None:
        try:
            count = clustering.number_of_clusters(cities, wish.smallest, wish.largest)
        except clustering.BadProblem as wrong:
            raise refusal from wrong
    smallest = min(wish.smallest, cities)
    if count < 1 or smallest < 1 or not count * smallest <= cities <= count * wish.largest:
        raise refusal
    return smallest, count


Keys = tuple[frozenset[str], ...]


def _decided(places: Sequence[Place], pairs: Sequence[Pair], count: int) -> tuple[Keys, Keys]:
    """Keys that must sit together and pairs that must not: from cities held in their cluster, and from pairs."""
    groups: dict[int, list[Place]] = defaultdict(list)
    for place in places:
        groups[place.cluster_id].append(place)
    together, chosen = [], []
    for inside in groups.values():
        held = [place for place in inside if place.is_held]
        if not held:
            continue
        others = [place for place in inside if not place.is_held]
        centre = max(others, key=lambda place: (place.fit.get("own", 0), -place.partner_id), default=None)
        together.append(frozenset(str(place.partner_id) for place in [*held, *([centre] if centre else [])]))
        chosen.append(str(held[0].partner_id))
    apart = (
        [frozenset({one, other}) for number, one in enumerate(chosen) for other in chosen[:number]] if count > 1 else []
    )
    for pair in pairs:
        keys = frozenset({str(pair.one_id), str(pair.other_id)})
        (together if pair.kind == Pair.Kind.TOGETHER else apart).append(keys)
    return tuple(together), tuple(apart)


def alike(problem: clustering.Problem, assignment: Sequence[int]) -> dict[str, float]:
    """{criterion: how alike cities are with their cluster in it alone, 0…1}."""
    return {
        name: 1 - clustering.cost(clustering.distances(replace(problem, weights=weights)), assignment)
        for name, weights in SINGLY.items()
    }


def _only(wanted: str) -> clustering.Weights:
    return clustering.Weights(**{name: float(name == wanted) for name in CRITERIA})


SINGLY = {name: _only(name) for name in CRITERIA}
