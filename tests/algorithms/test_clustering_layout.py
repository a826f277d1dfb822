"""Cities on paper: alike ones lie near each other; and hours count only where people want them to."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.algorithms.clustering import City, Problem, Weights, distances, solve
from majlis.algorithms.clustering.layout import layout
from majlis.algorithms.clustering.measure import hours_apart
from tests.algorithms.test_clustering import founding


@given(st.integers(0, 9), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_points_stay_on_the_paper_and_come_out_the_same(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    matrix = random.random((count, count))
    matrix = (matrix + matrix.T) / 2
    np.fill_diagonal(matrix, 0)
    found = layout(matrix)
    assert found == layout(matrix)
    assert len(found.points) == count
    assert all(-1e-9 <= value <= 1 + 1e-9 for point in found.points for value in point)
    assert 0 <= found.shown <= 1 + 1e-9


def test_what_lies_in_a_plane_is_drawn_as_it_lies() -> None:
    points = np.random.default_rng(3).random((8, 2))
    matrix = np.linalg.norm(points[:, None] - points[None, :], axis=2)
    found = layout(matrix)
    assert found.shown == pytest.approx(1, abs=1e-6)
    drawn = np.linalg.norm(np.array(found.points)[:, None] - np.array(found.points)[None, :], axis=2)
    upper = np.triu_indices(8, 1)
    assert (drawn[upper] / matrix[upper]).std() < 1e-3


def test_cities_that_are_the_same_do_not_break_it() -> None:
    assert set(layout(np.zeros((4, 4))).points) == {(0.5, 0.5)}


def test_the_founding_cities_lie_nearer_to_their_own() -> None:
    problem, _chosen = founding()
    found = layout(distances(problem))
    seats = np.array(solve(problem, seed=1, perturbed_runs=0).assignment)
    drawn = np.linalg.norm(np.array(found.points)[:, None] - np.array(found.points)[None, :], axis=2)
    same = seats[:, None] == seats[None, :]
    np.fill_diagonal(same, False)
    assert drawn[same].mean() < 0.75 * drawn[seats[:, None] != seats[None, :]].mean()


@pytest.mark.parametrize(("one", "other", "apart"), [(0, 0, 0), (1, 4, 0.5), (-11, 12, 1 / 6), (0, 9, 1), (0, 12, 1)])
def test_hours_are_counted_the_short_way_round(one: float, other: float, apart: float) -> None:
    assert hours_apart(one, other) == hours_apart(other, one) == pytest.approx(apart)


def test_hours_count_only_where_they_have_a_weight() -> None:
    problem, _chosen = founding()
    far = replace(problem, cities=tuple(replace(c, hours=n % 2 * 5.0) for n, c in enumerate(problem.cities)))
    assert np.array_equal(distances(problem), distances(far))
    wanted = Weights(region=0, needs=0, vision=0, zones=1)
    found = solve(replace(far, weights=wanted, smallest=11, largest=11, count=2, countries=1), seed=1, perturbed_runs=3)
    for group in (0, 1):
        hours = {c.hours for c, seat in zip(far.cities, found.assignment, strict=True) if seat == group}
        assert len(hours) == 1


def test_one_city_or_none_makes_a_picture_too() -> None:
    problem = Problem((City("a", "TN", "NAF"),), 1, 1, 1)
    assert layout(distances(problem)).points == ((0.5, 0.5),)
