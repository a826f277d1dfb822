"""Rounds that are one round turned: the search for a starter in which no two pairs turn into one another.

See `template.Turned` for the idea and for the arrays.
"""

from __future__ import annotations

from numba import njit

from majlis.algorithms.grouping.kernels.random import accepts, below

STRIDE = 256  # see rounds.STRIDE


@njit(cache=True)
def _seat(orbits, used, seats, start, end, skip, who, step):  # type: ignore[no-untyped-def]
    """Count (or uncount) the orbits of somebody's pairs in a group; return the conflicts this makes."""
    made = 0
    for nth in range(start, end):
        if nth == skip:
            continue
        orbit = orbits[who, seats[nth]]
        if orbit == 0:
            made += step
        elif step > 0:
            made += used[orbit]
            used[orbit] += 1
        else:
            used[orbit] -= 1
            made -= used[orbit]
    return made


@njit(cache=True, nogil=True)
def search(orbits, used, seats, width, steps, hot, cold, random):  # type: ignore[no-untyped-def]
    """Swap points between groups of each starter until no orbit of pairs is used twice.

    orbits, (n, n): the orbit of each pair, 0 for pairs that may not meet. used: a counter for each orbit. seats,
    (starters, n): points by seat, `width` seats a group; shuffled and changed in place. Returns the conflicts left.
    """
    starters, count = seats.shape
    used[:] = 0
    conflicts = 0
    for nth in range(starters):
        for last in range(count - 1, 0, -1):
            other = below(random, last + 1)
            seats[nth, last], seats[nth, other] = seats[nth, other], seats[nth, last]
        for seat in range(count):
            start = seat - seat % width
            conflicts += _seat(orbits, used, seats[nth], start, seat, -1, seats[nth, seat], 1)
    cooling = (cold / hot) ** (STRIDE / steps)
    heat = hot
    for step in range(steps):
        if conflicts == 0:
            break
        if step % STRIDE == 0:
            heat *= cooling
        row = seats[below(random, starters)]
        first, second = below(random, count), below(random, count)
        here, there = first - first % width, second - second % width
        if here == there:
            continue
        one, other = row[first], row[second]
        change = _seat(orbits, used, row, here, here + width, first, one, -1)
        change += _seat(orbits, used, row, there, there + width, second, other, -1)
        change += _seat(orbits, used, row, here, here + width, first, other, 1)
        change += _seat(orbits, used, row, there, there + width, second, one, 1)
        if accepts(random, -change, heat):
            row[first], row[second] = other, one
            conflicts += change
        else:
            _seat(orbits, used, row, here, here + width, first, other, -1)
            _seat(orbits, used, row, there, there + width, second, one, -1)
            _seat(orbits, used, row, here, here + width, first, one, 1)
            _seat(orbits, used, row, there, there + width, second, other, 1)
    return conflicts
