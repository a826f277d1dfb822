"""The spine: each step opens when the one before it is done, and never earlier."""

from datetime import UTC, datetime

import pytest

from majlis.dialogue import actions
from majlis.dialogue.models import Dialogue, Session, Step, StepRecord
from majlis.dialogue.rules import Condition, Gate, require_open
from majlis.journal.queries import entries
from majlis.language.models import Text
from majlis.web.refused import Forbidden, NotNow, Refused
from majlis.web.sentences import Sentence
from tests.world import World

OPEN_GATE = Gate([Condition(Sentence("All is there"), True)])
SHUT_GATE = Gate([Condition(Sentence("All is there"), True), Condition(Sentence("The goal is missing"), False)])


def states(dialogue: Dialogue) -> list[str]:
    return list(StepRecord.objects.filter(dialogue=dialogue).order_by("position").values_list("state", flat=True))


def test_a_new_dialogue_stands_at_its_first_step(world: World) -> None:
    assert states(world.dialogue(0)) == ["open", "closed", "closed", "closed", "closed", "closed"]


def test_completing_opens_the_next_step(world: World) -> None:
    dialogue = world.dialogue(0)
    actions.complete_step(by=world.secretariat, dialogue=dialogue, step=Step.CLUSTER, gate=OPEN_GATE)
    assert states(dialogue) == ["done", "open", "closed", "closed", "closed", "closed"]
    assert entries(dialogue.scope).first().act == "dialogue.complete_step"  # type: ignore[union-attr]


@pytest.mark.parametrize("step", list(Step))
def test_a_shut_gate_refuses_in_words(world: World, step: Step) -> None:
    dialogue = world.at(world.dialogue(0), step)
    with pytest.raises(NotNow) as refused:
        actions.complete_step(by=world.secretariat, dialogue=dialogue, step=step, gate=SHUT_GATE)
    assert "The goal is missing" in str(refused.value)


@pytest.mark.parametrize("step", list(Step)[1:])
def test_a_closed_step_cannot_be_completed_or_acted_in(world: World, step: Step) -> None:
    dialogue = world.dialogue(0)
    with pytest.raises(NotNow):
        actions.complete_step(by=world.secretariat, dialogue=dialogue, step=step, gate=OPEN_GATE)
    with pytest.raises(NotNow):
        require_open(dialogue, step)
    assert states(dialogue)[0] == "open"


@pytest.mark.parametrize("role", ["facilitator", "observer", "practitioner"])
def test_only_the_secretariat_moves_the_spine(world: World, role: str) -> None:
    dialogue, account = world.dialogue(0), world.account(role)
    with pytest.raises(Forbidden):
        actions.complete_step(by=account, dialogue=dialogue, step=Step.CLUSTER, gate=OPEN_GATE)
    with pytest.raises(Forbidden):
        actions.create_dialogue(by=account, slug="x", title=Text("en", "x"), organiser=Text(), languages=["en"])


def test_reopening_closes_what_comes_after(world: World) -> None:
    dialogue = world.at(world.dialogue(0), Step.INVITE)
    actions.reopen_step(by=world.secretariat, dialogue=dialogue, step=Step.CLUSTER)
    assert states(dialogue) == ["open", "closed", "closed", "closed", "closed", "closed"]
    with pytest.raises(NotNow):
        actions.reopen_step(by=world.secretariat, dialogue=dialogue, step=Step.REPORT)


def test_partners_join_once(world: World) -> None:
    dialogue, city = world.dialogue(0), world.city()
    assert len(actions.add_partners(by=world.secretariat, dialogue=dialogue, cities=[city, city])) == 1
    assert actions.add_partners(by=world.secretariat, dialogue=dialogue, cities=[city]) == []


def test_somebody_of_another_city_cannot_take_part(world: World) -> None:
    dialogue, stranger = world.dialogue(1), world.person(world.city(5))
    with pytest.raises(Refused):
        actions.add_participants(by=world.secretariat, dialogue=dialogue, people=[stranger])


def plan(world: World, dialogue: Dialogue, hour: int) -> Session:
    return actions.plan_session(
        by=world.secretariat, dialogue=dialogue, code="S1", title=Text("en", "Opening"),
        starts_at=datetime(2026, 9, 29, hour, tzinfo=UTC), minutes=150,
    )  # fmt: skip


def test_a_moved_session_raises_its_sequence(world: World) -> None:
    dialogue = world.dialogue(0)
    assert [plan(world, dialogue, hour).sequence for hour in (9, 9, 10)] == [0, 0, 1]


def test_cancelling_a_session_needs_a_reason(world: World) -> None:
    session = plan(world, world.dialogue(0), 9)
    with pytest.raises(Refused):
        actions.set_session_state(by=world.secretariat, session=session, state=Session.State.CANCELLED, reason=" ")
    actions.set_session_state(by=world.secretariat, session=session, state=Session.State.CANCELLED, reason="storm")
    with pytest.raises(NotNow):
        actions.set_session_state(by=world.secretariat, session=session, state=Session.State.HELD)
