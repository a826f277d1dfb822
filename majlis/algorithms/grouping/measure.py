"""Everything that is said of a plan, measured from its groups by the reference, and why somebody sits where they sit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from majlis.algorithms.grouping import reference
from majlis.algorithms.grouping.model import Interpreted, Person, Plan, Problem, Reason, Violation


@dataclass(frozen=True)
class Measured:
    """See the properties of `Plan`."""

    objective: float
    benefit: float
    repeats: int
    distinct_pairs: int
    violations: tuple[Violation, ...]
    interpreters: tuple[Interpreted, ...]
    fewest_contacts: tuple[int, ...]
    churn: tuple[tuple[int, int], ...]


def measure(problem: Problem, groups: Sequence[Sequence[Sequence[int]]], *, seed: int) -> Plan:
    """A plan made of groups that stand already: groups[round][group] holds ids."""
    return Plan(problem, tuple(tuple(tuple(sorted(group)) for group in round_) for round_ in groups), seed)


def measured(plan: Plan) -> Measured:
    problem, groups = plan.problem, plan.groups
    met = reference.met_pairs(groups)
    bound = set(problem.together)
    contacts = Counter({each: 0 for round_ in problem.rounds for each in round_.attendees})
    for a, b in met:
        contacts[a] += 1
        contacts[b] += 1
    least = min(contacts.values(), default=0)
    return Measured(
        objective=reference.objective(problem, groups, plan.published),
        benefit=reference.benefit(problem, groups),
        repeats=sum(count - 1 for pair, count in met.items() if frozenset(pair) not in bound),
        distinct_pairs=len(met),
        violations=tuple(_violations(problem, groups)),
        interpreters=tuple(_interpreters(problem, groups)),
        fewest_contacts=tuple(sorted(each for each, count in contacts.items() if count == least)),
        churn=tuple(reference.changed(groups, plan.published)),
    )


def _violations(problem: Problem, groups: Sequence[Sequence[Sequence[int]]]) -> Iterator[Violation]:
    municipality = {person.id: person.municipality for person in problem.people}
    apart = set(problem.apart)
    for number, round_ in enumerate(groups):
        seats = {each: place for place, group in enumerate(round_) for each in group}
        for place, group in enumerate(round_):
            homes: dict[str, list[int]] = {}
            for each in group:
                if home := municipality[each]:
                    homes.setdefault(home, []).append(each)
            for mates in homes.values():
                if len(mates) > 1:
                    yield Violation("municipality", number, place, tuple(sorted(mates)))
            for pair in combinations(sorted(group), 2):
                if frozenset(pair) in apart:
                    yield Violation("apart", number, place, pair)
        for bound in problem.together:
            one, other = sorted(bound)
            if one in seats and other in seats and seats[one] != seats[other]:
                yield Violation("together", number, seats[one], (one, other))


def _interpreters(problem: Problem, groups: Sequence[Sequence[Sequence[int]]]) -> Iterator[Interpreted]:
    person = {each.id: each for each in problem.people}
    for number, round_ in enumerate(groups):
        for place, group in enumerate(round_):
            people = [person[each] for each in group]
            language, missing = reference.uncovered(people)
            if missing:
                yield Interpreted(number, place, language, reference.interpreted(people), tuple(missing))


def explain(plan: Plan, person: int, round: int) -> Reason:
    """Why this person sits where they sit in this round (from 0). Raises KeyError if they have no seat in it."""
    problem = plan.problem
    people = {each.id: each for each in problem.people}
    place = plan.seats(round)[person]
    mates = [each for each in plan.groups[round][place] if each != person]
    before = {other for number in range(round) for group in plan.groups[number] if person in group for other in group}
    own = people[person]
    group = [people[each] for each in plan.groups[round][place]]
    return Reason(
        person=person,
        round=round,
        group=place,
        new=tuple(each for each in mates if each not in before),
        again=tuple(each for each in mates if each in before),
        countries=len({each.country for each in group if each.country}),
        common_languages=_common(group),
        helpful=tuple(each for each in mates if own.needs & people[each].offers),
        classes=tuple(name for name, members in problem.rounds[round].classes.items() if person in members),
        is_locked=any(lock.person == person and lock.round == round for lock in problem.locks),
    )


def _common(group: list[Person]) -> tuple[str, ...]:
    spoken = [each.works_in for each in group if each.works_in]
    return tuple(sorted(frozenset.intersection(*spoken))) if spoken else ()
