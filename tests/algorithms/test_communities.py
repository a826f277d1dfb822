"""Communities: planted groups are found, languages make none, the same input gives the same groups in any order."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.algorithms.communities import FEWEST, communities
from majlis.algorithms.embedding import Vectors, unit

LANGUAGES = ("en", "ar", "de", "fr")


def planted(each: int = 16, *, seed: int = 0) -> tuple[Vectors, list[str], list[str]]:
    """Three groups around three directions, languages mixed, with a trace of the language left in each vector."""
    draw = np.random.default_rng(seed)
    rows = np.repeat(np.eye(3, 24, dtype=np.float32), each, axis=0) + draw.normal(0, 0.15, (3 * each, 24))
    languages = [LANGUAGES[number % 4] for number in range(3 * each)]
    for number, language in enumerate(languages):
        rows[number, 3 + LANGUAGES.index(language)] += 0.3
    return unit(rows.astype(np.float32)), languages, [f"s{number:03}" for number in range(3 * each)]


def test_planted_groups_are_found_whatever_the_language() -> None:
    vectors, languages, keys = planted()
    found = communities(vectors, languages, keys)
    assert found.number == 3
    assert [set(found.labels[at : at + 16].tolist()) for at in (0, 16, 32)] == [{0}, {1}, {2}]
    assert found.stayed.min() > 0.9


@given(st.permutations(range(30)))
@settings(max_examples=4, deadline=None)
def test_the_order_of_statements_changes_nothing(order: list[int]) -> None:
    vectors, languages, keys = planted(10)
    plain = communities(vectors, languages, keys)
    turned = communities(vectors[order], [languages[n] for n in order], [keys[n] for n in order])
    assert turned.labels.tolist() == plain.labels[order].tolist()


def test_the_process_keeps_its_own_random_numbers() -> None:
    random.seed(7)
    expected = random.random()
    random.seed(7)
    communities(*planted(10))
    assert random.random() == expected


@pytest.mark.parametrize("count", [0, 1, FEWEST - 1])
def test_too_few_are_one_group(count: int) -> None:
    vectors, languages, keys = planted(10)
    found = communities(vectors[:count], languages[:count], keys[:count])
    assert found.labels.tolist() == [0] * count
    assert found.stayed.tolist() == [1] * count


def test_texts_without_words_belong_nowhere() -> None:
    vectors, languages, keys = planted(10)
    vectors[[3, 17]] = 0
    found = communities(vectors, languages, keys)
    assert np.flatnonzero(found.labels < 0).tolist() == [3, 17]
    assert found.stayed[[3, 17]].tolist() == [0, 0]


def test_one_language_and_equal_vectors_do_no_harm() -> None:
    same = unit(np.ones((12, 4), dtype=np.float32))
    found = communities(same, ["ar"] * 12, [str(n) for n in range(12)])
    assert set(found.labels.tolist()) <= set(range(12))
