"""The objects: a REQUEST or CANCEL to one person, a PUBLISH for a feed.

One object per session: in a REQUEST or CANCEL all components must have the same UID. Several objects follow each other
in one stream; the courier attaches each by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache
from zlib import crc32
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language, gettext
from icalendar import Alarm, Calendar, Component, Event, vCalAddress, vText

from majlis.dialogue.models import Session
from majlis.dialogue.terms import agenda_templates, block_names
from majlis.steps.invite.calendars.zones import vtimezone
from majlis.web import calendar as words

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NEEDS_ACTION, ACCEPTED, TENTATIVE, DECLINED = "NEEDS-ACTION", "ACCEPTED", "TENTATIVE", "DECLINED"
ALARMS = (timedelta(days=-1), timedelta(minutes=-15))  # a day to prepare, a quarter of an hour to connect


def fingerprint(session: Session) -> str:
    """What a calendar must know of a session; a different one means an update. Its first part is the SEQUENCE."""
    shown = (
        f"{session.title.as_json()}{session.join_url}{session.starts_at.isoformat()}{session.minutes}{session.agenda}"
    )
    return f"{sequence(session)}:{session.state == Session.State.CANCELLED}:{crc32(shown.encode())}"


def sequence(session: Session) -> int:
    """A cancellation counts as one more revision."""
    return session.sequence + (1 if session.state == Session.State.CANCELLED else 0)


def uid(session: Session) -> str:
    """The same for the life of a session, wherever Majlis moves meanwhile."""
    return f"{session.calendar_uid}@majlis"


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
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["CN"] = vText(_quotable(name))
    attendee.params["CUTYPE"] = vText("INDIVIDUAL")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText(answered)
    attendee.params["RSVP"] = vText("FALSE" if is_cancelled else "TRUE")
    own = Event()
    own.add("dtstamp", datetime.now(UTC).replace(microsecond=0))
    own.add("attendee", attendee, encode=False)
    own.add("description", CONTROLS.sub("", description), parameters={"LANGUAGE": get_language() or "en"})
    begin, end = _frame(session, is_cancelled=is_cancelled, is_removed=is_removed)
    lines = own.to_ical().decode().removeprefix("BEGIN:VEVENT\r\n").removesuffix("END:VEVENT\r\n")
    return f"{begin}{lines}{end}"


_frames: dict[tuple[object, ...], tuple[str, str]] = {}
_told_to_all: dict[tuple[object, ...], str] = {}
MOST_KEPT = 500


def _frame(session: Session, *, is_cancelled: bool, is_removed: bool) -> tuple[str, str]:
    """The object of one session without what is its reader's alone: before those lines, and after them.

    Writing an object takes milliseconds, and ten thousand people are invited to the same five sessions in four languages.
    """
    key = (*_all_that_shows(session), is_removed)
    if key not in _frames:
        event = _event(session, "", page_link(session) if is_removed else join_link(session), is_removed=is_removed)
        del event["dtstamp"], event["description"]
        event.add("organizer", _organiser(session))
        if not is_cancelled:
            _alarm(event, session)
        whole = _whole("CANCEL" if is_cancelled else "REQUEST", [session], [_text(event)])
        if len(_frames) > MOST_KEPT:
            _frames.clear()
        before, mark, after = whole.partition("BEGIN:VEVENT\r\n")
        _frames[key] = before + mark, after
    return _frames[key]


def _all_that_shows(session: Session) -> tuple[object, ...]:
    """Everything that a calendar object for anybody depends on: where one of these differs, another object is written."""
    dialogue = session.dialogue
    return (
        session.pk, fingerprint(session), get_language(), dialogue.zone, dialogue.slug, str(dialogue.title), str(session.title),
        str(dialogue.organiser), session.calendar_uid, settings.PUBLIC_URL, settings.MAIL_FROM,
    )  # fmt: skip


def published(sessions: Iterable[Session], description: str, *, name: str = "") -> str:
    """All sessions of a dialogue for anybody's calendar, without attendees and without the way into the meeting."""
    listed = list(sessions)
    return _whole("PUBLISH", listed, [_for_all(each, description) for each in listed], name)


def _for_all(session: Session, description: str) -> str:
    """The event as everybody's calendar gets it, every few hours: written when it changes, its LAST-MODIFIED says when."""
    key = (*_all_that_shows(session), description)
    if key not in _told_to_all:
        if len(_told_to_all) > MOST_KEPT:
            _told_to_all.clear()
        _told_to_all[key] = _text(_shown(session, description, page_link(session)))
    return _told_to_all[key]


