"""Choosing days and hours so that the burden is small and goes round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from math import gcd
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from majlis.algorithms.fair_times.candidates import Day, Place, Slot, Wish, days

if TYPE_CHECKING:
    from scipy.optimize import LinearConstraint

STEPS = 200  # at most so many straight pieces stand for the square of one clock's total


@dataclass(frozen=True)
class FairTimes:
    """What was found. slots: in order of time, fewer than wished when too few days fit; days: all of the period."""

    places: tuple[Place, ...]
    slots: tuple[Slot, ...]
    days: tuple[Day, ...]

    @property
    def totals(self) -> tuple[int, ...]:
        """Minutes outside of its working day that each clock bears over all sessions, in the order of the places."""
        return tuple(sum(slot.hours[number].burden for slot in self.slots) for number in range(len(self.places)))

    @property
    def out(self) -> tuple[Day, ...]:
        return tuple(day for day in self.days if day.is_out)


def fair_times(places: Sequence[Place], wish: Wish) -> FairTimes:
    """Find days and hours for the sessions wished, for people at these clocks. The same question has the same answer."""
    every = days(places, wish)
    chosen = _days(every, wish)
    return FairTimes(tuple(places), tuple(_hours(chosen, wish)), tuple(every))


def _days(every: Sequence[Day], wish: Wish) -> list[Day]:
    """The days with the smallest sum of burdens, so many days apart; among equals the earliest. As many as can be had."""
    open_days = [day for day in every if not day.is_out]
    cost = [min(slot.burden for slot in day.slots) for day in open_days]
    # best[i]: (cost, dates) of the best choice of k days that ends with day i; k grows by one a turn.
    best: list[tuple[int, tuple[int, ...]] | None] = [(cost[i], (i,)) for i in range(len(open_days))]
    found: tuple[int, ...] = ()
    for count in range(1, wish.sessions + 1):
        if count > 1:
            best = _one_more(best, open_days, cost, wish.days_between)
        ends = [choice for choice in best if choice is not None]
        if not ends:
            break
        found = min(ends)[1]
    return [open_days[i] for i in found]


def _one_more(
    best: Sequence[tuple[int, tuple[int, ...]] | None], open_days: Sequence[Day], cost: Sequence[int], between: int
) -> list[tuple[int, tuple[int, ...]] | None]:
    longer: list[tuple[int, tuple[int, ...]] | None] = []
    reachable = 0
    before: tuple[int, tuple[int, ...]] | None = None
    for i, day in enumerate(open_days):
        while reachable < i and (day.day - open_days[reachable].day).days >= between:
            if (choice := best[reachable]) is not None and (before is None or choice < before):
                before = choice
            reachable += 1
        longer.append((before[0] + cost[i], (*before[1], i)) if before else None)
    return longer


def _hours(chosen: Sequence[Day], wish: Wish) -> list[Slot]:
    """One time for each day, so that the sum of the squares of all clocks' totals is as small as can be."""
    if not chosen:
        return []
    # Days that offer the same are one kind: then it only matters how many of a kind take which offer.
    kinds: dict[tuple[tuple[int, ...], ...], list[tuple[Day, list[Slot]]]] = {}
    for day in chosen:
        offers = _undominated(day.slots, wish)
        kinds.setdefault(tuple(slot.burdens for slot in offers), []).append((day, offers))
    counts = _solved([(burdens, len(of_kind)) for burdens, of_kind in kinds.items()], [
        [_distance(slot, wish) for slot in of_kind[0][1]] for of_kind in kinds.values()
    ])  # fmt: skip
    left = dict(zip(kinds, counts, strict=True))
    offers_of = {day.day: (burdens, offers) for burdens, of_kind in kinds.items() for day, offers in of_kind}
    return _in_turn([day.day for day in chosen], offers_of, left)


def _in_turn(
    dates: Sequence[date],
    offers_of: dict[date, tuple[tuple[tuple[int, ...], ...], list[Slot]]],
    left: dict[tuple[tuple[int, ...], ...], Counter[int]],
) -> list[Slot]:
    """Deal the chosen times to the days so that whoever has borne most so far bears least next."""
    slots: list[Slot] = []
    for day in dates:
        kind, offers = offers_of[day]
        so_far = np.sum([slot.burdens for slot in slots], axis=0) if slots else np.zeros(len(offers[0].burdens))
        number = min(+left[kind], key=lambda n: (float(np.sum((so_far + np.array(offers[n].burdens)) ** 2)), n))
        left[kind][number] -= 1
        slots.append(offers[number])
    return slots


