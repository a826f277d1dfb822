"""Statements without a theme count by what they mean, once the index has read them."""

import pytest

from majlis.algorithms import clustering
from majlis.dialogue.models import Dialogue
from majlis.language.models import Text
from majlis.network.models import Statement
from majlis.search.actions import refresh
from majlis.steps.cluster.queries import Wish, algorithm_input, question
from tests.world import World

pytestmark = pytest.mark.django_db
WATER = [
    ("de", "Unsere Wasserleitungen verlieren die Hälfte des Trinkwassers"),
    ("ar", "شبكة مياه الشرب قديمة وتتسرب منها كميات كبيرة"),
    ("fr", "Les fuites du réseau d'eau potable coûtent cher à la ville"),
]
YOUTH = [
    ("de", "Junge Leute finden keine Arbeit und ziehen weg"),
    ("ar", "الشباب عاطلون عن العمل ويهاجرون"),
    ("fr", "Les jeunes diplômés sont au chômage et quittent la ville"),
]


def said(world: World) -> tuple[Dialogue, list[str]]:
    dialogue, keys = world.dialogue(6), []
    for number, partner in enumerate(dialogue.partners.order_by("pk")):
        language, words = (WATER, YOUTH)[number % 2][number // 2]
        Statement.objects.filter(city=partner.city).delete()
        Statement.objects.create(
            city=partner.city, kind="need", text=Text(language, words), themes=[], key=f"n{number}"
        )
        keys.append(str(partner.pk))
    return dialogue, keys


def test_cities_of_one_concern_in_three_languages_meet_without_any_theme(world: World) -> None:
    dialogue, keys = said(world)
    assert algorithm_input(dialogue).by_scores == 0
    refresh()
    asked = question(dialogue, Wish({"region": 0, "needs": 1, "vision": 0, "zones": 0}, 3, 3, 2))
    assert asked.problem.by_scores == 1
    found = dict(
        zip(
            [city.key for city in asked.problem.cities],
            asked.solved(seed=1, is_tried_only=True).assignment,
            strict=True,
        )
    )
    assert len({found[key] for key in keys[::2]}) == len({found[key] for key in keys[1::2]}) == 1


def test_themes_that_people_gave_decide_for_their_part(world: World, django_assert_num_queries: object) -> None:
    dialogue, _keys = said(world)
    refresh()
    Statement.objects.filter(key__in=["n0", "n1", "n2"]).update(themes=["GRN.03"])
    given = algorithm_input(dialogue)
    assert given.by_scores == 0.5
    assert {len(city.need_scores) for city in given.cities} == {48 + 512}
    assert {city.vision_scores for city in given.cities} == {()}
    Statement.objects.update(themes=["GRN.03"])
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert algorithm_input(dialogue).cities == tuple(
            clustering.City(city.key, city.country, city.region, frozenset({"GRN.03"}), hours=city.hours)
            for city in given.cities
        )
