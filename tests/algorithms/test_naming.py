"""A name is as certain as the members agree; keywords and central statements where there is none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.algorithms.concepts import Shares
from majlis.algorithms.naming import Certainty, central, keywords, name

CODES = ["A", "B", "C"]


def votes(*choices: str) -> Shares:
    return np.array([[0.9 if code == choice else 0.1 for code in CODES] for choice in choices], dtype=np.float32)


@pytest.mark.parametrize(
    ("said", "code", "certainty"),
    [
        ("AAAAABBC", "A", Certainty.CERTAIN),
        ("AAAABBBC", "A", Certainty.CERTAIN),
        ("AAAABBBCCC", "A", Certainty.PROBABLE),
        ("AAABBBCC", "A", Certainty.UNKNOWN),
        ("AA", "A", Certainty.UNKNOWN),
        ("AAA", "A", Certainty.CERTAIN),
    ],
)  # fmt: skip
def test_half_is_certain_two_in_five_probable_and_two_are_too_few(said: str, code: str, certainty: Certainty) -> None:
    found = name([votes(*said)], CODES)
    assert (found.code, found.certainty) == (code, certainty)
    assert found.share == said.count(code) / len(said)


def test_two_models_of_one_statement_are_one_witness() -> None:
    assert name([votes("A", "A"), votes("A", "A")], CODES).certainty is Certainty.UNKNOWN
    assert name([votes("A", "A", "A"), votes("A", "B", "B")], CODES).share == pytest.approx(4 / 6)


def test_equal_votes_go_to_the_nearer_concept() -> None:
    rows = np.array([[0.9, 0.1, 0], [0.6, 0.7, 0]], dtype=np.float32)
    assert name([rows], CODES).code == "A"


def test_texts_without_words_do_not_vote() -> None:
    assert name([np.vstack([votes("B", "B", "B"), np.zeros((5, 3), dtype=np.float32)])], CODES).share == 1
    for nothing in ([np.zeros((2, 3), dtype=np.float32)], [], [np.zeros((0, 3), dtype=np.float32)]):
        assert name(nothing, CODES).certainty is Certainty.UNKNOWN
    assert name([np.zeros((2, 0), dtype=np.float32)], []).code == ""


@given(st.lists(st.sampled_from(CODES), min_size=1, max_size=12), st.data())
def test_the_order_of_members_changes_nothing(said: list[str], data: st.DataObject) -> None:
    turned = data.draw(st.permutations(said))
    assert name([votes(*said)], CODES) == name([votes(*turned)], CODES)


def test_keywords_are_what_the_group_says_and_others_do_not() -> None:
    inside = ["Müll sammeln in der Stadt", "Der Müll wird in der Stadt verbrannt", "Weniger Müll!"]
    outside = ["Arbeit für junge Leute in der Stadt", "Die Stadt braucht Lehrer", "Wasser in der Stadt"]
    assert keywords(inside, outside) == ["Müll"]
    assert keywords([], outside) == keywords(["Müll"], []) == []


def test_keywords_in_arabic_join_spellings() -> None:
    inside = ["إعادة التدوير في المدينة", "اعادة التدوير مشروع"]
    assert set(keywords(inside, ["مشروع ماء", "الشباب في المدينة"])) == {"إعادة", "التدوير"}


def test_the_most_central_comes_first() -> None:
    assert central(np.array([[1, 0], [0.8, 0.6], [0, 1]], dtype=np.float32)) == [1, 0, 2]
    assert central(np.zeros((0, 2), dtype=np.float32)) == []
