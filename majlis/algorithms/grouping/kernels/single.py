"""One round with distances: the maximally diverse grouping problem, and with the sign turned the most alike groups.

`sums`, (G, n), holds for each person the sum of distances to each group, so that a swap is rated in constant time and
carried out in linear time (Weitz and Lakshminarayanan, Omega 25, 1997, describe the exchange). One person's swaps with
everybody are rated in one pass without a branch, which a processor does eight at a time: ten times as many in a second
as one by one.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from majlis.algorithms.grouping.kernels.random import accepts, below, draw

NEVER = np.float32(-1e30)


@njit(cache=True, nogil=True)
def sum_up(distances, place, sums):  # type: ignore[no-untyped-def]
    sums[:] = 0
    for one in range(place.size):
        for other in range(place.size):
            sums[place[other], one] += distances[one, other]


@njit(cache=True, nogil=True)
def _rate(distances, place, sums, across, gains, one, here, least):  # type: ignore[no-untyped-def]
    """Fill `gains` with what a swap of `one` with each other is worth; the number of those worth at least `least`."""
    number = np.int32(0)
    for other in range(place.size):
        gain = across[place[other]] + sums[here, other] - sums[place[other], other] - 2 * distances[one, other]
        gains[other] = gain
        number += np.int32(gain >= least)
    return number


@njit(cache=True, nogil=True)
def _swap(distances, place, sums, one, other):  # type: ignore[no-untyped-def]
    here, there = place[one], place[other]
    for mate in range(place.size):
        change = distances[one, mate] - distances[other, mate]
        sums[here, mate] -= change
        sums[there, mate] += change
    place[one], place[other] = there, here


@njit(cache=True, nogil=True)
def _move(distances, place, size, lower, upper, sums, heat, random):  # type: ignore[no-untyped-def]
    """One person to another group, if sizes allow it and it gains enough; return the gain."""
    one, there = below(random, place.size), below(random, size.size)
    here = place[one]
    if there == here or size[here] <= lower[here] or size[there] >= upper[there]:
        return np.float32(0)
    gain = sums[there, one] - sums[here, one]
    if not accepts(random, gain, heat):
        return np.float32(0)
    for mate in range(place.size):
        sums[here, mate] -= distances[one, mate]
        sums[there, mate] += distances[one, mate]
    place[one] = there
    size[here] -= 1
    size[there] += 1
    return gain


@njit(cache=True, nogil=True)
def anneal(distances, place, size, lower, upper, sums, steps, hot, cold, random, best_place):  # type: ignore[no-untyped-def]
    """Try `steps` swaps while the heat falls from hot to cold, all of one person at a time: of those that the rule of
    annealing accepts, with one chance for all of them, one is carried out. distances, (n, n), place, (n,), size, lower
    and upper, (G,). Returns (gained, best), the rise of the sum of distances within groups in the end and at best."""
    count, groups = place.size, size.size
    gained, best = 0.0, 0.0
    best_place[:] = place
    is_flexible = np.any(lower != upper)
    across, gains = np.empty(groups, np.float32), np.empty(count, np.float32)
    people = max(1, steps // count)
    cooling = (cold / hot) ** (1 / people) if hot > 0 else 1.0
    heat = hot
    for _person in range(people):
        heat *= cooling
        one = below(random, count)
        here = place[one]
        for group in range(groups):
            across[group] = sums[group, one] - sums[here, one]
        across[here] = NEVER
        chance = (np.float64(draw(random) >> np.uint64(11)) + 1.0) / 9007199254740992.0
        least = np.float32(heat * np.log(chance))
        number = _rate(distances, place, sums, across, gains, one, here, least)
        if number:
            nth = below(random, number)
            other = 0
            while gains[other] < least or nth > 0:
                nth -= np.int64(gains[other] >= least)
                other += 1
            _swap(distances, place, sums, one, other)
            gained += gains[other]
        if is_flexible:
            gained += _move(distances, place, size, lower, upper, sums, heat, random)
        if gained > best:
            best = gained
            best_place[:] = place
    return gained, best
