"""All rounds at once: the gain of a swap, of a move, of an exchange of schedules, and annealing over them.

Arrays are those of `arrays.Seating`. Swaps are accepted by the rule of simulated annealing (Kirkpatrick, Gelatt,
Vecchi, Science 220, 1983); the value they change is that of `reference.objective`, held equal by property tests.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from majlis.algorithms.grouping.kernels.random import accepts, below

# Steps between two looks at the temperature and at whether this is the best yet: both cost more than a swap.
STRIDE = 256
NOBODY = -1


@njit(cache=True)
def _joining(pairs, who, mate):  # type: ignore[no-untyped-def]
    """What one more meeting of two people is worth."""
    met = pairs[who, mate, 0]
    return pairs[who, mate, 1] if met == 0 else pairs[who, mate, 2] - pairs[who, mate, 3] * met


@njit(cache=True)
def _leaving(pairs, who, mate):  # type: ignore[no-untyped-def]
    """What one meeting fewer is worth."""
    met = pairs[who, mate, 0] - 1
    return -(pairs[who, mate, 1] if met == 0 else pairs[who, mate, 2] - pairs[who, mate, 3] * met)


@njit(cache=True)
def _language_cost(seats, size, languages, costs, out, into):  # type: ignore[no-untyped-def]
    """What a group's languages cost after `out` left and `into` came, see `reference.interpreted`."""
    common, every, speaking = -1, 0, 0
    for nth in range(size + 1):
        who = into if nth == size else seats[nth]
        if who >= 0 and who != out and languages[who] != 0:
            common &= languages[who]
            every |= languages[who]
            speaking += 1
    if common != 0:
        return 0.0
    most, second, left = 0, 0, every
    while left:
        language = left & -left
        left ^= language
        speakers = 0
        for nth in range(size + 1):
            who = into if nth == size else seats[nth]
            if who >= 0 and who != out and languages[who] & language:
                speakers += 1
        if speakers > most:
            most, second = speakers, most
        elif speakers > second:
            second = speakers
    # The fewest languages that leave nobody out: sets of two, three, … in the order of their bits.
    fewest = 16
    chosen = every
    while chosen:
        number = 0
        rest = chosen
        while rest:
            rest &= rest - 1
            number += 1
        if number < fewest:
            covers = True
            for nth in range(size + 1):
                who = into if nth == size else seats[nth]
                if who >= 0 and who != out and languages[who] != 0 and not languages[who] & chosen:
                    covers = False
                    break
            if covers:
                fewest = number
        chosen = (chosen - 1) & every
    return costs[0] * (speaking - most) + costs[1] * (fewest - 1) + costs[3] * (speaking - second)


@njit(cache=True)
def _language_gain(languages, costs, members, size, number, group, out, into):  # type: ignore[no-untyped-def]
    """What it is worth to the languages of a group that `out` leaves and `into` comes."""
    seats, count = members[number, group], size[number, group]
    before = _language_cost(seats, count, languages, costs, NOBODY, NOBODY)
    return before - _language_cost(seats, count, languages, costs, out, into)


@njit(cache=True)
def _swap_gain(pairs, languages, costs, members, size, published, number, here, there, one, other):  # type: ignore[no-untyped-def]
    """What it is worth that `one` of group `here` and `other` of group `there` change places."""
    gain = 0.0
    for nth in range(size[number, here]):
        mate = members[number, here, nth]
        if mate != one:
            gain += _leaving(pairs, one, mate) + _joining(pairs, other, mate)
    for nth in range(size[number, there]):
        mate = members[number, there, nth]
        if mate != other:
            gain += _leaving(pairs, other, mate) + _joining(pairs, one, mate)
    if languages[one] != languages[other]:
        gain += _language_gain(languages, costs, members, size, number, here, one, other)
        gain += _language_gain(languages, costs, members, size, number, there, other, one)
    if costs[2] > 0:
        gain += costs[2] * (_is_changed(published[number, one], here) - _is_changed(published[number, one], there))
        gain += costs[2] * (_is_changed(published[number, other], there) - _is_changed(published[number, other], here))
    return gain


@njit(cache=True)
def _is_changed(former, place):  # type: ignore[no-untyped-def]
    return 1.0 if former >= 0 and former != place else 0.0


