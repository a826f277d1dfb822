from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from majlis.accounts.models import Account
from majlis.journal.models import Entry
from majlis.language.models import Text
from majlis.room import actions
from majlis.room.models import Card, LiveEvent, LiveStream, Room
from majlis.room.queries import contributions, facts, snapshot
from majlis.web.refused import Forbidden, NotNow, NotThere, Refused
from tests.room.conftest import Table
from tests.world import World


def names(room: Room) -> list[str]:
    return list(LiveEvent.objects.filter(stream=room.stream_id).values_list("name", flat=True))


def numbers(room: Room) -> list[int]:
    return list(LiveEvent.objects.filter(stream=room.stream_id).values_list("seq", flat=True))


def test_a_whole_consultation(table: Table) -> None:
    facilitator, giver = table.who("facilitator"), table.who("case_giver")
    table.go(3)
    question = table.write("consultant", "question", "How many firms are there?")
    table.write("case_giver", "note", "About forty.", answer_to=question)
    table.go(4)
    table.write("case_giver", "key_question", "How can we keep young firms?")
    table.go(5)
    advice = [table.write("consultant", kind) for kind in ("idea", "experience", "warning")]
    table.go(6)
    actions.judge_card(by=giver, card=advice[0], verdict=Card.Verdict.KEEP)
    with pytest.raises(NotNow, match="next step"):
        actions.close_room(by=facilitator, room=table.room)
    table.write("case_giver", "next_step", "Call the chamber by 1 November.")
    table.go(7)
    for role in ("observer", "consultant"):
        table.write(role, "learning")
    closed = actions.close_room(by=facilitator, room=table.room)

    assert (closed.state, closed.phase, closed.phase_ends_at) == ("closed", 7, None)
    assert numbers(table.room) == list(range(1, len(names(table.room)) + 1))
    assert LiveStream.objects.get(pk=table.room.stream_id).seq == len(names(table.room))
    assert table.case is not None
    table.case.refresh_from_db()
    assert str(table.case.key_question) == "How can we keep young firms?"
    (fact,) = facts([table.room])
    assert (fact.members, fact.present, fact.advice, fact.next_steps) == (8, 0, 3, 1)
    assert contributions([table.room])[table.person("consultant").pk] == 5


def test_every_act_stands_in_the_journal_without_a_word_of_what_was_said(table: Table) -> None:
    table.go(1)
    table.write("consultant", "note", "A confidential matter")
    actions.extend(by=table.who("facilitator"), room=table.room, minutes=2)
    acts = list(Entry.objects.filter(scope="dialogue:test").order_by("id").values_list("act", flat=True))
    assert acts == ["room.open", "room.advance", "room.write", "room.extend"]
    assert not any("confidential" in str(entry.sentence) + str(entry.facts) for entry in Entry.objects.all())


def test_a_repeated_command_writes_nothing_twice(table: Table) -> None:
    table.go(1)
    once = table.write("consultant", "note", command="a1")
    again = table.write("consultant", "note", command="a1")
    assert once == again
    assert Card.objects.count() == 1
    other = table.write("time_keeper", "note", command="a1")
    assert other != once  # the number is the member's own


def test_a_repeated_command_is_answered_even_when_its_phase_is_over(table: Table) -> None:
    table.go(1)
    once = table.write("consultant", "note", command="a1")
    table.go(2)
    assert table.write("consultant", "note", command="a1") == once


def test_repeated_commands_of_the_facilitator(table: Table) -> None:
    facilitator = table.who("facilitator")
    for _repeat in range(2):
        actions.advance(by=facilitator, room=table.room, command="go")
        actions.extend(by=facilitator, room=table.room, minutes=3, command="more")
    assert (table.fresh().phase, table.room.extended_minutes) == (1, 3)


def test_advancing_with_an_old_version_is_refused(table: Table) -> None:
    facilitator = table.who("facilitator")
    seen = table.fresh().version
    actions.advance(by=facilitator, room=table.room, expected_version=seen)
    with pytest.raises(NotNow, match="moved on"):
        actions.advance(by=facilitator, room=table.room, expected_version=seen)
    assert table.fresh().phase == 1


def test_only_the_facilitator_leads(table: Table, world: World) -> None:
    for role in ("case_giver", "consultant", "note_taker", "time_keeper", "observer", "interpreter"):
        with pytest.raises(Forbidden):
            actions.advance(by=table.who(role), room=table.room)
    with pytest.raises(NotThere):
        actions.advance(by=world.secretariat, room=table.room)
    table.go(1)
    for role in ("case_giver", "consultant"):
        with pytest.raises(Forbidden):
            actions.extend(by=table.who(role), room=table.room, minutes=1)
        with pytest.raises(Forbidden):
            actions.close_room(by=table.who(role), room=table.room)


def test_five_more_minutes_per_phase_and_not_one_beyond(table: Table) -> None:
    facilitator = table.who("facilitator")
    table.go(1)
    ends = table.fresh().phase_ends_at
    assert ends is not None
    actions.extend(by=facilitator, room=table.room, minutes=3)
    actions.extend(by=facilitator, room=table.room, minutes=2)
    assert table.fresh().phase_ends_at == ends + timedelta(minutes=5)
    for minutes in (1, 0, -1, 6):
        with pytest.raises(Refused):
            actions.extend(by=facilitator, room=table.room, minutes=minutes)
    table.go(2)
    actions.extend(by=facilitator, room=table.room, minutes=5)


