"""Local search with moves and swaps from several starts, deterministic for a seed.

Cities that must stay together travel as one unit. Over units, W[c] is the sum of distances inside cluster c and
M[u, c] the sum of distances from unit u to the others in c; a move or swap changes only two W, so all candidates of a
step are rated at once from M, exactly.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from majlis.algorithms import grouping
from majlis.algorithms.clustering.explain import describe
from majlis.algorithms.clustering.measure import Matrix, distances, violations
from majlis.algorithms.clustering.model import BadProblem, Clustering, Problem, Weights

# From 40 starts the founding dialogue's best value is met by about half of them; more found nothing better.
STARTS = 40
# Enough to say "in nine of ten runs" without pretending to more precision.
PERTURBED_RUNS = 30
# How far a perturbed run shifts each weight (log-normal) and each distance (normal, relative): people who set
# weights differ by about a fifth, and assigning themes to a statement is as uncertain as that.
WEIGHT_NOISE, DISTANCE_NOISE = 0.25, 0.08
EPSILON = 1e-12
# With the kernel a start is nearly the end of a search: few of them meet the best value, each after so many swaps tried.
KERNEL_STARTS = 16
KERNEL_STEPS = 300  # for each city


def solve(
    problem: Problem,
    *,
    seed: int,
    starts: int | None = None,
    perturbed_runs: int = PERTURBED_RUNS,
    by_kernel: bool = False,
) -> Clustering:
    """Propose clusters. Raises BadProblem for a contradiction; a rule that cannot be kept is reported in `violations`.

    by_kernel: begin from clusters of equal size that the compiled kernel of `algorithms.grouping` found, instead of from
    chance: many times faster from fifty cities on. It loads Numba, so only a worker may ask for it.
    """
    problem.check()
    starts = starts or (KERNEL_STARTS if by_kernel else STARTS)
    random = np.random.default_rng(seed)
    matrix = distances(problem)
    assignment = _renumbered(problem, _best(problem, matrix, random, starts, by_kernel))
    found = describe(problem, assignment)
    if not perturbed_runs or problem.count < 2:
        return found
    kept = np.zeros(len(problem.cities))
    for _run in range(perturbed_runs):
        other = _best(problem, _perturbed(problem, random), random, _few(starts, by_kernel), by_kernel)
        kept += np.array(assignment) == _matched(assignment, other, problem.count)
    kept /= perturbed_runs
    fits = tuple(replace(fit, stability=float(share)) for fit, share in zip(found.fits, kept, strict=True))
    return replace(found, fits=fits, stability=float(kept.mean()))


def _few(starts: int, by_kernel: bool) -> int:
    """How many starts a perturbed run has: it need not find the very best, only see whether places change."""
    return max(2, starts // 4) if by_kernel else max(4, starts // 8)


class Search:
    """One state of the search: units in clusters, with W and M kept as units move."""

    def __init__(self, problem: Problem, matrix: Matrix) -> None:
        self.problem = problem
        self.units = _units(problem)
        self.free = np.array([not any(problem.cities[n].key in problem.locks for n in unit) for unit in self.units])
        gather = np.zeros((len(self.units), len(problem.cities)))
        for row, unit in enumerate(self.units):
            gather[row, unit] = 1
        between = gather @ matrix @ gather.T
        # A unit's inner distances belong to it wherever it sits; kept apart, so that M speaks of others only.
        self.inner = np.diag(between) / 2
        self.between = between - np.diag(np.diag(between))
        self.sizes = gather.sum(axis=1)
        self.place = np.zeros(len(self.units), dtype=np.int64)

    def begin(self, place: NDArray[np.int64]) -> None:
        """Sit the units at `place` and count W, M and the clusters' sizes afresh."""
        self.place = place.copy()
        seats = np.eye(self.problem.count)[self.place]
        self.toward = self.between @ seats
        self.inside = (seats * self.inner[:, None]).sum(axis=0) + (seats * self.toward).sum(axis=0) / 2
        self.filled = self.sizes @ seats

    def assignment(self, place: NDArray[np.int64] | None = None) -> list[int]:
        where = self.place if place is None else place
        seats = [0] * len(self.problem.cities)
        for unit, cluster in zip(self.units, where, strict=True):
            for number in unit:
                seats[number] = int(cluster)
        return seats

    def cost(self) -> float:
        return float(_share(self.inside, self.filled).sum()) / len(self.problem.cities)

    def broken(self, place: NDArray[np.int64] | None = None) -> int:
        """How far an assignment is from the rules: missing or surplus members, lacking countries, pairs to part."""
        amount = 0
        for violation in violations(self.problem, self.assignment(place)):
            size = len(violation.keys)
            off = max(self.problem.smallest - size, size - self.problem.largest)
            amount += off if violation.kind == "size" else 1
        return amount

    def moves(self) -> Matrix:
        """(units, clusters): how the sum of costs changes when a unit moves there; infinite where it may not."""
        home, size = self.place, self.sizes
        own = np.arange(len(home))
        left = _share(self.inside[home] - self.inner - self.toward[own, home], self.filled[home] - size)
        joined = _share(self.inside + self.inner[:, None] + self.toward, self.filled + size[:, None])
        before = _share(self.inside, self.filled)
        change: Matrix = left[:, None] - before[home][:, None] + joined - before
        change[own, home] = np.inf
        change[~self.free] = np.inf
        return change

    def swaps(self) -> Matrix:
        """(units, units): how the sum of costs changes when two units change places; infinite where they may not."""
        home, size = self.place, self.sizes
        # [u, v]: cluster of u without u and with v; the distance between u and v leaves what M[v] counted.
        without = self.inside[home] - self.inner - self.toward[np.arange(len(home)), home]
        joined = without[:, None] + self.inner[None, :] + self.toward[:, home].T - self.between
        filled = self.filled[home][:, None] - size[:, None] + size[None, :]
        after = _share(joined, filled)
        before = _share(self.inside, self.filled)[home]
        change: Matrix = after + after.T - before[:, None] - before[None, :]
        change[home[:, None] == home[None, :]] = np.inf
        change[~self.free] = np.inf
        change[:, ~self.free] = np.inf
        return change

    def descend(self) -> None:
        """Take the best change that lowers the cost and breaks no more rules, until there is none."""
        broken = self.broken()
        while True:
            step = self._next(broken)
            if step is None:
                return
            self.begin(step)
            broken = self.broken()

    def _next(self, broken: int) -> NDArray[np.int64] | None:
        moves, swaps = self.moves(), self.swaps()
        change = np.concatenate([moves.ravel(), swaps.ravel()])
        best: NDArray[np.int64] | None = None
        for candidate in np.argsort(change, kind="stable"):
            if not np.isfinite(change[candidate]) or (not broken and change[candidate] > -EPSILON):
                break
            place = self.place.copy()
            if candidate < moves.size:
                unit, cluster = divmod(int(candidate), self.problem.count)
                place[unit] = cluster
            else:
                one, other = divmod(int(candidate) - moves.size, len(self.units))
                place[one], place[other] = place[other], place[one]
            then = self.broken(place)
            if then < broken or (then == broken == 0):
                return place
            if best is None and then == broken and change[candidate] < -EPSILON:
                best = place
        return best


