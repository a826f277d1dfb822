"""Distances, the objective in its plain form, and the rules that an assignment may break."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set

import numpy as np
from numpy.typing import NDArray

from majlis.algorithms.clustering.model import City, Problem, Violation

Matrix = NDArray[np.float64]

# Cities name two or three of 48 themes, so two cities of one kind often share none exactly. This part of the
# similarity is given for the same main theme; the rest for the very same sub-theme.
# On the founding dialogue 0.5–0.7 finds the tracks that people chose there (adjusted Rand index 0.72, places kept in
# nine of ten perturbed runs); with 0.3 chance matches decide (0.33).
PART_FOR_FAMILY = 0.6
# Two cities this many hours apart share too little of a working day to meet in it; more makes no difference.
HOURS_APART = 6.0
# Below this a criterion does not tell two pairs apart.
FLAT = 1e-9


def jaccard(one: Set[str], other: Set[str]) -> float:
    """Shared of all, 0…1; two empty sets share nothing."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def similarity(problem: Problem, one: Set[str], other: Set[str]) -> float:
    """How alike two sets of theme codes are, 0…1: Jaccard of the codes, softened by that of their main themes.

    The main themes are compared as shares of each set (Σmin/Σmax), so that a city with GRN, GRN, PSP is nearer to one
    with GRN, GRN than to one with PSP alone.
    """
    if not one or not other:
        return 0.0
    here, there = (Counter(problem.family(code) for code in codes) for codes in (one, other))
    shares = [(here[family] / len(one), there[family] / len(other)) for family in here.keys() | there.keys()]
    soft = sum(min(pair) for pair in shares) / sum(max(pair) for pair in shares)
    return (1 - PART_FOR_FAMILY) * jaccard(one, other) + PART_FOR_FAMILY * soft


def hours_apart(one: float, other: float) -> float:
    """How far apart two clocks are, 0…1, the short way round."""
    apart = abs(one - other) % 24
    return min(1.0, min(apart, 24 - apart) / HOURS_APART)


def distances(problem: Problem) -> Matrix:
    """(n, n) symmetric, 0…1, 0 on the diagonal: the weighted mean of unlike region, needs, visions and, if they count, hours.

    Each criterion is first brought to the same spread over all pairs, so that a weight says how much it decides. Without
    this, region (same or not) would outweigh themes (mostly a little alike) two to three times over its weight.
    """
    parts, shares = _parts(problem), np.array(problem.weights.shares)
    upper = np.triu_indices(len(problem.cities), 1)
    spread = np.array([part[upper].std() if len(upper[0]) else 0.0 for part in parts])
    # What is the same for all pairs decides nothing, whatever its weight; it keeps its plain share.
    factors = shares / np.where(spread > FLAT, spread, 1.0)
    if factors.sum() <= 0:
        factors = shares
    matrix: Matrix = np.tensordot(factors / factors.sum(), parts, axes=1)
    np.fill_diagonal(matrix, 0)
    return matrix


def _parts(problem: Problem) -> Matrix:
    """(3 or 4, n, n): how unlike each two cities are in region, needs, vision and, if it counts, time zone, each 0…1."""
    cities, criteria = problem.cities, len(problem.weights.numbers)
    parts = np.zeros((criteria, len(cities), len(cities)))
    for row, one in enumerate(cities):
        for column in range(row):
            other = cities[column]
            alike = (
                float(one.region == other.region),
                similarity(problem, one.needs, other.needs),
                similarity(problem, one.visions, other.visions),
                1 - hours_apart(one.hours, other.hours),
            )
            parts[:, row, column] = parts[:, column, row] = 1 - np.array(alike[:criteria])
    if problem.by_scores:
        parts[1:3] = (1 - problem.by_scores) * parts[1:3] + problem.by_scores * (1 - by_scores(cities))
    return parts


def by_scores(cities: Sequence[City]) -> Matrix:
    """(2, n, n): how alike two cities are in what they need and what they wish by their scores, 0…1, 0.5 by chance.

    What one needs is compared with all that the other says, needs and visions: cities that share a concern name it now as
    the one, now as the other. Compared by needs alone, cities of one field were found half as well (0007).
    """
    width = max((len(row) for city in cities for row in (city.need_scores, city.vision_scores)), default=0)
    said = np.zeros((2, len(cities), width))
    for number, city in enumerate(cities):
        for side, row in enumerate((city.need_scores, city.vision_scores)):
            said[side, number] = row or 0.0
    everything = _beyond_the_usual(said.sum(axis=0))
    nearness = np.array([_beyond_the_usual(side) @ everything.T for side in said])
    alike: Matrix = (2 + nearness + nearness.transpose(0, 2, 1)) / 4
    return alike


def _beyond_the_usual(scores: Matrix) -> Matrix:
    """(n, w) scores less their mean over the cities that have any, at length 1; zeros for the others."""
    rows, said = scores.copy(), scores.any(axis=1)
    if said.any():
        rows[said] -= rows[said].mean(axis=0)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Matrix = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > FLAT)
    return unit


def cost(matrix: Matrix, assignment: Sequence[int]) -> float:
    """Mean over the cities of the mean distance to the other members of their cluster, 0…1; a city alone counts 1.

    This is the plain reference; the search keeps the same number incrementally.
    """
    total = 0.0
    for row, cluster in enumerate(assignment):
        mates = [column for column, other in enumerate(assignment) if other == cluster and column != row]
        total += sum(matrix[row, column] for column in mates) / len(mates) if mates else 1.0
    return total / len(assignment)


def violations(problem: Problem, assignment: Sequence[int]) -> list[Violation]:
    """Every broken rule. A cluster of one country counts only if the cities come from enough countries at all."""
    members: list[list[int]] = [[] for _ in range(problem.count)]
    for number, cluster in enumerate(assignment):
        members[cluster].append(number)
    broken = []
    wanted = min(problem.countries, len({city.country for city in problem.cities}))
    for cluster, inside in enumerate(members):
        keys = tuple(problem.cities[number].key for number in inside)
        if not problem.smallest <= len(inside) <= problem.largest:
            broken.append(Violation("size", cluster, keys))
        if len(inside) >= wanted and len({problem.cities[number].country for number in inside}) < wanted:
            broken.append(Violation("countries", cluster, keys))
    for pair in problem.apart:
        seats = {assignment[problem.index[key]] for key in pair}
        if len(seats) < len(pair):
            broken.append(Violation("apart", None, tuple(sorted(pair))))
    return broken
