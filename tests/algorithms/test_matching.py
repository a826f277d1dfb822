"""Matching: an Arabic need finds the German solution, and says why; odd texts neither match nor break anything."""

from functools import cache

import numpy as np
import pytest

from majlis.algorithms.concepts import Concepts
from majlis.algorithms.embedding import default_embedder
from majlis.algorithms.matching import Item, Prepared, complementary, match, prepare
from majlis.algorithms.ranking import score
from majlis.network import terms

SOLUTIONS = [
    Item("s1", "dortmund", "de", "Die Stadt hilft gern. Ein Kompostwerk verwertet Bioabfall aus Haushalten und Märkten."),
    Item("s2", "tiznit", "fr", "École-atelier où de vieux orfèvres forment des jeunes."),
    Item("s3", "nablus", "ar", "مركز خدمات بنافذة واحدة لتراخيص الأعمال."),
    Item("s4", "leeds", "en", "Solar roofs on schools, paid back from what is saved."),
    Item("s5", "gabes", "ar", "أشجار وظلال في ساحات الأحياء."),
]  # fmt: skip
NEEDS = [
    Item("n1", "gabes", "ar", "تتراكم النفايات العضوية من السوق ونريد تحويلها إلى سماد."),
    Item(
        "n2", "mannheim", "de", "Eine Gewerbeanmeldung braucht viele Ämter; wir wünschen uns eine einzige Anlaufstelle."
    ),
    Item("n3", "sfax", "fr", "😀"),
    Item("n4", "irbid", "en", ""),
    Item("n5", "zahle", "en", "Energy! " + "We pay too much for the electricity of our school buildings. " * 85),
    Item("n6", "mosul", "de", "الحرفيون كبار السن ولا يوجد شباب يتعلمون الحرفة"),
    Item("n7", "amman", "ar", "Solarstrom"),
]


@cache
def themes() -> Concepts:
    return Concepts.of(terms.concepts(terms.themes()), default_embedder())


@cache
def prepared(which: str) -> Prepared:
    items = {"needs": NEEDS, "solutions": SOLUTIONS}[which]
    return prepare(items, [(default_embedder(), themes())], query=which == "needs")


def matched(key: str) -> list[str]:
    number = [need.key for need in NEEDS].index(key)
    return [each.key for each in match(prepared("needs"), number, prepared("solutions"))]


@pytest.mark.parametrize(("need", "solution"), [("n1", "s1"), ("n2", "s3"), ("n5", "s4"), ("n6", "s2"), ("n7", "s4")])
def test_each_need_finds_its_solution_in_another_language(need: str, solution: str) -> None:
    assert matched(need)[0] == solution


@pytest.mark.parametrize("need", ["n3", "n4"])
def test_what_says_nothing_matches_nothing(need: str) -> None:
    assert matched(need) == []


def test_a_match_says_why() -> None:
    best = match(prepared("needs"), 0, prepared("solutions"))[0]
    assert best.sentence == "Ein Kompostwerk verwertet Bioabfall aus Haushalten und Märkten."
    assert (best.language, best.codes) == ("de", ("GRN.01",))


def test_what_people_confirmed_is_the_reason() -> None:
    items = [
        Item("a", "x", "de", "Kompost", frozenset({"GRN.03"})),
        Item("b", "y", "ar", "سماد", frozenset({"GRN.03"})),
    ]
    both = prepare(items, [(default_embedder(), themes())])
    assert match(both, 0, both)[0].codes == ("GRN.03",)


def test_a_city_is_not_its_own_peer_and_rules_hold() -> None:
    assert "s5" not in matched("n1")
    found = match(prepared("needs"), 0, prepared("solutions"), allowed=lambda item: item.language == "ar")
    assert [each.key for each in found] == ["s3"]
    assert match(prepared("needs"), 0, prepared("solutions"), allowed=lambda item: False) == []


def test_the_wrong_language_is_seen() -> None:
    """n6 is Arabic although it says German, n7 German although it says Arabic."""
    assert matched("n6")[0] == "s2"
    assert matched("n7")[0] == "s4"


def test_nothing_to_match_with() -> None:
    empty = prepare([], [(default_embedder(), themes())])
    assert match(prepared("needs"), 0, empty) == []
    assert empty.views[0].whole.shape == (0, 512)


def test_scores_fall_and_z_is_over_the_candidates() -> None:
    found = match(prepared("needs"), 0, prepared("solutions"))
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert score(np.array([0.2, 0.2], dtype=np.float32), ["de", "ar"]).tolist() == [0, 0]
    assert score(np.array([], dtype=np.float32), []).tolist() == []


def test_seats_complement_each_other() -> None:
    wants = np.array([[1, 0], [0, 1]], dtype=np.float32)
    gives = np.array([[0, 1], [1, 0]], dtype=np.float32)
    assert complementary(wants, gives).tolist() == [[0, 1], [1, 0]]
    assert complementary(wants, wants).tolist() == [[0, 0], [0, 0]]
