"""A name is as certain as it stands out; keywords and central statements where none does."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.algorithms.concepts import Concepts
from majlis.algorithms.embedding import LanguageMeans, Vectors, unit
from majlis.algorithms.naming import NOBODY, Certainty, central, keywords, name

AXES = np.eye(4, dtype=np.float32)
# Three concepts along three axes; the fourth axis is what no concept knows.
THREE = Concepts(("A", "B", "C"), ("a", "b", "c"), np.arange(3), AXES[:3], AXES[:3], LanguageMeans())


def members(*shares: tuple[float, float, float, float]) -> Vectors:
    return unit(np.array(shares, dtype=np.float32))


@pytest.mark.parametrize(
    ("shares", "certainty"),
    [
        ((1, 0, 0, 0), Certainty.CERTAIN),
        ((0.5, 0.3, 0, 0.8), Certainty.CERTAIN),
        ((0.35, 0.3, 0, 0.88), Certainty.PROBABLE),
        ((0.8, 0.79, 0, 0), Certainty.CERTAIN),
        ((0.3, 0.25, 0.2, 0.9), Certainty.UNKNOWN),
        ((0, 0, 0, 1), Certainty.UNKNOWN),
    ],
)  # fmt: skip
def test_a_name_must_be_near_and_ahead(shares: tuple[float, float, float, float], certainty: Certainty) -> None:
    found = name([(members(*[shares] * 3), THREE)])
    assert (found.certainty, found.of) == (certainty, 3)
    assert found.code == "A"


def test_a_concept_that_is_near_to_everything_names_nothing() -> None:
    usual = np.array([[0.3, 0, 0], [0.09, 0.09, 0.09]], dtype=np.float32)
    everybodys = replace(THREE, usual=usual)
    said = members(*[(0.5, 0, 0, 0.87)] * 3)
    assert name([(said, THREE)]).certainty is Certainty.CERTAIN
    assert name([(said, everybodys)]).certainty is Certainty.PROBABLE


def test_two_statements_are_too_few() -> None:
    found = name([(members((1, 0, 0, 0), (1, 0, 0, 0)), THREE)])
    assert (found.code, found.certainty, found.votes) == ("A", Certainty.UNKNOWN, 2)


def test_two_models_decide_together() -> None:
    sure, unsure = members(*[(1, 0, 0, 0)] * 3), members(*[(0.1, 0, 0, 1)] * 3)
    assert name([(sure, THREE), (unsure, THREE)]).score == pytest.approx((2 + 2 * 0.0995) / 2 / 0.09, abs=1e-3)


def test_votes_tell_how_many_say_so() -> None:
    found = name([(members((1, 0, 0, 0), (0.9, 0.1, 0, 0), (0, 1, 0, 0), (1, 0, 0, 0.1)), THREE)])
    assert (found.code, found.votes, found.of) == ("A", 3, 4)


def test_texts_without_words_do_not_count() -> None:
    rows = np.vstack([members(*[(0, 1, 0, 0)] * 3), np.zeros((5, 4), dtype=np.float32)])
    assert name([(rows, THREE)]) == name([(rows[:3], THREE)])
    nothing = Concepts((), (), np.zeros(0, dtype=np.intp), AXES[:0], AXES[:0], LanguageMeans())
    for views in ([(np.zeros((2, 4), dtype=np.float32), THREE)], [], [(AXES[:0], THREE)], [(rows, nothing)]):
        assert name(views) == NOBODY


@given(st.lists(st.sampled_from([0, 1, 2, 3]), min_size=1, max_size=12), st.data())
def test_the_order_of_members_changes_nothing(said: list[int], data: st.DataObject) -> None:
    turned = data.draw(st.permutations(said))
    one, other = name([(AXES[said], THREE)]), name([(AXES[turned], THREE)])
    assert (one.certainty, one.of) == (other.certainty, other.of)
    assert one.score == pytest.approx(other.score, abs=1e-5)


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
