"""One session's groups planned again: found by the worker, shown, published, taken back."""

import pytest

from majlis.dialogue.models import Dialogue, Participant, Session, Step
from majlis.journal.models import Entry
from majlis.room.models import Member, Room
from majlis.steps.enable import actions
from majlis.steps.enable.models import Group, Planning, Round, Seat
from majlis.steps.enable.queries.replans import proposal
from majlis.steps.invite.models import Invitation
from majlis.web.refused import Forbidden, NotNow, Refused
from tests.steps.enable.setting import at_enable, bring, comes_to, givers, practitioners, replan
from tests.steps.enable.test_groups import seating
from tests.world import World


@pytest.fixture
def planned(world: World) -> Dialogue:
    """Eight cities with a case each; the groups of S1 and S2 are planned."""
    dialogue = at_enable(world, 8)
    for giver in givers(dialogue):
        bring(dialogue, giver)
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=4)
    return dialogue


@pytest.fixture
def session(planned: Dialogue) -> Session:
    return planned.sessions.get(code="S2")


def a_consultant(session: Session) -> Participant:
    seats = Seat.objects.filter(group__round__block__session=session, role="consultant")
    return seats.select_related("participant__person__city")[0].participant


def members_match(session: Session) -> bool:
    """Whether each room has exactly the people of its group, with their roles."""
    return all(
        set(group.room.members.filter(left_at=None).values_list("person", "role"))
        == set(group.seats.values_list("participant__person", "role"))
        for group in Group.objects.filter(round__block__session=session)
    )


def test_it_shows_first_and_changes_only_when_published(world: World, planned: Dialogue, session: Session) -> None:
    before, absent = seating(planned), a_consultant(session)
    found = replan(world.secretariat, session, [absent])
    assert (found.state, seating(planned)) == ("done", before)
    shown = proposal(found)
    assert [move.participant for move in shown.moves if move.group_after is None] == [absent]
    assert (shown.left, shown.joined, shown.kept + shown.moved) == (1, 0, 15)
    actions.publish(by=world.secretariat, planning=found)
    after = seating(planned)
    assert after[0] == before[0]
    assert sorted(who for group in after[1] for who in group) == sorted(
        who for group in before[1] for who in group if who != absent.pk
    )
    assert sum(len(set(a) & set(b)) for a, b in zip(before[1], after[1], strict=True)) == shown.kept >= 14
    assert members_match(session)
    entry = Entry.objects.get(act="enable.replan")
    assert entry.facts["ended"] == [] and absent.pk in entry.facts["moved"]
    # What is said of the plan stands with each of its rounds.
    assert len({str(plan) for plan in Round.objects.values_list("plan", flat=True)}) == 1


def test_whoever_comes_late_gets_a_seat(world: World, planned: Dialogue, session: Session) -> None:
    late = a_consultant(session)
    replan(world.secretariat, session, [late], publish=True)
    found = replan(world.secretariat, session, [], publish=True)
    assert [(move.participant, move.group_before) for move in proposal(found).moves if move.group_before is None] == [
        (late, None)
    ]
    assert Seat.objects.filter(participant=late, group__round__block__session=session).count() == 1
    assert members_match(session)


def test_whoever_declined_and_came_all_the_same_gets_a_seat(world: World) -> None:
    dialogue = at_enable(world, 8)
    declined, elsewhere = practitioners(dialogue)[0], practitioners(dialogue)[3]
    Invitation.objects.create(participant=declined, answer="no")
    comes_to(Invitation.objects.create(participant=elsewhere, answer="yes"), "S1")
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=3)
    session = dialogue.sessions.get(code="S2")
    found = replan(world.secretariat, session, [], [declined, elsewhere], publish=True)
    assert (proposal(found).joined, proposal(found).left) == (2, 0)
    seated = Seat.objects.filter(group__round__block__session=session)
    assert {declined.pk, elsewhere.pk} <= set(seated.values_list("participant", flat=True))
    assert seated.count() == 16


def test_a_missing_case_giver_is_stood_in_for(world: World, session: Session) -> None:
    seat = Seat.objects.filter(group__round__block__session=session, role="case_giver").select_related("group")[0]
    city = seat.participant.person.city
    mate = session.dialogue.participants.exclude(pk=seat.participant_id).get(person__city=city)
    found = replan(world.secretariat, session, [seat.participant])
    stand_in = next(move for move in proposal(found).moves if move.participant == mate)
    assert (stand_in.group_after, stand_in.role_after) == (seat.group.number, Member.Role.CASE_GIVER)


def test_a_group_without_its_city_ends_and_comes_back(world: World, planned: Dialogue, session: Session) -> None:
    seat = Seat.objects.filter(group__round__block__session=session, role="case_giver").select_related("group__room")[0]
    city, number, before = seat.participant.person.city, seat.group.number, seating(planned)
    away = list(planned.participants.filter(person__city=city))
    found = replan(world.secretariat, session, away, publish=True)
    assert proposal(found).ended == (number,)
    groups = Group.objects.filter(round__block__session=session)
    assert (groups.count(), Seat.objects.filter(group__in=groups).count()) == (3, 14)
    assert Room.objects.get(pk=seat.group.room_id).state == Room.State.CANCELLED
    actions.undo(by=world.secretariat, planning=found)
    assert seating(planned) == before
    again = Group.objects.get(round__block__session=session, number=number).room
    assert (again.state, again.pk != seat.group.room_id) == ("prepared", True)
    assert again.case is not None and seat.group.room.case is not None
    assert (again.case.city, again.case.key_question) == (city, seat.group.room.case.key_question)
    assert members_match(session)


