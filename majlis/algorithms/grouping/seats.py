"""Lawful seats: attendance, sizes, classes and locks hold from the first plan on, so that the search need only swap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from majlis.algorithms.grouping.model import Problem, Round, sizes

Seated = list[list[list[int]]]


class Seats:
    """Rounds being filled one after the other."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        # The group of each person in each round filled so far, −1 for none.
        self.places: list[NDArray[np.int64]] = []
        self.groups: Seated = [[[] for _ in range(round_.groups)] for round_ in problem.rounds]

    def fill(self, number: int, wishes: Sequence[Sequence[int]]) -> None:
        """Seat one round: locks first, then one of each class per group, then everybody where they wish if sizes
        allow, the rest where they gain most. wishes[group] holds ids of people who attend."""
        round_ = self.problem.rounds[number]
        filling = _Filling(round_, self.groups[number])
        locked = {lock.person: lock.group for lock in self.problem.locks if lock.round == number}
        for who, place in locked.items():
            filling.take(who, place)
        wished = {who: place for place, group in enumerate(wishes) for who in group}
        classed = [who for members in round_.classes.values() for who in members if who not in locked]
        self._seat_all(filling, [who for who in classed if who in wished], wished)
        self._seat_all(filling, [who for who in classed if who not in wished], wished)
        placed = {*locked, *classed}
        for place, group in enumerate(wishes):
            filling.take_all([who for who in group if who not in placed], place)
        seated = {who for group in filling.groups for who in group}
        self._seat_all(filling, [who for who in round_.attendees if who not in seated], {})
        self._note(number)

    def keep(self, number: int, groups: Sequence[Sequence[int]]) -> None:
        """Take over a round as it was held, lawful or not."""
        self.groups[number] = [list(group) for group in groups]
        self._note(number)

    def _seat_all(self, filling: _Filling, people: Sequence[int], wished: Mapping[int, int]) -> None:
        waiting = []
        for who in people:
            place = wished.get(who)
            if place is not None and filling.may_take(who, place):
                filling.take(who, place)
            else:
                waiting.append(who)
        for who in waiting:
            filling.take(who, self._best(filling, who))

    def _best(self, filling: _Filling, who: int) -> int:
        """The open group where somebody adds most; sizes and classes always leave one."""
        known, index = self.problem.known, self.problem.index
        own = index[who]
        met = np.zeros(len(self.problem.people), np.float32)
        for places in self.places:
            if places[own] >= 0:
                met += places == places[own]
        gained = np.where(met > 0, -self.problem.weights.repeat * met, known.useful[own]) - known.alike[own]
        gains = gained.tolist()  # few of them are asked for, one by one
        return max(
            filling.open_to(who), key=lambda place: (sum(gains[index[mate]] for mate in filling.groups[place]), -place)
        )

    def _note(self, number: int) -> None:
        places = np.full(len(self.problem.people), -1)
        index = self.problem.index
        for place, group in enumerate(self.groups[number]):
            for who in group:
                places[index[who]] = place
        self.places.append(places)


class _Filling:
    """Sizes and classes of one round while it is being filled. A group's reserve is who sits there and whom its
    classes still miss: `small` for all, one more for as many groups as sizes say."""

    def __init__(self, round_: Round, groups: list[list[int]]) -> None:
        self.groups = groups
        self.classes = {who: name for name, members in round_.classes.items() for who in members}
        self.missing = [set(round_.classes) for _ in groups]
        wanted = sizes(len(round_.attendees), round_.groups)
        self.small, self.large = wanted[-1], sum(size > wanted[-1] for size in wanted)
        self.reserve = [len(round_.classes)] * len(groups)
        self.grown = sum(reserve > self.small for reserve in self.reserve)

    def may_take(self, who: int, place: int) -> bool:
        name = self.classes.get(who)
        if name is not None:
            return name in self.missing[place]
        return self.room(place) > 0

    def open_to(self, who: int) -> list[int]:
        """Every group that may take somebody."""
        name = self.classes.get(who)
        if name is not None:
            return [place for place, missing in enumerate(self.missing) if name in missing]
        below = self.small + (self.grown < self.large)
        return [place for place, reserve in enumerate(self.reserve) if reserve < below]

    def room(self, place: int) -> int:
        """How many people without a class this group may still take."""
        left = self.small - self.reserve[place]
        return left + (1 if self.grown < self.large and left >= 0 else 0)

    def take(self, who: int, place: int) -> None:
        name = self.classes.get(who)
        self.groups[place].append(who)
        if name is not None and name in self.missing[place]:
            self.missing[place].remove(name)
        else:
            self._reserve(place, 1)

    def take_all(self, people: Sequence[int], place: int) -> None:
        """As many of them as there is room for, in their order."""
        people = people[: max(0, self.room(place))]
        self.groups[place] += people
        self._reserve(place, len(people))

    def _reserve(self, place: int, count: int) -> None:
        was = self.reserve[place] > self.small
        self.reserve[place] += count
        self.grown += (self.reserve[place] > self.small) - was