def _undominated(slots: Sequence[Slot], wish: Wish) -> list[Slot]:
    """Without those that are nowhere better than another one."""
    ordered = sorted(slots, key=lambda slot: (slot.burden, _distance(slot, wish), slot.starts_at))
    kept: list[Slot] = []
    for slot in ordered:
        if not any(all(a <= b for a, b in zip(other.burdens, slot.burdens, strict=True)) for other in kept):
            kept.append(slot)
    return kept


def _distance(slot: Slot, wish: Wish) -> float:
    """How far the session lies from the middle of the working day, squared, over all clocks, in hours²."""
    middle = (wish.opens.hour * 60 + wish.opens.minute + wish.closes.hour * 60 + wish.closes.minute) / 2
    ours = [each.starts_at.hour * 60 + each.starts_at.minute + wish.minutes / 2 for each in slot.hours]
    return sum(((own - middle) / 60) ** 2 for own in ours)


def _solved(
    kinds: Sequence[tuple[Sequence[Sequence[int]], int]], distances: Sequence[Sequence[float]]
) -> list[Counter[int]]:
    """For each kind of day how often which offer is taken: a small integer programme (HiGHS).

    kinds: (burdens of each offer by clock, number of days). One whole variable for each offer, one for the square of each
    clock's total, which lies on or above the chords of the parabola between whole steps.
    """
    if all(len(offers) == 1 for offers, _number in kinds):
        return [Counter({0: number}) for _offers, number in kinds]
    from scipy.optimize import Bounds, LinearConstraint, milp  # takes a while to load, and only this page needs it

    burdens = np.array([row for offers, _days in kinds for row in offers], dtype=float)  # offers × clocks
    n_offers, n_clocks = burdens.shape
    n_days = sum(number for _offers, number in kinds)
    step = max(reduce(gcd, (int(value) for value in burdens.flat), 0), 1)
    squares = _chords(burdens / step, burdens.max(axis=0) * n_days / step)
    number_of = np.zeros((len(kinds), n_offers + n_clocks))
    at = 0
    for kind, (offers, _number) in enumerate(kinds):
        number_of[kind, at : at + len(offers)] = 1
        at += len(offers)
    far = np.array([value for row in distances for value in row])
    # Squares are whole numbers here: all distances together stay below one half, so they decide among equals only.
    far = far / (2 * max(1.0, float(far.max())) * n_days)
    exactly = [number for _offers, number in kinds]
    found = milp(
        np.concatenate([far, np.ones(n_clocks)]),
        integrality=np.concatenate([np.ones(n_offers), np.zeros(n_clocks)]),
        bounds=Bounds(0, np.concatenate([np.full(n_offers, n_days), np.full(n_clocks, np.inf)])),
        constraints=[squares, LinearConstraint(number_of, exactly, exactly)],
        options={"mip_rel_gap": 0},
    )  # fmt: skip
    taken = np.rint(found.x[:n_offers]).astype(int)
    counts, at = [], 0
    for offers, _number in kinds:
        counts.append(Counter({number: int(n) for number, n in enumerate(taken[at : at + len(offers)]) if n}))
        at += len(offers)
    return counts


def _chords(burdens: NDArray[np.float64], highest: NDArray[np.float64]) -> LinearConstraint:
    """For each clock: its variable lies on or above every chord of the parabola of its total. burdens: offers × clocks, in steps."""
    from scipy.optimize import LinearConstraint

    n_offers, n_clocks = burdens.shape
    wide = max(1, round(float(highest.max()) / STEPS))
    rows, least = [], []
    for clock in range(n_clocks):
        for low in range(0, int(highest[clock]) + 1, wide):
            row = np.zeros(n_offers + n_clocks)
            row[:n_offers] = -(2 * low + wide) * burdens[:, clock]
            row[n_offers + clock] = 1
            rows.append(row)
            least.append(-float(low * (low + wide)))
    return LinearConstraint(np.array(rows), lb=np.array(least))