@njit(cache=True)
def _count(pairs, who, seats, size, step):  # type: ignore[no-untyped-def]
    """Note one meeting more (or fewer) of somebody with everybody in a group."""
    for nth in range(size):
        mate = seats[nth]
        if mate != who:
            pairs[who, mate, 0] += step
            pairs[mate, who, 0] += step


@njit(cache=True)
def _swap(pairs, place, members, slot, size, number, one, other):  # type: ignore[no-untyped-def]
    here, there = place[number, one], place[number, other]
    _count(pairs, one, members[number, here], size[number, here], np.float32(-1))
    _count(pairs, other, members[number, there], size[number, there], np.float32(-1))
    first, second = slot[number, one], slot[number, other]
    members[number, here, first], members[number, there, second] = other, one
    slot[number, one], slot[number, other] = second, first
    place[number, one], place[number, other] = there, here
    _count(pairs, one, members[number, there], size[number, there], np.float32(1))
    _count(pairs, other, members[number, here], size[number, here], np.float32(1))


@njit(cache=True)
def _move_gain(pairs, languages, costs, members, size, published, number, here, there, who):  # type: ignore[no-untyped-def]
    """What it is worth that somebody takes an open seat of group `there`."""
    gain = 0.0
    for nth in range(size[number, here]):
        mate = members[number, here, nth]
        if mate != who:
            gain += _leaving(pairs, who, mate)
    for nth in range(size[number, there]):
        gain += _joining(pairs, who, members[number, there, nth])
    gain += _language_gain(languages, costs, members, size, number, here, who, NOBODY)
    gain += _language_gain(languages, costs, members, size, number, there, NOBODY, who)
    former = published[number, who]
    return gain + costs[2] * (_is_changed(former, here) - _is_changed(former, there))


@njit(cache=True)
def _move(pairs, place, members, slot, size, number, there, who):  # type: ignore[no-untyped-def]
    here = place[number, who]
    _count(pairs, who, members[number, here], size[number, here], np.float32(-1))
    last = size[number, here] - 1
    moved, gap = members[number, here, last], slot[number, who]
    members[number, here, gap], slot[number, moved] = moved, gap
    size[number, here] = last
    slot[number, who] = size[number, there]
    members[number, there, size[number, there]] = who
    size[number, there] += 1
    place[number, who] = there
    _count(pairs, who, members[number, there], size[number, there], np.float32(1))


@njit(cache=True)
def _worth(pairs, who, mate, met):  # type: ignore[no-untyped-def]
    """What `met` meetings of two people are worth in all."""
    if met == 0:
        return 0.0
    first, again, repeat = pairs[who, mate, 1], pairs[who, mate, 2], pairs[who, mate, 3]
    return first + again * (met - 1) - repeat * met * (met - 1) / 2


@njit(cache=True)
def _exchange_gain(pairs, languages, costs, place, members, size, published, stamps, stamp, one, other):  # type: ignore[no-untyped-def]
    """What it is worth that two people take each other's seats in all rounds: whom either met, the other meets."""
    gain = 0.0
    for number in range(place.shape[0]):
        here, there = place[number, one], place[number, other]
        if here == there:
            continue
        for group in (here, there):
            for nth in range(size[number, group]):
                mate = members[number, group, nth]
                if mate in (one, other) or stamps[mate] == stamp:
                    continue
                stamps[mate] = stamp
                first, second = pairs[one, mate, 0], pairs[other, mate, 0]
                if first != second:
                    gain += _worth(pairs, one, mate, second) - _worth(pairs, one, mate, first)
                    gain += _worth(pairs, other, mate, first) - _worth(pairs, other, mate, second)
        if languages[one] != languages[other]:
            gain += _language_gain(languages, costs, members, size, number, here, one, other)
            gain += _language_gain(languages, costs, members, size, number, there, other, one)
        if costs[2] > 0:
            mine, theirs = published[number, one], published[number, other]
            gain += costs[2] * (_is_changed(mine, here) - _is_changed(mine, there))
            gain += costs[2] * (_is_changed(theirs, there) - _is_changed(theirs, here))
    return gain


