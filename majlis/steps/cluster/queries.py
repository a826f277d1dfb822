"""Reads of proposals, and what waits in this step."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account, Role
from majlis.algorithms import clustering
from majlis.dialogue.models import Dialogue, Partner, Step, StepRecord
from majlis.dialogue.rules import can_facilitate, can_run
from majlis.network import terms
from majlis.network.models import Person, Statement
from majlis.steps.cluster.models import Cluster, Place, Proposal
from majlis.steps.cluster.rules import gate, stated_partners
from majlis.steps.cluster.terms import families
from majlis.web.refused import NotThere
from majlis.web.sentences import Sentence
from majlis.web.waiting import NextAction

NO_PROPOSAL = _("There is no such version of the clusters.")
SECRETARIAT = _("Secretariat")


def proposals(dialogue: Dialogue) -> QuerySet[Proposal]:
    return Proposal.objects.filter(dialogue=dialogue)


def adopted(dialogue: Dialogue) -> Proposal | None:
    """The clusters that a person adopted."""
    return proposals(dialogue).filter(adopted_at__isnull=False).first()


def latest(dialogue: Dialogue) -> Proposal | None:
    return proposals(dialogue).first()


def shown_proposal(dialogue: Dialogue, account: Account, version: int | None = None) -> Proposal | None:
    """The version asked for, else the newest. Who does not prepare the dialogue sees the adopted one only."""
    if not can_facilitate(account, dialogue):
        return adopted(dialogue)
    if version is None:
        return latest(dialogue)
    found = proposals(dialogue).filter(version=version).first()
    if found is None:
        raise NotThere(NO_PROPOSAL)
    return found


def cluster_of(dialogue: Dialogue) -> dict[int, Cluster]:
    """{partner id: its home cluster} of the adopted proposal; empty before adoption."""
    places = Place.objects.filter(proposal__dialogue=dialogue, proposal__adopted_at__isnull=False)
    return {place.partner_id: place.cluster for place in places.select_related("cluster")}


@dataclass(frozen=True)
class Input:
    """The algorithm's cities and the partners behind them, in the same order."""

    partners: Sequence[Partner]
    cities: tuple[clustering.City, ...]

    @property
    def names(self) -> dict[str, dict[str, str]]:
        return {key(partner): partner.city.name.in_all() for partner in self.partners}


def key(partner: Partner) -> str:
    return str(partner.pk)


def algorithm_input(dialogue: Dialogue) -> Input:
    """Partners as the algorithm knows them: country, working subregion, themes of needs and visions. Two queries."""
    partners = list(dialogue.partners.select_related("city"))
    themes: dict[tuple[int, str], set[str]] = defaultdict(set)
    for statement in Statement.objects.filter(city__in=[partner.city_id for partner in partners]):
        themes[statement.city_id, statement.kind] |= set(statement.themes)
    cities = tuple(
        clustering.City(
            key=key(partner),
            country=partner.city.country,
            region=terms.countries().get(partner.city.country, {}).get("sub", partner.city.country),
            needs=frozenset(themes[partner.city_id, Statement.Kind.NEED]),
            visions=frozenset(themes[partner.city_id, Statement.Kind.VISION]),
        )
        for partner in partners
    )
    return Input(partners, cities)


def problem_of(proposal: Proposal, given: Input, count: int) -> clustering.Problem:
    """The problem that this proposal answers, without its hand moves."""
    return clustering.Problem(
        cities=given.cities,
        count=count,
        smallest=proposal.smallest,
        largest=proposal.largest,
        weights=clustering.Weights(**proposal.weights),
        families=families(),
    )


@dataclass(frozen=True)
class Seat:
    """One city on the board."""

    place: Place
    reason: Sentence
    second_best: Cluster | None
    own: int
    second: int
    stability: int | None


@dataclass(frozen=True)
class Balance:
    """Who sits in a cluster, in numbers: countries and regions by name, languages with how many cities speak them."""

    size: int
    countries: list[dict[str, str]]
    regions: list[dict[str, str]]
    languages: list[tuple[str, int]]


@dataclass(frozen=True)
class Board:
    """One cluster with its seats, ready to be shown; percentages are whole numbers."""

    cluster: Cluster
    reason: Sentence
    cohesion: int
    seats: list[Seat]
    balance: Balance


def percent(share: float | None) -> int:
    return round(100 * (share or 0))


