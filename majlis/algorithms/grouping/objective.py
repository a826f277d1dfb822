"""What a plan is worth: the slow, plain reference that every search and every test is held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from majlis.algorithms.grouping.model import Bounds, Person, Plan, Problem, Reason, Violation, Weights, sizes

Groups = Sequence[Sequence[Sequence[int]]]
Seats = Sequence[dict[int, int]]


def usefulness(one: Person, other: Person, floor: float) -> float:
    """w_ij in [floor, 1]: how much two people have to give each other; every new contact counts at least `floor`."""
    met = bool(one.needs & other.offers) + bool(other.needs & one.offers)
    return floor + (1 - floor) * met / 2


def sameness(one: Person, other: Person, weights: Weights) -> float:
    """What it costs that these two sit together once, because they are too much alike."""
    cost = 0.0
    if one.municipality and one.municipality == other.municipality:
        cost += weights.municipality
    elif one.country and one.country == other.country:
        cost += weights.country
    if one.size_class and one.size_class == other.size_class:
        cost += weights.size_class
    return cost


def uncovered(people: Iterable[Person]) -> list[int]:
    """Those who do not speak the language that most of the group speak (ties: first by name); people without any are left out."""
    speaking = [person for person in people if person.languages]
    counts = Counter(language for person in speaking for language in person.languages)
    if not counts:
        return []
    common = min(counts, key=lambda language: (-counts[language], language))
    return [person.id for person in speaking if common not in person.languages]


def met_pairs(groups: Groups) -> Counter[tuple[int, int]]:
    """{(smaller id, larger id): how often they sat together}."""
    return Counter(
        pair for round_ in groups for group in round_ for pair in combinations(sorted(group), 2)
    )  # fmt: skip


def objective(problem: Problem, groups: Groups, published: Seats | None = None) -> float:
    """Σ w·[met] − repeat·Σ C(m,2) − Σ sameness − uncovered − churn, recomputed from nothing."""
    person = {each.id: each for each in problem.people}
    weights = problem.weights
    met = met_pairs(groups)
    value = sum(usefulness(person[a], person[b], weights.floor) for a, b in met)
    value -= weights.repeat * sum(count * (count - 1) / 2 for count in met.values())
    value -= sum(count * sameness(person[a], person[b], weights) for (a, b), count in met.items())
    for round_ in groups:
        for group in round_:
            value -= weights.uncovered * len(uncovered(person[each] for each in group))
    return value - weights.churn * len(changed(groups, published))


def changed(groups: Groups, published: Seats | None) -> list[tuple[int, int]]:
    """(round, person) of everybody whose published seat is another one now."""
    if published is None:
        return []
    return [
        (number, each)
        for number, round_ in enumerate(groups)
        for place, group in enumerate(round_)
        for each in group
        if published[number].get(each, place) != place
    ]


def bounds(problem: Problem) -> Bounds:
    """Counting bounds: pairs in all groups, and for each two rounds, that a group larger than the other round's
    number of groups must send two of its people to the same group again."""
    people = {each for round_ in problem.rounds for each in round_.attendees}
    possible = len(people) * (len(people) - 1) // 2
    seated = sum(size * (size - 1) // 2 for round_ in problem.rounds for size in _sizes(round_))
    return Bounds(min(possible, seated), possible, max(seated - possible, _forced(problem), 0))


def _sizes(round_: object) -> list[int]:
    return sizes(len(round_.attendees), round_.groups)  # type: ignore[attr-defined]


def _forced(problem: Problem) -> int:
    """Repeats that one pair of rounds with the same people forces (the largest such number: pairs of rounds may share repeats)."""
    most = 0
    for one, other in combinations(problem.rounds, 2):
        if set(one.attendees) != set(other.attendees):
            continue
        for first, second in ((one, other), (other, one)):
            forced = 0
            for size in _sizes(first):
                each, more = divmod(size, second.groups)
                forced += (second.groups - more) * each * (each - 1) // 2 + more * (each + 1) * each // 2
            most = max(most, forced)
    return most


def measure(problem: Problem, groups: Groups, *, seed: int, published: Seats | None = None) -> Plan:
    """A plan with everything that can be said about these groups."""
    person = {each.id: each for each in problem.people}
    met = met_pairs(groups)
    contacts = Counter({each: 0 for round_ in problem.rounds for each in round_.attendees})
    for a, b in met:
        contacts[a] += 1
        contacts[b] += 1
    least = min(contacts.values(), default=0)
    missing = [
        (number, place, tuple(absent))
        for number, round_ in enumerate(groups)
        for place, group in enumerate(round_)
        if (absent := uncovered(person[each] for each in group))
    ]
    return Plan(
        groups=tuple(tuple(tuple(sorted(group)) for group in round_) for round_ in groups),
        seed=seed,
        objective=objective(problem, groups, published),
        repeats=sum(count - 1 for count in met.values()),
        distinct_pairs=len(met),
        bounds=bounds(problem),
        violations=tuple(_violations(person, groups)),
        uncovered=tuple(missing),
        fewest_contacts=tuple(sorted(each for each, count in contacts.items() if count == least)),
        churn=tuple(changed(groups, published)),
    )


def _violations(person: dict[int, Person], groups: Groups) -> Iterator[Violation]:
    for number, round_ in enumerate(groups):
        for place, group in enumerate(round_):
            homes: dict[str, list[int]] = {}
            for each in group:
                if home := person[each].municipality:
                    homes.setdefault(home, []).append(each)
            for together in homes.values():
                if len(together) > 1:
                    yield Violation("municipality", number, place, tuple(sorted(together)))


def explain(problem: Problem, plan: Plan, person: int, round: int) -> Reason:
    """Why this person sits where they sit in this round (from 0). Raises KeyError if they have no seat in it."""
    people = {each.id: each for each in problem.people}
    place = plan.seats(round)[person]
    mates = [each for each in plan.groups[round][place] if each != person]
    before = {other for number in range(round) for group in plan.groups[number] if person in group for other in group}
    own = people[person]
    group = [people[each] for each in plan.groups[round][place]]
    spoken = [each.languages for each in group if each.languages]
    return Reason(
        person=person,
        round=round,
        group=place,
        new=tuple(each for each in mates if each not in before),
        again=tuple(each for each in mates if each in before),
        countries=len({each.country for each in group if each.country}),
        common_languages=tuple(sorted(frozenset.intersection(*spoken))) if spoken else (),
        helpful=tuple(each for each in mates if own.needs & people[each].offers),
        classes=tuple(name for name, members in problem.rounds[round].classes.items() if person in members),
    )
