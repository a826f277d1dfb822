"""Vectors: what is cleaned, what counts as language, and that centring takes the language out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from majlis.algorithms import embedding
from majlis.algorithms.embedding import LanguageMeans, Vectors, centred, clean, language_of, standard_scores, unit

LANGUAGES = ["en", "ar", "de", "fr"]
ROWS = arrays.arrays(
    np.float32, st.tuples(st.integers(1, 12), st.just(5)), elements=st.floats(-1, 1, width=32, allow_subnormal=False)
)
WASTE = {
    "en": "Rubbish is not collected in our outer districts.",
    "ar": "لا تُجمع القمامة في أحيائنا البعيدة.",
    "de": "In unseren Außenbezirken wird der Müll nicht abgeholt.",
    "fr": "Les ordures ne sont pas ramassées dans nos quartiers éloignés.",
}
JOBS = {
    "en": "Young people find no work after school.",
    "ar": "لا يجد الشباب عملا بعد المدرسة.",
    "de": "Junge Leute finden nach der Schule keine Arbeit.",
    "fr": "Les jeunes ne trouvent pas de travail après l'école.",
}


def encoded(*texts: str) -> Vectors:
    return embedding.default_embedder().encode(texts)


def test_one_embedder_a_process_with_name_and_version() -> None:
    embedder = embedding.default_embedder()
    assert embedder is embedding.default_embedder()
    assert (embedder.name, embedder.dimensions) == ("use-multilingual-3", 512)
    assert embedder.version


@pytest.mark.parametrize("text", ["", "   ", "—", "😀🎉", "\n\n…"])
def test_a_text_without_words_has_no_direction(text: str) -> None:
    assert not encoded(text).any()
    assert embedding.sentences(text) == []


@pytest.mark.parametrize("text", ["ماء", "Wasser", "2030", "Nous cherchons إعادة التدوير und Partner", "wort " * 1000])
def test_any_words_have_a_direction_of_length_one(text: str) -> None:
    assert np.linalg.norm(encoded(text)) == pytest.approx(1, abs=1e-5)


def test_many_texts_at_once_are_as_each_by_itself() -> None:
    texts = ["", *WASTE.values(), "😀", *JOBS.values()]
    together = encoded(*texts)
    assert together.shape == (10, 512)
    for text, vector in zip(texts, together, strict=True):
        assert np.allclose(encoded(text)[0], vector, atol=1e-5)
    assert encoded().shape == (0, 512)


def test_vowel_signs_and_tatweel_change_nothing() -> None:
    assert clean("مَدِينَـــة  جديدة\n") == "مدينة جديدة"
    assert np.allclose(encoded("مَدِينَـــة جديدة"), encoded("مدينة جديدة"), atol=1e-5)


def test_hamza_stays_for_the_embedder() -> None:
    assert clean("إدارة") == "إدارة"


@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_sentences_of_four_scripts() -> None:
    assert embedding.sentences("Wir suchen Rat. Wer hilft? – …\nمن يساعد؟ نحتاج إلى خبير.") == [
        "Wir suchen Rat.", "Wer hilft?", "من يساعد؟", "نحتاج إلى خبير.",
    ]  # fmt: skip


@given(ROWS, st.data())
@settings(max_examples=60, deadline=None)
def test_centred_rows_have_length_one_or_zero(vectors: Vectors, data: st.DataObject) -> None:
    languages = data.draw(st.lists(st.sampled_from(LANGUAGES), min_size=len(vectors), max_size=len(vectors)))
    found = centred(vectors, languages, LanguageMeans.of(vectors, languages))
    lengths = np.linalg.norm(found, axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-3) | (lengths < 1e-3))
    assert not found[~vectors.any(axis=1)].any()


@given(ROWS, st.data())
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_changes_nothing(vectors: Vectors, data: st.DataObject) -> None:
    languages = data.draw(st.lists(st.sampled_from(LANGUAGES), min_size=len(vectors), max_size=len(vectors)))
    order = data.draw(st.permutations(range(len(vectors))))
    moved = [languages[number] for number in order]
    whole = LanguageMeans.of(vectors, languages)
    assert LanguageMeans.of(vectors[order], moved).counts == whole.counts
    assert np.allclose(centred(vectors[order], moved, whole), centred(vectors, languages, whole)[order])


def test_a_mean_of_few_counts_less() -> None:
    vectors = np.tile(np.array([1, 0], dtype=np.float32), (10, 1))
    shift = LanguageMeans.of(vectors, ["ar"] * 10).shift("ar")
    assert shift is not None
    assert shift.tolist() == [0.5, 0]
    assert LanguageMeans.of(vectors, ["ar"] * 10).shift("de") is None


def test_a_prior_stands_in_until_there_are_texts() -> None:
    prior = LanguageMeans.of(np.array([[1, 0]] * 30, dtype=np.float32), ["ar"] * 30)
    few = LanguageMeans.of(np.array([[0, 1]] * 10, dtype=np.float32), ["ar"] * 10)
    assert few.towards(prior).means["ar"].tolist() == [0.5, 0.5]
    assert few.towards(prior).counts["ar"] == 40
    assert LanguageMeans().towards(prior) == prior
    assert few.towards(LanguageMeans()).means["ar"].tolist() == [0, 1]


def test_an_arabic_need_is_nearer_to_its_german_meaning_than_to_other_arabic() -> None:
    texts, languages = [*WASTE.values(), *JOBS.values()], LANGUAGES * 2
    vectors = encoded(*texts)
    found = centred(vectors, languages, LanguageMeans.of(vectors, languages))
    cosines = found @ found.T
    for number in range(8):
        own, other = slice(number // 4 * 4, number // 4 * 4 + 4), slice(4 - number // 4 * 4, 8 - number // 4 * 4)
        assert cosines[number, own].min() > cosines[number, other].max()


@given(arrays.arrays(np.float32, st.integers(0, 20), elements=st.floats(-10, 10, width=32, allow_subnormal=False)))
def test_standard_scores_have_mean_zero(values: Vectors) -> None:
    found = standard_scores(values)
    assert found.shape == values.shape
    assert not len(values) or abs(float(found.mean())) < 1e-2
    assert np.all(np.isfinite(found))


def test_unit_leaves_zeros() -> None:
    assert unit(np.array([[3, 4], [0, 0]], dtype=np.float32)).tolist() == [
        [pytest.approx(0.6), pytest.approx(0.8)],
        [0, 0],
    ]


@pytest.mark.parametrize(
    ("text", "stated", "found"),
    [
        (WASTE["de"], "ar", "de"),
        (WASTE["ar"], "de", "ar"),
        ("Wir suchen für unsere Stadt einen Partner und haben nicht genug Geld", "fr", "de"),
        ("Partner", "fr", "fr"),
        ("Nous avons besoin d'aide pour le marché", "", "fr"),
        ("Gabès", "ar", "ar"),
        ("", "de", "de"),
        ("😀", "", ""),
        ("مشروع Smart City", "ar", "ar"),
    ],
)
def test_the_language_as_stated_unless_the_text_is_clearly_another(text: str, stated: str, found: str) -> None:
    assert language_of(text, stated) == found
