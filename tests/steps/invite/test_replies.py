"""Answers of calendar programs: read from a mailbox or uploaded, matched to invitations, refused calmly when they do not fit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as prop
from hypothesis import strategies as st

from majlis.accounts.models import Account
from majlis.dialogue.models import Session
from majlis.language.models import Text
from majlis.outbox.actions import read_mailbox
from majlis.steps.invite import actions
from majlis.steps.invite.actions.replies import take_reply, upload_replies
from majlis.steps.invite.calendars import NotReadable, Reply, replies
from majlis.steps.invite.models import CalendarReply, Invitation
from majlis.web.refused import Forbidden, Refused
from tests.outbox.imap import imap_server, put
from tests.steps.invite.conftest import Inviting

NOW = datetime(2026, 8, 3, 9, 30, tzinfo=UTC)


def written(
    session: Session | None, address: str, partstat: str = "ACCEPTED", *, sequence: int = 0, at: datetime = NOW,
    method: str = "REPLY", uid: str = "", sent_by: str = "", more: str = "",
) -> bytes:  # fmt: skip
    """A reply as calendar programs write them."""
    uid = uid or (f"{session.calendar_uid}@majlis" if session else "nobody@elsewhere")
    lines = [
        "BEGIN:VCALENDAR", "PRODID:-//Somebody//Calendar//EN", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{uid}",
        f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}", "DTSTART:20260929T090000Z", f"SEQUENCE:{sequence}",
        f"ATTENDEE;CN=Head;PARTSTAT={partstat}{sent_by}:MAILTO:{address.upper()}", "ORGANIZER:mailto:majlis@example.org",
        *([more] if more else []), "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def mailed(content: bytes, sender: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = (
        f"Somebody <{sender}>",
        "majlis@example.org",
        "Accepted: Opening",
    )
    message.set_content("I will come.")
    message.add_alternative(content.decode(), subtype="calendar", params={"method": "REPLY"})
    message.add_attachment(content.decode(), subtype="calendar", filename="invite.ics")
    return message


@pytest.fixture
def invited(inviting: Inviting) -> Inviting:
    inviting.agreed()
    inviting.session("S2", hour=13)
    actions.draft_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    # The answers below are of August; so is the page's own that one of them is compared with.
    return inviting


def session_of(invited: Inviting, code: str = "S1") -> Session:
    return invited.dialogue.sessions.get(code=code)


def guest(invited: Inviting) -> Account:
    return invited.focal_point(0)


def row_of(account: Account) -> Invitation:
    return Invitation.objects.get(participant__person__account=account)


def why(number: int = 0) -> str:
    """Why the newest answer was not taken."""
    reply = CalendarReply.objects.all()[number]
    assert not reply.is_taken
    return str(reply.words)


@pytest.mark.django_db
def test_an_answer_by_mail_is_the_answer_to_one_session(invited: Inviting) -> None:
    account = guest(invited)
    assert take_reply(mailed(written(session_of(invited), account.email, "TENTATIVE"), account.email))
    row = row_of(account)
    assert [(each.session.code, each.answer) for each in row.by_session.select_related("session")] == [
        ("S1", "tentative")
    ]
    assert (row.answer, CalendarReply.objects.get().is_taken) == ("tentative", True)
    assert take_reply(mailed(written(session_of(invited, "S2"), account.email), account.email))
    assert row_of(account).answer == "yes"
    entry = invited.dialogue.scope
    from majlis.journal.models import Entry

    newest = Entry.objects.filter(scope=entry, act="invite.answer_invitation").latest("pk")
    assert newest.facts["by_calendar"] is True


@pytest.mark.django_db
def test_the_mailbox_is_read_and_only_answers_are_taken(invited: Inviting, settings: Any) -> None:
    """From a real IMAP server on loopback to the answer."""
    settings.MAILBOX_READERS = {"calendar": "majlis.steps.invite.actions.replies.take_reply"}
    account, other = guest(invited), invited.focal_point(1)
    newsletter = mailed(written(session_of(invited), other.email, method="REQUEST"), other.email)
    with imap_server() as url:
        settings.IMAP_URL = url
        put(
            url,
            newsletter.as_bytes(),
            mailed(written(session_of(invited), account.email, "DECLINED"), account.email).as_bytes(),
        )
        assert read_mailbox() == 2
        assert read_mailbox() == 0
    assert (row_of(account).answer, row_of(other).answer) == ("no", "open")
    assert CalendarReply.objects.count() == 1


@pytest.mark.django_db
def test_forged_unknown_and_senseless_answers_are_refused_calmly(invited: Inviting) -> None:
    account, session = guest(invited), session_of(invited)
    stranger = "stranger@example.net"
    assert take_reply(mailed(written(session, account.email), stranger))
    assert why() == "The mail came from another address than the one it answers for."
    assert take_reply(mailed(written(session, stranger), stranger))
    assert why() == "Nobody with this address was invited to this session."
    assert take_reply(mailed(written(None, account.email), account.email))
    assert why() == "No session here has this calendar entry."
    assert take_reply(mailed(written(session, account.email, "DELEGATED"), account.email))
    assert why() == "It says neither yes, no nor perhaps."
    assert take_reply(mailed(written(session, account.email, sequence=7), account.email))
    assert why() == "It answers a plan of the session that does not exist."
    assert row_of(account).answer == "open"
    assert not CalendarReply.objects.filter(is_taken=True).exists()


@pytest.mark.django_db
def test_somebody_may_answer_for_the_attendee_if_the_program_says_so(invited: Inviting) -> None:
    account = guest(invited)
    by_office = ';SENT-BY="mailto:office@example.org"'
    assert take_reply(mailed(written(session_of(invited), account.email, sent_by=by_office), "office@example.org"))
    assert row_of(account).answer == "yes"


@pytest.mark.django_db
def test_an_older_answer_and_one_to_an_earlier_plan_lose(invited: Inviting) -> None:
    account, session = guest(invited), session_of(invited)

    def reply(partstat: str, minutes: int, sequence: int = 0) -> None:
        content = written(session, account.email, partstat, at=NOW + timedelta(minutes=minutes), sequence=sequence)
        assert take_reply(mailed(content, account.email))

    reply("ACCEPTED", 10)
    reply("DECLINED", 0)
    assert (row_of(account).answer, why()) == ("yes", "A later answer has been given already.")
    reply("ACCEPTED", 10)
    assert why() == "This answer was read before."
    reply("TENTATIVE", 20)
    assert row_of(account).answer == "tentative"
    invited.session("S1", hour=10)
    actions.draft_updates(by=invited.secretariat, dialogue=invited.dialogue)
    actions.send_invitations(by=invited.secretariat, dialogue=invited.dialogue)
    reply("ACCEPTED", 30, sequence=0)
    assert (row_of(account).answer, why()) == (
        "tentative",
        "It answers an earlier plan of the session, which has changed since.",
    )
    reply("ACCEPTED", 30, sequence=1)
    assert row_of(account).answer == "yes"


@pytest.mark.django_db
def test_an_answer_on_the_page_beats_an_earlier_one_that_arrives_late(invited: Inviting) -> None:
    account, session = guest(invited), session_of(invited)
    link = next(link for link in invited.links("invite.answer") if link.account == account)
    actions.answer_invitation(
        link=link, answer="yes", sessions=[session.pk], contribution="practice", contribution_text=Text("en", "Ours")
    )
    an_hour_ago = timezone.now() - timedelta(hours=1)
    assert take_reply(mailed(written(session, account.email, "DECLINED", at=an_hour_ago), account.email))
    assert (row_of(account).answer, why()) == ("yes", "A later answer has been given already.")
    assert take_reply(mailed(written(session, account.email, "DECLINED", at=timezone.now()), account.email))
    assert row_of(account).answer == "no"


@pytest.mark.django_db
def test_the_secretariat_uploads_an_answer_that_came_otherwise(invited: Inviting) -> None:
    account = guest(invited)
    content = written(session_of(invited), account.email)
    (taken,) = upload_replies(by=invited.secretariat, dialogue=invited.dialogue, content=content)
    assert (taken.is_taken, taken.source, row_of(account).answer) == (True, "upload", "yes")
    with pytest.raises(Forbidden):
        upload_replies(by=account, dialogue=invited.dialogue, content=content)
    with pytest.raises(Refused, match="no answer in this calendar"):
        upload_replies(
            by=invited.secretariat,
            dialogue=invited.dialogue,
            content=written(session_of(invited), account.email, method="REQUEST"),
        )
    with pytest.raises(Refused, match="no calendar that can be read"):
        upload_replies(by=invited.secretariat, dialogue=invited.dialogue, content=b"\x00\xff" * 300_000)
    other = invited.world.dialogue(0)
    (foreign,) = upload_replies(by=invited.secretariat, dialogue=other, content=content)
    assert not foreign.is_taken


@prop(max_examples=200, deadline=None)
@given(
    st.binary(max_size=400)
    | st.text(alphabet=st.sampled_from('BEGIN:VCALENDAREVT\r\nMHOD=;PLY1234567890Z\u2028"'), max_size=300).map(
        str.encode
    )
)
def test_any_bytes_are_answers_or_not_readable(content: bytes) -> None:
    try:
        found = replies(content)
    except NotReadable:
        return
    assert all(isinstance(each, Reply) for each in found)


@prop(max_examples=150, deadline=None)
@given(line=st.integers(0, 12), junk=st.text(max_size=60))
def test_a_broken_line_breaks_nothing_else(line: int, junk: str) -> None:
    lines = written(None, "a@example.org").decode().split("\r\n")
    lines[line] = junk
    try:
        found = replies("\r\n".join(lines).encode("utf-8", "replace"))
    except NotReadable:
        return
    assert len(found) <= 2
