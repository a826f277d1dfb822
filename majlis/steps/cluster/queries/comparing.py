"""Two versions side by side, and what other weights would do before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from majlis.algorithms import clustering
from majlis.algorithms.clustering.relabel import corresponding
from majlis.dialogue.models import Dialogue, Partner
from majlis.language.models import Text
from majlis.network.queries import by_name
from majlis.steps.cluster import reasons
from majlis.steps.cluster.models import Cluster, Proposal
from majlis.steps.cluster.queries.board import percent
from majlis.steps.cluster.queries.problem import Question, Wish, alike, question

# The effect is shown while somebody drags a slider: always from the same beginning, so that only the weights change it.
SEED = 1


@dataclass(frozen=True)
class Difference:
    partner: Partner
    before: Cluster
    after: Cluster


def differences(proposal: Proposal, other: Proposal) -> list[Difference]:
    """Cities that sit elsewhere in `proposal` than in `other`; clusters correspond by the members they share most."""
    here = {place.partner_id: place for place in proposal.places.select_related("cluster", "partner__city")}
    there = {place.partner_id: place for place in other.places.select_related("cluster")}
    both = [partner for partner in here if partner in there]
    same = corresponding(
        [here[partner].cluster_id for partner in both], [there[partner].cluster_id for partner in both]
    )
    return [
        Difference(here[partner].partner, there[partner].cluster, here[partner].cluster)
        for partner in both
        if same.get(here[partner].cluster_id) != there[partner].cluster_id
    ]


@dataclass(frozen=True)
class TriedCluster:
    """A cluster that would be: its name, its place in the order, and its cities with whether they would be new to it."""

    name: Text
    position: int
    cities: list[tuple[Text, bool]]


@dataclass(frozen=True)
class Criterion:
    """How much one criterion counts, and how alike clusters are in it now and would be, in whole percent."""

    name: str
    weight: int
    now: int | None
    then: int


@dataclass(frozen=True)
class Trial:
    """What a new run with these wishes would do. `moved`: how many cities would sit elsewhere than in version `before`."""

    clusters: list[TriedCluster]
    criteria: list[Criterion]
    moved: int
    before: int | None

    def as_json(self) -> dict[str, Any]:
        clusters = [
            {
                "name": each.name.as_json(),
                "position": each.position,
                "cities": [[name.as_json(), is_new] for name, is_new in each.cities],
            }
            for each in self.clusters
        ]
        criteria = [asdict(each) for each in self.criteria]
        return {"clusters": clusters, "criteria": criteria, "moved": self.moved, "before": self.before}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Trial:
        """With the cities of each cluster sorted for the reader."""
        clusters = [
            TriedCluster(
                Text.from_json(each["name"]),
                each["position"],
                by_name(((Text.from_json(name), is_new) for name, is_new in each["cities"]), lambda pair: str(pair[0])),
            )
            for each in stored["clusters"]
        ]
        criteria = [Criterion(**each) for each in stored["criteria"]]
        return cls(clusters, criteria, stored["moved"], stored["before"])


def trial(dialogue: Dialogue, wish: Wish) -> Trial:
    """Solve without writing; refused in words as a proposal would be. Loads Numba: pages use `actions.ask_trial`."""
    asked = question(dialogue, wish)
    found = asked.solved(seed=SEED, is_tried_only=True)
    former = asked.former
    same = corresponding(found.assignment, former)
    changed = [old is not None and same.get(new) != old for new, old in zip(found.assignment, former, strict=True)]
    version = asked.before.version if asked.before else None
    return Trial(_clusters(asked, found, changed), _criteria(asked, found, former), sum(changed), version)


def _clusters(asked: Question, found: clustering.Clustering, changed: Sequence[bool]) -> list[TriedCluster]:
    names = reasons.names(found.groups)
    partners = asked.given.partners
    return [
        TriedCluster(
            names[cluster],
            cluster + 1,
            [
                (partners[number].city.name, changed[number])
                for number, seat in enumerate(found.assignment)
                if seat == cluster
            ],
        )
        for cluster in range(len(found.groups))
    ]


def _criteria(asked: Question, found: clustering.Clustering, former: Sequence[int | None]) -> list[Criterion]:
    then = alike(asked.problem, found.assignment)
    seats = [seat for seat in former if seat is not None]
    now = alike(asked.problem, seats) if asked.before and len(seats) == len(former) else {}
    return [
        Criterion(name, percent(share), percent(now[name]) if name in now else None, percent(then[name]))
        for name, share in asked.shares.items()
    ]
