"""A first plan in which nobody meets anybody twice, wherever arithmetic gives one.

People are put in a grid of g rows and p columns; in round r the person at (i, j) sits in group i + r·j. Over a field of
g elements (g prime or a prime power) two people of different columns then meet in exactly one of g rounds, and column
mates never. For other g the sum modulo g still leaves few repeats for the search to remove.
"""

from __future__ import annotations

from itertools import product
from random import Random

from majlis.algorithms.grouping.model import Problem

# Conflicts weigh the same: a delegation that meets, a group with two case givers and another with none.
STEPS_PER_PERSON = 40  # of min-conflicts; 44 people of 22 delegations with 3 × 7 case givers settle within 10


Table = list[list[int]]


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


def wishes(problem: Problem, rng: Random) -> list[dict[int, int]]:
    """[{person: wished group}] per round; a wish is free of repeats where the template is, sizes and classes may be off.

    Rounds whose number of groups differs from the commonest number get no wish: the search fills them from nothing.
    """
    attending = {each for round_ in problem.rounds for each in round_.attendees}
    people = [person for person in problem.people if person.id in attending]
    counts = [round_.groups for round_ in problem.rounds]
    size = max(set(counts), key=lambda count: (counts.count(count), count))
    slopes = [number for number, count in enumerate(counts) if count == size]
    columns = -(-len(people) // size)
    if size < 2 or len(slopes) > size or columns > size:
        return [{} for _ in problem.rounds]
    plus, times = field(size)
    homes: dict[str, int] = {}
    for person in people:
        homes.setdefault(person.municipality, rng.randrange(1 << 30))
    # Delegations side by side in a column never meet; which delegations share a column is left to chance.
    people.sort(key=lambda person: (homes[person.municipality], person.municipality, person.id))
    cells = [(position % size, position // size) for position in range(size * columns)]
    # The last column may be short: its people sit in different groups of every round, so sizes stay even.
    spots = [[plus[row][times[slope % size][column % size]] for slope in range(len(slopes))] for row, column in cells]
    order: list[int | None] = [person.id for person in people]
    order += [None] * (len(cells) - len(people))
    _settle(_Schedules(problem, slopes, spots, order), rng)
    found: list[dict[int, int]] = [{} for _ in problem.rounds]
    for position, who in enumerate(order):
        if who is not None:
            for nth, number in enumerate(slopes):
                found[number][who] = spots[position][nth]
    return found


class _Schedules:
    """Who follows which schedule, and how often two of a kind (a delegation, a class of a round) share a group."""

    def __init__(self, problem: Problem, slopes: list[int], spots: list[list[int]], order: list[int | None]) -> None:
        self.spots, self.order = spots, order
        self.home = {person.id: person.municipality for person in problem.people}
        self.kinds: dict[tuple[int, int], list[str]] = {}
        for nth, number in enumerate(slopes):
            for name, members in problem.rounds[number].classes.items():
                for member in members:
                    self.kinds.setdefault((member, nth), []).append(name)
        self.crowd: dict[tuple[int, int, str], int] = {}
        self.conflicts = sum(self._put(position, 1) for position in range(len(order)))

    def marks(self, position: int) -> list[tuple[int, int, str]]:
        """What the person of a schedule counts as in each of its groups; an empty schedule as nobody."""
        who, groups = self.order[position], enumerate(self.spots[position])
        if who is None:
            return [(nth, group, "nobody") for nth, group in groups]
        home = [f"home {self.home[who]}"] if self.home[who] else []
        return [(nth, group, mark) for nth, group in groups for mark in home + self.kinds.get((who, nth), [])]

    def is_troubled(self, position: int) -> bool:
        return any(self.crowd[mark] > 1 for mark in self.marks(position))

    def exchange(self, first: int, second: int) -> int:
        """Let two people exchange their whole schedules; return how many conflicts that adds. Again undoes it."""
        change = self._put(first, -1) + self._put(second, -1)
        self.order[first], self.order[second] = self.order[second], self.order[first]
        change += self._put(first, 1) + self._put(second, 1)
        self.conflicts += change
        return change

    def _put(self, position: int, step: int) -> int:
        made = 0
        for mark in self.marks(position):
            before = self.crowd.get(mark, 0)
            self.crowd[mark] = before + step
            made += before if step > 0 else 1 - before
        return made


def _settle(now: _Schedules, rng: Random) -> None:
    """Exchange whole schedules, which makes no repeat, until classes and delegations are apart: min-conflicts with rests."""
    places = range(len(now.order))
    resting: dict[int, int] = {}
    for turn in range(STEPS_PER_PERSON * len(places)):
        if now.conflicts == 0:
            return
        troubled = [place for place in places if resting.get(place, 0) <= turn and now.is_troubled(place)]
        if not troubled:
            continue
        first = rng.choice(troubled)
        best, choices = 1 << 30, list[int]()
        for second in places:
            if second == first or now.order[first] == now.order[second]:
                continue
            change = now.exchange(first, second)
            now.exchange(first, second)
            if change < best:
                best, choices = change, [second]
            elif change == best:
                choices.append(second)
        if not choices:
            return
        second = rng.choice(choices)
        now.exchange(first, second)
        resting[second] = turn + 1 + rng.randrange(6)
        resting[first] = turn + 1 + rng.randrange(6)
