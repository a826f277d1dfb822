"""A new run keeps the numbers of the clusters that it continues."""

from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.algorithms.clustering import describe, solve
from majlis.algorithms.clustering.relabel import corresponding, numbered_like
from tests.algorithms.test_clustering import founding

SEATS = st.lists(st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 3))), max_size=20)


@given(SEATS)
def test_each_cluster_continues_one_at_most(seats: list[tuple[int, int | None]]) -> None:
    found = corresponding([new for new, _old in seats], [old for _new, old in seats])
    assert len(set(found.values())) == len(found)
    assert all((new, old) in seats for new, old in found.items())


@given(st.permutations(range(3)))
@settings(max_examples=6, deadline=None)
def test_shuffled_numbers_come_back(order: list[int]) -> None:
    problem, _chosen = founding()
    found = solve(problem, seed=1, perturbed_runs=3)
    shuffled = numbered_like(found, [order[seat] for seat in found.assignment])
    assert shuffled.assignment == tuple(order[seat] for seat in found.assignment)
    plain = describe(problem, shuffled.assignment)
    assert shuffled.groups == plain.groups
    assert [(f.cluster, f.second_cluster) for f in shuffled.fits] == [(f.cluster, f.second_cluster) for f in plain.fits]
    assert [fit.stability for fit in shuffled.fits] == [fit.stability for fit in found.fits]


def test_without_a_former_one_nothing_changes() -> None:
    problem, _chosen = founding()
    found = solve(problem, seed=1, perturbed_runs=0)
    assert numbered_like(found, [None] * 22) == found


def test_fewer_clusters_than_before_are_numbered_without_gaps() -> None:
    problem, _chosen = founding()
    found = solve(problem, seed=1, perturbed_runs=0)
    assert set(numbered_like(found, [7] * 22).assignment) == {0, 1, 2}