def board(proposal: Proposal) -> list[Board]:
    """The clusters of a proposal with their cities. Three queries, however many there are."""
    clusters = list(proposal.clusters.all())
    places = list(proposal.places.select_related("partner__city"))
    by_id = {cluster.pk: cluster for cluster in clusters}
    languages: dict[int, set[str]] = defaultdict(set)
    for city, spoken in Person.objects.filter(city__in=[place.partner.city_id for place in places]).values_list(
        "city_id", "languages"
    ):
        languages[city or 0] |= set(spoken)
    shown = []
    for cluster in clusters:
        inside = [place for place in places if place.cluster_id == cluster.pk]
        shown.append(
            Board(
                cluster=cluster,
                reason=Sentence.from_json(cluster.reason),
                cohesion=percent(cluster.cohesion),
                seats=[_seat(place, by_id) for place in inside],
                balance=_balance(inside, languages),
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


def _balance(places: Iterable[Place], languages: Mapping[int, set[str]]) -> Balance:
    cities = [place.partner.city for place in places]
    countries = sorted({city.country for city in cities} & set(terms.countries()))
    regions = dict.fromkeys(terms.countries()[code]["sub"] for code in countries)
    spoken = Counter(language for city in cities for language in languages[city.pk])
    return Balance(
        size=len(cities),
        countries=[terms.names(terms.countries()[code]) for code in countries],
        regions=[terms.names(terms.subregions()[code]) for code in regions],
        languages=sorted(spoken.items(), key=lambda item: (-item[1], item[0])),
    )


def unplaced(dialogue: Dialogue, proposal: Proposal) -> list[Partner]:
    """Partners that joined after this version was made."""
    return list(dialogue.partners.exclude(cluster_places__proposal=proposal).select_related("city"))


BETTER = _("“%(cluster)s” became more alike: from %(before)s %% to %(after)s %%.")
WORSE = _("“%(cluster)s” became less alike: from %(before)s %% to %(after)s %%.")
SAME = _("“%(cluster)s” stayed as alike as it was: %(after)s %%.")
CITY_BETTER = _("%(city)s is more like its new cluster: %(before)s %% before, %(after)s %% now.")
CITY_WORSE = _("%(city)s is less like its new cluster: %(before)s %% before, %(after)s %% now.")
CITY_SAME = _("%(city)s is as much like its new cluster as it was like the old one: %(after)s %%.")
TOO_MANY = _("“%(cluster)s” now has %(size)s cities, more than the %(limit)s you asked for.")
TOO_FEW = _("“%(cluster)s” now has %(size)s cities, fewer than the %(limit)s you asked for.")
ONE_COUNTRY = _("All cities of “%(cluster)s” come from one country.")


def what_moved(proposal: Proposal) -> list[tuple[str, Sentence]]:
    """What the last hand move made better and worse: ("better" | "worse" | "same", sentence)."""
    told: Mapping[str, Any] = proposal.last_move
    if not told:
        return []
    lines = [_change(told["city"], (CITY_BETTER, CITY_WORSE, CITY_SAME), {"city": told["name"]})]
    lines += [_change(each, (BETTER, WORSE, SAME), {"cluster": each["name"]}) for each in told["clusters"]]
    return lines


def _change(numbers: Mapping[str, Any], words: tuple[str, str, str], params: dict[str, Any]) -> tuple[str, Sentence]:
    before, after = percent(numbers["before"]), percent(numbers["after"])
    number = 0 if after > before else 1 if after < before else 2
    return ("better", "worse", "same")[number], Sentence(words[number], params | {"before": before, "after": after})


def warnings(proposal: Proposal, shown: Sequence[Board]) -> list[Sentence]:
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
    return found


@dataclass(frozen=True)
class Difference:
    partner: Partner
    before: Cluster
    after: Cluster


def differences(proposal: Proposal, other: Proposal) -> list[Difference]:
    """Cities that sit elsewhere in `proposal` than in `other`; clusters correspond by the members they share most."""
    here = {place.partner_id: place for place in proposal.places.select_related("cluster", "partner__city")}
    there = {place.partner_id: place for place in other.places.select_related("cluster")}
    overlap = Counter((there[key].cluster_id, place.cluster_id) for key, place in here.items() if key in there)
    same: dict[int, int] = {}
    for (old, new), _count in sorted(overlap.items(), key=lambda item: (-item[1], item[0])):
        if old not in same and new not in same.values():
            same[old] = new
    return [
        Difference(place.partner, there[key].cluster, place.cluster)
        for key, place in here.items()
        if key in there and same.get(there[key].cluster_id) != place.cluster_id
    ]


PROPOSE = _("Let Majlis propose clusters")
ADOPT = _("Look at the proposal, move cities where you know better, and adopt it")
COMPLETE = _("The gate holds: complete the step and go on to the sub-topics")
GATHER = _("Gather the missing needs and visions")
FILL = _("Add partners to the dialogue")


def next_action(dialogue: Dialogue, account: Account) -> NextAction | None:
    """The one next thing for whoever prepares the dialogue; None for others and when the step is done."""
    state = StepRecord.objects.get(dialogue=dialogue, step=Step.CLUSTER).state
    if state != StepRecord.State.OPEN or not can_facilitate(account, dialogue):
        return None
    page, who = reverse("cluster:page", args=[dialogue.slug]), Sentence(SECRETARIAT)
    if not can_run(account, dialogue):
        return NextAction(Sentence(_("The secretariat prepares the clusters")), who)
    partners = stated_partners(dialogue)
    if not partners:
        return NextAction(
            Sentence(FILL), who, Sentence(_("Choose partners")), reverse("dialogue:partners", args=[dialogue.slug])
        )
    if latest(dialogue) is None:
        return NextAction(Sentence(PROPOSE), who, Sentence(_("Set weights and propose")), page + "#propose")
    missing = gate(dialogue).missing
    if not missing:
        label = Sentence(_("Complete the step"))
        return NextAction(Sentence(COMPLETE), who, label, reverse("cluster:complete", args=[dialogue.slug]), True)
    if adopted(dialogue) is None:
        return NextAction(Sentence(ADOPT), who, Sentence(_("To the proposal")), page + "#proposal")
    return NextAction(
        Sentence(GATHER), who, Sentence(_("See who is missing")), page + "#missing", False, missing[0].sentence
    )


def waiting(account: Account) -> list[NextAction]:
    """What waits for this person in this step, over all dialogues."""
    if account.role != Role.SECRETARIAT:
        return []
    open_here = Dialogue.objects.filter(steps__step=Step.CLUSTER, steps__state=StepRecord.State.OPEN)
    found = (next_action(dialogue, account) for dialogue in open_here)
    return [action for action in found if action]
