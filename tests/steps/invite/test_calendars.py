"""Calendar objects: read back with a parser, they say what was meant and nothing that was smuggled in."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from majlis.accounts.models import Account
from majlis.dialogue.actions import set_session_state
from majlis.dialogue.models import Dialogue, Session, Step
from majlis.language.models import Text
from majlis.outbox.courier import calendar_objects, composed
from majlis.outbox.models import Mail
from majlis.steps.enable.actions import cancel_session
from majlis.steps.invite import actions
from majlis.steps.invite.calendars import request
from tests.steps.invite.clients import ical_js
from tests.steps.invite.conftest import Inviting
from tests.steps.invite.test_replies import written


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
def test_the_public_calendar_holds_the_dates_but_not_the_way_in_and_can_be_closed(
    inviting: Inviting, client: Client
) -> None:
    inviting.agreed()
    inviting.session(join_url="https://meet.example.org/secret")
    client.force_login(inviting.secretariat)
    page = f"/dialogues/{inviting.dialogue.slug}/invite/calendar/"
    assert client.get(page).context["feed"] is None
    assert client.post(f"{page}publish/").status_code == 302
    first = client.get(page).context["public"]["https"]
    client.logout()
    answer = client.get(first)
    assert (answer["Content-Type"], answer.status_code) == ("text/calendar; charset=utf-8", 200)
    calendar = Calendar.from_ical(answer.content)
    assert (calendar["METHOD"], calendar["NAME"]) == ("PUBLISH", "Jobs in cities")
    assert b"secret" not in answer.content
    assert b"ATTENDEE" not in answer.content
    client.force_login(inviting.secretariat)
    client.post(f"{page}publish/")
    second = client.get(page).context["public"]["https"]
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    client.post(f"{page}publish/", {"close": "1"})
    assert client.get(second).status_code == 404
    client.force_login(inviting.focal_point())
    assert client.post(f"{page}publish/").status_code == 403


@pytest.mark.django_db
def test_the_public_calendar_is_kept_until_something_in_it_changes(inviting: Inviting, client: Client) -> None:
    inviting.note()
    session = inviting.session()
    client.force_login(inviting.secretariat)

    def feed(language: str = "en") -> str:
        client.cookies["django_language"] = language
        return client.get(f"/dialogues/{inviting.dialogue.slug}/invite/sessions.ics").content.decode()

    first = feed()
    assert feed() == first
    assert event_of(Calendar.from_ical(feed("ar")))["SUMMARY"].startswith("افتتاح S1")
    Dialogue.objects.update(organiser=Text("en", "Another network"))
    assert event_of(Calendar.from_ical(feed()))["ORGANIZER"].params["CN"] == "Another network"
    inviting.session(hour=13)
    moved = event_of(Calendar.from_ical(feed()))
    assert (moved["DTSTART"].dt.hour, moved["SEQUENCE"], moved["UID"]) == (13, 1, f"{session.calendar_uid}@majlis")
    session.refresh_from_db()
    inviting.world.at(inviting.dialogue, Step.ENABLE)
    cancel_session(by=inviting.secretariat, session=session, reason="Storm")
    assert Calendar.from_ical(feed()).walk("VEVENT") == []


@pytest.mark.django_db
def test_an_own_calendar_follows_the_answers_and_dies_with_its_address(inviting: Inviting, client: Client) -> None:
    inviting.agreed()
    inviting.session("S1", join_url="https://meet.example.org/secret")
    inviting.session("S2", hour=13)
    actions.draft_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    link = inviting.link_of("ar")
    page = f"/dialogues/{inviting.dialogue.slug}/invite/calendar/of/{link.token}/"
    shown = client.get(page)
    assert shown.context["feed"] is None
    assert len(shown.context["entries"]) == 2
    client.post(page)
    addresses = client.get(page).context["feed"]
    assert addresses["webcal"] == addresses["https"].replace("http://", "webcal://")
    feed: Any = Calendar.from_ical(client.get(addresses["https"]).content)
    events = feed.walk("VEVENT")
    assert [(event["STATUS"], event["SUMMARY"].startswith("افتتاح")) for event in events] == [("TENTATIVE", True)] * 2
    assert events[0]["LOCATION"] == "https://meet.example.org/secret"
    assert len(events[0].walk("VALARM")) == 2
    s1 = inviting.dialogue.sessions.get(code="S1")
    actions.answer_invitation(
        link=link, answer="yes", sessions=[s1.pk], contribution="practice", contribution_text=Text("ar", "ممارسة")
    )
    events = parsed(client.get(addresses["https"]).content.decode())[0].walk("VEVENT")
    assert [(event["UID"], event["STATUS"]) for event in events] == [(f"{s1.calendar_uid}@majlis", "CONFIRMED")]
    single = client.get(f"{page}S1.ics")
    assert single["Content-Disposition"] == f'attachment; filename="{inviting.dialogue.slug}-S1.ics"'
    assert client.get(f"{page}S2.ics").status_code == 404
    # A new address makes the old one useless, and so does leaving the network (abuse case 24).
    client.post(page)
    renewed = client.get(page).context["feed"]["https"]
    assert (client.get(addresses["https"]).status_code, client.get(renewed).status_code) == (404, 200)
    Account.objects.filter(pk=link.account_id).update(is_active=False)
    assert client.get(renewed).status_code == 404
    Account.objects.filter(pk=link.account_id).update(is_active=True)
    inviting.dialogue.participants.filter(person__account=link.account).delete()
    inviting.dialogue.partners.filter(city__people__account=link.account).delete()
    assert client.get(renewed).status_code == 404


@pytest.mark.django_db
def test_links_for_calendars_on_the_web_say_the_same_and_nothing_more(inviting: Inviting, client: Client) -> None:
    session = inviting.session(join_url="https://meet.example.org/room?a=1&b=ü")
    client.force_login(inviting.secretariat)
    page = client.get(f"/dialogues/{inviting.dialogue.slug}/invite/calendar/")
    ((entry, file),) = page.context["entries"]
    google, outlook = (dict(parse_qsl(urlsplit(address).query)) for address in (entry.google, entry.outlook))
    assert google == {
        "action": "TEMPLATE", "text": "Opening S1", "dates": "20260929T090000Z/20260929T113000Z",
        "location": "https://meet.example.org/room?a=1&b=ü",
    }  # fmt: skip
    assert outlook == {
        "path": "/calendar/action/compose", "rru": "addevent", "subject": "Opening S1", "startdt": "2026-09-29T09:00:00Z",
        "enddt": "2026-09-29T11:30:00Z", "location": "https://meet.example.org/room?a=1&b=ü",
    }  # fmt: skip
    assert event_of(parsed(client.get(file).content.decode())[0])["UID"] == f"{session.calendar_uid}@majlis"
    assert page.content.count(b'referrerpolicy="no-referrer"') == 2


@pytest.mark.django_db
def test_the_secretariat_sees_what_calendar_programs_answered(inviting: Inviting, client: Client) -> None:
    inviting.invited()
    url = f"/dialogues/{inviting.dialogue.slug}/invite/calendar/answers/"
    client.force_login(inviting.focal_point())
    assert client.get(url).status_code == 403
    client.force_login(inviting.secretariat)
    assert "Nothing yet" in client.get(url).content.decode()
    session, account = inviting.dialogue.sessions.get(), inviting.focal_point()
    file = SimpleUploadedFile("answer.ics", written(session, account.email))
    assert client.post(url, {"file": file}).status_code == 302
    again = SimpleUploadedFile("answer.ics", written(session, account.email))
    client.post(url, {"file": again})
    assert [reply.is_taken for reply in client.get(url).context["replies"]] == [False, True]
    assert client.post(url, {"file": SimpleUploadedFile("x.ics", b"no calendar")}).status_code == 422
    assert client.post(url).status_code == 422


HOSTILE = st.text(alphabet=st.sampled_from('aß \r\n\u2028\u2029\x85\x00;:,"^\\=\t|\u202eATTENDEE'), max_size=60)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=HOSTILE, name=HOSTILE, description=HOSTILE)
def test_abuse_10_nothing_can_be_smuggled_into_an_object(title: str, name: str, description: str) -> None:
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
    assert [part.name for part in event.subcomponents] == ["VALARM", "VALARM"]
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


def test_abuse_10_a_parser_that_is_not_ours_reads_the_same_properties() -> None:
    """CR, LF, U+2028 and quotes in every text, in the CN and in the URL."""
    hostile = [
        'x"\r\nATTENDEE:mailto:evil@example.org', "x\nBEGIN:VEVENT\nUID:evil", "x\u2028METHOD:CANCEL", "x\u2029STATUS:CANCELLED",
        'x";PARTSTAT=ACCEPTED:mailto:evil@example.org', "x\\nSEQUENCE:99", "x\x85END:VCALENDAR", "x\x0bEND:VEVENT", "x^n^'x",
    ]  # fmt: skip
    stream = ""
    for text in hostile:
        dialogue = Dialogue(slug="d", title=Text("en", text), organiser=Text("en", text), zone="Europe/Berlin")
        session = Session(
            pk=7, dialogue=dialogue, code="S1", title=Text("en", text), starts_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            minutes=150, join_url=f"https://meet.example.org/{text}",
        )  # fmt: skip
        stream += request(session, address="a@example.org", name=text, description=text)
    read = ical_js(stream)
    assert len(read) == len(hostile)
    for each in read:
        assert (each["method"], each["properties"]) == ("REQUEST", ["calscale", "method", "prodid", "version"])
        assert each["parts"] == ["vtimezone", "vevent"]
        (event,) = each["events"]
        assert event["properties"] == [
            "attendee", "description", "dtend", "dtstamp", "dtstart", "last-modified", "location", "organizer", "sequence",
            "status", "summary", "transp", "uid", "url",
        ]  # fmt: skip
        assert (event["sequence"], event["status"], event["starts_at"]) == (0, "CONFIRMED", "2026-10-25T00:30:00Z")
        assert [(one["address"], one["answered"]) for one in event["attendees"]] == [
            ("mailto:a@example.org", "NEEDS-ACTION")
        ]
        assert event["organizer"]["address"] == "mailto:majlis@example.org"
