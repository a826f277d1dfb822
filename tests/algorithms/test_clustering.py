"""Clusters keep every hard rule, the incremental objective equals the plain one, and the founding dialogue looks right."""

from dataclasses import replace
from math import comb
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.algorithms.clustering import (
    BadProblem,
    City,
    Problem,
    Shared,
    Weights,
    cost,
    describe,
    distances,
    number_of_clusters,
    similarity,
    solve,
    violations,
)
from majlis.algorithms.clustering.measure import by_scores
from majlis.algorithms.clustering.search import Search
from majlis.network import terms

CODES = ["STR.01", "STR.02", "PSP.01", "PSP.08", "LIV.01", "LIV.07", "GRN.03", "GRN.04", "ENB.01"]
DEMO = Path(__file__).resolve().parents[2] / "demo" / "demo_municipalities.yaml"


def founding() -> tuple[Problem, list[str]]:
    """The 22 cities of the founding dialogue, and the clusters that people would have chosen."""
    read = yaml.safe_load(DEMO.read_text(encoding="utf-8"))["municipalities"]
    cities = tuple(
        City(
            each["id"],
            each["iso2"],
            terms.countries()[each["iso2"]]["sub"],
            frozenset(each["need"]["codes"]),
            frozenset(each["vision"]["codes"]),
        )
        for each in read
    )
    families = {code: str(terms.main_themes()[code[:3]]["track"] or "ENB") for code in terms.themes()}
    return Problem(cities, number_of_clusters(22, 5, 9), 5, 9, families=families), [each["cluster"] for each in read]


def rand_index(one: list[str], other: list[int]) -> float:
    """Adjusted Rand index: 1 for the same clusters, 0 for chance."""
    pairs: dict[tuple[str, int], int] = {}
    for pair in zip(one, other, strict=True):
        pairs[pair] = pairs.get(pair, 0) + 1
    same = sum(comb(n, 2) for n in pairs.values())
    rows = sum(comb(one.count(each), 2) for each in set(one))
    columns = sum(comb(other.count(each), 2) for each in set(other))
    expected = rows * columns / comb(len(one), 2)
    return (same - expected) / ((rows + columns) / 2 - expected)


