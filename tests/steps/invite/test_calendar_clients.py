"""A session's life in other people's calendar programs: invited, moved, substituted, called off."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from majlis.dialogue.actions import plan_session, set_session_state
from majlis.dialogue.models import Dialogue, Session
from majlis.language.models import Text
from majlis.outbox.courier import calendar_objects
from majlis.outbox.models import Mail
from majlis.steps.invite import actions
from majlis.steps.invite.actions import Named
from tests.steps.invite.clients import ical_js, khal, vdirsyncer_items
from tests.steps.invite.conftest import Inviting

pytestmark = pytest.mark.django_db
JOIN = "https://meet.example.org/jobs"


@pytest.fixture
def planned(inviting: Inviting) -> Inviting:
    """Two sessions in Berlin's zone, on both sides of the change of its clocks."""
    Dialogue.objects.filter(pk=inviting.dialogue.pk).update(zone="Europe/Berlin")
    inviting.dialogue.refresh_from_db()
    inviting.agreed()
    _planned(inviting, "S1", datetime(2026, 10, 22, 9, tzinfo=UTC))
    _planned(inviting, "S2", datetime(2026, 10, 27, 9, tzinfo=UTC))
    return inviting


def _planned(inviting: Inviting, code: str, starts_at: datetime) -> Session:
    return plan_session(
        by=inviting.secretariat, dialogue=inviting.dialogue, code=code, starts_at=starts_at, minutes=90, join_url=JOIN,
        title=Text.of({"en": f"Opening {code}", "ar": f"افتتاح {code}"}), kind="consulting", agenda="consulting_short",
    )  # fmt: skip


def _sent(inviting: Inviting, kind: str, address: str) -> str:
    actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    return Mail.objects.filter(batch__kind=kind, address=address).latest("pk").calendar


def _uid(session: Session) -> str:
    return f"{session.calendar_uid}@majlis"


def test_two_parsers_and_two_programs_follow_a_session_from_invitation_to_cancellation(
    planned: Inviting, tmp_path: Path
) -> None:
    """Acceptance 2 of the issue: invite, move, substitute, cancel."""
    s1, s2 = planned.dialogue.sessions.order_by("code")
    focal = planned.focal_point(1)  # Gabès reads Arabic
    address = focal.email
    actions.draft_invitations(by=planned.secretariat, dialogue=planned.dialogue)

    # Invited: one REQUEST a session, in the reader's language, on the right hour on both sides of the change.
    invited = _sent(planned, "invite.invitation", address)
    read = ical_js(invited)
    assert [each["method"] for each in read] == ["REQUEST", "REQUEST"]
    first, second = (each["events"][0] for each in read)
    assert [first["uid"], second["uid"]] == [_uid(s1), _uid(s2)]
    assert [(each["starts_at"], each["ends_at"], each["zone"]) for each in (first, second)] == [
        ("2026-10-22T09:00:00Z", "2026-10-22T10:30:00Z", "Europe/Berlin"),
        ("2026-10-27T09:00:00Z", "2026-10-27T10:30:00Z", "Europe/Berlin"),
    ]
    assert (first["summary"], first["language"]) == ("افتتاح S1 · Jobs in cities", "ar")
    assert (first["location"], first["status"], first["sequence"]) == (JOIN, "CONFIRMED", 1)
    assert first["organizer"]["address"] == "mailto:majlis@example.org"
    assert [(each["address"], each["answered"], each["rsvp"]) for each in first["attendees"]] == [
        (f"mailto:{address}", "NEEDS-ACTION", "TRUE")
    ]
    assert first["alarms"] == ["-P1D", "-PT15M"]
    # The agenda stands in the description on the reader's clock: 9:00 UTC is 10:00 in Tunis.
    assert "10:00 الترحيب وقواعد العمل" in first["description"]
    assert "10:15 الاستشارة بين الأقران" in first["description"]
    _agree(invited, read)
    assert vdirsyncer_items(calendar_objects(invited)[0]) == [_uid(s1)]

    # Moved: the same UID with a higher SEQUENCE takes the entry's place.
    _planned(planned, "S2", datetime(2026, 10, 28, 8, tzinfo=UTC))
    actions.draft_updates(by=planned.secretariat, dialogue=planned.dialogue)
    moved = _sent(planned, "invite.update", address)
    read = ical_js(moved)
    assert [each["method"] for each in read] == ["REQUEST"]
    event = read[0]["events"][0]
    assert (event["uid"], event["sequence"], event["starts_at"]) == (_uid(s2), 1, "2026-10-28T08:00:00Z")
    _agree(moved, read)

    # Substituted: who leaves gets a CANCEL for each session, who comes a REQUEST.
    participant = planned.dialogue.participants.get(person__account=focal)
    successor = Named("substitute@example.org", Text("ar", "رئيس مصلحة التخطيط"))
    actions.substitute(participant=participant, named=successor, by=planned.secretariat)
    actions.draft_invitations(by=planned.secretariat, dialogue=planned.dialogue)
    taken_off = _sent(planned, "invite.removal", address)
    read = ical_js(taken_off)
    assert [(each["method"], each["events"][0]["status"]) for each in read] == [("CANCEL", "CANCELLED")] * 2
    assert [(each["events"][0]["uid"], each["events"][0]["sequence"]) for each in read] == [
        (_uid(s1), 2),
        (_uid(s2), 2),
    ]
    assert [each["events"][0]["alarms"] for each in read] == [[], []]
    _agree(taken_off, read)
    fresh = Mail.objects.get(batch__kind="invite.invitation", address="substitute@example.org").calendar
    assert [each["events"][0]["attendees"][0]["address"] for each in ical_js(fresh)] == [
        "mailto:substitute@example.org"
    ] * 2

    # Called off: CANCEL with a SEQUENCE above all before.
    set_session_state(by=planned.secretariat, session=s1, state=Session.State.CANCELLED, reason="Storm")
    actions.draft_updates(by=planned.secretariat, dialogue=planned.dialogue)
    off = _sent(planned, "invite.update", "substitute@example.org")
    read = ical_js(off)
    assert [(each["method"], each["events"][0]["status"], each["events"][0]["uid"]) for each in read] == [
        ("CANCEL", "CANCELLED", _uid(s1))
    ]
    _agree(off, read)

    # The same mails opened in khal by the one who left and by the one who came.
    left = khal(tmp_path / "left", "Africa/Tunis", [invited, moved, taken_off], "2026-10-20", "10d")
    assert [[(row["starts"], row["ends"], row["uid"], row["status"].strip()) for row in shown] for shown in left] == [
        [("2026-10-22 10:00", "2026-10-22 11:30", _uid(s1), "CONFIRMED"), ("2026-10-27 10:00", "2026-10-27 11:30", _uid(s2), "CONFIRMED")],
        [("2026-10-22 10:00", "2026-10-22 11:30", _uid(s1), "CONFIRMED"), ("2026-10-28 09:00", "2026-10-28 10:30", _uid(s2), "CONFIRMED")],
        [("2026-10-22 10:00", "2026-10-22 11:30", _uid(s1), "CANCELLED"), ("2026-10-28 09:00", "2026-10-28 10:30", _uid(s2), "CANCELLED")],
    ]  # fmt: skip
    came = khal(tmp_path / "came", "Africa/Tunis", [fresh, off], "2026-10-20", "10d")
    assert [[(row["uid"], row["status"].strip()) for row in shown] for shown in came] == [
        [(_uid(s1), "CONFIRMED"), (_uid(s2), "CONFIRMED")], [(_uid(s1), "CANCELLED"), (_uid(s2), "CONFIRMED")],
    ]  # fmt: skip


