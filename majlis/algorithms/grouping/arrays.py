"""A problem as arrays of numbers, the form in which the kernels work. Nothing here needs Numba.

Indices replace ids: person i is `problem.people[i]`. n people, R rounds, G groups at most in a round, S seats at most
in a group (one more than needed, since a group is overfull for an instant while it is refilled).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from majlis.algorithms.grouping.model import Problem, sizes
from majlis.algorithms.grouping.reference import PART_FOR_MAIN_THEME, main_themes

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

NOWHERE = -1
# Columns of `pairs`: how often two have met, and what meeting is worth the first time, what again, and what is lost
# for each time before. One record of 16 bytes, so that the kernel touches one cache line for a pair.
MET, FIRST, AGAIN, REPEAT = range(4)


@dataclass(frozen=True)
class Values:
    """What people are to one another, whoever attends: it outlives a change of rounds.

    useful, (n, n): w_ij. alike, (n, n): the cost of sitting together once (negative for pairs kept together).
    bound, (n, n): pairs kept together. languages, (n,): a bit for each language somebody works in.
    """

    useful: Floats
    alike: Floats
    bound: NDArray[np.bool_]
    languages: NDArray[np.int64]


def values(problem: Problem) -> Values:
    """The same numbers as `reference.usefulness` and `reference.sameness`, for all pairs at once."""
    people, weights = problem.people, problem.weights
    needs, offers = ([getattr(person, name) for person in people] for name in ("needs", "offers"))
    in_main = _met([main_themes(each) for each in needs], [main_themes(each) for each in offers])
    helped = np.maximum(_met(needs, offers), PART_FOR_MAIN_THEME * in_main)
    useful = weights.floor + (1 - weights.floor) * (helped + helped.T) / 2
    home = _same([person.municipality for person in people])
    alike = weights.rule * home
    alike += weights.country * (_same([person.country for person in people]) & ~home)
    alike += weights.size_class * _same([person.size_class for person in people])
    alike += weights.role * _same([person.role for person in people])
    bound = np.zeros(alike.shape, np.bool_)
    for pairs, cost in ((problem.apart, weights.rule), (problem.together, -weights.rule)):
        for pair in set(pairs):
            one, other = (problem.index[each] for each in pair)
            alike[[one, other], [other, one]] += cost
            bound[[one, other], [other, one]] |= cost < 0
    return Values(useful.astype(np.float32), alike.astype(np.float32), bound, _languages(problem))


def _languages(problem: Problem) -> NDArray[np.int64]:
    """(n,): a bit for each language; nobody has any where one language serves everybody, so that none costs time."""
    speaking = [person.works_in for person in problem.people if person.works_in]
    spoken = sorted(frozenset().union(*speaking))
    if not speaking or frozenset.intersection(*speaking):
        spoken = []
    bits = {language: 1 << place for place, language in enumerate(spoken)}
    return np.array([sum(bits.get(each, 0) for each in person.works_in) for person in problem.people], np.int64)


def _met(needs: Sequence[Set[str]], offers: Sequence[Set[str]]) -> Floats:
    """(n, n): 1 where somebody's needs share a code with another's offers."""
    codes = {code: place for place, code in enumerate(sorted(set().union(*needs, *offers)))}
    tables = []
    for sets in (needs, offers):
        table = np.zeros((len(sets), len(codes)), np.float32)
        for number, row in enumerate(sets):
            table[number, [codes[code] for code in row]] = 1
        tables.append(table)
    return (tables[0] @ tables[1].T > 0).astype(np.float32)


def _same(labels: Sequence[str]) -> NDArray[np.bool_]:
    """(n, n): whether two have the same label; never oneself, nor where it is unknown."""
    names = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    codes = np.array([names[label] for label in labels])
    is_known = np.array([bool(label) for label in labels])
    same: NDArray[np.bool_] = (codes[:, None] == codes[None, :]) & is_known[:, None]
    np.fill_diagonal(same, False)
    return same


@dataclass(frozen=True)
class Seating:
    """A plan that is being changed by the kernels, in place.

    pairs, (n, n, 4): see MET. place, (R, n): group of each person or NOWHERE. members, (R, G, S) with size, (R, G):
    who sits in a group; slot, (R, n): where in `members`. small, (R,): the smaller size a round allows. published, (R, n).
    costs: what an uncovered person, an interpreter, a changed seat and who lacks the second language cost.

    Who may change places with whom: pools[starts[k]:starts[k + 1]] are people of round pool_round[k] with the same
    classes, unlocked; pool_of names the pool of each entry. is_free, (R, n): who may also take an open seat. is_open, (R,): rounds in
    which anybody may. kinds, with
    kind_starts and kind_of, are people with the same classes in all rounds, who may exchange whole schedules.
    """

    pairs: Floats
    languages: NDArray[np.int64]
    costs: NDArray[np.float64]
    place: Ints
    members: Ints
    slot: Ints
    size: Ints
    small: Ints
    published: Ints
    pools: Ints
    starts: Ints
    pool_round: Ints
    pool_of: Ints
    is_free: NDArray[np.bool_]
    is_open: NDArray[np.bool_]
    kinds: Ints
    kind_starts: Ints
    kind_of: Ints

    def groups(self, problem: Problem) -> list[list[list[int]]]:
        """The groups in the caller's ids."""
        ids = np.array([person.id for person in problem.people])
        return [
            [ids[self.members[number, place, : self.size[number, place]]].tolist() for place in range(round_.groups)]
            for number, round_ in enumerate(problem.rounds)
        ]


