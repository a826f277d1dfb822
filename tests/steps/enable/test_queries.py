"""The clock that recomputes itself, interaction in figures, and the one next thing for each role."""

from datetime import UTC, datetime, timedelta

from majlis.dialogue.models import Session, Step
from majlis.language.models import Text
from majlis.room import actions as rooms
from majlis.room.models import Card
from majlis.steps.enable import actions, queries
from majlis.steps.enable.models import AgendaBlock, Seat
from tests.steps.enable.setting import at_enable, bring, givers, practitioners
from tests.world import World

NINE = datetime(2026, 9, 29, 9, tzinfo=UTC)


def test_the_agenda_follows_what_really_happened(world: World) -> None:
    dialogue = at_enable(world, 2, ("S1",))  # 10 welcome, 10 check-in, 75 café, 10 close
    session = dialogue.sessions.get()
    rows = queries.agenda(session, NINE)
    assert [row.starts_at for row in rows] == [NINE + timedelta(minutes=n) for n in (0, 10, 20, 95)]
    assert [row.has_groups for row in rows] == [False, False, True, False]
    assert (queries.drift(rows), queries.running(rows)) == (0, None)
    # Begun five minutes late; the welcome has taken 20 minutes by now instead of 10.
    Session.objects.update(state="running")
    first = AgendaBlock.objects.get(position=1)
    AgendaBlock.objects.filter(pk=first.pk).update(started_at=NINE + timedelta(minutes=5))
    session.refresh_from_db()
    rows = queries.agenda(session, NINE + timedelta(minutes=25))
    assert [row.starts_at for row in rows] == [NINE + timedelta(minutes=n) for n in (5, 25, 35, 110)]
    assert [row.shift for row in rows] == [5, 15, 15, 15]
    assert queries.drift(rows) == 15
    running, following = queries.running(rows), queries.following(rows)
    assert running and running.block.code == "WELCOME"
    assert following and following.block.code == "CHECKIN"


def test_a_session_held_on_another_day_shows_its_plan(world: World) -> None:
    dialogue = at_enable(world, 2, ("S1",))
    session = dialogue.sessions.get()
    AgendaBlock.objects.filter(position=1).update(started_at=NINE + timedelta(days=9))
    Session.objects.update(state="running")
    session.refresh_from_db()
    rows = queries.agenda(session, NINE + timedelta(days=9, minutes=3))
    assert rows[1].starts_at == NINE + timedelta(days=9, minutes=10)
    assert queries.drift(rows) == 0
    Session.objects.update(state="held")
    session.refresh_from_db()
    assert [row.starts_at for row in queries.agenda(session)] == [NINE + timedelta(minutes=n) for n in (0, 10, 20, 95)]


def test_interaction_counts_plans_before_and_presence_after(world: World) -> None:
    dialogue = at_enable(world, 4)
    nothing = queries.interaction(dialogue)
    assert (nothing.pairs, nothing.possible_pairs, nothing.city_pairs, nothing.possible_city_pairs) == (0, 28, 0, 6)
    # S1: 10·.1 + 10·1 + 75·1 + 10·.3 of 105; S2: 5·.1 + 10 + 60 + 15·.7 + 3·.3 of 103
    assert nothing.minutes == 208
    assert round(nothing.active_minutes, 1) == 89.0 + 81.9
    assert nothing.meets_target
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=2)
    planned = queries.interaction(dialogue)
    assert planned.pairs + planned.repeats == 24  # two rounds of two groups of four: 2 × 2 × 6 meetings
    session = dialogue.sessions.get(code="S2")
    actions.start_session(by=world.secretariat, session=session)
    group = Seat.objects.filter(group__round__block__session=session).values_list("group", flat=True)[0]
    here = [seat.participant for seat in Seat.objects.filter(group=group)]
    actions.note_attendance(by=world.secretariat, session=session, present=here[:3])
    leader = Seat.objects.select_related("group__room", "participant__person__account").get(
        group=group, role="facilitator"
    )
    room = rooms.advance(by=leader.participant.person.account, room=leader.group.room)
    rooms.add_card(by=leader.participant.person.account, room=room, kind=Card.Kind.NOTE, text=Text("en", "here"))
    actions.close_session(by=world.secretariat, session=session)
    held = queries.interaction(dialogue)
    present = set(session.attendance.values_list("participant", flat=True))
    assert held.pairs + held.repeats == 12 + len(present) * (len(present) - 1) // 2
    assert (held.voices, held.attended) == (1, len(present))
    assert queries.attendance(dialogue) == {session.pk: len(present)}
    actions.cancel_session(by=world.secretariat, session=dialogue.sessions.get(code="S1"), reason="storm")
    assert queries.interaction(dialogue).minutes == 103


def test_the_city_matrix_is_symmetric_and_counts_meetings(world: World) -> None:
    dialogue = at_enable(world, 4)
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=2)
    met = queries.city_matrix(dialogue)
    assert len(met.cities) == 4
    assert all(met.values[n][n] is None for n in range(4))
    assert all(met.values[a][b] == met.values[b][a] for a in range(4) for b in range(4))
    assert sum(value or 0 for row in met.values for value in row) == 2 * 24


def test_next_action_by_role(world: World) -> None:
    dialogue = at_enable(world, 4)
    person = givers(dialogue)[0]
    team, account = world.secretariat, person.person.account

    def heading(reader: object) -> str:
        found = queries.next_action(dialogue, reader)  # type: ignore[arg-type]
        return str(found.heading) if found else ""

    assert heading(team) == "Plan the groups of all rounds"
    assert heading(account) == "Bring the question that your peers shall advise you on"
    bring(dialogue, person)
    assert heading(account) == "Come to session S1: Session S1"
    actions.plan_rounds(by=team, dialogue=dialogue, seed=1, groups=2)
    assert heading(team) == "Start session S1 when it is time"
    actions.start_session(by=team, session=dialogue.sessions.get(code="S1"))
    assert heading(team) == "Lead session S1"
    assert heading(account) == "Join session S1: it is running"
    assert [str(each.heading) for each in queries.waiting(account)] == ["Join session S1: it is running"]
    assert queries.waiting(world.account()) == []
    for session in dialogue.sessions.all():
        if session.state == "planned":
            actions.start_session(by=team, session=session)
        actions.close_session(by=team, session=session)
    assert heading(team) == "Complete this step and open the evaluation"
    assert heading(account) == ""
    world.at(dialogue, Step.EVALUATE)
    assert (heading(team), queries.waiting(team)) == ("", [])
    assert len(queries.consultations(dialogue)) == 2
    assert len(practitioners(dialogue)) == 8
