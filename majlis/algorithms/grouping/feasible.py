"""What is wrong with a problem, said before it is solved: every flaw at once, and what would mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from majlis.algorithms.grouping.model import WORKING_LEVEL, Problem, Round, sizes


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong with a problem. kind: see `flaws`; round is None for people themselves.

    found, wanted: numbers that explain it, such as 5 facilitators for 6 groups. rules: for a contradiction, the smallest
    set of rules that cannot hold together; without any one of them the others can.
    """

    kind: str
    round: int | None = None
    people: tuple[int, ...] = ()
    name: str = ""
    found: int = 0
    wanted: int = 0
    rules: tuple[Rule, ...] = ()

    def __str__(self) -> str:
        place = "" if self.round is None else f"round {self.round + 1}: "
        people = f" (people {', '.join(map(str, self.people))})" if self.people else ""
        numbers = f" {self.found} for {self.wanted}" if self.found or self.wanted else ""
        rules = f": {'; '.join(map(str, self.rules))}" if self.rules else ""
        return f"{place}{self.kind}{' ' + self.name if self.name else ''}{numbers}{people}{rules}"


@dataclass(frozen=True)
class Rule:
    """One rule of a contradiction. kind: lock (with its group), together, apart, class (with its name) or size."""

    kind: str
    people: tuple[int, ...]
    group: int | None = None
    name: str = ""

    def __str__(self) -> str:
        return " ".join([self.kind, self.name, *map(str, self.people), *([] if self.group is None else [f"in group {self.group + 1}"])]).replace("  ", " ")  # fmt: skip


class BadProblem(ValueError):
    """Raised before solving; `flaws` lists everything that is wrong at once."""

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        self.flaws = flaws
        super().__init__("; ".join(map(str, flaws)))


def check(problem: Problem) -> None:
    """Raise BadProblem listing every flaw; return quietly if the problem can be planned."""
    found = tuple(flaws(problem))
    if not found:
        from majlis.algorithms.grouping.contradictions import contradictions

        found = tuple(contradictions(problem))
    if found:
        raise BadProblem(found)


def flaws(problem: Problem) -> Iterator[Flaw]:
    """Kinds: no people, no rounds, person twice, level unknown, groups below one, more groups than people, attendee
    unknown, attendee twice, class size, class member absent, class member twice, classes overfill, lock unknown, lock
    absent, lock twice, lock overfills, lock class, pair unknown, pair of one, together and apart."""
    known = Counter(person.id for person in problem.people)
    if not problem.people:
        yield Flaw("no people")
    if not problem.rounds:
        yield Flaw("no rounds")
    if twice := tuple(key for key, count in known.items() if count > 1):
        yield Flaw("person twice", people=twice)
    if odd := tuple(p.id for p in problem.people if not all(1 <= level <= 6 for level in p.languages.values())):
        yield Flaw("level unknown", people=odd, wanted=WORKING_LEVEL)
    for number, round_ in enumerate(problem.rounds):
        yield from _round_flaws(number, round_, known)
    yield from _lock_flaws(problem)
    for pair in {*problem.together, *problem.apart}:
        people = tuple(sorted(pair))
        if len(pair) != 2:
            yield Flaw("pair of one", people=people, found=len(pair), wanted=2)
        elif not all(each in known for each in pair):
            yield Flaw("pair unknown", people=tuple(each for each in people if each not in known))
    for pair in set(problem.together) & set(problem.apart):
        yield Flaw("together and apart", people=tuple(sorted(pair)))


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


__all__ = ["BadProblem", "Flaw", "Rule", "check", "flaws", "sizes"]