def _share(inside: Matrix, filled: Matrix) -> Matrix:
    """Sum over a cluster's cities of the mean distance to their mates: 2·W/(n − 1); a city alone counts 1."""
    mean: Matrix = np.where(filled > 1, 2 * inside / np.maximum(filled - 1, 1), np.where(filled == 1, 1.0, 0.0))
    return mean


def _best(problem: Problem, matrix: Matrix, random: np.random.Generator, starts: int, by_kernel: bool) -> list[int]:
    search = Search(problem, matrix)
    best: tuple[int, float, list[int]] | None = None
    for _start in range(starts):
        search.begin(_kernel_place(search, random) if by_kernel else _start_place(search, random))
        search.descend()
        found = (search.broken(), round(search.cost(), 12), search.assignment())
        if best is None or found[:2] < best[:2]:
            best = found
    return best[2] if best else []


def _start_place(search: Search, random: np.random.Generator) -> NDArray[np.int64]:
    """Locked units at their cluster; the others, in a random order, each to the emptiest cluster."""
    problem = search.problem
    place = np.zeros(len(search.units), dtype=np.int64)
    filled = np.zeros(problem.count)
    for number, unit in enumerate(search.units):
        locked = [problem.locks[problem.cities[n].key] for n in unit if problem.cities[n].key in problem.locks]
        if locked:
            place[number] = locked[0]
            filled[locked[0]] += len(unit)
    order = random.permutation(np.flatnonzero(search.free))
    for number in sorted(order, key=lambda unit: -search.sizes[unit]):
        place[number] = int(np.argmin(filled + random.random(problem.count) * 0.5))
        filled[place[number]] += search.sizes[number]
    return place


