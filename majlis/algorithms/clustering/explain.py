"""What an assignment is like, and why each city sits where it sits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from majlis.algorithms.clustering.measure import Matrix, cost, distances, violations
from majlis.algorithms.clustering.model import City, Clustering, Fit, Group, Problem, Shared


def describe(problem: Problem, assignment: Sequence[int]) -> Clustering:
    """Quality, reasons and broken rules of any assignment of the problem's cities (cluster index by city)."""
    matrix = distances(problem)
    seats = np.array(assignment)
    fits = tuple(_fit(problem, matrix, seats, number) for number in range(len(problem.cities)))
    apart = matrix[seats[:, None] != seats[None, :]]
    return Clustering(
        assignment=tuple(int(seat) for seat in assignment),
        cohesion=1 - cost(matrix, assignment),
        separation=float(apart.mean()) if apart.size else 0.0,
        silhouette=float(np.mean([fit.silhouette for fit in fits])),
        groups=tuple(_group(problem, matrix, seats, cluster) for cluster in range(problem.count)),
        fits=fits,
        violations=tuple(violations(problem, assignment)),
    )


def _fit(problem: Problem, matrix: Matrix, seats: np.ndarray[tuple[int], np.dtype[np.int64]], number: int) -> Fit:
    city, home = problem.cities[number], int(seats[number])
    others = np.arange(len(seats)) != number
    to_clusters: list[tuple[float, int]] = []
    for cluster in range(problem.count):
        inside = others & (seats == cluster)
        to_clusters.append((float(matrix[number, inside].mean()) if inside.any() else 1.0, cluster))
    own = to_clusters[home][0]
    rivals = [pair for pair in to_clusters if pair[1] != home]
    near, second = min(rivals) if rivals else (1.0, None)
    is_alone = not (others & (seats == home)).any()
    wider = max(own, near)
    mates = [problem.cities[n] for n in np.flatnonzero(others & (seats == home))]
    return Fit(
        key=city.key,
        cluster=home,
        own=0.0 if is_alone else 1 - own,
        second=1 - near if second is not None else 0.0,
        second_cluster=second,
        # The usual convention: a city alone, or one without a rival cluster, has no silhouette.
        silhouette=0.0 if is_alone or second is None or wider == 0 else (near - own) / wider,
        needs=_shared(city.needs, mates, lambda mate: mate.needs),
        visions=_shared(city.visions, mates, lambda mate: mate.visions),
        read=_shared(
            city.themes, mates, lambda mate: mate.themes - ((mate.needs | mate.visions) & (city.needs | city.visions))
        ),
        families=_shared(
            frozenset(problem.family(code) for code in city.themes),
            mates,
            lambda mate: frozenset(problem.family(code) for code in mate.themes),
        ),
        region=tuple(mate.key for mate in mates if mate.region == city.region),
    )


def _shared(codes: frozenset[str], mates: Sequence[City], of: Callable[[City], frozenset[str]]) -> tuple[Shared, ...]:
    """The codes that mates have too: those with the most mates first."""
    found = [Shared(code, tuple(mate.key for mate in mates if code in of(mate))) for code in codes]
    return tuple(sorted((each for each in found if each.keys), key=lambda each: (-len(each.keys), each.theme)))


def _group(problem: Problem, matrix: Matrix, seats: np.ndarray[tuple[int], np.dtype[np.int64]], cluster: int) -> Group:
    inside = [problem.cities[number] for number in np.flatnonzero(seats == cluster)]
    outside = [problem.cities[number] for number in np.flatnonzero(seats != cluster)]
    numbers = np.flatnonzero(seats == cluster)
    pairs = len(numbers) * (len(numbers) - 1)
    block = matrix[np.ix_(numbers, numbers)]
    themes = Counter(code for city in inside for code in city.themes)
    return Group(
        keys=tuple(city.key for city in inside),
        cohesion=1 - float(block.sum()) / pairs if pairs else 0.0,
        countries=tuple(sorted({city.country for city in inside})),
        regions=tuple(sorted({city.region for city in inside})),
        themes=tuple(sorted(themes.items(), key=lambda item: (-item[1], item[0]))),
        characteristic=_lift(inside, outside, lambda code: code),
        families=_lift(inside, outside, problem.family),
        is_read=any(city.read for city in inside),
    )


def _lift(inside: Sequence[City], outside: Sequence[City], name: Callable[[str], str]) -> tuple[tuple[str, float], ...]:
    """Themes by how much larger their part of what is said here is than elsewhere, largest first.

    Parts of all mentions rather than of cities: with two or three themes a city, nearly every city touches every main theme.
    """
    here, there = (_parts(cities, name) for cities in (inside, outside))
    ranked = [(theme, part - there.get(theme, 0.0)) for theme, part in here.items()]
    return tuple(sorted(ranked, key=lambda item: (-item[1], item[0])))


def _parts(cities: Sequence[City], name: Callable[[str], str]) -> dict[str, float]:
    said = Counter(name(code) for city in cities for codes in (city.needs, city.visions, city.read) for code in codes)
    total = sum(said.values())
    return {theme: count / total for theme, count in said.items()}
