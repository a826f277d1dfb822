"""Calendar objects of sessions: RFC 5545, sent as RFC 5546 asks.

One object per session: in a REQUEST or CANCEL all components must have the same UID. Several objects follow each other
in one stream; the courier attaches each by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache
from urllib.parse import urlsplit
from zlib import crc32
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from majlis.dialogue.models import Session

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NEEDS_ACTION, ACCEPTED, TENTATIVE, DECLINED = "NEEDS-ACTION", "ACCEPTED", "TENTATIVE", "DECLINED"


def fingerprint(session: Session) -> str:
    """What a calendar must know of a session; a different one means an update. Its first part is the SEQUENCE."""
    shown = f"{session.title.as_json()}{session.join_url}{session.starts_at.isoformat()}{session.minutes}"
    return f"{sequence(session)}:{session.state == Session.State.CANCELLED}:{crc32(shown.encode())}"


def sequence(session: Session) -> int:
    """A cancellation counts as one more revision."""
    return session.sequence + (1 if session.state == Session.State.CANCELLED else 0)


def uid(session: Session) -> str:
    """The same for the life of a session."""
    return f"{session.dialogue.slug}-session-{session.pk}@{urlsplit(settings.PUBLIC_URL).hostname}"


def request(
    session: Session,
    *,
    address: str,
    name: str,
    description: str,
    answered: str = NEEDS_ACTION,
    is_removed: bool = False,
) -> str:
    """A REQUEST for one session and one attendee, titles in the active language; CANCEL if the session is cancelled.

    is_removed: the session takes place but not with this attendee any more; their calendar is told to forget it.
    """
    is_cancelled = is_removed or session.state == Session.State.CANCELLED
    calendar = _calendar("CANCEL" if is_cancelled else "REQUEST", [session])
    event = _event(
        session, description, page_link(session) if is_removed else join_link(session), is_removed=is_removed
    )
    event.add("organizer", _organiser(session))
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["CN"] = vText(_line(name))
    attendee.params["CUTYPE"] = vText("INDIVIDUAL")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText(answered)
    attendee.params["RSVP"] = vText("FALSE" if is_cancelled else "TRUE")
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def published(sessions: Iterable[Session], description: str) -> str:
    """All sessions of a dialogue for anybody's calendar, without attendees."""
    listed = list(sessions)
    calendar = _calendar("PUBLISH", listed)
    for session in listed:
        # The way into the meeting is for participants; the public sees the page, which asks them to sign in.
        event = _event(session, description, page_link(session))
        event.add("organizer", _organiser(session))
        calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def _calendar(method: str, sessions: list[Session]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Majlis//Dialogues between cities//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    for zone in sorted({session.dialogue.zone for session in sessions} - {"UTC"}):
        years = [session.starts_at.year for session in sessions]
        calendar.add_component(_zone(zone, min(years), max(years)))
    return calendar


@lru_cache(maxsize=256)
def _zone(name: str, first: int, last: int) -> Timezone:
    """VTIMEZONE of the years needed. It takes 17 ms to make, so it is made once."""
    return Timezone.from_tzid(name, first_date=date(first, 1, 1), last_date=date(last + 1, 1, 31))


def _event(session: Session, description: str, place: str, *, is_removed: bool = False) -> Event:
    zone = session.dialogue.zone
    starts_at = session.starts_at.astimezone(UTC if zone == "UTC" else ZoneInfo(zone))
    event = Event()
    event.add("uid", uid(session))
    event.add("dtstamp", datetime.now(UTC).replace(microsecond=0))
    event.add("dtstart", starts_at)
    event.add("dtend", (session.starts_at + timedelta(minutes=session.minutes)).astimezone(starts_at.tzinfo))
    event.add("sequence", sequence(session) + is_removed)
    event.add("summary", f"{_line(str(session.title))} · {_line(str(session.dialogue.title))}")
    event.add("location", place)
    event.add("url", page_link(session))
    event.add("description", CONTROLS.sub("", description))
    is_cancelled = is_removed or session.state == Session.State.CANCELLED
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_cancelled else "OPAQUE")
    event.add("last-modified", timezone.now().astimezone(UTC).replace(microsecond=0))
    return event


def join_link(session: Session) -> str:
    """Where one joins: the video address of the session, else its page here."""
    return _line(session.join_url) or page_link(session)


def page_link(session: Session) -> str:
    return f"{settings.PUBLIC_URL}/dialogues/{session.dialogue.slug}/enable/"


def _organiser(session: Session) -> vCalAddress:
    organiser = vCalAddress(f"mailto:{parseaddr(settings.MAIL_FROM)[1]}")
    organiser.params["CN"] = vText(_line(str(session.dialogue.organiser)) or "Majlis")
    return organiser


def _line(text: str) -> str:
    return " ".join(CONTROLS.sub(" ", text).split())
