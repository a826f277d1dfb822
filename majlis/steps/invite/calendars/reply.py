"""Answers that calendar programs send (METHOD:REPLY), read without trusting them: anybody can write one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar

LARGEST = 262_144  # bytes; a reply is a kilobyte, and nothing larger is worth parsing
MOST_EVENTS = 50
ANSWERS = {"ACCEPTED": "yes", "TENTATIVE": "tentative", "DECLINED": "no"}


class NotReadable(ValueError):
    """These bytes are no calendar, or none that anybody would send as an answer."""


@dataclass(frozen=True)
class Reply:
    """One answer to one session as it was written. address: of the attendee, in small letters; stamped_at: DTSTAMP, aware, None if there is none.

    answer: yes, no, tentative, or "" for a PARTSTAT that says neither.
    """

    uid: str
    address: str
    sent_by: str
    answer: str
    sequence: int
    stamped_at: datetime | None


def replies(content: bytes) -> list[Reply]:
    """The answers in these bytes; none for a calendar with another METHOD. Raises NotReadable."""
    if len(content) > LARGEST:
        raise NotReadable("larger than any answer")
    try:
        calendars = Calendar.from_ical(content, multiple=True)
        # Broken lines are kept aside by the parser; what it could not read counts as not there.
        events = [event for each in calendars if _method(each) == "REPLY" for event in each.walk("VEVENT")]
        return [_reply(event) for event in events[:MOST_EVENTS]]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OverflowError) as fault:
        raise NotReadable(f"{type(fault).__name__}: {fault}"[:200]) from fault


def _method(calendar: Any) -> str:
    return str(calendar.get("METHOD", "")).upper()


def _reply(event: Any) -> Reply:
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    attendee = attendees[0] if len(attendees) == 1 else None  # RFC 5546, 3.2.3: exactly the one who answers
    params = attendee.params if attendee is not None else {}
    return Reply(
        str(event.get("UID", ""))[:200],
        _address(attendee),
        _address(params.get("SENT-BY")),
        ANSWERS.get(str(params.get("PARTSTAT", "")).upper(), ""),
        _sequence(event.get("SEQUENCE", 0)),
        _moment(event.get("DTSTAMP")),
    )


def _address(value: Any) -> str:
    text = str(value or "").strip().strip('"')
    return text[7:].strip().lower()[:254] if text[:7].lower() == "mailto:" else ""


def _sequence(value: Any) -> int:
    number = int(value)
    return number if 0 <= number < 2**31 else -1


def _moment(value: Any) -> datetime | None:
    moment = getattr(value, "dt", None)
    if not isinstance(moment, datetime):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