def test_a_publish_is_taken_back_until_something_else_changed(
    world: World, planned: Dialogue, session: Session
) -> None:
    before, absent = seating(planned), a_consultant(session)
    quality = Round.objects.get(block__session=session).plan
    found = replan(world.secretariat, session, [absent], publish=True)
    with pytest.raises(NotNow, match="not waiting to be published"):
        actions.publish(by=world.secretariat, planning=found)
    actions.undo(by=world.secretariat, planning=found)
    assert (seating(planned), Round.objects.get(block__session=session).plan) == (before, quality)
    assert members_match(session)
    with pytest.raises(NotNow, match="changed again since then"):
        actions.undo(by=world.secretariat, planning=found)
    second = replan(world.secretariat, session, [absent], publish=True)
    replan(world.secretariat, session, [], publish=True)
    with pytest.raises(NotNow, match="changed again since then"):
        actions.undo(by=world.secretariat, planning=second)


def test_a_stale_proposal_is_refused(world: World, planned: Dialogue, session: Session) -> None:
    absent, by = a_consultant(session), world.secretariat
    people = practitioners(planned)

    def is_refused(found: Planning) -> None:
        with pytest.raises(NotNow, match="Something changed while you looked"):
            actions.publish(by=by, planning=found)

    found = replan(by, session, [absent])
    actions.rule_pair(by=by, one=people[0], other=people[3], kind="apart")
    is_refused(found)
    found = replan(by, session, [absent])
    actions.lock_seat(by=by, seat=Seat.objects.filter(group__round__block__session=session)[0])
    is_refused(found)
    found = replan(by, session, [absent])
    Invitation.objects.create(participant=people[5], answer="no")
    is_refused(found)
    found, other = replan(by, session, [absent]), replan(by, session, [absent, people[7]])
    actions.publish(by=by, planning=other)
    is_refused(found)
    # Somebody who was missing has come after all; what others do in the room matters nothing.
    actions.start_session(by=by, session=session)
    found = replan(by, session, [absent])
    actions.record_attendance(by=by, session=session, participant=people[2])
    actions.record_attendance(by=by, session=session, participant=absent)
    is_refused(found)
    actions.publish(by=by, planning=replan(by, session, []))


def test_locked_seats_stay(world: World, planned: Dialogue, session: Session) -> None:
    by, seats = world.secretariat, Seat.objects.filter(group__round__block__session=session, role="consultant")
    kept = list(seats.select_related("group__round__block__session__dialogue", "participant"))[:4]
    for seat in kept:
        actions.lock_seat(by=by, seat=seat)
        actions.lock_seat(by=by, seat=seat)
    wanted = {(seat.participant_id, seat.group.number) for seat in kept}

    def standing() -> set[tuple[int, int]]:
        rows = Seat.objects.filter(
            group__round__block__session=session, participant__in=[s.participant_id for s in kept]
        )
        return set(rows.values_list("participant", "group__number"))

    replan(
        by,
        session,
        [a_consultant(session)] if a_consultant(session) not in [s.participant for s in kept] else [],
        publish=True,
    )
    assert standing() == wanted
    for seed in (2, 3):
        actions.plan_rounds(by=by, dialogue=planned, seed=seed, groups=4)
        assert standing() == wanted
    # Whoever is missing loses the seat for now, not the wish.
    replan(by, session, [kept[0].participant], publish=True)
    assert standing() == {(seat.participant_id, seat.group.number) for seat in kept[1:]}
    replan(by, session, [], publish=True)
    assert standing() == wanted
    actions.release_seat(by=by, session=session, participant=kept[0].participant)
    assert session.seat_locks.count() == 3


def test_the_job_is_done_once_and_says_what_it_cannot_do(world: World, planned: Dialogue, session: Session) -> None:
    by, absent = world.secretariat, a_consultant(session)
    asked = actions.ask_replan(by=by, session=session, missing=[absent])
    assert actions.ask_replan(by=by, session=session, missing=[absent]) == asked
    first = actions.carry_out(planning=asked.pk)
    assert actions.carry_out(planning=asked.pk).ended_at == first.ended_at
    with pytest.raises(Refused, match="Too few people"):
        actions.ask_replan(by=by, session=session, missing=practitioners(planned)[1:])
    with pytest.raises(Forbidden):
        actions.ask_replan(by=absent.person.account, session=session, missing=[])
    whole = actions.ask_plan(by=by, dialogue=planned, seed=4)
    actions.start_session(by=by, session=planned.sessions.get(code="S1"))
    refused = actions.carry_out(planning=whole.pk)
    assert (refused.state, refused.reasons[0]["params"]) == ("refused", {"code": "S1"})
    world.at(planned, Step.EVALUATE)
    with pytest.raises(NotNow):
        actions.publish(by=by, planning=first)


def test_an_error_is_noted_with_the_request(
    world: World, planned: Dialogue, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = actions.ask_replan(by=world.secretariat, session=session, missing=[])
    monkeypatch.setattr("majlis.steps.enable.actions.asking.Replanning.solve", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.carry_out(planning=asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.reasons) == ("failed", [])
