"""Approval, waiting lists, who moves up, how many are expected, who comes from where, who may read what."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from majlis.accounts.models import ActionLink
from majlis.dialogue.models import Session
from majlis.language.models import Text
from majlis.network.models import Person
from majlis.outbox.models import Mail
from majlis.steps.invite import actions
from majlis.steps.invite.actions import Terms
from majlis.steps.invite.models import Invitation
from majlis.steps.invite.queries import balance, session_places, unanswered
from majlis.steps.invite.rules import Expected, InLine, next_in_line
from majlis.web.refused import Forbidden, NotNow, NotThere, Refused
from tests.steps.invite.conftest import Inviting
from tests.steps.invite.test_details import TOLD
from tests.world import World

pytestmark = pytest.mark.django_db


def accept(inviting: Inviting, link: ActionLink, answer: str = "yes") -> Invitation:
    return actions.answer_invitation(
        link=link, answer=answer, sessions=[session.pk for session in inviting.dialogue.sessions.all()],
        contribution="challenge", contribution_text=Text("en", "Jobs"),
    )  # fmt: skip


def waiting(inviting: Inviting) -> list[int]:
    (places,) = session_places(inviting.dialogue)
    return [one.invitation.participant_id for one in places.waiting]


@pytest.fixture
def full(inviting: Inviting) -> tuple[Inviting, list[ActionLink]]:
    """Four people of two cities, two places."""
    inviting.invited()
    Session.objects.update(capacity=2)
    return inviting, inviting.links("invite.answer")


def test_who_comes_later_waits_and_moves_up_by_itself(full: tuple[Inviting, list[ActionLink]], client: Client) -> None:
    inviting, links = full
    rows = [accept(inviting, link) for link in links]
    session = inviting.dialogue.sessions.get()
    assert [bool(Invitation.objects.get(pk=row.pk).sessions) for row in rows] == [True, True, False, False]
    client.cookies["django_language"] = "en"
    page = client.get(f"/dialogues/{inviting.dialogue.slug}/invite/answer/{links[3].token}/").content.decode()
    assert "on the waiting list, 1 person before you" in page
    actions.answer_invitation(link=links[0], answer="no")
    assert Invitation.objects.get(pk=rows[2].pk).sessions == [session.pk]
    batch = actions.tell_places(by=inviting.secretariat, dialogue=inviting.dialogue)
    assert [mail.account for mail in batch.mails.all()] == [links[2].account]
    with pytest.raises(NotNow):
        actions.tell_places(by=inviting.secretariat, dialogue=inviting.dialogue)


def test_moving_up_by_hand_never_beyond_the_places(full: tuple[Inviting, list[ActionLink]], client: Client) -> None:
    inviting, links = full
    actions.set_registration(by=inviting.secretariat, dialogue=inviting.dialogue, terms=Terms(advances_by_itself=False))
    rows = [accept(inviting, link) for link in links]
    session = inviting.dialogue.sessions.get()
    client.force_login(inviting.secretariat)
    url = f"/dialogues/{inviting.dialogue.slug}/invite/places/"
    assert client.post(f"{url}{session.pk}/{rows[3].participant_id}/").status_code == 409
    actions.answer_invitation(link=links[0], answer="no")
    assert waiting(inviting) == [rows[2].participant_id, rows[3].participant_id]
    assert client.post(f"{url}{session.pk}/{rows[3].participant_id}/").status_code == 302
    assert waiting(inviting) == [rows[2].participant_id]
    Session.objects.update(capacity=3)
    assert client.post(f"{url}fill/").status_code == 302
    assert waiting(inviting) == []
    with pytest.raises(NotThere):
        actions.give_place(by=inviting.secretariat, session=session, participant=rows[3].participant)
    with pytest.raises(Forbidden):
        actions.fill_places(by=links[0].account, dialogue=inviting.dialogue)
    assert client.get(url).status_code == 200


def test_people_are_approved_before_they_get_a_place(inviting: Inviting, client: Client) -> None:
    inviting.invited()
    actions.set_registration(by=inviting.secretariat, dialogue=inviting.dialogue, terms=Terms(needs_approval=True))
    rows = [accept(inviting, link) for link in inviting.links("invite.answer")[:3]]
    assert [row.sessions for row in Invitation.objects.filter(pk__in=[row.pk for row in rows])] == [[], [], []]
    client.force_login(inviting.secretariat)
    url = f"/dialogues/{inviting.dialogue.slug}/invite/places/"
    assert client.get(url).content.decode().count('name="person"') == 3
    typed = {"person": [rows[0].participant_id, rows[1].participant_id], "decision": "approve"}
    assert client.post(f"{url}decide/", typed).status_code == 302
    assert client.post(f"{url}decide/", {"person": [rows[2].participant_id], "decision": "refuse"}).status_code == 422
    refused = {"person": [rows[2].participant_id], "decision": "refuse", "reason": "Two of your city come already."}
    assert client.post(f"{url}decide/", refused).status_code == 302
    assert [len(Invitation.objects.get(pk=row.pk).sessions) for row in rows] == [1, 1, 0]
    batch = actions.tell_places(by=inviting.secretariat, dialogue=inviting.dialogue)
    words = {mail.account_id: mail.body_text for mail in batch.mails.all()}
    assert "Two of your city come already." in words[rows[2].participant.person.account_id]
    # Whoever answers anew is not approved by that.
    accept(inviting, inviting.links("invite.answer")[2], "tentative")
    assert Invitation.objects.get(pk=rows[2].pk).sessions == []


TIMES = st.integers(0, 10**6).map(lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
PEOPLE = st.builds(InLine, st.sampled_from("abcdef"), st.sampled_from(["TN", "MA", "DE"]), TIMES)


@given(waiting=st.lists(PEOPLE, min_size=1, max_size=8), seated=st.lists(PEOPLE, max_size=8))
def test_a_city_that_is_missing_comes_before_one_that_is_there(waiting: list[InLine], seated: list[InLine]) -> None:
    first = min(waiting, key=lambda one: next_in_line(one, seated))
    there = {one.city for one in seated}
    if any(one.city not in there for one in waiting):
        assert first.city not in there
    assert all(
        first.since <= one.since
        for one in waiting
        if (one.city in there, one.country) == (first.city in there, first.country)
    )


def test_how_many_are_expected_is_a_plain_sum() -> None:
    assert Expected(40, 10, 5, 20).count == round((40 * 80 + 10 * 65 + 5 * 40 + 20 * 10) / 100) == 42
    assert Expected(0, 0, 0, 0).count == 0


def test_groups_too_small_are_not_shown(world: World) -> None:
    inviting = Inviting(world, 6)
    inviting.invited()
    for link in inviting.links("invite.answer"):
        accept(inviting, link)
    people = list(Person.objects.filter(participations__dialogue=inviting.dialogue))
    Person.objects.filter(pk__in=[person.pk for person in people]).update(gender="woman")
    assert balance(inviting.dialogue).genders == [("woman", 12)]
    Person.objects.filter(pk__in=[person.pk for person in people[:4]]).update(gender="man")
    assert balance(inviting.dialogue).genders == [("woman", None), ("man", None)]
    Person.objects.filter(pk__in=[person.pk for person in people[:5]]).update(gender="man")
    assert balance(inviting.dialogue).genders == [("woman", 7), ("man", 5)]
    assert dict(balance(inviting.dialogue).countries)["Tunisia"] == 4


CANARIES = {
    "case_title": "canary-P2",
    "accessibility": "canary-P3",
    "department": "canary-P1",
    "display_name": "canary-name",
}


@pytest.mark.parametrize(
    ("who", "seen"),
    [("secretariat", {"P1", "P2", "P3"}), ("facilitator", {"P1", "P2"}), ("participant", {"P1"}), ("stranger", set())],
)
def test_each_reads_only_what_is_for_them(
    inviting: Inviting, client: Client, world: World, who: str, seen: set[str]
) -> None:
    """Abuse 3 for what people tell about themselves: canaries at every level of privacy, in every page of the step."""
    inviting.invited()
    row = accept(inviting, inviting.link_of("ar"))
    told = TOLD | CANARIES | {"consent_contact_list": True}
    actions.tell_details(details=told, by=row.participant.person.account, participant=row.participant)
    other = inviting.links("invite.answer")[-1].account
    readers: dict[str, Any] = {
        "secretariat": inviting.secretariat, "participant": other, "facilitator": world.account("facilitator"),
        "stranger": world.account(),
    }  # fmt: skip
    if who == "facilitator":
        person = Person.objects.create(account=readers[who], role_title=Text("en", "Facilitator"), languages=["en"])
        inviting.dialogue.participants.create(person=person, role="facilitator")
    client.force_login(readers[who])
    base = f"/dialogues/{inviting.dialogue.slug}/invite/"
    pages = [base, f"{base}people/", f"{base}people/{row.participant_id}/", f"{base}places/", f"{base}concept-note/"]
    shown = "".join(client.get(url).content.decode() for url in pages)
    assert {level for level in ("P1", "P2", "P3") if f"canary-{level}" in shown} == seen - (
        {"P1"} if who == "participant" else set()
    )
    assert ("canary-name" in shown) == ("P1" in seen)
    assert "woman" not in client.get(pages[2]).content.decode()


def test_who_does_not_agree_to_the_list_is_not_in_it(inviting: Inviting, client: Client) -> None:
    inviting.invited()
    row = accept(inviting, inviting.link_of("ar"))
    actions.tell_details(details=TOLD | CANARIES, by=row.participant.person.account, participant=row.participant)
    client.force_login(inviting.links("invite.answer")[-1].account)
    assert "canary" not in client.get(f"/dialogues/{inviting.dialogue.slug}/invite/people/").content.decode()


def test_planned_reminders_leave_on_their_day_only_to_those_who_have_not_answered(inviting: Inviting) -> None:
    inviting.invited()
    actions.invite_delegations(by=inviting.secretariat, dialogue=inviting.dialogue)
    actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    Mail.objects.filter(batch__kind="invite.delegation").update(state="sent")
    closes = datetime(2026, 9, 20, 12, tzinfo=UTC)
    terms = Terms(closes_at=closes, reminder_days=[7, 2])
    actions.set_registration(by=inviting.secretariat, dialogue=inviting.dialogue, terms=terms)
    due = datetime(2026, 9, 13, 9, 30, tzinfo=UTC)
    assert actions.send_due_reminders(now=due) == 0  # nobody has agreed that they leave by themselves
    actions.set_registration(
        by=inviting.secretariat,
        dialogue=inviting.dialogue,
        terms=Terms(closes_at=closes, reminder_days=[7, 2], sends_reminders=True),
    )
    focal = inviting.focal_point()
    assert len(unanswered(inviting.dialogue)) == 4
    answered = next(link for link in inviting.links("invite.answer") if not link.account.person.is_focal_point)
    actions.answer_invitation(link=answered, answer="no")
    assert actions.send_due_reminders(now=due - timedelta(hours=1)) == 0
    assert actions.send_due_reminders(now=due) == 3
    assert actions.send_due_reminders(now=due + timedelta(hours=1)) == 0
    assert actions.send_due_reminders(now=due + timedelta(days=2)) == 0
    mails = Mail.objects.filter(batch__kind="invite.reminder")
    assert {mail.state for mail in mails} == {"queued"}
    # One mail about both: the person's own answer and the city's free seats.
    own = mails.get(account=focal).body_text
    assert "/invite/answer/" in own
    assert "/invite/delegation/" in own
    inviting.note(goal=Text("en", "Another goal altogether."))
    assert actions.send_due_reminders(now=datetime(2026, 9, 18, 9, 30, tzinfo=UTC)) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"women_wanted": 101}, {"delete_after_days": 0}, {"reminder_days": [0]}, {"reminder_days": [1, 2, 3, 4, 5, 6]},
        {"opens_at": datetime(2026, 9, 2, tzinfo=UTC), "closes_at": datetime(2026, 9, 1, tzinfo=UTC)},
    ],
)  # fmt: skip
def test_terms_that_make_no_sense_are_refused(inviting: Inviting, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        actions.set_registration(by=inviting.secretariat, dialogue=inviting.dialogue, terms=Terms(**wrong))
    with pytest.raises(Forbidden):
        actions.set_registration(by=inviting.focal_point(), dialogue=inviting.dialogue, terms=Terms())


def test_the_page_of_registration_keeps_what_was_set(inviting: Inviting, client: Client) -> None:
    inviting.invited()
    client.force_login(inviting.secretariat)
    url = f"/dialogues/{inviting.dialogue.slug}/invite/registration/"
    typed = {"closes_on": "2026-09-20", "delete_after_days": "30", "reminder_days": "14، 7", "needs_approval": "on"}
    assert client.post(url, typed | {"reminder_days": "soon"}).status_code == 422
    assert client.post(url, typed).status_code == 302
    row = inviting.dialogue.registration
    assert (row.reminder_days, row.needs_approval, row.advances_by_itself, row.reminders_by) == (
        [14, 7],
        True,
        False,
        None,
    )
    assert row.closes_at == datetime(2026, 9, 20, 23, 59, 59, tzinfo=UTC)
    assert client.get(url).content.decode().count("<time") >= 2


@pytest.mark.parametrize("partners", [1, 3])
def test_places_cost_the_same_for_one_and_three(
    world: World, client: Client, partners: int, django_assert_num_queries: Any
) -> None:
    inviting = Inviting(world, partners)
    for number in range(1, partners):
        inviting.session(f"S{number + 1}", hour=9 + number)
    inviting.invited()
    for link in inviting.links("invite.answer"):
        accept(inviting, link)
    client.force_login(inviting.secretariat)
    client.get(f"/dialogues/{inviting.dialogue.slug}/invite/places/")
    for page, count in (("places/", 16), ("people/", 9)):
        with django_assert_num_queries(count):
            client.get(f"/dialogues/{inviting.dialogue.slug}/invite/{page}")