def run_out(room: Room) -> None:
    Room.objects.filter(pk=room.pk).update(phase_ends_at=timezone.now() - timedelta(seconds=1))


def test_the_clock_moves_on_once(table: Table) -> None:
    table.go(1)
    assert actions.end_phases() == 0
    run_out(table.room)
    assert actions.end_phases() == 1
    assert actions.end_phases() == 0
    assert table.fresh().phase == 2
    assert names(table.room)[-1] == "phase.started"


def test_after_the_last_phase_the_room_waits_for_its_facilitator(table: Table) -> None:
    table.go(7)
    run_out(table.room)
    assert (actions.end_phases(), actions.end_phases()) == (1, 0)
    assert (table.fresh().state, table.room.phase, table.room.phase_ends_at) == ("running", 7, None)
    assert names(table.room)[-1] == "phase.over"
    with pytest.raises(NotNow, match="last phase"):
        actions.advance(by=table.who("facilitator"), room=table.room)


def test_without_a_step_the_giver_can_say_that_none_follows(table: Table) -> None:
    table.go(4)
    table.write("case_giver", "key_question")
    with pytest.raises(NotNow):
        actions.declare_no_step(by=table.who("case_giver"), room=table.room)
    table.go(5)
    for _number in range(3):
        table.write("consultant", "idea")
    table.go(6)
    with pytest.raises(Forbidden):
        actions.declare_no_step(by=table.who("facilitator"), room=table.room)
    actions.declare_no_step(by=table.who("case_giver"), room=table.room)
    assert actions.close_room(by=table.who("facilitator"), room=table.room).state == "closed"


def test_only_the_giver_judges_and_only_after_the_advice(table: Table) -> None:
    table.go(5)
    card = table.write("consultant", "idea")
    with pytest.raises(NotNow):
        actions.judge_card(by=table.who("case_giver"), card=card, verdict=Card.Verdict.KEEP)
    table.go(6)
    with pytest.raises(Forbidden):
        actions.judge_card(by=table.who("consultant"), card=card, verdict=Card.Verdict.KEEP)
    judged = actions.judge_card(by=table.who("case_giver"), card=card, verdict=Card.Verdict.ADAPT)
    assert judged.verdict == "adapt"


def test_who_may_open_rooms_and_with_which_seats(table: Table, world: World) -> None:
    def open_with(by: Account, members: Any, method: str = "KB60") -> Room:
        return actions.open_room(
            by=by,
            scope="dialogue:test",
            name=Text("en", "Room 2"),
            method=method,
            language="en",
            members=members,
        )

    giver, facilitator = table.person("case_giver"), table.person("facilitator")
    with pytest.raises(Forbidden):
        open_with(giver.account, [(giver, "case_giver")])
    assert open_with(facilitator.account, [(facilitator, "facilitator")]).state == "prepared"
    for seats in (
        [(giver, "case_giver"), (giver, "consultant")],
        [(giver, "facilitator"), (facilitator, "facilitator")],
        [(giver, "case_giver"), (facilitator, "case_giver")],
    ):
        with pytest.raises(Refused):
            open_with(world.secretariat, seats)
    with pytest.raises(Refused, match="no method"):
        open_with(world.secretariat, [], method="KB61")


def test_setting_seats_withdraws_who_is_missing(table: Table, world: World) -> None:
    people = [(person, role) for person, role in table.people if role != "observer"]
    seats = actions.set_members(by=world.secretariat, room=table.room, members=people)
    assert [seat.person_id for seat in seats] == [person.pk for person, _role in people]
    assert names(table.room)[-2:] == ["member.withdrawn", "members.set"]
    with pytest.raises(NotThere):
        actions.join(by=table.who("observer"), room=table.room)


def test_joining_is_noted_once(table: Table) -> None:
    for _again in range(2):
        actions.join(by=table.who("consultant"), room=table.room)
    assert names(table.room).count("member.joined") == 1


@pytest.mark.parametrize("body", ["", "   ", "x" * 4001, "a\0b"])
def test_texts_that_are_no_cards(table: Table, body: str) -> None:
    table.go(1)
    with pytest.raises(Refused):
        table.write("consultant", "note", body)


def test_a_plain_room_is_for_notes(table: Table, world: World) -> None:
    room = actions.open_room(
        by=world.secretariat, scope="dialogue:test", name=Text("en", "Plenary"), method="", language="en",
        members=table.people,
    )  # fmt: skip
    facilitator = table.who("facilitator")
    actions.advance(by=facilitator, room=room)
    actions.add_card(by=table.who("consultant"), room=room, kind=Card.Kind.NOTE, text=Text("en", "Hello"))
    with pytest.raises(NotNow):
        actions.advance(by=facilitator, room=room)
    assert actions.close_room(by=facilitator, room=room).state == "closed"


def test_a_case_is_released_by_its_giver_alone(table: Table, world: World) -> None:
    assert table.case is not None
    with pytest.raises(Forbidden):
        actions.release_case(by=world.secretariat, case=table.case)
    assert actions.release_case(by=table.who("case_giver"), case=table.case).is_released
    table.go(4)
    table.write("case_giver", "key_question", "Another question")
    table.case.refresh_from_db()
    assert not table.case.is_released


def test_the_snapshot_holds_everything_and_its_number(table: Table) -> None:
    table.go(1)
    table.write("consultant", "note", "First")
    seen = snapshot(table.room)
    assert (seen["seq"], seen["room"]["phase"], len(seen["members"])) == (3, 1, 8)
    assert [card["text"]["body"] for card in seen["cards"]] == ["First"]
