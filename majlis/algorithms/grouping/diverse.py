"""One round with distances: groups that are as mixed as they can be, or as alike (equal-size clustering).

The first is the maximally diverse grouping problem: the sum of distances within groups is to be as large as possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from majlis.algorithms.grouping.heat import heat_for
from majlis.algorithms.grouping.model import Budget

Distances = NDArray[np.float64] | NDArray[np.float32]

# Heat falls between those at which so large a share of random swaps is accepted in a local optimum, though they lose.
# Found on MDGLIB's instances of 120 and 240 people: twice as hot wastes time, twice as cold keeps the first guess.
HOT_SHARE, COLD_SHARE = 0.03, 0.0012
# So often the heat falls within a budget, each time from a new beginning: a bad one is left behind.
CYCLES = 4
# With fewer swaps for each pair of people there is time for one only, which begins hotter.
MANY, HOT_SHARE_OF_FEW = 5_000, 0.1
# The last part of a budget cools the best further, until nothing moves.
LAST, COLDEST = 0.12, 0.1
SAMPLES = 4_000
COLDEST_OF_ALL = 1e-30  # no loss is accepted
DESCENT = 200  # steps for each person, at no heat, to reach a local optimum to sample from
CHUNK = 524_288  # swaps between two looks at the clock: a millisecond
BUDGET = Budget(steps=5_000_000)


@dataclass(frozen=True)
class Gathered:
    """place, (n,): the group of each row. total: sum of distances within groups, recomputed from the distances."""

    place: tuple[int, ...]
    total: float


def gather(
    distances: Distances,
    lower: Sequence[int],
    upper: Sequence[int],
    *,
    seed: int,
    budget: Budget = BUDGET,
    is_alike: bool = False,
) -> Gathered:
    """Groups g with lower[g] to upper[g] members, the sum of distances within them as large as can be found.

    distances: (n, n), symmetric, any unit. is_alike: as small instead. Deterministic for a seed and steps.
    Raises ValueError where the sizes cannot hold n people.
    """
    table = np.ascontiguousarray(-distances if is_alike else distances, dtype=np.float32)
    low, high = np.array(lower, np.int64), np.array(upper, np.int64)
    count = len(table)
    if table.shape != (count, count) or not low.sum() <= count <= high.sum() or np.any(low > high):
        raise ValueError(f"{count} people do not fit into groups of {list(lower)} to {list(upper)}")
    place = _Annealing(table, low, high, seed, budget).place
    within = place[:, None] == place[None, :]
    return Gathered(tuple(place.tolist()), float(np.asarray(distances, np.float64)[within].sum() / 2))


class _Annealing:
    def __init__(
        self, table: NDArray[np.float32], low: NDArray[np.int64], high: NDArray[np.int64], seed: int, budget: Budget
    ) -> None:
        from majlis.algorithms.grouping.kernels import single
        from majlis.algorithms.grouping.kernels.random import generator

        self.kernel, self.random = single, generator(seed)
        self.table, self.low, self.high, self.budget = table, low, high, budget
        self.began, self.steps, count = perf_counter(), 0, len(table)
        self.chance = np.random.default_rng(seed)
        self.sums = np.empty((len(low), count), np.float32)
        self.met = np.empty(count, np.int32)
        self._begin()
        self._run(DESCENT * count, COLDEST_OF_ALL, COLDEST_OF_ALL)
        self.place, self.steps = self.now.copy(), 0
        if len(low) > 1:
            self._anneal()

    def _begin(self) -> None:
        sizes = _even if self.table.sum() <= 0 else _uneven
        groups = np.repeat(np.arange(len(self.low), dtype=np.int32), sizes(len(self.table), self.low, self.high))
        self._go_to(self.chance.permutation(groups))

    def _go_to(self, place: NDArray[np.int32]) -> None:
        self.now, self.size = place, np.bincount(place, minlength=len(self.low)).astype(np.int64)
        self.kernel.sum_up(self.table, self.now, self.sums)

    def _run(self, steps: int, hot: float, cold: float) -> tuple[float, float]:
        gained, best = self.kernel.anneal(
            self.table, self.now, self.size, self.low, self.high, self.sums, steps, hot, cold, self.random, self.met
        )
        self.steps += steps
        # Sums of many changes drift in their last digits; now and then they are made anew.
        self.kernel.sum_up(self.table, self.now, self.sums)
        return gained, best

    def _anneal(self) -> None:
        self.top = _total(self.table, self.place)
        steps, seconds, count = self.budget.steps, self.budget.seconds, len(self.table)
        if seconds is not None:
            steps = int(DESCENT * count * seconds / max(1e-6, perf_counter() - self.began))
        is_long = steps >= MANY * count * count
        hot, cold = self._heats(HOT_SHARE if is_long else HOT_SHARE_OF_FEW)
        cycles = CYCLES if is_long else 1
        part = (1 - LAST) / cycles
        for cycle in range(cycles):
            self._begin()
            self._cool(cycle * part, (cycle + 1) * part, hot, cold)
        self._go_to(self.place.copy())
        self._cool(1 - LAST, 1.0, cold, cold * COLDEST)

    def _cool(self, since: float, until: float, hot: float, cold: float) -> None:
        """Let the heat fall from hot to cold between two shares of the budget, and note the best place met."""
        value, length, step = _total(self.table, self.now), until - since, 0.0
        while (spent := self._spent()) < until:
            done = max(0.0, (spent - since) / length)
            count = CHUNK
            if self.budget.seconds is None:
                count = max(1, min(CHUNK, ceil((until - spent) * self.budget.steps)))
                step = count / self.budget.steps
            then = min(1.0, done + step / length)
            gained, best = self._run(count, hot * (cold / hot) ** done, hot * (cold / hot) ** then)
            if value + best > self.top:
                self.top, self.place = value + best, self.met.copy()
            value += gained
            step = self._spent() - spent

    def _spent(self) -> float:
        """How much of the budget is spent, 0…1; the descent before the heat is not counted in steps."""
        if self.budget.seconds is None:
            return self.steps / self.budget.steps if self.budget.steps else 1.0
        return (perf_counter() - self.began) / self.budget.seconds if self.budget.seconds > 0 else 1.0

    def _heats(self, hot_share: float) -> tuple[float, float]:
        draw = np.random.default_rng(int(self.random[0]))
        one, other = draw.integers(len(self.now), size=(2, SAMPLES))
        apart = self.now[one] != self.now[other]
        one, other = one[apart], other[apart]
        here, there = self.now[one], self.now[other]
        gains = self.sums[there, one] - self.sums[here, one] + self.sums[here, other] - self.sums[there, other]
        losses = (2 * self.table[one, other] - gains).astype(np.float64)
        worse = losses[losses > 0]
        if not worse.size:
            return COLDEST_OF_ALL, COLDEST_OF_ALL
        # Shares are of all swaps; those that lose nothing are accepted at any heat.
        losing = len(worse) / len(losses)
        return heat_for(worse, min(0.9, hot_share / losing)), heat_for(worse, min(0.5, COLD_SHARE / losing))


def _total(table: NDArray[np.float32], place: NDArray[np.int32]) -> float:
    return float(table[place[:, None] == place[None, :]].sum(dtype=np.float64) / 2)


def _even(count: int, low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sizes between low and high that add up, as even as they can be."""
    size = low.copy()
    while size.sum() < count:
        open_ = np.flatnonzero(size < high)
        size[open_[np.argmin(size[open_])]] += 1
    return size


def _uneven(count: int, low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sizes between low and high that add up and hold nearly as many pairs as they can: each group full or at its least,
    but for one. Where most distances add something, the best sizes are near these, and few single moves lead there."""
    size, left = low.copy(), count - int(low.sum())
    for group in np.argsort(-(low + high), kind="stable"):
        taken = min(left, int(high[group] - low[group]))
        size[group] += taken
        left -= taken
    return size
