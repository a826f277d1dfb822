"""Statements without a theme count by what they mean, once the index has read them."""

import pytest
from django.utils.translation import override

from majlis.algorithms import clustering
from majlis.dialogue.models import Dialogue
from majlis.language.models import Text
from majlis.network.models import Statement
from majlis.search.actions import refresh
from majlis.steps.cluster.actions import propose
from majlis.steps.cluster.queries import Wish, algorithm_input, question
from majlis.web.sentences import Sentence
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


def test_a_city_is_told_what_was_read_and_that_nobody_has_confirmed_it(world: World) -> None:
    dialogue, keys = said(world)
    refresh()
    wish = Wish({"region": 0, "needs": 1, "vision": 0, "zones": 0}, 3, 3, 2)
    proposal = propose(
        by=world.secretariat, dialogue=dialogue, weights=wish.weights, smallest=3, largest=3, count=2, seed=1
    )
    reason = Sentence.from_json(proposal.places.get(partner=int(keys[1])).reason)
    others = dialogue.partners.filter(pk__in=[keys[3], keys[5]])
    with override("de"):
        said_to_it = str(reason)
        assert said_to_it.startswith("Majlis liest aus ihren Aussagen „")
        assert all(str(partner.city.name) in said_to_it for partner in others)
        assert said_to_it.endswith("noch hat niemand diese Themen bestätigt.")