def seating(
    problem: Problem,
    known: Values,
    groups: Sequence[Sequence[Sequence[int]]],
    published: Sequence[Sequence[Sequence[int]]] | None = None,
    frozen: Iterable[int] = (),
) -> Seating:
    """Lay out groups (of ids, lawful) for the kernels. published: the groups that seats are compared with."""
    rounds, count = len(problem.rounds), len(problem.people)
    most = max(round_.groups for round_ in problem.rounds)
    widest = max(len(group) for round_ in groups for group in round_) + 1
    place, slot, former = (np.full((rounds, count), NOWHERE, np.int32) for _ in range(3))
    members = np.zeros((rounds, most, widest), np.int32)
    size = np.zeros((rounds, most), np.int32)
    met = np.zeros((count, count), np.float32)
    for number, round_ in enumerate(groups):
        for nth, group in enumerate(round_):
            people = [problem.index[each] for each in group]
            members[number, nth, : len(people)] = people
            size[number, nth] = len(people)
            place[number, people], slot[number, people] = nth, range(len(people))
            met[np.ix_(people, people)] += 1
    for number, round_ in enumerate(published or ()):
        for nth, group in enumerate(round_):
            former[number, [problem.index[each] for each in group if each in problem.index]] = nth
    weights = problem.weights
    repeat = np.where(known.bound, 0, weights.repeat)
    pairs = np.stack([met, known.useful - known.alike, -known.alike, repeat], axis=-1).astype(np.float32)
    costs = np.array([weights.uncovered, weights.interpreter, weights.churn if published else 0.0, weights.nearing])
    small = np.array([sizes(len(round_.attendees), round_.groups)[-1] for round_ in problem.rounds], np.int32)
    return Seating(pairs, known.languages, costs, place, members, slot, size, small, former, *_movable(problem, frozen))


def _movable(
    problem: Problem, frozen: Iterable[int]
) -> tuple[Ints, Ints, Ints, Ints, NDArray[np.bool_], NDArray[np.bool_], Ints, Ints, Ints]:
    locked = {(lock.round, lock.person) for lock in problem.locks}
    kept = set(frozen)
    is_free = np.zeros((len(problem.rounds), len(problem.people)), np.bool_)
    pools: list[tuple[int, list[int]]] = []
    kinds: dict[int, list[str | None]] = {}
    for number, round_ in enumerate(problem.rounds):
        alike: dict[str, list[int]] = {}
        classes = {who: name for name, members in round_.classes.items() for who in members}
        for who in round_.attendees:
            index, name = problem.index[who], classes.get(who, "")
            own = kinds.setdefault(index, [None] * len(problem.rounds))
            # Who is locked anywhere, or whose round is frozen, exchanges no whole schedule with anybody.
            own[number] = name if number not in kept and (number, who) not in locked else f"only {index}"
            if number not in kept and (number, who) not in locked and round_.groups > 1:
                alike.setdefault(name, []).append(index)
                is_free[number, index] = not name
        pools += [(number, people) for people in alike.values()]
    same: dict[tuple[str | None, ...], list[int]] = {}
    for index, own in kinds.items():
        same.setdefault(tuple(own), []).append(index)
    pool_people, starts, pool_of = _flat([people for _number, people in pools if len(people) > 1])
    kind_people, kind_starts, kind_of = _flat([people for people in same.values() if len(people) > 1])
    pool_round = np.array([number for number, people in pools if len(people) > 1], np.int32)
    is_open = np.zeros(len(problem.rounds), np.bool_)
    is_open[pool_round] = True
    return pool_people, starts, pool_round, pool_of, is_free, is_open, kind_people, kind_starts, kind_of


def _flat(lists: Sequence[Sequence[int]]) -> tuple[Ints, Ints, Ints]:
    """Lists one after the other, where each begins (and the end), and to which each entry belongs."""
    entries = np.array([each for people in lists for each in people], np.int32)
    starts = np.cumsum([0, *map(len, lists)], dtype=np.int32)
    owner = np.repeat(np.arange(len(lists), dtype=np.int32), [len(people) for people in lists])
    return entries, starts, owner.astype(np.int32)
