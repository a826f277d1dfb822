"""What a grouping problem and its plan are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Person:
    """Somebody to be seated. `needs` and `offers` are theme codes; people whose needs meet another's offers gain most."""

    id: int
    municipality: str = ""
    country: str = ""
    size_class: str = ""
    languages: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Round:
    """One round: who is there, in how many groups, and classes of which every group gets exactly one.

    classes: {"case_giver": ids, "facilitator": ids}; each class names exactly as many people as there are groups.
    """

    attendees: tuple[int, ...]
    groups: int
    classes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Lock:
    """This person sits in this group in this round (both counted from 0)."""

    person: int
    round: int
    group: int


@dataclass(frozen=True)
class Weights:
    """What counts how much, in units of one new, fully useful contact.

    repeat is above 1 so that a repeated meeting never pays and outweighs a missing language or two; municipality is so
    high that two of a delegation meet only where nothing else is possible.
    """

    floor: float = 0.25
    repeat: float = 3.0
    municipality: float = 20.0
    country: float = 0.10
    size_class: float = 0.05
    uncovered: float = 0.5
    churn: float = 0.2


@dataclass(frozen=True)
class Problem:
    people: tuple[Person, ...]
    rounds: tuple[Round, ...]
    locks: tuple[Lock, ...] = ()
    weights: Weights = Weights()


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong with a problem. kind: see `flaws`; round is None for people themselves."""

    kind: str
    round: int | None = None
    people: tuple[int, ...] = ()
    name: str = ""
    found: int = 0
    wanted: int = 0

    def __str__(self) -> str:
        place = "" if self.round is None else f"round {self.round + 1}: "
        people = f" (people {', '.join(map(str, self.people))})" if self.people else ""
        numbers = f" {self.found} for {self.wanted}" if self.found or self.wanted else ""
        return f"{place}{self.kind}{' ' + self.name if self.name else ''}{numbers}{people}"


class BadProblem(ValueError):
    """Raised before solving; `flaws` lists everything that is wrong at once."""

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        self.flaws = flaws
        super().__init__("; ".join(map(str, flaws)))


@dataclass(frozen=True)
class Violation:
    """A rule that this plan could not keep, and the people concerned. kind: municipality."""

    kind: str
    round: int
    group: int
    people: tuple[int, ...]


@dataclass(frozen=True)
class Bounds:
    """distinct_pairs: at most so many different pairs can meet; possible_pairs: all pairs of people there are;
    repeats: at least so many repeated meetings are unavoidable by counting."""

    distinct_pairs: int
    possible_pairs: int
    repeats: int


@dataclass(frozen=True)
class Plan:
    """groups[round][group] holds ids. Everything else is measured from the groups by the reference in objective.py."""

    groups: tuple[tuple[tuple[int, ...], ...], ...]
    seed: int
    objective: float
    repeats: int
    distinct_pairs: int
    bounds: Bounds
    violations: tuple[Violation, ...]
    uncovered: tuple[tuple[int, int, tuple[int, ...]], ...]
    fewest_contacts: tuple[int, ...]
    churn: tuple[tuple[int, int], ...] = ()

    def seats(self, round: int) -> dict[int, int]:
        """{person: group} of one round."""
        return {person: number for number, group in enumerate(self.groups[round]) for person in group}


@dataclass(frozen=True)
class Reason:
    """Why somebody sits where they sit: whom they meet there for the first time in the plan and whom again,
    how many countries and languages the group has in common, and what their themes have to give each other."""

    person: int
    round: int
    group: int
    new: tuple[int, ...]
    again: tuple[int, ...]
    countries: int
    common_languages: tuple[str, ...]
    helpful: tuple[int, ...]
    classes: tuple[str, ...] = ()


def check(problem: Problem) -> None:
    """Raise BadProblem listing every flaw; return quietly if the problem can be planned."""
    found = tuple(flaws(problem))
    if found:
        raise BadProblem(found)


def flaws(problem: Problem) -> Iterator[Flaw]:
    """Kinds: no people, no rounds, person twice, groups below one, more groups than people, attendee unknown,
    attendee twice, class size, class member absent, class member twice, lock unknown, lock absent, lock twice,
    lock overfills, lock class."""
    known = Counter(person.id for person in problem.people)
    if not problem.people:
        yield Flaw("no people")
    if not problem.rounds:
        yield Flaw("no rounds")
    if twice := tuple(key for key, count in known.items() if count > 1):
        yield Flaw("person twice", people=twice)
    for number, round_ in enumerate(problem.rounds):
        yield from _round_flaws(number, round_, known)
    yield from _lock_flaws(problem)


def _round_flaws(number: int, round_: Round, known: Counter[int]) -> Iterator[Flaw]:
    here = Counter(round_.attendees)
    if round_.groups < 1:
        yield Flaw("groups below one", number, found=round_.groups, wanted=1)
    elif round_.groups > len(here):
        yield Flaw("more groups than people", number, found=len(here), wanted=round_.groups)
    if unknown := tuple(key for key in here if key not in known):
        yield Flaw("attendee unknown", number, unknown)
    if twice := tuple(key for key, count in here.items() if count > 1):
        yield Flaw("attendee twice", number, twice)
    classed: Counter[int] = Counter()
    for name, members in round_.classes.items():
        classed.update(members)
        if len(members) != round_.groups:
            yield Flaw("class size", number, name=name, found=len(members), wanted=round_.groups)
        if absent := tuple(key for key in members if key not in here):
            yield Flaw("class member absent", number, absent, name)
    if twice := tuple(key for key, count in classed.items() if count > 1):
        yield Flaw("class member twice", number, twice)


def _lock_flaws(problem: Problem) -> Iterator[Flaw]:
    filled: Counter[tuple[int, int]] = Counter()
    classed: Counter[tuple[int, int, str]] = Counter()
    locked: Counter[tuple[int, int]] = Counter()
    for lock in problem.locks:
        if not 0 <= lock.round < len(problem.rounds) or not 0 <= lock.group < problem.rounds[lock.round].groups:
            yield Flaw("lock unknown", lock.round, (lock.person,))
            continue
        round_ = problem.rounds[lock.round]
        if lock.person not in round_.attendees:
            yield Flaw("lock absent", lock.round, (lock.person,))
        locked[lock.round, lock.person] += 1
        if locked[lock.round, lock.person] > 1:
            yield Flaw("lock twice", lock.round, (lock.person,))
        filled[lock.round, lock.group] += 1
        for name, members in round_.classes.items():
            if lock.person in members:
                classed[lock.round, lock.group, name] += 1
                if classed[lock.round, lock.group, name] > 1:
                    yield Flaw("lock class", lock.round, (lock.person,), name)
    for number, round_ in enumerate(problem.rounds):
        yield from _overfilled(number, round_, filled, classed)


def _overfilled(
    number: int, round_: Round, filled: Counter[tuple[int, int]], classed: Counter[tuple[int, int, str]]
) -> Iterator[Flaw]:
    """Locks must leave room for one of each class in their group and for fixed sizes in their round."""
    if round_.groups < 1:
        return
    small, large = divmod(len(round_.attendees), round_.groups)
    needed = [
        filled[number, group] + sum(not classed[number, group, name] for name in round_.classes)
        for group in range(round_.groups)
    ]
    most = small + (1 if large else 0)
    over = [size for size in needed if size > most]
    if over:
        yield Flaw("lock overfills", number, found=max(over), wanted=most)
    elif large and sum(size > small for size in needed) > large:
        yield Flaw("lock overfills", number, found=sum(size > small for size in needed), wanted=large)


def sizes(attendees: int, groups: int) -> list[int]:
    """Group sizes of a round, largest first: as even as they can be."""
    small, large = divmod(attendees, groups)
    return [small + 1] * large + [small] * (groups - large)
