"""One round with distances: the maximally diverse grouping problem, and with the sign turned the most alike groups.

`sums`, (n, G), holds for each person the sum of distances to each group, so that a swap is rated in constant time
and carried out in linear time (Weitz and Lakshminarayanan, Omega 25, 1997, describe the exchange).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from majlis.algorithms.grouping.kernels.random import accepts, below

STRIDE = 256  # see rounds.STRIDE
# One change in so many moves one person, where sizes may differ; the rest are swaps.
MOVES = 4


@njit(cache=True, nogil=True)
def sum_up(distances, place, sums):  # type: ignore[no-untyped-def]
    sums[:] = 0
    for one in range(place.size):
        for other in range(place.size):
            sums[one, place[other]] += distances[one, other]


@njit(cache=True, nogil=True)
def anneal(distances, place, size, lower, upper, sums, steps, hot, cold, random, best_place):  # type: ignore[no-untyped-def]
    """Try `steps` changes while the heat falls from hot to cold. distances, (n, n), place, (n,), size, lower and
    upper, (G,). Returns (gained, best), the rise of the sum of distances within groups in the end and at best."""
    count, groups = place.size, size.size
    gained, best = 0.0, 0.0
    best_place[:] = place
    is_flexible = np.any(lower != upper)
    cooling = (cold / hot) ** (STRIDE / max(steps, 1)) if hot > 0 else 1.0
    heat = hot
    for step in range(steps):
        if step % STRIDE == 0:
            heat *= cooling
        one = below(random, count)
        here = place[one]
        if is_flexible and below(random, MOVES) == 0:
            there = below(random, groups)
            if there == here or size[here] <= lower[here] or size[there] >= upper[there]:
                continue
            gain = sums[one, there] - sums[one, here]
            if not accepts(random, gain, heat):
                continue
            for mate in range(count):
                sums[mate, here] -= distances[one, mate]
                sums[mate, there] += distances[one, mate]
            place[one] = there
            size[here] -= 1
            size[there] += 1
        else:
            other = below(random, count)
            there = place[other]
            if here == there:
                continue
            gain = sums[one, there] - sums[one, here] + sums[other, here] - sums[other, there]
            gain -= 2 * distances[one, other]
            if not accepts(random, gain, heat):
                continue
            for mate in range(count):
                change = distances[one, mate] - distances[other, mate]
                sums[mate, here] -= change
                sums[mate, there] += change
            place[one], place[other] = there, here
        gained += gain
        if gained > best + 1e-3:
            best = gained
            best_place[:] = place
    return gained, best
