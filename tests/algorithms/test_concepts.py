"""Themes first: the vocabulary is whole, statements find their theme in any language, odd texts find none."""

from functools import cache

import numpy as np
import pytest

from majlis.algorithms.concepts import Assigned, Concept, Concepts, shared
from majlis.algorithms.embedding import Vectors, centred, default_embedder
from majlis.language.models import LANGUAGES
from majlis.network import terms
from majlis.projects.terms import need_types, resource_types


@cache
def themes() -> Concepts:
    return Concepts.of(terms.concepts(terms.themes()), default_embedder())


def seen(*texts: tuple[str, str]) -> Vectors:
    raw = default_embedder().encode([text for text, _language in texts])
    return centred(raw, [language for _text, language in texts], themes().means)


def test_every_term_has_two_to_four_examples_in_four_languages() -> None:
    wanted = {*terms.themes(), *terms.sdgs(), *need_types(), *resource_types()}
    assert set(terms.examples()) == wanted
    assert (len(terms.themes()), len(need_types()), len(resource_types()), len(terms.sdgs())) == (48, 10, 11, 17)
    for code, sentences in terms.examples().items():
        assert 2 <= len(sentences) <= 4, code
        assert all(set(sentence) == set(LANGUAGES) and all(sentence.values()) for sentence in sentences), code


def test_the_goals_have_names_in_four_languages() -> None:
    assert [goal["num"] for goal in terms.sdgs().values()] == list(range(1, 18))
    assert all(set(terms.names(goal)) == set(LANGUAGES) for goal in terms.sdgs().values())


def test_no_example_is_said_twice() -> None:
    texts = [text for sentences in terms.examples().values() for sentence in sentences for text in sentence.values()]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("Unsere Kompostanlage verwertet Biomüll und Plastikabfälle aus den Haushalten.", "de", "GRN.01"),
        ("نريد تركيب ألواح شمسية على المباني البلدية", "ar", "GRN.02"),
        ("Les jeunes diplômés sont au chômage et quittent la ville.", "fr", "LIV.02"),
        ("Street vendors should get legal stalls in the market street.", "en", "LIV.07"),
        ("يعيش اللاجئون السوريون مع السكان ويحتاجون إلى فرص عمل", "ar", "LIV.08"),
    ],
)
def test_a_statement_finds_its_theme_in_its_language(text: str, language: str, code: str) -> None:
    assert code in [each.code for each in themes().assign(seen((text, language)))[0]]


def test_each_assignment_says_because_of_what() -> None:
    (found,) = themes().assign(seen(("Wir wollen Müll trennen und daraus Kompost machen.", "de")))
    assert found[0].code == "GRN.01"
    assert found[0].because in [text for row in terms.examples()["GRN.01"] for text in row.values()] + list(
        terms.names(terms.themes()["GRN.01"]).values()
    )
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


@pytest.mark.parametrize(
    "text", ["", "😀🎉", "Abc", "Das Spiel endete drei zu zwei nach Verlängerung.", "Il fait beau aujourd'hui."]
)
def test_what_is_about_nothing_of_ours_gets_no_theme(text: str) -> None:
    assert themes().assign(seen((text, "de"))) == [[]]


def test_a_new_concept_works_at_once_from_its_name_alone() -> None:
    names = {"en": "Beekeeping", "ar": "تربية النحل", "de": "Imkerei", "fr": "Apiculture"}
    both = Concepts.of([*terms.concepts(terms.themes()), Concept("OWN.01", names)], default_embedder())
    raw = default_embedder().encode(["نربي النحل ونبيع العسل", "Wir fördern die Bienenzucht"])
    assert [each[0].code for each in both.assign(centred(raw, ["ar", "de"], both.means))] == ["OWN.01", "OWN.01"]


def test_profiles_are_shares_of_like_things() -> None:
    texts = (
        ("Müll trennen", "de"),
        ("فرز النفايات وإعادة تدويرها", "ar"),
        ("Berufsschule für Elektriker", "de"),
        ("", "de"),
    )
    profiles = themes().profiles(seen(*texts))
    assert np.linalg.norm(profiles, axis=1).tolist() == [pytest.approx(1, abs=1e-4)] * 3 + [0]
    alike = profiles @ profiles.T
    assert alike[0, 1] > alike[0, 2]
    assert alike[:3, :3].max() <= 1 + 1e-5


def test_without_a_vocabulary_nothing_is_assigned() -> None:
    none = Concepts.of([], default_embedder())
    vectors = default_embedder().encode(["waste"])
    assert none.assign(vectors) == [[]]
    assert none.profiles(vectors).shape == (1, 0)


def test_shared_codes_come_strongest_first() -> None:
    one = [Assigned("A", 0.5, ""), Assigned("B", 0.4, ""), Assigned("C", 0.3, "")]
    other = [Assigned("B", 0.9, ""), Assigned("A", 0.3, "")]
    assert shared(one, other) == ("B", "A")
    assert shared(one, []) == ()


def test_how_near_other_texts_are_is_taken_without_the_concepts_own() -> None:
    usual = themes().usual
    assert usual is not None
    mean, spread = usual
    assert len(mean) == len(spread) == 48
    assert np.all(np.abs(mean) < 0.2) and np.all((spread >= 0.045) & (spread < 0.2))
    number = themes().codes.index("GRN.01")
    others = themes().vectors[themes().owners != number] @ themes().centres[number]
    assert (mean[number], spread[number]) == pytest.approx((others.mean(), others.std()), abs=1e-5)
    out = themes().standing_out(themes().vectors[themes().owners == number])[:, number]
    assert out.mean() > 3


def test_a_small_vocabulary_learns_from_a_larger_one_what_is_usual() -> None:
    names = {"en": "Beekeeping", "ar": "تربية النحل", "de": "Imkerei", "fr": "Apiculture"}
    alone = Concepts.of([Concept("OWN.01", names)], default_embedder())
    beside = Concepts.of([Concept("OWN.01", names)], default_embedder(), beside=themes())
    assert (alone.usual, alone.means) == (None, alone.of_names)
    assert beside.usual is not None and beside.usual.shape == (2, 1)
    assert beside.means == themes().means
    bees, taxes = seen(("Wir halten Bienen auf den Dächern.", "de"), ("Die Steuern sind zu hoch.", "de"))
    assert beside.standing_out(bees[None])[0, 0] > 3 > beside.standing_out(taxes[None])[0, 0]