codes = st.frozensets(st.sampled_from(CODES), max_size=3)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    number = draw(st.integers(4, 14))
    cities = tuple(
        City(f"c{n}", draw(st.sampled_from("ABC")), draw(st.sampled_from("XY")), draw(codes), draw(codes))
        for n in range(number)
    )
    count = draw(st.integers(1, 3))
    slack = draw(st.integers(0, 2))
    pairs = st.frozensets(st.sampled_from([city.key for city in cities]), min_size=2, max_size=2)
    weight = st.floats(0, 1)
    weights = Weights(draw(weight), draw(weight), draw(weight) + 0.01)
    together = (draw(pairs),) if draw(st.booleans()) and number // count >= 2 else ()
    return Problem(cities, count, max(1, number // count - slack), -(-number // count) + slack, weights, together)


@given(problems(), st.randoms(use_true_random=False), st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_any_sequence_of_changes_keeps_the_objective_exact(problem: Problem, random: object, steps: int) -> None:
    """The change that the search foresees for a move or swap is the difference of two plain recomputations."""
    matrix, search = distances(problem), Search(problem, distances(problem))
    draw = np.random.default_rng(random.getrandbits(32))  # type: ignore[attr-defined]
    search.begin(draw.integers(0, problem.count, len(search.units)))
    for _step in range(steps):
        before = cost(matrix, search.assignment()) * len(problem.cities)
        changes = search.swaps() if draw.random() < 0.5 else search.moves()
        allowed = np.argwhere(np.isfinite(changes))
        if not len(allowed):
            continue
        one, other = allowed[draw.integers(len(allowed))]
        place = search.place.copy()
        if changes.shape == (len(search.units), len(search.units)) and place[one] != place[other]:
            is_swap = np.isclose(changes[one, other], search.swaps()[one, other])
        else:
            is_swap = False
        if is_swap:
            place[one], place[other] = place[other], place[one]
        else:
            place[one] = other
        foreseen = changes[one, other]
        search.begin(place)
        assert cost(matrix, search.assignment()) * len(problem.cities) == pytest.approx(before + foreseen, abs=1e-9)
        assert search.cost() == pytest.approx(cost(matrix, search.assignment()), abs=1e-9)


@given(problems(), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_every_result_keeps_the_hard_rules(problem: Problem, seed: int) -> None:
    found = solve(problem, seed=seed, starts=6, perturbed_runs=2)
    sizes = [found.assignment.count(cluster) for cluster in range(problem.count)]
    assert sum(sizes) == len(problem.cities)
    if not problem.together:
        assert all(problem.smallest <= size <= problem.largest for size in sizes)
    for group in problem.together:
        assert len({found.assignment[problem.index[key]] for key in group}) == 1
    assert list(found.violations) == violations(problem, found.assignment)
    assert found.cohesion == pytest.approx(1 - cost(distances(problem), found.assignment))
    assert solve(problem, seed=seed, starts=6, perturbed_runs=2) == found


@given(problems(), st.integers(0, 9))
@settings(max_examples=30, deadline=None)
def test_the_kernel_keeps_the_same_rules(problem: Problem, seed: int) -> None:
    found = solve(problem, seed=seed, perturbed_runs=1, by_kernel=True)
    assert all(found.assignment[problem.index[key]] == cluster for key, cluster in problem.locks.items())
    for group in problem.together:
        assert len({found.assignment[problem.index[key]] for key in group}) == 1
    assert list(found.violations) == violations(problem, found.assignment)
    assert found.cohesion == pytest.approx(1 - cost(distances(problem), found.assignment))
    assert solve(problem, seed=seed, perturbed_runs=1, by_kernel=True) == found


@given(problems())
@settings(max_examples=40, deadline=None)
def test_distances_are_symmetric_shares(problem: Problem) -> None:
    matrix = distances(problem)
    assert (matrix == matrix.T).all()
    assert (np.diag(matrix) == 0).all()
    assert ((matrix >= 0) & (matrix <= 1 + 1e-12)).all()


@pytest.mark.parametrize("by_kernel", [False, True])
def test_the_founding_dialogue_falls_into_its_three_clusters(by_kernel: bool) -> None:
    problem, wanted = founding()
    found = solve(problem, seed=2026, by_kernel=by_kernel)
    assert problem.count == 3
    assert found.violations == ()
    assert sorted(group.families[0][0] for group in found.groups) == ["1", "2", "3"]
    assert rand_index(wanted, list(found.assignment)) > 0.7
    assert found.stability is not None
    assert found.stability > 0.85
    assert all(len(group.countries) >= 4 for group in found.groups)


def test_the_search_finds_at_least_what_people_chose() -> None:
    problem, wanted = founding()
    people = [int(name[1]) - 1 for name in wanted]
    assert 1 - solve(problem, seed=1, perturbed_runs=0).cohesion <= cost(distances(problem), people)


def small(**changes: object) -> Problem:
    cities = tuple(
        City(f"c{n}", "AB"[n % 2], "X", frozenset({CODES[n // 3]}), frozenset({CODES[n // 3]})) for n in range(6)
    )
    return Problem(cities, 2, 2, 4, **changes)  # type: ignore[arg-type]


def test_alike_cities_sit_together_and_say_why() -> None:
    found = solve(small(), seed=1)
    assert found.assignment == (0, 0, 0, 1, 1, 1)
    fit = found.fits[0]
    assert [(each.theme, each.keys) for each in fit.needs] == [("STR.01", ("c1", "c2"))]
    assert (fit.own, fit.second_cluster, fit.region) == (1.0, 1, ("c1", "c2"))
    assert fit.stability == 1.0
    assert found.groups[0].themes == (("STR.01", 3),)


def test_locks_and_apart_are_kept() -> None:
    found = solve(small(locks={"c0": 1, "c5": 0}, apart=(frozenset({"c1", "c2"}),)), seed=1, perturbed_runs=0)
    seats = dict(zip([city.key for city in small().cities], found.assignment, strict=True))
    assert (seats["c0"], seats["c5"]) == (1, 0)
    assert seats["c1"] != seats["c2"]


def test_clusters_of_one_country_are_parted_where_possible() -> None:
    cities = tuple(City(f"c{n}", "AB"[n // 3], "XY"[n // 3]) for n in range(6))
    found = solve(Problem(cities, 2, 3, 3), seed=1, perturbed_runs=0)
    assert found.violations == ()
    alone = tuple(City(f"c{n}", "A", "X") for n in range(6))
    assert solve(Problem(alone, 2, 3, 3), seed=1, perturbed_runs=0).violations == ()


def test_a_contradiction_lists_everything_that_is_wrong() -> None:
    with pytest.raises(BadProblem) as wrong:
        solve(small(locks={"nobody": 0, "c1": 7}), seed=1)
    assert len(wrong.value.problems) == 2
    with pytest.raises(BadProblem):
        solve(small(together=(frozenset({"c0", "c1"}),), apart=(frozenset({"c0", "c1"}),)), seed=1)
    with pytest.raises(BadProblem):
        solve(Problem(small().cities, 2, 4, 5), seed=1)


def test_an_assignment_by_hand_is_described_too() -> None:
    worse = describe(small(), [0, 0, 1, 1, 1, 0])
    assert worse.cohesion < solve(small(), seed=1).cohesion
    assert worse.stability is None


@pytest.mark.parametrize(
    ("cities", "smallest", "largest", "count"),
    [(22, 5, 9, 3), (4, 5, 9, 1), (1, 5, 9, 1), (10, 5, 9, 2), (40, 5, 9, 6), (9, 5, 9, 1), (7, 2, 2, None)],
)
def test_the_number_of_clusters_follows_from_the_sizes(
    cities: int, smallest: int, largest: int, count: int | None
) -> None:
    if count is None:
        with pytest.raises(BadProblem):
            number_of_clusters(cities, smallest, largest)
    else:
        assert number_of_clusters(cities, smallest, largest) == count


def test_the_same_main_theme_counts_in_part() -> None:
    problem = small()
    same, kin, strange = (similarity(problem, {"GRN.03"}, {code}) for code in ("GRN.03", "GRN.04", "LIV.01"))
    assert (same, strange) == (1.0, 0.0)
    assert 0 < kin < 1


def spoken(*sides: tuple[tuple[float, ...], tuple[float, ...]]) -> list[City]:
    return [City(str(n), str(n), "", need_scores=need, vision_scores=vision) for n, (need, vision) in enumerate(sides)]


def test_without_themes_cities_of_one_concern_are_found_by_their_scores() -> None:
    water, roads = (1.0, 0.0, 0.1), (0.0, 1.0, 0.1)
    cities = tuple(spoken(*[(water, water), (roads, roads)] * 4))
    found = solve(Problem(cities, 2, 3, 5, by_scores=1.0), seed=1, perturbed_runs=0)
    assert len({found.assignment[n] for n in range(0, 8, 2)}) == len({found.assignment[n] for n in range(1, 8, 2)}) == 1
    assert [len(group.keys) for group in found.groups] == [4, 4]


def test_a_need_of_one_is_like_the_vision_of_another() -> None:
    water, roads = (1.0, 0.0), (0.0, 1.0)
    needs, visions = by_scores(spoken((water, ()), ((), water), (roads, ()), ((), roads)))
    assert needs[0, 1] > 0.5 > needs[0, 3]
    assert visions[1, 0] > 0.5 > visions[1, 2]


@given(st.lists(st.lists(st.floats(-1, 1), min_size=6, max_size=6), min_size=1, max_size=9))
def test_likeness_by_scores_is_a_share_and_the_same_both_ways(rows: list[list[float]]) -> None:
    alike = by_scores(spoken(*[(tuple(row[:3]), tuple(row[3:])) for row in rows]))
    assert alike.shape == (2, len(rows), len(rows))
    assert np.all((alike > -1e-9) & (alike < 1 + 1e-9))
    assert np.allclose(alike, alike.transpose(0, 2, 1))


def test_who_has_said_nothing_is_like_nobody_and_unlike_nobody() -> None:
    needs, visions = by_scores(spoken(((1.0, 0.0), (1.0, 0.0)), ((0.0, 1.0), (0.0, 1.0)), ((), ())))
    assert set(needs[2]) == set(visions[2]) == {0.5}
    assert by_scores(spoken(((), ()), ((), ()))).tolist() == [[[0.5, 0.5]] * 2] * 2


def test_scores_count_for_the_part_of_the_statements_without_a_theme() -> None:
    cities = [replace(city, needs=frozenset({"GRN.01"})) for city in spoken(((1.0, 0.0), ()), ((0.0, 1.0), ()))]
    by_codes, half, scored = (distances(Problem(tuple(cities), 1, 2, 2, by_scores=part)) for part in (0.0, 0.5, 1.0))
    assert by_codes[0, 1] < half[0, 1] < scored[0, 1]
    assert half[0, 1] == pytest.approx((by_codes[0, 1] + scored[0, 1]) / 2)


def test_a_theme_that_was_read_is_a_reason_of_its_own() -> None:
    named, read = frozenset({"GRN.01"}), frozenset({"GRN.01", "LIV.02"})
    cities = (
        City("a", "DE", "", needs=named),
        City("b", "TN", "", read=read),
        City("c", "MA", "", visions=named),
        City("d", "JO", "", read=frozenset({"LIV.02"})),
    )
    found = describe(Problem(cities, 1, 4, 4), (0, 0, 0, 0))
    fits = {fit.key: fit for fit in found.fits}
    assert fits["a"].read == (Shared("GRN.01", ("b",)),)  # with c it shares what people gave
    assert fits["b"].read == (Shared("GRN.01", ("a", "c")), Shared("LIV.02", ("d",)))
    assert (fits["b"].needs, fits["b"].visions) == ((), ())
    assert found.groups[0].themes == (("GRN.01", 3), ("LIV.02", 2))
    assert found.groups[0].is_read
    # What was read decides nothing.
    assert np.array_equal(
        distances(Problem(cities, 1, 4, 4)),
        distances(Problem(tuple(replace(city, read=frozenset()) for city in cities), 1, 4, 4)),
    )
