"""One round with distances: groups that are as mixed as they can be, or as alike (equal-size clustering).

The first is the maximally diverse grouping problem: the sum of distances within groups is to be as large as possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from majlis.algorithms.grouping.heat import heat_for
from majlis.algorithms.grouping.model import Budget

Distances = NDArray[np.float64] | NDArray[np.float32]

# Heat falls between those at which so large a share of random swaps is accepted in a local optimum, though they lose.
# Twice as hot wastes half the time, half as hot keeps the first guess; colder than the second nothing moves.
HOT_SHARE, COLD_SHARE = 0.007, 0.001
# So often the heat falls within a budget, each time from a new beginning: a bad one is left behind.
CYCLES = 3
SAMPLES = 4_000
DESCENT = 200  # steps for each person, at no heat, to reach a local optimum to sample from
CHUNK = 65_536
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
        self.began, count = perf_counter(), len(table)
        self.chance = np.random.default_rng(seed)
        self.sums = np.empty((count, len(low)), np.float32)
        self.met = np.empty(count, np.int32)
        self._begin()
        self._run(DESCENT * count, 1e-30, 1e-30)
        self.place = self.now.copy()
        if len(low) > 1:
            self._anneal()

    def _begin(self) -> None:
        self.size = _even(len(self.table), self.low, self.high)
        groups = np.repeat(np.arange(len(self.low), dtype=np.int32), self.size)
        self.now = self.chance.permutation(groups)
        self.kernel.sum_up(self.table, self.now, self.sums)

    def _run(self, steps: int, hot: float, cold: float) -> tuple[float, float]:
        gained, best = self.kernel.anneal(
            self.table, self.now, self.size, self.low, self.high, self.sums, steps, hot, cold, self.random, self.met
        )
        return gained, best

    def _anneal(self) -> None:
        hot, cold = self._heats()
        top, value = total_of(self.table, self.place), total_of(self.table, self.now)
        steps, spent, step, cycle = 0, 0.0, 0.0, 0
        seconds = self.budget.seconds
        while spent < 1:
            if int(spent * CYCLES) > cycle:
                cycle = int(spent * CYCLES)
                self._begin()
                value = total_of(self.table, self.now)
            count = CHUNK if seconds is not None else min(CHUNK, self.budget.steps - steps)
            part = spent * CYCLES - cycle
            until = min(1.0, part + CYCLES * (step if seconds is not None else count / self.budget.steps))
            gained, best = self._run(count, hot * (cold / hot) ** part, hot * (cold / hot) ** until)
            if value + best > top:
                top, self.place = value + best, self.met.copy()
            value += gained
            steps += count
            now = (perf_counter() - self.began) / seconds if seconds else steps / self.budget.steps
            step, spent = now - spent, min(1.0, now)
            # Sums of many changes drift in their last digits; now and then they are made anew.
            self.kernel.sum_up(self.table, self.now, self.sums)

    def _heats(self) -> tuple[float, float]:
        draw = np.random.default_rng(int(self.random[0]))
        one, other = draw.integers(len(self.now), size=(2, SAMPLES))
        apart = self.now[one] != self.now[other]
        one, other = one[apart], other[apart]
        here, there = self.now[one], self.now[other]
        gains = self.sums[one, there] - self.sums[one, here] + self.sums[other, here] - self.sums[other, there]
        losses = (2 * self.table[one, other] - gains).astype(np.float64)
        worse = losses[losses > 0]
        if not worse.size:
            return 1e-30, 1e-30
        # Shares are of all swaps; those that lose nothing are accepted at any heat.
        return tuple(heat_for(worse, min(0.9, share * len(losses) / len(worse))) for share in (HOT_SHARE, COLD_SHARE))  # type: ignore[return-value]


def total_of(table: NDArray[np.float32], place: NDArray[np.int32]) -> float:
    return float(table[place[:, None] == place[None, :]].sum(dtype=np.float64) / 2)


def _even(count: int, low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sizes between low and high that add up, as even as they can be."""
    size = low.copy()
    while size.sum() < count:
        open_ = np.flatnonzero(size < high)
        size[open_[np.argmin(size[open_])]] += 1
    return size
