"""The pages of a request: being planned, refused, shown, stale, published, taken back; and the buttons of wishes."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from majlis.dialogue.models import Dialogue
from majlis.steps.enable import actions
from majlis.steps.enable.models import Planning, Seat, SeatLock
from tests.steps.enable.setting import at_enable, bring, carry_out_all, givers, practitioners, replan
from tests.steps.enable.test_pages import address, as_
from tests.world import World


@pytest.fixture
def dialogue(world: World) -> Dialogue:
    dialogue = at_enable(world, 6)
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=2)
    return dialogue


@pytest.fixture
def client(world: World) -> Client:
    return as_(world.secretariat)


def act(name: str, planning: Planning) -> str:
    return reverse(f"enable:{name}", args=[planning.dialogue.slug, planning.pk])


def said(answer: Any) -> str:
    return str(answer.content.decode())


def a_worker() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [timezone.now()])


def test_a_request_is_shown_while_it_waits_and_when_it_is_done(dialogue: Dialogue, client: Client) -> None:
    absent = str(practitioners(dialogue)[3].pk)
    answer = client.post(address("replan", dialogue, "S2"), {"people": [absent]})
    asked = Planning.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, act("planning", asked))
    # Nobody works: the page says so. With a worker it asks for a moment; it reloads itself without JavaScript.
    waiting = client.get(act("planning", asked))
    assert ("majlis work" in said(waiting), waiting["Refresh"]) == (True, "2")
    a_worker()
    assert "majlis work" not in said(client.get(act("planning", asked)))
    assert [each.state for each in carry_out_all()] == ["done"]
    shown = client.get(act("planning", asked))
    assert ("What would change" in said(shown), shown.has_header("Refresh")) == (True, False)
    assert client.get(address("replan", dialogue, "S2") + f"?of={asked.pk}").context["form"].initial["people"] == [
        absent
    ]
    answer = client.post(act("publish", asked))
    assert answer["Location"] == address("session", dialogue, "S2")
    assert "take it back" in said(client.get(address("session", dialogue, "S2")))
    assert client.post(act("undo", asked)).status_code == 302
    assert "This change was taken back" in said(client.get(act("planning", asked)))
    assert client.post(act("undo", asked)).status_code == 409


def test_whoever_has_no_seat_is_proposed_as_missing(world: World, dialogue: Dialogue, client: Client) -> None:
    session, absent = dialogue.sessions.get(code="S2"), practitioners(dialogue)[3]
    replan(world.secretariat, session, [absent], publish=True)
    form = client.get(address("replan", dialogue, "S2")).context["form"]
    assert (form.initial["people"], "joined" in form.fields) == ([str(absent.pk)], False)
    # Once it runs, those who are not noted as present; whoever came late is not ticked any more.
    session = actions.start_session(by=world.secretariat, session=session)
    actions.note_attendance(by=world.secretariat, session=session, present=practitioners(dialogue)[1:])
    form = client.get(address("replan", dialogue, "S2")).context["form"]
    assert form.initial["people"] == [str(practitioners(dialogue)[0].pk)]


def test_a_refusal_stays_with_what_was_ticked_and_names_what_to_do(
    world: World, dialogue: Dialogue, client: Client
) -> None:
    everybody = [str(each.pk) for each in practitioners(dialogue)[1:]]
    answer = client.post(address("replan", dialogue, "S2"), {"people": everybody})
    assert (answer.status_code, "Too few people" in said(answer), said(answer).count(" checked")) == (422, True, 11)
    seat = Seat.objects.filter(group__round__block__session__code="S2", group__number=2).select_related("participant")[
        0
    ]
    client.post(address("lock", dialogue), {"lock": seat.pk})
    answer = client.post(address("groups", dialogue), {"groups": "1", "seed": "1"})
    assert (answer.status_code, "release it, or plan more groups" in said(answer)) == (422, True)
    # What only the worker could find out is said on the page of the request.
    client.post(address("groups", dialogue), {"groups": "2", "seed": "5"})
    actions.start_session(by=world.secretariat, session=dialogue.sessions.get(code="S1"))
    (refused,) = carry_out_all()
    page = said(client.get(act("planning", refused)))
    assert "Session S1 has begun. From now on groups are planned again session by session." in page


def test_a_stale_proposal_offers_to_look_again(world: World, dialogue: Dialogue, client: Client) -> None:
    people = practitioners(dialogue)
    found = replan(world.secretariat, dialogue.sessions.get(code="S2"), [people[3]])
    actions.rule_pair(by=world.secretariat, one=people[0], other=people[4], kind="apart")
    assert "Show what would change now" in said(client.get(act("planning", found)))
    answer = client.post(act("publish", found))
    assert (answer.status_code, "Something changed while you looked" in said(answer)) == (409, True)
    assert f'name="people" value="{people[3].pk}"' in said(answer)


def test_seats_and_pairs_by_their_buttons(dialogue: Dialogue, client: Client) -> None:
    seat = Seat.objects.filter(group__round__number=2, participant__role="practitioner").select_related("group")[0]
    answer = client.post(address("lock", dialogue), {"lock": seat.pk})
    assert answer["Location"] == address("groups", dialogue) + f"?round=2#seat-{seat.pk}"
    assert (SeatLock.objects.get().participant_id, SeatLock.objects.get().group) == (
        seat.participant_id,
        seat.group.number,
    )
    assert said(client.get(address("groups", dialogue) + "?round=2")).count('aria-pressed="true"') == 1
    client.post(address("lock", dialogue), {"release": seat.pk})
    assert not SeatLock.objects.exists()
    assert client.post(address("lock", dialogue), {"lock": "0"}).status_code == 404
    one, other = practitioners(dialogue)[0].pk, practitioners(dialogue)[2].pk
    client.post(address("pair", dialogue), {"one": one, "other": "", "kind": "apart"})
    assert not dialogue.pair_rules.exists()
    client.post(address("pair", dialogue), {"one": one, "other": other, "kind": "together"})
    rule = dialogue.pair_rules.get()
    assert "Drop the wish about" in said(client.get(address("groups", dialogue)))
    for _again in range(2):
        assert client.post(reverse("enable:drop-pair", args=[dialogue.slug, rule.pk])).status_code == 302
    assert not dialogue.pair_rules.exists()


def test_only_the_team_asks_looks_and_publishes(world: World, dialogue: Dialogue, client: Client) -> None:
    found = replan(world.secretariat, dialogue.sessions.get(code="S2"), [practitioners(dialogue)[3]])
    participant = as_(practitioners(dialogue)[0].person.account)
    assert participant.get(act("planning", found)).status_code == 403
    for path in (act("publish", found), act("undo", found), address("lock", dialogue), address("pair", dialogue)):
        assert participant.post(path).status_code == 403
    elsewhere = world.account("secretariat")
    assert as_(elsewhere).get(reverse("enable:planning", args=[dialogue.slug, 999])).status_code == 404
    assert Client().get(act("planning", found)).status_code == 302


@pytest.mark.parametrize("wishes", [1, 3])
def test_more_wishes_and_moves_cost_no_more_queries(
    world: World, wishes: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    dialogue = at_enable(world, 8)
    for giver in givers(dialogue):
        bring(dialogue, giver)
    by, people = world.secretariat, practitioners(dialogue)
    actions.plan_rounds(by=by, dialogue=dialogue, seed=1, groups=2)
    for number in range(wishes):
        actions.rule_pair(by=by, one=people[number], other=people[number + 6], kind="apart")
        actions.lock_seat(by=by, seat=Seat.objects.filter(participant=people[number])[0])
    found = replan(by, dialogue.sessions.get(code="S2"), people[9 : 9 + wishes])
    client = as_(by)
    with django_assert_num_queries(40):
        client.get(address("groups", dialogue) + f"?city={people[0].person.city_id}")
    with django_assert_num_queries(25):
        client.get(act("planning", found))
    with django_assert_num_queries(21):
        client.get(address("replan", dialogue, "S2"))