@njit(cache=True)
def _change_seat(  # type: ignore[no-untyped-def]
    pairs, languages, costs, place, members, slot, size, small, published,
    pools, starts, pool_round, pool_of, is_free, heat, random,
):  # fmt: skip
    """Swap two people drawn by chance, or move one to an open seat, if that gains enough; return the gain."""
    entry = below(random, pools.size)
    pool = pool_of[entry]
    number = pool_round[pool]
    one = pools[entry]
    here = place[number, one]
    if size[number, here] > small[number] and is_free[number, one] and below(random, 8) == 0:
        there = below(random, size.shape[1])
        if size[number, there] != small[number] or there == here:
            return 0.0
        gain = _move_gain(pairs, languages, costs, members, size, published, number, here, there, one)
        if not accepts(random, gain, heat):
            return 0.0
        _move(pairs, place, members, slot, size, number, there, one)
        return gain
    other = pools[starts[pool] + below(random, starts[pool + 1] - starts[pool])]
    there = place[number, other]
    if here == there:
        return 0.0
    gain = _swap_gain(pairs, languages, costs, members, size, published, number, here, there, one, other)
    if not accepts(random, gain, heat):
        return 0.0
    _swap(pairs, place, members, slot, size, number, one, other)
    return gain


@njit(cache=True)
def _exchange(pairs, place, members, slot, size, one, other):  # type: ignore[no-untyped-def]
    for number in range(place.shape[0]):
        if place[number, one] != place[number, other]:
            _swap(pairs, place, members, slot, size, number, one, other)


@njit(cache=True, nogil=True)
def anneal(  # type: ignore[no-untyped-def]
    pairs, languages, costs, place, members, slot, size, small, published,
    pools, starts, pool_round, pool_of, is_free, kinds, kind_starts, kind_of,
    exchanges, steps, hot, cold, random, best_place,
):  # fmt: skip
    """Try `steps` changes while the heat falls from hot to cold; the first nine arrays are `arrays.Seating`'s.

    exchanges: share (0…1) of whole schedules among the changes. best_place, (R, n): the best places met; compared at
    every STRIDE steps only. Returns (gained, best): by how much the value rose in the end and at best.
    """
    gained, best = 0.0, 0.0
    best_place[:] = place
    stamps = np.zeros(place.shape[1], np.int64)
    cooling = (cold / hot) ** (STRIDE / max(steps, 1)) if hot > 0 else 1.0
    heat = hot
    # Drawing is cheaper with whole numbers: of 65,536 changes so many are exchanges.
    often = np.int64(exchanges * 65536) if kinds.size else np.int64(0)
    for step in range(steps):
        if step % STRIDE == 0:
            heat *= cooling
            if gained > best + 1e-6:
                best = gained
                best_place[:] = place
        if often and below(random, 65536) < often:
            entry = below(random, kinds.size)
            kind = kind_of[entry]
            one = kinds[entry]
            other = kinds[kind_starts[kind] + below(random, kind_starts[kind + 1] - kind_starts[kind])]
            if one == other:
                continue
            gain = _exchange_gain(
                pairs, languages, costs, place, members, size, published, stamps, step + 1, one, other
            )
            if accepts(random, gain, heat):
                _exchange(pairs, place, members, slot, size, one, other)
                gained += gain
            continue
        gained += _change_seat(
            pairs, languages, costs, place, members, slot, size, small, published,
            pools, starts, pool_round, pool_of, is_free, heat, random,
        )  # fmt: skip
    if gained > best + 1e-6:
        best = gained
        best_place[:] = place
    return gained, best


@njit(cache=True, nogil=True)
def sample(  # type: ignore[no-untyped-def]
    pairs, languages, costs, place, members, size, published, pools, starts, pool_round, pool_of, random, gains,
):  # fmt: skip
    """Fill `gains` with what random swaps would be worth (0 for two of one group); nothing is changed."""
    for nth in range(gains.size):
        entry = below(random, pools.size)
        pool = pool_of[entry]
        number = pool_round[pool]
        one = pools[entry]
        other = pools[starts[pool] + below(random, starts[pool + 1] - starts[pool])]
        here, there = place[number, one], place[number, other]
        gains[nth] = 0.0
        if here != there:
            gains[nth] = _swap_gain(pairs, languages, costs, members, size, published, number, here, there, one, other)
