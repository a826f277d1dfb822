"""What a grouping problem and its plan are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from majlis.algorithms.grouping.arrays import Values
    from majlis.algorithms.grouping.measure import Measured

# The level from which somebody can work in a language, of 1 (A1) to 6 (C2) of the Common European Framework of
# Reference: B2, "can interact with a degree of fluency", is the first at which a discussion needs no help.
WORKING_LEVEL = 4

Groups = tuple[tuple[tuple[int, ...], ...], ...]


@dataclass(frozen=True)
class Person:
    """Somebody to be seated.

    `needs` and `offers` are theme codes: people whose needs meet another's offers gain most. `languages`: {code: level},
    levels 1 (A1) to 6 (C2). Municipality, country, size class and role are any labels; empty means unknown.
    """

    id: int
    municipality: str = ""
    country: str = ""
    size_class: str = ""
    role: str = ""
    languages: Mapping[str, int] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()

    @property
    def works_in(self) -> frozenset[str]:
        """The languages in which this person can discuss."""
        return frozenset(code for code, level in self.languages.items() if level >= WORKING_LEVEL)


@dataclass(frozen=True)
class Round:
    """One round: who is there, in how many groups, and classes of which every group gets exactly one.

    classes: {"case_giver": ids, "facilitator": ids}; each class names exactly as many people as there are groups.
    Groups are as even as they can be: sizes differ by one at most.
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

    floor: what any new contact counts at least. repeat is above 1 so that meeting again never pays. Not to understand
    is worse than to meet again, so languages weigh more. rule: keep-apart, keep-together and delegations, so high that they are broken only where
    nothing else is possible. country, size_class, role: what two alike in one group cost. uncovered: each person
    without the group's language; interpreter: each interpreter a group needs; nearing: in such a group, each person
    without its second language, so that it is worth something to come nearer to a language that all of it share. churn: each published seat that changes.
    """

    floor: float = 0.25
    repeat: float = 3.0
    rule: float = 20.0
    country: float = 0.10
    size_class: float = 0.05
    role: float = 0.05
    uncovered: float = 4.0
    interpreter: float = 10.0
    nearing: float = 2.0
    churn: float = 0.05


@dataclass(frozen=True)
class Problem:
    """People, rounds and rules. together, apart: pairs of ids that sit in the same group, or never do, in every round
    that both attend. Two of one municipality never share a group where that is possible."""

    people: tuple[Person, ...]
    rounds: tuple[Round, ...]
    locks: tuple[Lock, ...] = ()
    together: tuple[frozenset[int], ...] = ()
    apart: tuple[frozenset[int], ...] = ()
    weights: Weights = Weights()

    @cached_property
    def index(self) -> dict[int, int]:
        """{id: position in `people`}."""
        return {person.id: position for position, person in enumerate(self.people)}

    @cached_property
    def known(self) -> Values:
        """What people are to one another, as arrays."""
        from majlis.algorithms.grouping.arrays import values

        return values(self)

    def with_rounds(self, rounds: tuple[Round, ...], locks: tuple[Lock, ...]) -> Problem:
        """The same people in other rounds; what is known of them is not computed again."""
        found = replace(self, rounds=rounds, locks=locks)
        for name in ("index", "known"):
            if name in self.__dict__:
                found.__dict__[name] = self.__dict__[name]
        return found


@dataclass(frozen=True)
class Changes:
    """What is different since a plan was published.

    rounds: {number of a round: the round as it is now}. closed: {number of a round: its groups that end}; the others
    move up in their order. locks: None keeps the problem's. frozen: rounds that stay exactly as they are.
    """

    rounds: Mapping[int, Round] = field(default_factory=dict)
    closed: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    locks: tuple[Lock, ...] | None = None
    frozen: frozenset[int] = frozenset()

    def apply(self, problem: Problem) -> Problem:
        """The problem as it is now."""
        rounds = tuple(self.rounds.get(number, round_) for number, round_ in enumerate(problem.rounds))
        return problem.with_rounds(rounds, problem.locks if self.locks is None else self.locks)


@dataclass(frozen=True)
class Budget:
    """How long to search: up to `steps` swaps tried, and no longer than `seconds` of this process's time if given.

    Steps alone give the same plan on every machine; seconds give what fits into them.
    """

    steps: int = 1_000_000
    seconds: float | None = None


@dataclass(frozen=True)
class Violation:
    """A rule that a plan could not keep, and the people concerned. kind: municipality, apart or together; a pair that
    should sit together is named with the group of its first person."""

    kind: str
    round: int
    group: int
    people: tuple[int, ...]


@dataclass(frozen=True)
class Interpreted:
    """A group without one language for all: the language most of it works in, those to be interpreted (as few as
    cover everybody), and the people who need it."""

    round: int
    group: int
    language: str
    interpreted: tuple[str, ...]
    people: tuple[int, ...]


@dataclass(frozen=True)
class Bounds:
    """What no plan can exceed (or undercut, for repeats and interpreters).

    distinct_pairs: different pairs that can meet. possible_pairs: all pairs of people there are. repeats: repeated
    meetings that counting shows to be unavoidable. benefit: sum of usefulness over the pairs that meet. interpreters:
    over all rounds; exact for each round by itself.
    """

    distinct_pairs: int
    possible_pairs: int
    repeats: int
    benefit: float
    interpreters: int


@dataclass(frozen=True)
class Plan:
    """groups[round][group] holds ids. What is said of the plan is measured from the groups when it is first asked for.

    published: the groups as they were before this plan (rounds with ended groups without them), if it is a re-plan.
    """

    problem: Problem
    groups: Groups
    seed: int
    published: Groups | None = None

    def seats(self, round: int) -> dict[int, int]:
        """{person: group} of one round."""
        return {person: number for number, group in enumerate(self.groups[round]) for person in group}

    @cached_property
    def measured(self) -> Measured:
        from majlis.algorithms.grouping.measure import measured

        return measured(self)

    @cached_property
    def bounds(self) -> Bounds:
        from majlis.algorithms.grouping.bounds import bounds

        return bounds(self.problem)

    @property
    def objective(self) -> float:
        """What was maximised, see `reference.objective`."""
        return self.measured.objective

    @property
    def benefit(self) -> float:
        """Usefulness of all pairs that meet, each counted once; `bounds.benefit` is what no plan can exceed."""
        return self.measured.benefit

    @property
    def repeats(self) -> int:
        """Meetings beyond the first of each pair; pairs that are kept together do not count."""
        return self.measured.repeats

    @property
    def distinct_pairs(self) -> int:
        """Different pairs that meet."""
        return self.measured.distinct_pairs

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Rules that are broken, with the people concerned."""
        return self.measured.violations

    @property
    def interpreters(self) -> tuple[Interpreted, ...]:
        """Where interpreters are needed."""
        return self.measured.interpreters

    @property
    def fewest_contacts(self) -> tuple[int, ...]:
        """Those who meet the fewest different people."""
        return self.measured.fewest_contacts

    @property
    def churn(self) -> tuple[tuple[int, int], ...]:
        """(round, person) of everybody whose published seat is another one now."""
        return self.measured.churn


@dataclass(frozen=True)
class Reason:
    """Why somebody sits where they sit: whom they meet there for the first time in the plan and whom again, from how
    many countries the group comes, which languages all of it work in, and whose offers meet this person's needs."""

    person: int
    round: int
    group: int
    new: tuple[int, ...]
    again: tuple[int, ...]
    countries: int
    common_languages: tuple[str, ...]
    helpful: tuple[int, ...]
    classes: tuple[str, ...] = ()
    is_locked: bool = False


def sizes(attendees: int, groups: int) -> list[int]:
    """Group sizes of a round, largest first: as even as they can be."""
    small, large = divmod(attendees, groups)
    return [small + 1] * large + [small] * (groups - large)
