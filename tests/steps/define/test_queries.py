"""Central quotes, the matrix of needs and visions, results of the dots."""

import pytest

from majlis.dialogue.models import Dialogue, Step
from majlis.language.models import Text
from majlis.network.models import Statement
from majlis.steps.define import actions
from majlis.steps.define.queries import central, coverage, results, topic_views
from majlis.steps.define.queries.topics import Held
from majlis.steps.define.rules import standing
from tests.world import World


@pytest.fixture
def dialogue(world: World) -> Dialogue:
    return world.at(world.dialogue(4), Step.DEFINE)


def said(pk: int, language: str, *themes: str) -> Statement:
    return Statement(pk=pk, kind="need", text=Text(language, str(pk)), themes=list(themes))


def test_central_is_what_speaks_for_many_and_the_next_voice_is_in_another_language() -> None:
    all_of_them = [said(1, "de", "B"), said(2, "de", "A"), said(3, "de", "A"), said(4, "fr", "B"), said(5, "ar", "A")]
    assert [each.pk for each in central(all_of_them, all_of_them, 2)] == [2, 5]
    assert [each.pk for each in central(all_of_them, all_of_them, 1, heard={"de", "ar"})] == [4]
    assert [each.pk for each in central(all_of_them[:3], all_of_them, 5)] == [2, 3, 1]
    assert central([], all_of_them) == []
    assert [each.pk for each in central([said(9, "en"), said(1, "en", "A")], all_of_them, 1)] == [1]


def test_the_matrix_counts_needs_and_visions(world: World, dialogue: Dialogue) -> None:
    topic = actions.propose_topics(by=world.secretariat, dialogue=dialogue, count=1)[0]
    found = coverage(standing(dialogue), dialogue)
    # No clusters stand in this small world: all partners are in one row group without a name.
    [(cluster, rows)] = found.clusters
    assert cluster is None
    assert [cells for _partner, cells in rows] == [[Held(1, 1)]] * 4
    assert found.totals == [Held(4, 4)]
    [view] = topic_views(standing(dialogue), dialogue)
    assert (view.topic, view.number, len(view.partners), view.missing_names) == (topic, 1, 4, [])
    assert [each.kind for each in view.quotes] == ["need", "vision"]
    assert len({each.text.language for each in view.quotes}) == 2


def test_results_are_in_the_order_of_the_list_and_name_no_city(world: World, dialogue: Dialogue) -> None:
    one, two = actions.propose_topics(by=world.secretariat, dialogue=dialogue, count=2)
    for partner in dialogue.partners.all()[:3]:
        actions.vote(by=world.secretariat, partner=partner, dots={one.pk: 1, two.pk: 4})
    assert [(each.topic, each.dots, each.voters) for each in results(dialogue)] == [(one, 3, 3), (two, 12, 3)]
