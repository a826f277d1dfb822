"""Holding sessions through the actions: gates, clock, attendance, closing."""

import pytest

from majlis.dialogue.models import Session, Step, StepRecord
from majlis.journal.models import Entry
from majlis.language.models import Text
from majlis.room import actions as rooms
from majlis.room.models import Room
from majlis.steps.enable import actions
from majlis.steps.enable.models import AgendaBlock, Attendance, Group
from majlis.steps.enable.rules import gate
from majlis.web.refused import Forbidden, NotNow, Refused
from tests.steps.enable.setting import at_enable, bring, givers, practitioners
from tests.world import World


def test_blocks_are_checked(world: World) -> None:
    dialogue = at_enable(world, 2, ("S1",), blocks=False)
    session, by = dialogue.sessions.get(), world.secretariat
    for blocks, words in (
        ([], "at least one block"),
        ([("DANCE", 5)], "no kind of block called “DANCE”"),
        ([("WELCOME", 40)], "takes 5 to 15 minutes, not 40"),
        ([("CONSULT", 90), ("WORLDCAFE", 90)], "The blocks take 180 minutes, but session S1 lasts 150"),
    ):
        with pytest.raises(Refused, match=words):
            actions.plan_blocks(by=by, session=session, blocks=blocks)
    with pytest.raises(Forbidden):
        actions.plan_blocks(by=practitioners(dialogue)[0].person.account, session=session, blocks=[("WELCOME", 5)])
    assert AgendaBlock.objects.count() == 0
    actions.plan_blocks(by=by, session=session, blocks=[("WELCOME", 5), ("CHECKIN", 10)])
    actions.plan_blocks(by=by, session=session, blocks=[("CHECKIN", 15)])
    assert list(session.blocks.values_list("code", "minutes")) == [("CHECKIN", 15)]
    actions.plan_rounds(by=by, dialogue=dialogue, seed=1)
    actions.plan_blocks(by=by, session=session, blocks=[("CHECKIN", 10)])
    with pytest.raises(NotNow, match="only minutes may change"):
        actions.plan_blocks(by=by, session=session, blocks=[("WELCOME", 5), ("CHECKIN", 10)])
    assert list(session.blocks.values_list("code", "minutes")) == [("CHECKIN", 10)]


def test_a_session_from_start_to_close(world: World) -> None:
    dialogue = at_enable(world, 4)
    session, by = dialogue.sessions.get(code="S2"), world.secretariat
    actions.plan_rounds(by=by, dialogue=dialogue, seed=1, groups=2)
    people = practitioners(dialogue)
    with pytest.raises(NotNow, match="has not begun yet"):
        actions.record_attendance(by=people[0].person.account, session=session, participant=people[0])
    with pytest.raises(Forbidden):
        actions.start_session(by=people[0].person.account, session=session)
    assert actions.start_session(by=by, session=session).state == Session.State.RUNNING
    with pytest.raises(NotNow, match="is running"):
        actions.start_session(by=by, session=session)
    assert [bool(block.started_at) for block in session.blocks.all()] == [True, False, False, False, False, False]
    assert actions.next_block(by=by, session=session, after=1).code == "CHECKIN"
    with pytest.raises(NotNow, match="moved on"):
        actions.next_block(by=by, session=session, after=1)
    with pytest.raises(Forbidden, match="only for yourself"):
        actions.record_attendance(by=people[0].person.account, session=session, participant=people[1])
    actions.record_attendance(by=people[0].person.account, session=session, participant=people[0])
    actions.record_attendance(by=people[0].person.account, session=session, participant=people[0])
    # Whoever joined a room of the session was there.
    group = Group.objects.filter(round__block__session=session).first()
    assert group is not None
    seat = group.seats.exclude(participant=people[0]).select_related("participant__person__account").first()
    assert seat is not None
    rooms.join(by=seat.participant.person.account, room=group.room)
    assert actions.close_session(by=by, session=session).state == Session.State.HELD
    assert set(Attendance.objects.values_list("participant", flat=True)) == {people[0].pk, seat.participant_id}
    assert not session.blocks.filter(started_at__isnull=False, ended_at=None).exists()
    with pytest.raises(NotNow, match="already closed"):
        actions.next_block(by=by, session=session)
    assert list(Entry.objects.filter(act="enable.record_attendance").values_list("subject", flat=True)) == [
        f"session:{session.pk}"
    ]


