"""Letters: folding as people type, 4-grams, BM25 against the plain formula, and the excess."""

from collections import Counter
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.algorithms.lexical import K1, B, Bm25, excess, fold, fold_grams

TEXTS = st.lists(st.text(alphabet="abc é ماء", max_size=12), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إعادة تدوير", "اعاده تدوير"), ("مَدِينَـــة", "مدينه"), ("مستشفى", "مستشفي"), ("Éclairage", "eclairage"),
        ("STRASSE", "Straße"), ("Cœur", "coeur"), ("مسؤول", "مسوول"), ("ᴬﬁ", "afi"),
    ],
)  # fmt: skip
def test_what_people_type_in_a_hurry_is_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_grams_of_words_between_blanks() -> None:
    assert fold_grams("Rue, 3!") == [" rue", "rue ", " 3 "]
    assert fold_grams("") == fold_grams("😀 — …") == []


def _plain(texts: list[str], query: str, number: int) -> float:
    counted = [Counter(fold_grams(text)) for text in texts]
    mean = max(sum(c.total() for c in counted) / len(counted), 1)
    total = possible = 0.0
    for gram in set(fold_grams(query)):
        holding = sum(gram in c for c in counted)
        idf = log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
        count = counted[number][gram]
        possible += idf
        total += idf * count * (K1 + 1) / (count + K1 * (1 - B + B * counted[number].total() / mean))
    return total / possible if possible else 0


@given(TEXTS, st.text(alphabet="abc é ماء", max_size=12))
@settings(max_examples=80, deadline=None)
def test_scores_are_the_formulas(texts: list[str], query: str) -> None:
    found = Bm25(texts).scores(query)
    assert found.tolist() == pytest.approx([_plain(texts, query, number) for number in range(len(texts))], abs=1e-4)


def test_a_misspelt_word_is_still_found() -> None:
    texts = ["إعادة تدوير النفايات", "الحرف التقليدية", "Abfallwirtschaftskonzept", "Tourismus"]
    index = Bm25(texts)
    assert int(index.scores("تدويرر النفيات").argmax()) == 0
    assert int(index.scores("Abfall").argmax()) == 2


def test_nothing_to_search_in_and_nothing_asked() -> None:
    assert Bm25([]).scores("waste").tolist() == []
    assert Bm25(["waste"]).scores("").tolist() == [0]


@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.sampled_from(["ar", "de"])), max_size=20))
def test_only_what_stands_out_from_its_language_counts(rows: list[tuple[float, str]]) -> None:
    scores, languages = np.array([row[0] for row in rows], dtype=np.float32), [row[1] for row in rows]
    found = excess(scores, languages)
    assert np.all(found >= 0)
    assert np.all(found <= scores)
    for language in ("ar", "de"):
        own = [number for number, spoken in enumerate(languages) if spoken == language]
        assert sum(found[number] > 0 for number in own) <= 4 or len(own) < 5
