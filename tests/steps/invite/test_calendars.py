"""Calendar objects: read back with a parser, they say what was meant and nothing that was smuggled in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from majlis.dialogue.actions import set_session_state
from majlis.dialogue.models import Dialogue, Session, Step
from majlis.language.models import Text
from majlis.outbox.courier import calendar_objects, composed
from majlis.outbox.models import Mail
from majlis.steps.enable.actions import cancel_session
from majlis.steps.invite import actions
from majlis.steps.invite.calendars import request
from tests.steps.invite.conftest import Inviting


def parsed(stream: str) -> list[Any]:
    return [Calendar.from_ical(one) for one in calendar_objects(stream)]


def event_of(calendar: Any) -> Any:
    return calendar.walk("VEVENT")[0]


@pytest.mark.django_db
def test_each_session_is_a_request_to_its_reader(inviting: Inviting) -> None:
    Dialogue.objects.filter(pk=inviting.dialogue.pk).update(zone="Africa/Casablanca")
    inviting.dialogue.refresh_from_db()
    inviting.agreed()
    inviting.session("S2", hour=13, join_url="https://meet.example.org/room")
    batch = actions.draft_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    mail = batch.mails.filter(language="ar").first()
    assert mail
    first, second = parsed(mail.calendar)
    assert [calendar["METHOD"] for calendar in (first, second)] == ["REQUEST", "REQUEST"]
    event = event_of(first)
    assert event["DTSTART"].dt == datetime(2026, 9, 29, 9, tzinfo=UTC)
    assert event["DTSTART"].params["TZID"] == "Africa/Casablanca"
    assert first.walk("VTIMEZONE")[0]["TZID"] == "Africa/Casablanca"
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=150)
    assert event["SUMMARY"].startswith("افتتاح S1")
    assert event["ATTENDEE"] == f"mailto:{mail.address}"
    assert (event["ATTENDEE"].params["PARTSTAT"], event["ATTENDEE"].params["RSVP"]) == ("NEEDS-ACTION", "TRUE")
    assert event["ORGANIZER"] == "mailto:majlis@example.org"
    assert event["SEQUENCE"] == 0
    assert event_of(second)["LOCATION"] == "https://meet.example.org/room"
    assert "/invite/answer/" in event["DESCRIPTION"]
    message = composed(mail)
    attached = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert [(part.get_param("method"), part.get_filename()) for part in attached] == [
        ("REQUEST", "majlis-1.ics"), ("REQUEST", "majlis-2.ics"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_changed_session_is_followed_with_a_higher_sequence_and_the_same_uid(inviting: Inviting) -> None:
    inviting.invited()
    first = event_of(parsed(Mail.objects.filter(batch__kind="invite.invitation")[0].calendar)[0])
    actions.answer_invitation(link=inviting.links("invite.answer")[0], answer="no")
    inviting.session(hour=10)
    batch = actions.draft_updates(by=inviting.secretariat, dialogue=inviting.dialogue)
    assert batch.mails.count() == 3
    actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    update = parsed(batch.mails.all()[0].calendar)[0]
    event = event_of(update)
    assert (update["METHOD"], event["SEQUENCE"], event["UID"]) == ("REQUEST", 1, first["UID"])
    assert event["DTSTART"].dt == datetime(2026, 9, 29, 10, tzinfo=UTC)


@pytest.mark.django_db
def test_a_cancelled_session_is_called_off(inviting: Inviting) -> None:
    inviting.invited()
    session = inviting.dialogue.sessions.get()
    set_session_state(by=inviting.secretariat, session=session, state=Session.State.CANCELLED, reason="Storm")
    batch = actions.draft_updates(by=None, dialogue=inviting.dialogue)
    mail = batch.mails.all()[0]
    calendar = parsed(mail.calendar)[0]
    event = event_of(calendar)
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert "Storm" in mail.body_text


@pytest.mark.django_db
def test_the_public_calendar_holds_the_dates_but_not_the_way_in(inviting: Inviting, client: Client) -> None:
    url = f"/dialogues/{inviting.dialogue.slug}/invite/sessions.ics"
    assert client.get(url).status_code == 404
    inviting.session(join_url="https://meet.example.org/secret")
    inviting.agreed()
    inviting.session(join_url="https://meet.example.org/secret")
    actions.draft_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    answer = client.get(url)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    assert calendar["METHOD"] == "PUBLISH"
    assert b"secret" not in answer.content
    assert b"ATTENDEE" not in answer.content


HOSTILE = st.text(alphabet=st.sampled_from('aß \r\n\u2028\u2029\x85\x00;:,"^\\=\t|\u202eATTENDEE'), max_size=60)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=HOSTILE, name=HOSTILE, description=HOSTILE)
def test_nothing_can_be_smuggled_into_an_object(title: str, name: str, description: str) -> None:
    dialogue = Dialogue(slug="d", title=Text("en", title), organiser=Text("en", name), zone="Europe/Berlin")
    session = Session(
        pk=7, dialogue=dialogue, code="S1", title=Text("en", title), starts_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        minutes=150,
    )  # fmt: skip
    calendar = Calendar.from_ical(request(session, address="a@example.org", name=name, description=description))
    event = event_of(calendar)
    assert sorted(calendar.keys()) == ["CALSCALE", "METHOD", "PRODID", "VERSION"]
    assert sorted(event.keys()) == [
        "ATTENDEE", "DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "LAST-MODIFIED", "LOCATION", "ORGANIZER", "SEQUENCE",
        "STATUS", "SUMMARY", "TRANSP", "UID", "URL",
    ]  # fmt: skip
    assert event["ATTENDEE"] == "mailto:a@example.org"
    assert (event["DTEND"].dt.astimezone(UTC) - event["DTSTART"].dt.astimezone(UTC)) == timedelta(minutes=150)


@pytest.mark.django_db
def test_a_moved_session_drafts_its_updates_by_itself_and_once(inviting: Inviting) -> None:
    assert actions.follow_all_sessions() == 0
    inviting.invited()
    assert actions.follow_sessions(dialogue=inviting.dialogue) is None
    inviting.session(hour=10)
    assert actions.follow_all_sessions() == 1
    drafts = Mail.objects.filter(batch__kind="invite.update")
    assert drafts.count() == 4
    assert {mail.state for mail in drafts} == {"draft"}
    assert actions.follow_all_sessions() == 0
    assert drafts.count() == 4
    inviting.session(hour=11)
    assert actions.follow_all_sessions() == 1
    actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    moved = [event_of(parsed(mail.calendar)[0])["SEQUENCE"] for mail in drafts.filter(state="queued")]
    assert moved == [2] * 4


@pytest.mark.django_db
def test_a_session_called_off_while_it_is_held_drafts_the_cancellation(inviting: Inviting) -> None:
    inviting.invited()
    inviting.world.at(inviting.dialogue, Step.ENABLE)
    cancel_session(by=inviting.secretariat, session=inviting.dialogue.sessions.get(), reason="Storm")
    mails = Mail.objects.filter(batch__kind="invite.update", state="draft")
    assert {parsed(mail.calendar)[0]["METHOD"] for mail in mails} == {"CANCEL"}
    assert mails.count() == 4
