"""Who sits with whom: planned together, planned again, and never against the rules."""

from collections import Counter
from time import process_time

import pytest

from majlis.algorithms import grouping
from majlis.dialogue.models import Dialogue, Participant, Step
from majlis.room.models import Room
from majlis.steps.enable import actions
from majlis.steps.enable.models import Group, Round, Seat, WrittenConsultation
from majlis.steps.enable.rules import gate, group_count
from majlis.steps.invite.models import Invitation
from majlis.web.refused import Forbidden, NotNow, Refused
from tests.steps.enable.setting import at_enable, bring, comes_to, givers, practitioners
from tests.world import World


def seating(dialogue: Dialogue) -> list[list[list[int]]]:
    rounds = Round.objects.filter(block__session__dialogue=dialogue).order_by("number")
    return [
        [sorted(group.seats.values_list("participant_id", flat=True)) for group in round_.groups.all()]
        for round_ in rounds
    ]


@pytest.mark.parametrize(("people", "groups"), [(3, 1), (8, 1), (16, 3), (40, 7), (44, 7), (60, 8), (100, 13)])
def test_as_few_groups_as_let_nobody_need_to_meet_twice(people: int, groups: int) -> None:
    assert group_count(people) == groups


def test_a_room_is_called_by_its_session_and_group_in_every_language(world: World) -> None:
    dialogue = at_enable(world, 3)
    bring(dialogue, givers(dialogue)[0])
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1)
    room = Room.objects.get(group__round__block__session__code="S2")
    assert room.name.in_all() == {
        "en": "Session S2, group 1",
        "ar": "الجلسة S2، المجموعة 1",
        "de": "Sitzung S2, Gruppe 1",
        "fr": "Session S2, groupe 1",
    }


def test_the_founding_dialogue(world: World) -> None:
    """22 cities, 44 people, five sessions, 22 cases: nobody meets anybody twice, every city is consulted, in seconds."""
    dialogue = at_enable(world, 22, ("S1", "S2", "S3", "S4", "S5"))
    sessions = {session.code: session for session in dialogue.sessions.all()}
    for number, giver in enumerate(givers(dialogue)):
        bring(dialogue, giver, sessions[f"S{2 + number // 6}"] if number < 18 else None)
    grouping.warm()  # as a worker does when it starts
    began = process_time()
    rounds = actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=2026)
    assert process_time() - began < 8
    assert [round_.number for round_ in rounds] == [1, 2, 3, 4, 5]
    assert (rounds[0].plan["repeats"], rounds[0].plan["violations"]) == (0, [])
    groups = Group.objects.filter(round__in=rounds).select_related("room", "round__block")
    assert groups.count() == 35
    assert {group.seats.count() for group in groups} == {6, 7}
    for group in groups:
        roles = sorted(group.seats.exclude(role="consultant").values_list("role", flat=True))
        is_consultation = group.round.block.code == "CONSULT"
        assert roles == (["case_giver"] if is_consultation else []) + ["facilitator", "note_taker"]
        assert group.room.method == ("KB60" if is_consultation else "")
        assert set(group.room.members.values_list("person", "role")) == set(
            group.seats.values_list("participant__person", "role")
        )
        if is_consultation:
            giver = group.seats.get(role="case_giver").participant
            leader = group.seats.get(role="facilitator").participant
            assert group.room.case is not None and group.room.case.giver == giver.person
            assert giver.person.city != leader.person.city
    # 21 cases have a room in the three sessions, the last is consulted in writing.
    written = WrittenConsultation.objects.get(dialogue=dialogue)
    assert written.room.method == "KBASYNC10"
    assert Room.objects.filter(case__isnull=False).values("case__city").distinct().count() == 22
    assert gate(dialogue).conditions[1].is_met
    # Leading a room goes round: 35 rooms for 44 people, where the giver's city and language narrow the choice.
    led = Counter(Seat.objects.filter(group__in=groups, role="facilitator").values_list("participant", flat=True))
    assert max(led.values()) <= 2
    assert len(led) >= 33


