"""Finding plans: a template without repeats, made lawful round by round, then annealed by swaps that keep it lawful.

The hard rules (attendance, sizes, classes, locks) hold at every moment because a swap only exchanges two unlocked
people of one round who belong to the same classes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp, log
from random import Random
from statistics import median

from majlis.algorithms.grouping.model import Plan, Problem, check, sizes
from majlis.algorithms.grouping.objective import changed, measure, objective
from majlis.algorithms.grouping.state import State
from majlis.algorithms.grouping.template import wishes

BUDGET = 12_000  # swaps tried; 44 people and 5 rounds take a third of a second
# The start is good already, so annealing begins where a typical bad swap is taken once in 50 and ends near freezing.
HOT, COLD = 1 / 50, 1 / 50_000
SAMPLES = 200
POLISH_ROUNDS = 3
EXCHANGES = 20  # one exchange of whole schedules costs about as much as this many swaps tried

Seats = Sequence[Mapping[int, int]]


def plan(problem: Problem, *, seed: int, budget: int = BUDGET) -> Plan:
    """Plan all rounds. budget: swaps to try. The same problem, seed and budget give the same plan.

    Raises BadProblem naming every flaw before anything is solved.
    """
    check(problem)
    rng = Random(seed)  # noqa: S311 - a plan must be repeatable, not secret
    state = State(problem, [], None)
    for number, wish in enumerate(wishes(problem, rng)):
        _seat(state, number, wish)
    state.value = objective(problem, state.ids())
    _anneal(state, rng, budget, frozenset())
    return measure(problem, state.ids(), seed=seed)


def replan(
    problem: Problem,
    published: Sequence[Sequence[Sequence[int]]],
    *,
    seed: int,
    frozen: Iterable[int] = (),
    budget: int = BUDGET // 4,
) -> Plan:
    """Plan again after people dropped out or joined: as few published seats as possible change, `frozen` rounds none.

    problem: with the new attendance; a frozen round must be attended as published. published[round][group] holds ids.
    The plan's `churn` names (round, person) of everybody who moves.
    """
    check(problem)
    rng = Random(seed)  # noqa: S311
    seats = [{each: place for place, group in enumerate(round_) for each in group} for round_ in published]
    state = State(problem, [], seats)
    for number in range(len(problem.rounds)):
        _seat(state, number, seats[number])
    state.value = objective(problem, state.ids(), seats)
    kept = frozenset(frozen)
    assert not [number for number, _who in changed(state.ids(), seats) if number in kept], "a frozen round changed"
    _anneal(state, rng, budget, kept, is_warm=True)
    return measure(problem, state.ids(), seed=seed, published=seats)


def _seat(state: State, number: int, wish: Mapping[int, int]) -> None:
    """Seat one round lawfully, each where they wish if sizes, classes and locks allow, else where it costs least."""
    round_ = state.problem.rounds[number]
    rules = _Rules(state, number)
    locked = {lock.person: lock.group for lock in state.problem.locks if lock.round == number}
    for who, place in locked.items():
        rules.take(who, place)
    classed = [who for members in round_.classes.values() for who in members if who not in locked]
    others = [who for who in round_.attendees if who not in locked and who not in set(classed)]
    for people in (classed, others):
        waiting = []
        for who in people:
            wished = wish.get(who)
            if wished is not None and wished < round_.groups and rules.may_take(who, wished):
                rules.take(who, wished)
            else:
                waiting.append(who)
        for who in waiting:
            rules.take(who, rules.cheapest(who))


class _Rules:
    """Sizes and classes of one round while it is being filled."""

    def __init__(self, state: State, number: int) -> None:
        self.state, self.number = state, number
        round_ = state.problem.rounds[number]
        self.classes = {who: name for name, members in round_.classes.items() for who in members}
        self.names = set(round_.classes)
        self.missing = [set(self.names) for _ in range(round_.groups)]
        wanted = sizes(len(round_.attendees), round_.groups)
        self.small, self.large = wanted[-1], sum(size > wanted[-1] for size in wanted)

    def may_take(self, who: int, place: int) -> bool:
        """Room is kept for the class members who are still to come."""
        group = self.state.groups[self.number][place]
        name = self.classes.get(who, "")
        if name and name not in self.missing[place]:
            return False
        after = len(group) + 1 + len(self.missing[place] - {name})
        if after <= self.small:
            return True
        return after == self.small + 1 and self._grown(place) < self.large

    def _grown(self, besides: int) -> int:
        groups = self.state.groups[self.number]
        return sum(
            len(group) + len(self.missing[place]) > self.small
            for place, group in enumerate(groups)
            if place != besides
        )  # fmt: skip

    def take(self, who: int, place: int) -> None:
        self.state.join(self.number, place, self.state.index[who])
        self.missing[place].discard(self.classes.get(who, ""))

    def cheapest(self, who: int) -> int:
        """The open group where this person adds most; sizes and classes always leave one."""
        open_ = [place for place in range(len(self.missing)) if self.may_take(who, place)]
        index = self.state.index[who]
        return max(open_, key=lambda place: (self.state.gain_of_joining(self.number, place, index), -place))


def _anneal(state: State, rng: Random, budget: int, frozen: frozenset[int], *, is_warm: bool = False) -> None:
    """Swap people, at first also for the worse now and then; end with the best plan met and polish it downhill."""
    pools = _pools(state, frozen)
    if not pools or budget <= 0:
        return
    deltas = [abs(gain) for gain in (state.gain_of_swapping(*_draw(pools, state, rng)) for _ in range(SAMPLES)) if gain]
    typical = median(deltas) if deltas else 1.0
    hot = typical / -log(HOT)
    cold = typical / -log(COLD) / 10
    best, kept = state.value, [list(row) for row in state.place]
    for turn in range(0 if is_warm else budget):
        heat = hot * (cold / hot) ** (turn / budget)
        number, one, other = _draw(pools, state, rng)
        if state.place[number][one] == state.place[number][other]:
            continue
        gain = state.gain_of_swapping(number, one, other)
        if gain >= 0 or rng.random() < exp(gain / heat):
            state.swap(number, one, other)
            if state.value > best + 1e-9:
                best, kept = state.value, [list(row) for row in state.place]
    _restore(state, kept)
    if not is_warm:
        _exchange(state, pools, rng, budget // EXCHANGES)
    _polish(state, pools, rng, budget)


def _exchange(state: State, pools: list[tuple[int, list[int]]], rng: Random, tries: int) -> None:
    """Let two people take each other's places in all rounds where that gains: it makes no repeat, so it can mix
    countries, languages and themes where every single swap would bring people together again."""
    alike: dict[tuple[tuple[int, int], ...], list[int]] = {}
    member: dict[int, list[tuple[int, int]]] = {}
    for pool, (number, people) in enumerate(pools):
        for who in people:
            member.setdefault(who, []).append((number, pool))
    for who, own in member.items():
        alike.setdefault(tuple(own), []).append(who)
    choices = [(numbers, people) for numbers, people in alike.items() if len(people) > 1]
    for _try in range(tries if choices else 0):
        places, people = choices[int(rng.random() * len(choices))]
        one, other = rng.sample(people, 2)
        rounds = [number for number, _pool in places if state.place[number][one] != state.place[number][other]]
        gain = sum(state.swap(number, one, other) for number in rounds)
        if gain <= 1e-9:
            for number in reversed(rounds):
                state.swap(number, one, other)


def _pools(state: State, frozen: frozenset[int]) -> list[tuple[int, list[int]]]:
    """(round, people who may be exchanged with one another): same classes, not locked, not in a frozen round."""
    locked = {(lock.round, lock.person) for lock in state.problem.locks}
    pools = []
    for number, round_ in enumerate(state.problem.rounds):
        if number in frozen or round_.groups < 2:
            continue
        alike: dict[str, list[int]] = {}
        classes = {who: name for name, members in round_.classes.items() for who in members}
        for who in round_.attendees:
            if (number, who) not in locked:
                alike.setdefault(classes.get(who, ""), []).append(state.index[who])
        pools += [(number, people) for people in alike.values() if len(people) > 1]
    return pools


def _draw(pools: list[tuple[int, list[int]]], state: State, rng: Random) -> tuple[int, int, int]:
    number, people = pools[int(rng.random() * len(pools))]
    one = people[int(rng.random() * len(people))]
    other = people[int(rng.random() * len(people))]
    while other == one:
        other = people[int(rng.random() * len(people))]
    return number, one, other


def _restore(state: State, kept: list[list[int]]) -> None:
    """Return to places met before: people change places one by one, sums stay exact because the end is recomputed."""
    for number, row in enumerate(kept):
        moved = [who for who, place in enumerate(row) if place != state.place[number][who]]
        for who in moved:
            state.leave(number, who)
        for who in moved:
            state.join(number, row[who], who)
    seats = state.published
    people = state.problem.people
    published = None if seats is None else [{people[w].id: place for w, place in row.items()} for row in seats]
    state.value = objective(state.problem, state.ids(), published)


def _polish(state: State, pools: list[tuple[int, list[int]]], rng: Random, budget: int) -> None:
    """Take every swap that gains, whole sweeps over all pairs, until none does or the budget is spent."""
    left = budget * POLISH_ROUNDS
    while left > 0:
        gained = False
        for number, people in pools:
            order = people.copy()
            rng.shuffle(order)
            for nth, one in enumerate(order):
                for other in order[nth + 1 :]:
                    if state.place[number][one] == state.place[number][other]:
                        continue
                    left -= 1
                    if state.gain_of_swapping(number, one, other) > 1e-9:
                        state.swap(number, one, other)
                        gained = True
        if not gained or left <= 0:
            return
