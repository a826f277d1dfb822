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
def _meeting(pairs, who, mate, before):  # type: ignore[no-untyped-def]
    """What a meeting of two people is worth who meet `before` times in other rounds."""
    return pairs[who, mate, 1] if before == 0 else pairs[who, mate, 2] - pairs[who, mate, 3] * before


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
def _other_gain(languages, costs, members, size, published, number, here, there, one, other):  # type: ignore[no-untyped-def]
    """What a swap is worth to the languages of both groups and to who was told another seat."""
    gain = 0.0
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
def _count(pairs, sums, place, members, size, is_open, number, group, who, step):  # type: ignore[no-untyped-def]
    """Note one meeting more (or fewer) of somebody with everybody in a group, and what that changes in other rounds."""
    for nth in range(size[number, group]):
        mate = members[number, group, nth]
        before = pairs[who, mate, 0]
        pairs[who, mate, 0] = pairs[mate, who, 0] = before + step
        for later in range(place.shape[0]):
            if later == number or not is_open[later]:
                continue
            mine, theirs = place[later, who], place[later, mate]
            beside = before - 1 if mine == theirs and mine >= 0 else before
            change = _meeting(pairs, who, mate, beside + step) - _meeting(pairs, who, mate, beside)
            if theirs >= 0:
                sums[later, theirs, who] += change
            if mine >= 0:
                sums[later, mine, mate] += change


@njit(cache=True)
def _leave(pairs, sums, place, members, slot, size, is_open, number, who):  # type: ignore[no-untyped-def]
    group = place[number, who]
    last = size[number, group] - 1
    moved, gap = members[number, group, last], slot[number, who]
    members[number, group, gap], slot[number, moved] = moved, gap
    size[number, group] = last
    place[number, who] = NOBODY
    _count(pairs, sums, place, members, size, is_open, number, group, who, np.float32(-1))
    for mate in range(place.shape[1]):
        if mate != who:
            sums[number, group, mate] -= _meeting(pairs, who, mate, pairs[who, mate, 0])


@njit(cache=True)
def _enter(pairs, sums, place, members, slot, size, is_open, number, group, who):  # type: ignore[no-untyped-def]
    for mate in range(place.shape[1]):
        if mate != who:
            sums[number, group, mate] += _meeting(pairs, who, mate, pairs[who, mate, 0])
    _count(pairs, sums, place, members, size, is_open, number, group, who, np.float32(1))
    slot[number, who] = size[number, group]
    members[number, group, size[number, group]] = who
    size[number, group] += 1
    place[number, who] = group


@njit(cache=True)
def _swap(pairs, sums, place, members, slot, size, is_open, number, one, other):  # type: ignore[no-untyped-def]
    here, there = place[number, one], place[number, other]
    _leave(pairs, sums, place, members, slot, size, is_open, number, one)
    _leave(pairs, sums, place, members, slot, size, is_open, number, other)
    _enter(pairs, sums, place, members, slot, size, is_open, number, there, one)
    _enter(pairs, sums, place, members, slot, size, is_open, number, here, other)


@njit(cache=True)
def _move(  # type: ignore[no-untyped-def]
    pairs, sums, languages, costs, place, members, slot, size, small, published, is_open, number, who, heat, random,
):  # fmt: skip
    """Let somebody take an open seat of a group drawn by chance, if that gains enough; return the gain."""
    here, there = place[number, who], below(random, size.shape[1])
    if size[number, there] != small[number] or there == here:
        return 0.0
    gain = sums[number, there, who] - sums[number, here, who]
    gain += _language_gain(languages, costs, members, size, number, here, who, NOBODY)
    gain += _language_gain(languages, costs, members, size, number, there, NOBODY, who)
    former = published[number, who]
    gain += costs[2] * (_is_changed(former, here) - _is_changed(former, there))
    if not accepts(random, gain, heat):
        return 0.0
    _leave(pairs, sums, place, members, slot, size, is_open, number, who)
    _enter(pairs, sums, place, members, slot, size, is_open, number, there, who)
    return gain


