"""A plan that is being changed: every quantity is kept up to date swap by swap, so that a swap costs microseconds."""

from __future__ import annotations

from collections.abc import Sequence

from majlis.algorithms.grouping.model import Problem
from majlis.algorithms.grouping.objective import sameness, usefulness

NOWHERE = -1


class State:
    """Groups by index of person. `value` always equals `objective(problem, self.ids())`, which a property test holds."""

    def __init__(
        self, problem: Problem, groups: Sequence[Sequence[Sequence[int]]], published: Sequence[dict[int, int]] | None
    ) -> None:
        self.problem = problem
        self.weights = problem.weights
        people = problem.people
        self.index = {person.id: number for number, person in enumerate(people)}
        spoken = sorted({language for person in people for language in person.languages})
        self.spoken = [[n for n, language in enumerate(spoken) if language in person.languages] for person in people]
        size = len(people)
        self.use = [[usefulness(a, b, self.weights.floor) for b in people] for a in people]
        self.same = [[sameness(a, b, self.weights) for b in people] for a in people]
        self.met = [[0] * size for _ in range(size)]
        self.place = [[NOWHERE] * size for _ in problem.rounds]
        self.groups: list[list[list[int]]] = [[[] for _ in range(round_.groups)] for round_ in problem.rounds]
        self.tongues = [[[0] * len(spoken) for _ in range(round_.groups)] for round_ in problem.rounds]
        self.speaking = [[0] * round_.groups for round_ in problem.rounds]
        self.published = None if published is None else [
            {self.index[each]: place for each, place in seats.items() if each in self.index} for seats in published
        ]  # fmt: skip
        self.value = 0.0
        for number, round_ in enumerate(groups):
            for place, group in enumerate(round_):
                for each in group:
                    self.value += self.join(number, place, self.index[each])

    def ids(self) -> list[list[list[int]]]:
        """The groups in the caller's ids."""
        people = self.problem.people
        return [[[people[each].id for each in group] for group in round_] for round_ in self.groups]

    def gain_of_joining(self, number: int, place: int, who: int) -> float:
        """What the value would rise by if this person, not seated in this round, joined this group."""
        met, use, same = self.met[who], self.use[who], self.same[who]
        repeat = self.weights.repeat
        gain = 0.0
        for other in self.groups[number][place]:
            count = met[other]
            gain += (use[other] if count == 0 else -repeat * count) - same[other]
        gain -= self.weights.uncovered * (self._uncovered(number, place, who) - self._uncovered(number, place))
        return gain - self._churn(number, place, who)

    def join(self, number: int, place: int, who: int) -> float:
        """Seat a person and return the gain."""
        gain = self.gain_of_joining(number, place, who)
        met = self.met[who]
        for other in self.groups[number][place]:
            met[other] += 1
            self.met[other][who] += 1
        self.groups[number][place].append(who)
        self.place[number][who] = place
        self._speak(number, place, who, 1)
        return gain

    def leave(self, number: int, who: int) -> float:
        """Unseat a person and return the gain (the exact opposite of joining again)."""
        place = self.place[number][who]
        self.groups[number][place].remove(who)
        self.place[number][who] = NOWHERE
        met = self.met[who]
        for other in self.groups[number][place]:
            met[other] -= 1
            self.met[other][who] -= 1
        self._speak(number, place, who, -1)
        return -self.gain_of_joining(number, place, who)

    def swap(self, number: int, one: int, other: int) -> float:
        """Exchange two seated people of one round and return the gain; swapping again undoes it."""
        here, there = self.place[number][one], self.place[number][other]
        gain = self.leave(number, one) + self.leave(number, other)
        gain += self.join(number, there, one) + self.join(number, here, other)
        self.value += gain
        return gain

    def gain_of_swapping(self, number: int, one: int, other: int) -> float:
        """What `swap` would return, without changing anything."""
        here, there = self.place[number][one], self.place[number][other]
        repeat = self.weights.repeat
        gain = 0.0
        for group, out, into in ((self.groups[number][here], one, other), (self.groups[number][there], other, one)):
            met_out, met_in = self.met[out], self.met[into]
            use_out, use_in = self.use[out], self.use[into]
            same_out, same_in = self.same[out], self.same[into]
            for mate in group:
                if mate == out:
                    continue
                count = met_out[mate]
                gain += (repeat * (count - 1) if count > 1 else -use_out[mate]) + same_out[mate]
                count = met_in[mate]
                gain += (-repeat * count if count else use_in[mate]) - same_in[mate]
        if self.spoken[one] != self.spoken[other]:
            before = self._uncovered(number, here) + self._uncovered(number, there)
            after = self._uncovered(number, here, other, one) + self._uncovered(number, there, one, other)
            gain -= self.weights.uncovered * (after - before)
        if self.published is not None:
            gain += self._churn(number, here, one) + self._churn(number, there, other)
            gain -= self._churn(number, there, one) + self._churn(number, here, other)
        return gain

    def _churn(self, number: int, place: int, who: int) -> float:
        if self.published is None:
            return 0.0
        return self.weights.churn if self.published[number].get(who, place) != place else 0.0

    def _speak(self, number: int, place: int, who: int, step: int) -> None:
        if self.spoken[who]:
            self.speaking[number][place] += step
            tongues = self.tongues[number][place]
            for language in self.spoken[who]:
                tongues[language] += step

    def _uncovered(self, number: int, place: int, joins: int = NOWHERE, leaves: int = NOWHERE) -> int:
        """How many of a group do not speak its commonest language, if `joins` came and `leaves` went."""
        tongues, speaking = self.tongues[number][place], self.speaking[number][place]
        if joins == NOWHERE and leaves == NOWHERE:
            return speaking - max(tongues, default=0)
        tongues = tongues.copy()
        for who, step in ((joins, 1), (leaves, -1)):
            if who != NOWHERE and self.spoken[who]:
                speaking += step
                for language in self.spoken[who]:
                    tongues[language] += step
        return speaking - max(tongues, default=0)
