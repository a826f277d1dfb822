"""Statements without a theme are read by meaning: the real encoder, four languages, nothing invented."""

import pytest

from majlis.dialogue.models import Dialogue, Step
from majlis.language.models import Text
from majlis.network.models import Statement
from majlis.steps.define import actions, queries
from majlis.steps.define.meaning import read
from majlis.steps.define.models import Proposal
from tests.world import World


@pytest.fixture
def dialogue(world: World) -> Dialogue:
    return world.at(world.dialogue(4), Step.DEFINE)


def say(statement: Statement | None, language: str, body: str) -> Statement:
    assert statement is not None
    statement.text, statement.themes = Text(language, body), []
    statement.save()
    return statement


def test_nothing_is_read_where_all_have_themes(dialogue: Dialogue) -> None:
    assert read(queries.statements(dialogue)).as_json() == {}


def test_an_arabic_need_without_a_theme_finds_its_topic_and_says_why(world: World, dialogue: Dialogue) -> None:
    said = queries.statements(dialogue)
    waste = say(said[0], "ar", "نريد فرز النفايات المنزلية وتدويرها وتحويل العضوي منها إلى سماد")
    mute = say(said[-1], "de", "🙂")
    proposal = actions.ask_proposal(by=world.secretariat, dialogue=dialogue)
    actions.work_off(proposal_id=proposal.pk)
    proposal = Proposal.objects.get()
    assert proposal.state == "done"
    found = proposal.read[str(waste.pk)]
    assert found[0]["code"] == "GRN.01"
    assert found[0]["because"]
    green = next(topic for topic in dialogue.topics.all() if waste in topic.statements.all())
    assert any("GRN.01" in each.themes for each in green.statements.all())
    # What has no words is tied to nothing, and its own themes stay empty: a person decides.
    assert not mute.topics.exists()
    assert Statement.objects.get(pk=waste.pk).themes == []


def test_where_no_theme_is_there_at_all_the_statements_still_give_topics(world: World, dialogue: Dialogue) -> None:
    bodies = [
        ("fr", "Former les jeunes aux métiers et leur trouver un emploi"), ("fr", "Des jeunes qui travaillent dans leur ville"),
        ("de", "Junge Menschen finden nach der Ausbildung keine Arbeit"), ("de", "Jeder junge Mensch hat eine Stelle"),
        ("ar", "بطالة الشباب مرتفعة ونحتاج إلى التدريب المهني"), ("ar", "مدينة يجد فيها كل شاب عملاً"),
        ("en", "Young people leave because there are no jobs"), ("en", "A town where the young find decent work"),
    ]  # fmt: skip
    for statement, (language, body) in zip(queries.statements(dialogue), bodies, strict=True):
        say(statement, language, body)
    made = actions.propose_topics(by=world.secretariat, dialogue=dialogue)
    assert {each.city_id for topic in made for each in topic.statements.all()} == {
        partner.city_id for partner in dialogue.partners.all()
    }