@njit(cache=True, nogil=True)
def sum_up(pairs, place, members, size, is_open, sums):  # type: ignore[no-untyped-def]
    """Fill `sums`, (R, G, n): what sitting in a group is worth to each person, all other rounds being as they are. So a
    change is rated from a few numbers; only one that is carried out touches many."""
    sums[:] = 0
    for number in range(place.shape[0]):
        if not is_open[number]:
            continue
        for group in range(size.shape[1]):
            for nth in range(size[number, group]):
                mate = members[number, group, nth]
                for who in range(place.shape[1]):
                    if who != mate:
                        together = 1 if place[number, who] == group else 0
                        sums[number, group, who] += _meeting(pairs, mate, who, pairs[mate, who, 0] - together)


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
def _exchange(  # type: ignore[no-untyped-def]
    pairs, sums, languages, costs, place, members, slot, size, published, is_open, kinds, kind_starts, kind_of,
    stamps, stamp, heat, random,
):  # fmt: skip
    """Let two people of one kind, drawn by chance, take each other's seats in all rounds, if that gains enough; return
    the gain."""
    entry = below(random, kinds.size)
    kind = kind_of[entry]
    one = kinds[entry]
    other = kinds[kind_starts[kind] + below(random, kind_starts[kind + 1] - kind_starts[kind])]
    if one == other:
        return 0.0
    gain = _exchange_gain(pairs, languages, costs, place, members, size, published, stamps, stamp, one, other)
    if not accepts(random, gain, heat):
        return 0.0
    for number in range(place.shape[0]):
        if place[number, one] != place[number, other]:
            _swap(pairs, sums, place, members, slot, size, is_open, number, one, other)
    return gain


@njit(cache=True, nogil=True)
def anneal(  # type: ignore[no-untyped-def]
    pairs, sums, languages, costs, place, members, slot, size, small, published,
    pools, starts, pool_round, pool_of, is_free, is_open, kinds, kind_starts, kind_of,
    exchanges, steps, hot, cold, random, best_place,
):  # fmt: skip
    """Try `steps` changes while the heat falls from hot to cold; sums: see `sum_up`; the other arrays are `arrays.Seating`'s.

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
    is_more = costs[2] > 0 or np.any(languages != 0)
    for step in range(steps):
        if step % STRIDE == 0:
            heat *= cooling
            if gained > best + 1e-6:
                best = gained
                best_place[:] = place
        if often and below(random, 65536) < often:
            gained += _exchange(
                pairs, sums, languages, costs, place, members, slot, size, published, is_open, kinds, kind_starts,
                kind_of, stamps, step + 1, heat, random,
            )  # fmt: skip
            continue
        entry = below(random, pools.size)
        pool = pool_of[entry]
        number, one = pool_round[pool], pools[entry]
        here = place[number, one]
        if size[number, here] > small[number] and is_free[number, one] and below(random, 8) == 0:
            gained += _move(
                pairs, sums, languages, costs, place, members, slot, size, small, published, is_open, number, one,
                heat, random,
            )  # fmt: skip
            continue
        other = pools[starts[pool] + below(random, starts[pool + 1] - starts[pool])]
        there = place[number, other]
        if here == there:
            continue
        # Rated here: a function would count the references to each array it is given, which takes longer than all this.
        met = pairs[one, other, 0]
        meeting = pairs[one, other, 1] if met == 0 else pairs[one, other, 2] - pairs[one, other, 3] * met
        gain = sums[number, there, one] - sums[number, here, one] + sums[number, here, other]
        gain -= sums[number, there, other] + 2 * meeting
        if is_more:
            gain += _other_gain(languages, costs, members, size, published, number, here, there, one, other)
        if accepts(random, gain, heat):
            _swap(pairs, sums, place, members, slot, size, is_open, number, one, other)
            gained += gain
    if gained > best + 1e-6:
        best = gained
        best_place[:] = place
    return gained, best


@njit(cache=True, nogil=True)
def sample(  # type: ignore[no-untyped-def]
    pairs, sums, languages, costs, place, members, size, published, pools, starts, pool_round, pool_of, random, gains,
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
            gains[nth] = sums[number, there, one] - sums[number, here, one] + sums[number, here, other]
            gains[nth] -= sums[number, there, other] + 2 * _meeting(pairs, one, other, pairs[one, other, 0])
            gains[nth] += _other_gain(languages, costs, members, size, published, number, here, there, one, other)