def _kernel_place(search: Search, random: np.random.Generator) -> NDArray[np.int64]:
    """Units in clusters of equal number, as alike as the kernel finds them; locked units go where they are locked, which
    `descend` then makes good. It also brings sizes, countries and pairs to rights."""
    count, groups = len(search.units), search.problem.count
    small, large = count // groups, -(-count // groups)
    found = grouping.gather(
        search.between, [small] * groups, [large] * groups, seed=int(random.integers(2**31)), is_alike=True,
        budget=grouping.Budget(steps=KERNEL_STEPS * count),
    )  # fmt: skip
    place = np.array(found.place, dtype=np.int64)
    if search.problem.locks:
        locked = _start_place(search, random)
        place = _matched(locked[~search.free].tolist() or [0], place[~search.free].tolist() or [0], groups, place)
        place[~search.free] = locked[~search.free]
    return place


def _units(problem: Problem) -> list[list[int]]:
    """Cities merged by keep-together, in the order of their first member. Raises BadProblem when one cannot hold."""
    parent = list(range(len(problem.cities)))

    def root(number: int) -> int:
        while parent[number] != number:
            number = parent[number]
        return number

    for group in problem.together:
        first, *rest = sorted(problem.index[key] for key in group)
        for other in rest:
            parent[max(root(first), root(other))] = min(root(first), root(other))
    gathered: dict[int, list[int]] = {}
    for number in range(len(problem.cities)):
        gathered.setdefault(root(number), []).append(number)
    wrong = []
    for unit in gathered.values():
        keys = [problem.cities[number].key for number in unit]
        if len(unit) > problem.largest:
            wrong.append(f"{', '.join(keys)} must stay together but a cluster holds {problem.largest}")
        if len({problem.locks[key] for key in keys if key in problem.locks}) > 1:
            wrong.append(f"{', '.join(keys)} must stay together but are locked to different clusters")
        wrong += [
            f"{' and '.join(sorted(pair))} must be together and apart" for pair in problem.apart if pair <= set(keys)
        ]
    if wrong:
        raise BadProblem(wrong)
    return list(gathered.values())


def _perturbed(problem: Problem, random: np.random.Generator) -> Matrix:
    """Distances under slightly different weights, each a little off."""
    shares = problem.weights.shares
    factors = np.exp(random.normal(0, WEIGHT_NOISE, len(shares)))
    weights = Weights(*(share * factor for share, factor in zip(shares, factors, strict=True)))
    matrix = distances(replace(problem, weights=weights))
    noise = np.triu(random.normal(0, DISTANCE_NOISE, matrix.shape), 1)
    shaken: Matrix = np.clip(matrix * (1 + noise + noise.T), 0, 1)
    return shaken


def _matched(
    base: list[int], other: list[int], count: int, places: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """`other` (or `places`, which it is a part of) with its clusters renumbered to those of `base` that they overlap
    most, largest overlap first."""
    overlap = np.zeros((count, count))
    np.add.at(overlap, (np.array(other), np.array(base)), 1)
    names = np.zeros(count, dtype=np.int64)
    for _pair in range(count):
        mine, theirs = np.unravel_index(int(np.argmax(overlap)), overlap.shape)
        names[mine] = theirs
        overlap[mine, :] = overlap[:, theirs] = -1
    matched: NDArray[np.int64] = names[np.array(other) if places is None else places]
    return matched


def _renumbered(problem: Problem, assignment: list[int]) -> list[int]:
    """Clusters in the order of their most characteristic main theme, then of their first city: equal results look equal.

    Locks name clusters by number, so with locks the numbers stay.
    """
    if problem.locks:
        return assignment
    groups = describe(problem, assignment).groups
    leading = [group.families[0][0] if group.families else "" for group in groups]
    order = sorted(set(assignment), key=lambda cluster: (leading[cluster], assignment.index(cluster)))
    return [order.index(cluster) for cluster in assignment]
