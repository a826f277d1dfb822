"""Schedules in which nobody meets anybody twice, wherever arithmetic or a short search gives them.

A schedule says for each of g·p places in which of g groups it sits in each round. Two ways lead to one:

*Slopes.* Places stand in p columns of g. In round r the place at (row i, column j) sits in group i + r·j. Over a field
of g elements (g prime or a prime power) two places of different columns then meet in exactly one of g rounds, and
column mates never: the transversal designs of combinatorics (Beth, Jungnickel, Lenz, Design Theory, 1999, VIII).

*Turning.* Places are c circles of m points and a few fixed points. A starter is one round; the others are that round
turned by 1, 2, …, m − 1. Turning carries each pair of places along an orbit, so nobody meets twice as soon as no two
pairs of the starter lie on one orbit: a search in one round instead of all (starters: Handbook of Combinatorial
Designs, 2007, VI.55). Where one starter does not do, several share the orbits, each turned m = ⌈R / starters⌉ times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

Table = list[list[int]]
Schedule = NDArray[np.int64]

# The search for a starter: conflicts are whole numbers, so heat runs from where one conflict more is taken once in
# five tries to where it is once in eight hundred.
HOT, COLD = 0.6, 0.15
FIRST_TRY = 100_000
STARTERS = 3
# Circles somewhat longer than there are rounds leave orbits to spare; much longer ones too few of them.
LONGER = 12


@cache
def field(size: int) -> tuple[Table, Table]:
    """Tables of addition and multiplication of 0…size−1: the finite field's if there is one, else modulo size."""
    numbers = range(size)
    prime = next((p for p in range(2, size + 1) if size % p == 0), size)
    degree, rest = 0, size
    while rest > 1 and rest % prime == 0:
        rest, degree = rest // prime, degree + 1
    if rest != 1 or degree <= 1:
        return [[(a + b) % size for b in numbers] for a in numbers], [[a * b % size for b in numbers] for a in numbers]
    digits = [[number // prime**k % prime for k in range(degree)] for number in numbers]

    def value(terms: list[int]) -> int:
        return sum(term % prime * prime**k for k, term in enumerate(terms))

    def times(a: int, b: int, low: tuple[int, ...]) -> int:
        """a·b modulo x^degree + Σ low[k]·x^k."""
        terms = [0] * (2 * degree - 1)
        for m, x in enumerate(digits[a]):
            for n, y in enumerate(digits[b]):
                terms[m + n] += x * y
        for top in range(2 * degree - 2, degree - 1, -1):
            for k, term in enumerate(low):
                terms[top - degree + k] -= terms[top] * term
        return value(terms[:degree])

    # The polynomial is irreducible exactly when no two numbers other than zero multiply to zero.
    low = next(
        low
        for low in product(range(prime), repeat=degree)
        if all(times(a, b, low) for a in range(1, size) for b in range(a, size))
    )
    plus = [[value([x + y for x, y in zip(digits[a], digits[b], strict=True)]) for b in numbers] for a in numbers]
    return plus, [[times(a, b, low) for b in numbers] for a in numbers]


def slopes(groups: int, columns: int, rounds: int) -> Schedule | None:
    """(groups·columns, rounds), column by column; None where this way would let somebody meet twice."""
    if columns > groups or rounds > groups:
        return None
    if groups > FIELD_MOST:
        plus, times = np.add.outer, np.multiply.outer
        rows, nths, turns = np.arange(groups), np.arange(columns), np.arange(rounds)
        found: Schedule = plus(times(nths, turns)[:, None, :], 0) + rows[None, :, None]
        found = (found % groups).reshape(groups * columns, rounds)
    else:
        add, multiply = field(groups)
        found = np.array(
            [[add[row][multiply[turn][column]] for turn in range(rounds)]
             for column in range(columns) for row in range(groups)]
        )  # fmt: skip
    return found if _is_free(found, groups, columns) else None


# Tables of a field of more elements are slow to make, and for so many groups whole numbers modulo g do as well.
FIELD_MOST = 32


def _is_free(found: Schedule, groups: int, columns: int) -> bool:
    """Whether two columns give different distances in all rounds: then nobody meets twice."""
    heads = found.reshape(columns, groups, -1)
    for one in range(columns):
        for other in range(one):
            # Row 0 of one column meets, in each round, one row of the other: never the same again.
            rows = [
                int(np.flatnonzero(heads[other, :, turn] == heads[one, 0, turn])[0]) for turn in range(found.shape[1])
            ]
            if len(set(rows)) < len(rows):
                return False
    return True


@dataclass(frozen=True)
class Turned:
    """Circles of `length` points, turned: `starters` rounds to be found. orbits, (n, n): the orbit of each pair, from 1;
    0 for pairs that turning would let meet twice (two fixed points; points opposite on one circle)."""

    length: int
    starters: int
    orbits: NDArray[np.int32]
    number: int

    def schedule(self, seats: NDArray[np.int32], width: int, rounds: int) -> Schedule:
        """(n, rounds) from the starters found: seats, (starters, n), holds points by seat."""
        count = seats.shape[1]
        points = np.arange(count)
        on_circle = points < count // self.length * self.length
        turns = []
        for row in seats:
            group = np.empty(count, np.int64)
            group[row] = np.arange(count) // width
            for turn in range(self.length):
                # Who sits at a point now sat `turn` before it in the starter.
                before = points // self.length * self.length + (points - turn) % self.length
                turns.append(group[np.where(on_circle, before, points)])
        return np.stack(turns[:rounds], axis=1)


def turnings(groups: int, width: int, rounds: int) -> Iterator[Turned]:
    """All ways to try, fewest starters first, that counting does not exclude."""
    count = groups * width
    pairs = groups * width * (width - 1) // 2
    # More in a group than there are groups, or more mates than there are others: somebody must meet twice.
    if width > groups or rounds * (width - 1) > count - 1:
        return
    for starters in range(1, STARTERS + 1):
        least = -(-rounds // starters)
        for length in range(max(2, least), min(count, least + (LONGER if starters == 1 else 3)) + 1):
            fixed = count % length
            if fixed > groups or (fixed and count // length < width - 1):
                continue
            orbits, number = _orbits(count, length)
            if starters * pairs <= number:
                yield Turned(length, starters, orbits, number)


def _orbits(count: int, length: int) -> tuple[NDArray[np.int32], int]:
    circles = count // length
    names: dict[tuple[int, ...], int] = {}
    found = np.zeros((count, count), np.int32)
    for one in range(count):
        for other in range(one):
            (a, x), (b, y) = divmod(other, length), divmod(one, length)
            is_fixed = [circle >= circles for circle in (a, b)]
            if all(is_fixed) or (a == b and 2 * (y - x) % length == 0):
                continue
            if any(is_fixed):
                key: tuple[int, ...] = (one, a)
            elif a == b:
                key = (-1, a, min((y - x) % length, (x - y) % length))
            else:
                key = (-2, a, b, (y - x) % length)
            found[one, other] = found[other, one] = names.setdefault(key, len(names) + 1)
    return found, len(names)


def turned(groups: int, width: int, rounds: int, *, steps: int, seed: int) -> Schedule | None:
    """(groups·width, rounds) found by turning starters, trying `steps` swaps in all: the first without a repeat, else the
    one with the fewest; None where counting excludes one."""
    if groups < 2 or width < 2:
        return None
    from majlis.algorithms.grouping.kernels.random import generator
    from majlis.algorithms.grouping.kernels.starters import search

    ways = list(turnings(groups, width, rounds))
    random, each, left = generator(seed), FIRST_TRY, steps
    best, fewest = None, 0
    while ways and left > 0:
        for way in ways:
            seats = np.tile(np.arange(groups * width, dtype=np.int32), (way.starters, 1))
            used = np.zeros(way.number + 1, np.int32)
            conflicts = search(way.orbits, used, seats, width, min(each, max(left, 1)), HOT, COLD, random)
            found = way.schedule(seats, width, rounds)
            if conflicts == 0:
                return found
            repeats = _repeats(found)
            if best is None or repeats < fewest:
                best, fewest = found, repeats
            left -= each
            if left <= 0:
                break
        each *= 2
    return best


def _repeats(schedule: Schedule) -> int:
    """How often two meet again, over all pairs."""
    met = (schedule[:, None, :] == schedule[None, :, :]).sum(axis=2)
    return int(np.maximum(np.triu(met, 1) - 1, 0).sum())
