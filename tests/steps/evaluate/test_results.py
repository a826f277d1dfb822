"""Results give nobody away: joined classes, closed surveys, five answers."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.steps.evaluate.models import Survey
from majlis.steps.evaluate.queries import results
from majlis.steps.evaluate.queries.results import joined_classes
from tests.steps.evaluate.evaluation import ANSWERS, Evaluation


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([3] * 4, []),
        ([3] * 5, [(1, 1, 0), (2, 2, 0), (3, 3, 5), (4, 4, 0), (5, 5, 0)]),
        ([1] * 2 + [2] * 3 + [5] * 6, [(1, 2, 5), (3, 3, 0), (4, 4, 0), (5, 5, 6)]),
        ([1] * 6 + [5] * 2, [(1, 5, 8)]),
    ],
)
def test_neighbours_are_joined_until_nobody_stands_out(values: list[int], expected: list[tuple[int, int, int]]) -> None:
    assert [(each.first, each.last, each.count) for each in joined_classes(values, range(1, 6))] == expected


@given(st.lists(st.integers(min_value=0, max_value=10), max_size=60))
def test_no_cell_holds_one_to_four_people(values: list[int]) -> None:
    classes = joined_classes(values, range(11))
    assert all(each.count == 0 or each.count >= 5 for each in classes)
    if len(values) < 5:
        assert classes == ()
        return
    assert sum(each.count for each in classes) == len(values)
    assert (classes[0].first, classes[-1].last) == (0, 10)
    assert all(before.last + 1 == after.first for before, after in pairwise(classes))
    counts = Counter(values)
    assert all(each.count == sum(counts[step] for step in range(each.first, each.last + 1)) for each in classes)


def closed(evaluation: Evaluation, count: int) -> Survey:
    evaluation.answered(count)
    evaluation.shared()
    return Survey.objects.get(dialogue=evaluation.dialogue)


def test_while_a_survey_is_open_no_figure_is_shown(evaluation: Evaluation) -> None:
    found = results(evaluation.answered(8))
    assert (found.responses, found.asked, found.is_closed, found.figures, found.nps) == (8, 8, False, (), None)


def test_four_answers_show_nothing_and_five_do(evaluation: Evaluation) -> None:
    found = results(closed(evaluation, 4))
    assert (found.are_shown, found.figures, found.gains, found.percent) == (False, (), (), 50)


def test_figures_of_five_answers_stand_with_their_n(evaluation: Evaluation) -> None:
    found = results(closed(evaluation, 5))
    goal = next(figure for figure in found.figures if figure.key == "goal")
    assert (goal.n, goal.median, goal.mean, found.nps, found.percent) == (5, 4.0, 4.0, 100, 62)
    plan = next(gain for gain in found.gains if gain.key == "c_plan")
    assert (plan.n, plan.before, plan.now, plan.mean_gain) == (5, 2.0, 4.0, 2.0)
    unanswered = next(figure for figure in found.figures if figure.key == "safe")
    assert (unanswered.n, unanswered.is_shown, unanswered.classes) == (0, False, ())


def test_remarks_need_five_and_stand_in_an_order_that_says_nothing(evaluation: Evaluation) -> None:
    from majlis.steps.evaluate import actions

    evaluation.asked()
    for number, link in enumerate(evaluation.links()[:6]):
        remark = {"best": f"{9 - number} keep"} | ({"better": "change"} if number < 4 else {})
        actions.answer_survey(link=link, answers=ANSWERS | remark)
    evaluation.shared()
    found = results(Survey.objects.get(dialogue=evaluation.dialogue))
    assert [(item.key, [remark["body"] for remark in remarks]) for item, remarks in found.remarks] == [
        ("best", ["4 keep", "5 keep", "6 keep", "7 keep", "8 keep", "9 keep"])
    ]