def _agree(stream: str, read: list[dict[str, Any]]) -> None:
    """icalendar and ical.js, which share no code, read the same objects."""
    for text, theirs in zip(calendar_objects(stream), read, strict=True):
        calendar: Any = Calendar.from_ical(text)
        event, other = calendar.walk("VEVENT")[0], theirs["events"][0]
        assert str(calendar["METHOD"]) == theirs["method"]
        assert (
            sorted(
                name.lower() for name, _value in event.property_items(recursive=False) if name not in {"BEGIN", "END"}
            )
            == other["properties"]
        )
        for name in ("uid", "summary", "description", "location", "url", "status"):
            assert str(event[name]) == other[name]
        assert f"{event['DTSTART'].dt.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" == other["starts_at"]
        assert f"{event['DTEND'].dt.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" == other["ends_at"]
        assert event["SEQUENCE"] == other["sequence"]
        assert str(event["ATTENDEE"].params["CN"]) == other["attendees"][0]["name"]


def test_a_feed_is_taken_apart_and_shown_by_other_programs(planned: Inviting, tmp_path: Path, client: Client) -> None:
    actions.draft_invitations(by=planned.secretariat, dialogue=planned.dialogue)
    actions.send_invitations(by=planned.secretariat, dialogue=planned.dialogue)
    client.force_login(planned.secretariat)
    text = client.get(f"/dialogues/{planned.dialogue.slug}/invite/sessions.ics").content.decode()
    s1, s2 = planned.dialogue.sessions.order_by("code")
    assert vdirsyncer_items(text) == [_uid(s1), _uid(s2)]
    assert [each["starts_at"] for each in ical_js(text)[0]["events"]] == [
        "2026-10-22T09:00:00Z",
        "2026-10-27T09:00:00Z",
    ]
    shown = khal(tmp_path, "Asia/Baghdad", [text], "2026-10-20", "10d")
    assert [row["starts"] for row in shown[0]] == ["2026-10-22 12:00", "2026-10-27 12:00"]