def test_the_same_seed_gives_the_same_groups_and_reuses_rooms(world: World) -> None:
    dialogue = at_enable(world, 6)
    for giver in givers(dialogue):
        bring(dialogue, giver)
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=5, groups=3)
    first, rooms = seating(dialogue), set(Room.objects.exclude(state="cancelled").values_list("pk", flat=True))
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=5, groups=3)
    assert seating(dialogue) == first
    assert set(Room.objects.exclude(state="cancelled").values_list("pk", flat=True)) == rooms
    # Fewer groups: the rooms no longer needed are cancelled, and cases keep a room each, live or in writing.
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=5, groups=2)
    standing = Room.objects.exclude(state="cancelled")
    assert standing.filter(group__isnull=False).count() == 4
    assert standing.filter(written__isnull=False).count() == 4
    assert standing.filter(case__isnull=False).values("case__city").distinct().count() == 6
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=5, groups=3)
    assert (
        Room.objects.exclude(state="cancelled").filter(case__isnull=False).values("case__city").distinct().count() == 6
    )


def test_a_group_without_a_case_finds_one_in_its_room(world: World) -> None:
    dialogue = at_enable(world, 4)
    bring(dialogue, givers(dialogue)[0])
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=2)
    seats = Seat.objects.filter(group__round__block__code="CONSULT", role="case_giver")
    assert sorted(bool(seat.group.room.case_id) for seat in seats) == [False, True]
    assert len({seat.participant.person.city_id for seat in seats}) == 2


def test_facilitators_of_the_dialogue_lead_a_room_each(world: World) -> None:
    dialogue = at_enable(world, 4)
    host = Participant.objects.create(
        dialogue=dialogue, person=world.person(None, role="facilitator"), role="facilitator"
    )
    actions.plan_rounds(by=host.person.account, dialogue=dialogue, seed=1, groups=2)
    leading = Seat.objects.filter(participant=host)
    assert [seat.role for seat in leading] == ["facilitator", "facilitator"]
    assert Seat.objects.filter(role="facilitator").count() == 4
    assert {seat.group.seats.filter(role="facilitator").count() for seat in Seat.objects.all()} == {1}


def test_planning_is_refused_in_words(world: World) -> None:
    dialogue = at_enable(world, 2, ("S1",), blocks=False)
    with pytest.raises(Forbidden):
        actions.plan_rounds(by=practitioners(dialogue)[0].person.account, dialogue=dialogue, seed=1)
    with pytest.raises(NotNow, match="Session S1 has no run of show yet"):
        actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1)
    actions.plan_blocks(by=world.secretariat, session=dialogue.sessions.get(), blocks=[("CHECKIN", 10)])
    with pytest.raises(Refused, match="4 people can sit in 1 to 2 groups, not in 9"):
        actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=9)
    actions.start_session(by=world.secretariat, session=dialogue.sessions.get())
    with pytest.raises(NotNow, match="has begun"):
        actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1)
    world.at(dialogue, Step.INVITE)
    with pytest.raises(NotNow, match="is not open yet"):
        actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1)


def test_who_declined_or_accepted_other_sessions_only_has_no_seat_there(world: World) -> None:
    dialogue = at_enable(world, 6)
    for giver in givers(dialogue):
        bring(dialogue, giver, dialogue.sessions.get(code="S2"))
    first, second, *others = practitioners(dialogue)
    sessions = {session.code: session.pk for session in dialogue.sessions.all()}
    Invitation.objects.create(participant=first, answer="no")
    comes_to(Invitation.objects.create(participant=second, answer="yes"), "S1")
    comes_to(Invitation.objects.create(participant=others[0], answer="yes"), *sessions)
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=3)
    opening, consulting = ([who for group in round_ for who in group] for round_ in seating(dialogue))
    assert sorted(opening) == sorted(each.pk for each in [second, *others])
    assert sorted(consulting) == sorted(each.pk for each in others)
    # The case of whoever declined has no giver; it gets no room.
    assert not Room.objects.filter(case__brought__participant=first).exists()
    # Whoever has no seat in the consulting session advises in writing, so that everybody is in one consultation.
    assert str(gate(dialogue).conditions[1].sentence) == "All 11 participants sit in at least one consultation"
