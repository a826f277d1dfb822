"""How good a plan is beside the best that any plan could be: as stored with its rounds, and as it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from majlis.algorithms import grouping
from majlis.dialogue.models import Participant
from majlis.steps.enable.queries.planning import People


def quality(people: People, plan: grouping.Plan) -> dict[str, Any]:
    """What Round.plan keeps of the whole plan. Rounds and groups are counted from 1, people are participants."""
    contacts = _contacts(plan)
    countries = {person.id: person.country for person in people.persons}
    return {
        "seed": plan.seed,
        "repeats": plan.repeats,
        "distinct_pairs": plan.distinct_pairs,
        "most_pairs": plan.bounds.distinct_pairs,
        "possible_pairs": plan.bounds.possible_pairs,
        "least_repeats": plan.bounds.repeats,
        "benefit": plan.benefit,
        "most_benefit": plan.bounds.benefit,
        "interpreters": sum(len(each.interpreted) for each in plan.interpreters),
        "least_interpreters": plan.bounds.interpreters,
        "violations": [[each.kind, each.round + 1, each.group + 1, list(each.people)] for each in plan.violations],
        "uncovered": [
            [each.round + 1, each.group + 1, list(each.people), each.language, list(each.interpreted)]
            for each in plan.interpreters
        ],
        "one_country": [
            [nth, place]
            for nth, round_ in enumerate(plan.groups, 1)
            for place, group in enumerate(round_, 1)
            if len({countries.get(who) for who in group}) < 2
        ],
        "fewest": list(plan.fewest_contacts),
        "fewest_contacts": min((contacts[who] for who in plan.fewest_contacts), default=0),
    }


def _contacts(plan: grouping.Plan) -> Counter[int]:
    """{person: how many different people they meet}."""
    met = {pair for round_ in plan.groups for group in round_ for pair in combinations(sorted(group), 2)}
    return Counter(who for pair in met for who in pair)


@dataclass(frozen=True)
class Place:
    """A group of a round in which something could not be kept, and the participants concerned; for interpreters also the codes of
    the group's language and of those to be interpreted."""

    round: int
    group: int
    people: list[Participant] = field(default_factory=list)
    language: str = ""
    interpreted: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Quality:
    """A stored quality for reading. `pairs_percent`, `benefit_percent`: of what no plan can exceed; None where unknown."""

    plan: Mapping[str, Any]
    pairs_percent: int | None
    benefit_percent: int | None
    fewest: list[Participant]
    together: list[Place]
    not_apart: list[Place]
    not_together: list[Place]
    uncovered: list[Place]
    one_country: list[Place]


def read_quality(plan: Mapping[str, Any], participants: Mapping[int, Participant]) -> Quality:
    """`participants`: {number: participant with person and city}; whoever is no longer in it is left out."""

    def places(rows: list[list[Any]]) -> list[Place]:
        return [Place(nth, group, known(who)) for nth, group, who in rows]

    def known(numbers: list[int]) -> list[Participant]:
        return [participants[who] for who in numbers if who in participants]

    def broken(kind: str) -> list[Place]:
        return places([row[1:] for row in plan.get("violations", []) if row[0] == kind])

    return Quality(
        plan=plan,
        pairs_percent=_percent(plan.get("distinct_pairs"), plan.get("most_pairs")),
        benefit_percent=_percent(plan.get("benefit"), plan.get("most_benefit")),
        fewest=known(plan.get("fewest", [])),
        together=broken("municipality"),
        not_apart=broken("apart"),
        not_together=broken("together"),
        uncovered=[
            Place(nth, group, known(who), language, interpreted)
            for nth, group, who, language, interpreted in plan.get("uncovered", [])
        ],
        one_country=[Place(nth, group) for nth, group in plan.get("one_country", [])],
    )


def _percent(value: float | None, most: float | None) -> int | None:
    """Rounded down, so that only what is really reached reads as 100."""
    return int(100 * value / most + 1e-9) if value is not None and most else None