def personal(
    sessions: Sequence[Session], descriptions: Mapping[int, str], *, name: str, open_ones: frozenset[int]
) -> str:
    """One person's sessions with the way in and alarms. descriptions: by session number; open_ones: not yet promised."""
    events = []
    for session in sessions:
        event = _shown(session, descriptions[session.pk], join_link(session))
        if session.pk in open_ones and session.state != Session.State.CANCELLED:
            event["status"] = vText("TENTATIVE")
        if session.state != Session.State.CANCELLED:
            _alarm(event, session)
        events.append(_text(event))
    return _whole("PUBLISH", sessions, events, name)


def agenda_lines(session: Session, zone: str) -> list[str]:
    """The session's agenda on the reader's clock: «11:00 Welcome and house rules»; empty when it has none yet."""
    template = agenda_templates().get(session.agenda)
    if template is None:
        return []
    lines, moment = [], session.starts_at
    for code, minutes in template.blocks:
        lines.append(f"{words.clock(words.in_zone(moment, zone))} {block_names()[code]}")
        moment += timedelta(minutes=minutes)
    return lines


def join_link(session: Session) -> str:
    """Where one joins: the video address of the session, else its page here."""
    return line(session.join_url) or page_link(session)


def page_link(session: Session) -> str:
    return f"{settings.PUBLIC_URL}/dialogues/{session.dialogue.slug}/enable/"


def line(text: str) -> str:
    """A text on one line, without what steers a screen or a parser."""
    return " ".join(CONTROLS.sub(" ", text).split())


def _text(component: Component) -> str:
    return str(component.to_ical(), "utf-8")


def _whole(method: str, sessions: Sequence[Session], events: Sequence[str], name: str = "") -> str:
    years = [session.starts_at.year for session in sessions]
    zones = sorted({session.dialogue.zone for session in sessions})
    rules = "".join(vtimezone(zone, min(years), max(years)) for zone in zones)
    return "".join([_head(method, line(name)), rules, *events, "END:VCALENDAR\r\n"])


@lru_cache(maxsize=MOST_KEPT)
def _head(method: str, name: str) -> str:
    """How an object begins, up to its first component."""
    calendar = Calendar()
    calendar.add("prodid", "-//Majlis//Dialogues between cities//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        # RFC 7986, and what programs knew before it. A feed is worth looking at again every few hours.
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", timedelta(hours=4), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT4H")
    return _text(calendar).removesuffix("END:VCALENDAR\r\n")


def _shown(session: Session, description: str, place: str) -> Event:
    event = _event(session, description, place)
    event.add("organizer", _organiser(session))
    return event


def _event(session: Session, description: str, place: str, *, is_removed: bool = False) -> Event:
    zone, spoken = session.dialogue.zone, {"LANGUAGE": get_language() or "en"}
    is_cancelled = is_removed or session.state == Session.State.CANCELLED
    now = datetime.now(UTC).replace(microsecond=0)
    event = Event()
    event.add("uid", uid(session))
    event.add("dtstamp", now)
    event.add("dtstart", _told(session.starts_at, zone))
    event.add("dtend", _told(session.starts_at + timedelta(minutes=session.minutes), zone))
    event.add("sequence", sequence(session) + is_removed)
    event.add("summary", f"{line(str(session.title))} · {line(str(session.dialogue.title))}", parameters=spoken)
    event.add("location", place)
    event.add("url", page_link(session))
    event.add("description", CONTROLS.sub("", description), parameters=spoken)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_cancelled else "OPAQUE")
    event.add("last-modified", now)
    return event


def _told(moment: datetime, zone: str) -> datetime:
    """A moment on the clock of the zone; in UTC within the hour that comes twice, which programs read one way or the other."""
    local = moment.astimezone(UTC if zone == "UTC" else ZoneInfo(zone))
    return local if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset() else moment.astimezone(UTC)


def _alarm(event: Event, session: Session) -> None:
    for before in ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", before)
        alarm.add("description", gettext("Soon: %(session)s") % {"session": line(str(session.title))})
        event.add_component(alarm)


def _organiser(session: Session) -> vCalAddress:
    organiser = vCalAddress(f"mailto:{parseaddr(settings.MAIL_FROM)[1]}")
    organiser.params["CN"] = vText(_quotable(str(session.dialogue.organiser)) or "Majlis")
    return organiser


def _quotable(name: str) -> str:
    """A parameter's value cannot hold a double quote (RFC 5545, 3.1); typographic ones say the same."""
    return line(name).replace('"', "”")