def test_attendance_noted_by_the_facilitator(world: World) -> None:
    dialogue = at_enable(world, 2, ("S1",))
    session, by, people = dialogue.sessions.get(), world.secretariat, practitioners(dialogue)
    actions.start_session(by=by, session=session)
    actions.note_attendance(by=by, session=session, present=people[:3])
    actions.note_attendance(by=by, session=session, present=people[1:])
    assert set(Attendance.objects.values_list("participant", flat=True)) == {each.pk for each in people[1:]}


def test_cancelling_needs_a_reason_and_cancels_rooms(world: World) -> None:
    dialogue = at_enable(world, 4)
    session, by = dialogue.sessions.get(code="S2"), world.secretariat
    actions.plan_rounds(by=by, dialogue=dialogue, seed=1, groups=2)
    assert gate(dialogue).conditions[1].is_met
    with pytest.raises(Refused, match="Say why"):
        actions.cancel_session(by=by, session=session, reason="  ")
    actions.cancel_session(by=by, session=session, reason="The bridge is down")
    assert set(Room.objects.filter(group__round__block__session=session).values_list("state", flat=True)) == {
        "cancelled"
    }
    # Its consultations no longer count.
    assert not gate(dialogue).conditions[1].is_met


def test_the_gate_in_words_and_at_the_server(world: World) -> None:
    dialogue = at_enable(world, 4)
    by = world.secretariat
    sessions, people = gate(dialogue).conditions
    assert str(sessions.sentence) == "0 of 2 sessions are held or cancelled with a reason; still to come: S1, S2"
    assert str(people.sentence) == "0 of 8 participants sit in at least one consultation"
    assert len(people.waits_for) == 4
    with pytest.raises(NotNow, match="cannot be completed yet"):
        actions.complete(by=by, dialogue=dialogue)
    assert StepRecord.objects.get(dialogue=dialogue, step=Step.EVALUATE).state == "closed"
    actions.plan_rounds(by=by, dialogue=dialogue, seed=1, groups=2)
    for session in dialogue.sessions.all():
        actions.start_session(by=by, session=session)
        actions.close_session(by=by, session=session)
    assert [str(condition.sentence) for condition in gate(dialogue).conditions] == [
        "All 2 sessions are closed: 2 held, 0 cancelled with a reason",
        "All 8 participants sit in at least one consultation",
    ]
    with pytest.raises(Forbidden):
        actions.complete(by=practitioners(dialogue)[0].person.account, dialogue=dialogue)
    actions.complete(by=by, dialogue=dialogue)
    assert StepRecord.objects.get(dialogue=dialogue, step=Step.EVALUATE).state == "open"
    with pytest.raises(NotNow, match="is done"):
        actions.cancel_session(by=by, session=dialogue.sessions.all()[0], reason="late")


def test_a_case_is_brought_once_and_rewritten_until_its_room_stands(world: World) -> None:
    dialogue = at_enable(world, 4)
    giver, other = givers(dialogue)[0], givers(dialogue)[1]
    with pytest.raises(Refused, match="one sentence"):
        actions.bring_case(by=giver.person.account, participant=giver, key_question=Text("en", " "), themes=[])
    with pytest.raises(Refused, match="no theme with the code “XX"):
        actions.bring_case(by=giver.person.account, participant=giver, key_question=Text("en", "How?"), themes=["XX.9"])
    with pytest.raises(Forbidden):
        actions.bring_case(by=other.person.account, participant=giver, key_question=Text("en", "How?"), themes=[])
    bring(dialogue, giver)
    bring(dialogue, giver, dialogue.sessions.get(code="S2"))
    brought = dialogue.brought_cases.get()
    assert brought.session == dialogue.sessions.get(code="S2")
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=2)
    with pytest.raises(NotNow, match="your case has its room"):
        bring(dialogue, giver)
