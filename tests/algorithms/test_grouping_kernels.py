"""The kernels against the plain reference: any sequence of changes keeps the incremental objective equal to the recomputed one."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.algorithms.grouping import BadProblem, Budget, Problem, gather, objective
from majlis.algorithms.grouping.arrays import seating
from majlis.algorithms.grouping.feasible import check
from majlis.algorithms.grouping.heat import heat_for
from majlis.algorithms.grouping.kernels import rounds, single
from majlis.algorithms.grouping.kernels.random import generator
from majlis.algorithms.grouping.reference import sameness, usefulness
from majlis.algorithms.grouping.search import _groups
from majlis.algorithms.grouping.seats import Seats
from majlis.algorithms.grouping.template import field, slopes, turned, turnings
from tests.algorithms.grouping_problems import problems


@given(problems(), st.integers(0, 10_000), st.sampled_from([0.0, 0.4, 1.0]), st.booleans())
@settings(max_examples=80, deadline=None)
def test_any_changes_keep_the_incremental_objective(
    problem: Problem, seed: int, exchanges: float, is_published: bool
) -> None:
    try:
        check(problem)
    except BadProblem:
        return
    seats = Seats(problem)
    for number in range(len(problem.rounds)):
        seats.fill(number, [])
    published = seats.groups if is_published else None
    table = seating(problem, problem.known, seats.groups, published)
    if not table.pools.size:
        return
    before, best = objective(problem, seats.groups, published), np.empty_like(table.place)
    # So hot that nearly every change is accepted: the sequence is as good as random.
    sums, fresh = (np.empty((*table.size.shape, len(problem.people)), np.float32) for _ in range(2))
    rounds.sum_up(table.pairs, table.place, table.members, table.size, table.is_open, sums)
    gained, risen = rounds.anneal(
        table.pairs, sums, table.languages, table.costs, table.place, table.members, table.slot, table.size,
        table.small, table.published, table.pools, table.starts, table.pool_round, table.pool_of, table.is_free,
        table.is_open, table.kinds, table.kind_starts, table.kind_of, exchanges, 500, 100.0, 100.0, generator(seed), best,
    )  # fmt: skip
    rounds.sum_up(table.pairs, table.place, table.members, table.size, table.is_open, fresh)
    assert sums == pytest.approx(fresh, abs=1e-3)
    now = _groups(problem, table.place)
    assert objective(problem, now, published) - before == pytest.approx(gained, abs=1e-3)
    assert objective(problem, _groups(problem, best), published) - before == pytest.approx(risen, abs=1e-3)
    assert sorted(map(sorted, (group for round_ in table.groups(problem) for group in round_))) == sorted(
        map(sorted, (group for round_ in now for group in round_))
    )


@given(problems())
@settings(max_examples=40, deadline=None)
def test_arrays_hold_the_numbers_of_the_reference(problem: Problem) -> None:
    people, weights = problem.people, problem.weights
    rules = dict.fromkeys(problem.apart, weights.rule)
    for pair in set(problem.together):
        rules[pair] = rules.get(pair, 0.0) - weights.rule
    for row, one in enumerate(people):
        for column, other in enumerate(people[:row]):
            assert problem.known.useful[row, column] == pytest.approx(usefulness(one, other, weights.floor))
            cost = sameness(one, other, weights) + rules.get(frozenset((one.id, other.id)), 0.0)
            assert problem.known.alike[row, column] == pytest.approx(cost, abs=1e-5)


@given(st.integers(4, 20), st.integers(1, 4), st.integers(0, 999), st.booleans())
@settings(max_examples=40, deadline=None)
def test_one_round_with_distances(count: int, groups: int, seed: int, is_alike: bool) -> None:
    chance = np.random.default_rng(seed)
    distances = chance.random((count, count))
    distances = distances + distances.T
    np.fill_diagonal(distances, 0)
    lower = [count // groups - 1] * groups
    upper = [count // groups + 1] * groups
    found = gather(distances, lower, upper, seed=seed, budget=Budget(steps=2_000), is_alike=is_alike)
    sizes = np.bincount(found.place, minlength=groups)
    assert all(low <= size <= high for low, size, high in zip(lower, sizes, upper, strict=True))
    total = sum(distances[a, b] for a in range(count) for b in range(a) if found.place[a] == found.place[b])
    assert found.total == pytest.approx(total)
    assert found == gather(distances, lower, upper, seed=seed, budget=Budget(steps=2_000), is_alike=is_alike)


def test_sums_stay_true_over_many_changes() -> None:
    chance = np.random.default_rng(5)
    distances = chance.random((30, 30)).astype(np.float32)
    distances += distances.T
    np.fill_diagonal(distances, 0)
    place = np.repeat(np.arange(5, dtype=np.int32), 6)
    size, sums, fresh = np.full(5, 6), np.empty((5, 30), np.float32), np.empty((5, 30), np.float32)
    single.sum_up(distances, place, sums)
    before = distances[place[:, None] == place[None, :]].sum() / 2
    low, high = np.full(5, 4), np.full(5, 8)
    gained, _best = single.anneal(distances, place, size, low, high, sums, 5_000, 9.0, 9.0, generator(1), place.copy())
    single.sum_up(distances, place, fresh)
    assert sums == pytest.approx(fresh, abs=1e-3)
    assert distances[place[:, None] == place[None, :]].sum() / 2 - before == pytest.approx(gained, abs=1e-2)


def test_groups_of_different_sizes_become_as_unequal_as_distances_want() -> None:
    """Everybody one apart: the sum is the number of pairs, most with each group full or at its least."""
    apart = 1.0 - np.eye(20)
    found = gather(apart, (2, 3, 2, 4), (6, 9, 8, 5), seed=1, budget=Budget(steps=20_000))
    assert sorted(np.bincount(found.place)) == [2, 4, 5, 9]
    assert found.total == 1 + 6 + 10 + 36


def test_distances_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="4 people do not fit"):
        gather(np.ones((4, 4)), (1, 1), (1, 2), seed=1)


@pytest.mark.parametrize("size", [2, 3, 4, 5, 7, 8, 9, 11])
def test_fields_have_no_divisors_of_zero(size: int) -> None:
    plus, times = field(size)
    numbers = range(size)
    assert all(sorted(times[a]) == list(numbers) for a in numbers if a)
    assert all(sorted(plus[a]) == list(numbers) for a in numbers)
    assert all(
        times[a][plus[b][c]] == plus[times[a][b]][times[a][c]] for a in numbers for b in numbers for c in numbers
    )


def meets_nobody_twice(schedule: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> bool:
    return all((one == other).sum() <= 1 for row, one in enumerate(schedule) for other in schedule[:row])


@given(st.integers(2, 13), st.integers(1, 7), st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_slopes_let_nobody_meet_twice(groups: int, columns: int, rounds_: int) -> None:
    found = slopes(groups, columns, rounds_)
    if found is not None:
        assert found.shape == (groups * columns, rounds_)
        assert meets_nobody_twice(found)
        assert (np.sort(found.reshape(columns, groups, rounds_), axis=1) == np.arange(groups)[None, :, None]).all()


@pytest.mark.parametrize("case", [(5, 3, 7), (6, 3, 8), (6, 5, 5), (9, 3, 12), (10, 4, 9)])
def test_turned_starters_let_nobody_meet_twice(case: tuple[int, int, int]) -> None:
    groups, width, turns = case
    found = turned(groups, width, turns, steps=5_000_000, seed=1)
    assert found is not None and found.shape == (groups * width, turns)
    assert meets_nobody_twice(found)
    assert (np.apply_along_axis(np.bincount, 0, found) == width).all()


def test_where_no_starter_is_found_the_one_with_the_fewest_repeats_is_taken() -> None:
    """Eight groups of four in ten rounds: published solutions have other symmetries, every turned one has some repeats."""
    found = turned(8, 4, 10, steps=1_000_000, seed=1)
    assert found is not None and found.shape == (32, 10)
    assert (np.apply_along_axis(np.bincount, 0, found) == 4).all()
    met = np.triu((found[:, None, :] == found[None, :, :]).sum(axis=2), 1)
    assert 0 < np.maximum(met - 1, 0).sum() <= 30  # swaps alone leave 33 in half a minute


def test_turning_is_not_tried_where_counting_excludes_it() -> None:
    assert list(turnings(4, 4, 9)) == []  # 15 others are met three at a time: five rounds at most
    assert turned(1, 4, 2, steps=1000, seed=1) is None


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=50), st.floats(0.001, 0.5))
def test_heat_accepts_the_share_asked_for(losses: list[float], share: float) -> None:
    table = np.array(losses)
    assert np.exp(-table / heat_for(table, share)).mean() == pytest.approx(share, rel=1e-3)


def test_a_seed_is_a_seed() -> None:
    one, other = Random(1).random(), Random(1).random()
    assert one == other
    assert generator(7) == generator(7)
    assert generator(7) != generator(8)
