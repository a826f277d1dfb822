"""A version as the page shows it: clusters with their cities, balance, themes, and what a person should look at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.dialogue.models import Dialogue, Partner
from majlis.network import terms
from majlis.network.models import Person
from majlis.network.queries import by_name
from majlis.steps.cluster.models import Cluster, Pair, Place, Proposal
from majlis.steps.cluster.queries.experience import experience, main_themes
from majlis.steps.cluster.queries.problem import hours_ahead
from majlis.steps.cluster.terms import theme_names
from majlis.web.sentences import Sentence, spoken

# A city that kept its place in fewer of the perturbed runs may as well sit elsewhere: a person should look.
UNSURE = 67
THEMES_SHOWN = 12


@dataclass(frozen=True)
class Seat:
    """One city on the board; percentages are whole numbers."""

    place: Place
    reason: Sentence
    second_best: Cluster | None
    own: int
    second: int
    stability: int | None

    @property
    def is_unsure(self) -> bool:
        return self.stability is not None and self.stability < UNSURE and not self.place.is_held


@dataclass(frozen=True)
class Balance:
    """Who sits in a cluster, in numbers: countries and regions by name, languages with how many cities speak them, and
    how many hours its clocks lie apart at most. theme: the main theme of what its cities name most (empty: they name
    nothing); experienced: those of its cities that offer something in it or have published a solution.
    """  # fmt: skip

    size: int
    countries: list[dict[str, str]]
    regions: list[dict[str, str]]
    languages: list[tuple[str, int]]
    hours: float
    theme: str
    experienced: list[dict[str, str]]


@dataclass(frozen=True)
class Board:
    """One cluster with its seats, ready to be shown."""

    cluster: Cluster
    reason: Sentence
    cohesion: int
    seats: list[Seat]
    balance: Balance


def percent(share: float | None) -> int:
    return round(100 * (share or 0))


def board(proposal: Proposal) -> list[Board]:
    """The clusters of a proposal with their cities, sorted for the reader. Five queries, however many there are."""
    clusters = list(proposal.clusters.all())
    places = list(proposal.places.select_related("partner__city"))
    by_id = {cluster.pk: cluster for cluster in clusters}
    languages: dict[int, set[str]] = defaultdict(set)
    spoken = Person.objects.filter(city__in=[place.partner.city_id for place in places])
    for city, several in spoken.values_list("city_id", "languages"):
        languages[city or 0] |= set(several)
    mains = main_themes(clusters)
    known = experience(place.partner.city_id for place in places)
    shown = []
    for cluster in clusters:
        here = (place for place in places if place.cluster_id == cluster.pk)
        inside = by_name(here, lambda place: str(place.partner.city))
        shown.append(
            Board(
                cluster=cluster,
                reason=Sentence.from_json(cluster.reason),
                cohesion=percent(cluster.cohesion),
                seats=[_seat(place, by_id) for place in inside],
                balance=_balance(mains[cluster.pk], inside, languages, known),
            )
        )
    return shown


def _seat(place: Place, clusters: Mapping[int, Cluster]) -> Seat:
    stability = place.fit.get("stability")
    return Seat(
        place=place,
        reason=Sentence.from_json(place.reason),
        second_best=clusters.get(place.second_best_id or 0),
        own=percent(place.fit.get("own")),
        second=percent(place.fit.get("second")),
        stability=None if stability is None else percent(stability),
    )


def _balance(
    main: str, places: Iterable[Place], languages: Mapping[int, set[str]], known: Mapping[int, set[str]]
) -> Balance:
    cities = [place.partner.city for place in places]
    countries = sorted({city.country for city in cities} & set(terms.countries()))
    regions = dict.fromkeys(terms.countries()[code]["sub"] for code in countries)
    heard = Counter(language for city in cities for language in languages[city.pk])
    hours = {hours_ahead(zone, timezone.now()) for zone in {city.zone for city in cities}}
    return Balance(
        size=len(cities),
        countries=[terms.names(terms.countries()[code]) for code in countries],
        regions=[terms.names(terms.subregions()[code]) for code in regions],
        languages=sorted(heard.items(), key=lambda item: (-item[1], item[0])),
        hours=max(hours, default=0) - min(hours, default=0),
        theme=spoken(terms.names(terms.main_themes()[main])) if main in terms.main_themes() else "",
        experienced=[city.name.in_all() for city in cities if main in known[city.pk]],
    )


def unplaced(partners: Iterable[Partner], shown: Iterable[Board]) -> list[Partner]:
    """Partners that joined after this version was made."""
    seated = {seat.place.partner_id for board in shown for seat in board.seats}
    return [partner for partner in partners if partner.pk not in seated]


def most_alike(shown: Iterable[Board]) -> list[tuple[Partner, list[tuple[Partner, int]]]]:
    """[(city, [(another, how alike in percent), the most alike first])], sorted for the reader: what the plot shows."""
    seats = [seat.place for board in shown for seat in board.seats]
    partners = {place.partner_id: place.partner for place in seats}
    rows = [
        (
            place.partner,
            [(partners[other], percent(share)) for other, share in place.fit.get("near", []) if other in partners],
        )
        for place in seats
    ]
    return by_name(rows, lambda row: str(row[0].city))


@dataclass(frozen=True)
class ThemeRow:
    """One theme with how many cities of each cluster name it, and a shade 0…4 for each number."""

    name: str
    cells: list[tuple[int, int]]


def themes_by_cluster(shown: Sequence[Board]) -> list[ThemeRow]:
    """The themes that the clusters' cities name, in the reader's language, those of most cities first."""
    counts: dict[str, list[int]] = {}
    for number, each in enumerate(shown):
        for code, cities in each.cluster.themes:
            counts.setdefault(code, [0] * len(shown))[number] = cities
    most = max((max(row) for row in counts.values()), default=1)
    return [
        ThemeRow(spoken(theme_names(code)), [(cities, -(-4 * cities // most)) for cities in row])
        for code, row in sorted(counts.items(), key=lambda item: (-sum(item[1]), item[0]))
    ]


BETTER = _("“%(cluster)s” became more alike: from %(before)s %% to %(after)s %%.")
WORSE = _("“%(cluster)s” became less alike: from %(before)s %% to %(after)s %%.")
SAME = _("“%(cluster)s” stayed as alike as it was: %(after)s %%.")
CITY_BETTER = _("%(city)s is more like its new cluster: %(before)s %% before, %(after)s %% now.")
CITY_WORSE = _("%(city)s is less like its new cluster: %(before)s %% before, %(after)s %% now.")
CITY_SAME = _("%(city)s is as much like its new cluster as it was like the old one: %(after)s %%.")
TOO_MANY = _("“%(cluster)s” now has %(size)s cities, more than the %(limit)s you asked for.")
TOO_FEW = _("“%(cluster)s” now has %(size)s cities, fewer than the %(limit)s you asked for.")
ONE_COUNTRY = _("All cities of “%(cluster)s” come from one country.")
NOT_TOGETHER = _("%(one)s and %(other)s shall stay together, but sit in different clusters.")
NOT_APART = _("%(one)s and %(other)s shall stay apart, but sit in the same cluster.")


def what_moved(proposal: Proposal) -> list[tuple[str, Sentence]]:
    """What the last hand move made better and worse: ("better" | "worse" | "same", sentence)."""
    return told(proposal.moves[-1]) if proposal.moves else []


def told(move: Mapping[str, Any]) -> list[tuple[str, Sentence]]:
    lines = [_change(move["city"], (CITY_BETTER, CITY_WORSE, CITY_SAME), {"city": move["name"]})]
    return lines + [_change(each, (BETTER, WORSE, SAME), {"cluster": each["name"]}) for each in move["clusters"]]


def _change(numbers: Mapping[str, Any], words: tuple[str, str, str], params: dict[str, Any]) -> tuple[str, Sentence]:
    before, after = percent(numbers["before"]), percent(numbers["after"])
    number = 0 if after > before else 1 if after < before else 2
    return ("better", "worse", "same")[number], Sentence(words[number], params | {"before": before, "after": after})


def warnings(proposal: Proposal, shown: Sequence[Board], pairs: Iterable[Pair] = ()) -> list[Sentence]:
    """Rules that this version does not keep, in words."""
    found = []
    for each in shown:
        params = {"cluster": each.cluster.name.in_all(), "size": each.balance.size}
        if each.balance.size > proposal.largest:
            found.append(Sentence(TOO_MANY, params | {"limit": proposal.largest}))
        if each.balance.size < proposal.smallest:
            found.append(Sentence(TOO_FEW, params | {"limit": proposal.smallest}))
        if each.balance.size > 1 and len(each.balance.countries) == 1:
            found.append(Sentence(ONE_COUNTRY, {"cluster": params["cluster"]}))
    homes = {seat.place.partner_id: each.cluster.pk for each in shown for seat in each.seats}
    for pair in pairs:
        is_together = homes.get(pair.one_id) == homes.get(pair.other_id)
        if is_together != (pair.kind == Pair.Kind.TOGETHER) and {pair.one_id, pair.other_id} <= homes.keys():
            names = {"one": pair.one.city.name.in_all(), "other": pair.other.city.name.in_all()}
            found.append(Sentence(NOT_TOGETHER if pair.kind == Pair.Kind.TOGETHER else NOT_APART, names))
    return found


def pairs_of(dialogue: Dialogue) -> list[Pair]:
    """The pairs that shall stay together or apart, with their cities; one query."""
    return list(dialogue.cluster_pairs.select_related("one__city", "other__city"))
