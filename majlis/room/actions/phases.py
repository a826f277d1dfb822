"""Moving a room through its phases: by its facilitator, or by the clock exactly once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.language.words import in_all_languages
from majlis.network.models import Person
from majlis.room.actions import log
from majlis.room.methods import Phase, method
from majlis.room.models import Room
from majlis.room.queries import room_data
from majlis.room.rules import (
    ARRANGERS_ONLY,
    MOST_EXTRA_MINUTES,
    OVER,
    can_arrange,
    needs_for_closing,
    require_lead,
    require_running,
    seat_of,
)
from majlis.web.refused import Forbidden, NotNow, Refused
from majlis.web.sentences import Sentence

MOVED = _("The room has moved on in the meantime. Look at the phase it is in now, then decide again.")
LAST = _("This is the last phase. Close the room when everybody has spoken.")


def advance(*, by: Account, room: Room, expected_version: int | None = None, command: str = "") -> Room:
    """Start the first phase, or go on to the next; the facilitator's act. Returns the room as it is now.

    expected_version: what the facilitator saw; NotNow if the room moved in the meantime, so that two clicks or a click
    and the clock never skip a phase. command: repeats of the same command change nothing.
    """
    seat = require_lead(by, room)
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=room.pk)
        if log.done_before(room, seat.person, command):
            return room
        if room.is_over:
            raise NotNow(OVER)
        if expected_version is not None and room.version != expected_version:
            raise NotNow(MOVED)
        upcoming = _upcoming(room)
        if upcoming is None and (room.is_running or room.method):
            raise NotNow(LAST)
        _enter(room, upcoming, by=by, actor=seat.person, command=command)
    return room


def extend(*, by: Account, room: Room, minutes: int, command: str = "") -> Room:
    """Give the running phase more time: 1 to 5 minutes in all per phase. The facilitator's act."""
    seat = require_lead(by, room)
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=room.pk)
        if log.done_before(room, seat.person, command):
            return room
        require_running(room)
        left = MOST_EXTRA_MINUTES - room.extended_minutes
        if method(room.method).phase(room.phase) is None:
            raise NotNow(_("No clock runs in this room."))
        if not 1 <= minutes <= left:
            raise Refused(_("A phase can be extended by %(most)s minutes in all; %(left)s are left."),
                          most=MOST_EXTRA_MINUTES, left=left)  # fmt: skip
        now = timezone.now()
        room.phase_ends_at = max(room.phase_ends_at or now, now) + timedelta(minutes=minutes)
        room.extended_minutes += minutes
        _save(room)
        log.append(room=room, name="phase.extended", actor=seat.person, data=_state(room), command=command)
        record(act="room.extend", by=by, scope=room.scope, subject=room, facts={"phase": room.phase, "minutes": minutes},
               sentence=Sentence(_("The phase in the room “%(room)s” was extended by %(count)s minute."),
                                 {"room": room.name.in_all()},
                                 _("The phase in the room “%(room)s” was extended by %(count)s minutes."),
                                 minutes))  # fmt: skip
    return room


def close_room(*, by: Account, room: Room, command: str = "") -> Room:
    """Close the consultation: refused in words while the key question, advice or a next step is missing."""
    seat = require_lead(by, room)
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=room.pk)
        if log.done_before(room, seat.person, command):
            return room
        require_running(room)
        missing = [in_all_languages(need.sentence) for need in needs_for_closing(room) if not need.is_met]
        if missing:
            raise NotNow(_("The room cannot be closed yet. Still missing: %(missing)s"), missing=missing)
        _end(room, Room.State.CLOSED)
        log.append(room=room, name="room.closed", actor=seat.person, data=_state(room), command=command)
        record(act="room.close", by=by, scope=room.scope, subject=room,
               sentence=Sentence(_("The room “%(room)s” was closed."), {"room": room.name.in_all()}))  # fmt: skip
    return room


def cancel_room(*, by: Account | None, room: Room, reason: str, command: str = "") -> Room:
    """End a room that cannot be brought to its end, with the reason; by its facilitator or whoever arranges rooms."""
    if not can_arrange(by) and seat_of(by, room) is None:
        raise Forbidden(ARRANGERS_ONLY)
    if not can_arrange(by):
        require_lead(by, room)
    if not reason.strip():
        raise Refused(_("Say in a sentence why the room is cancelled."))
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=room.pk)
        actor = Person.objects.filter(account=by).first() if by else None
        if actor and log.done_before(room, actor, command):
            return room
        if room.is_over:
            raise NotNow(OVER)
        _end(room, Room.State.CANCELLED)
        log.append(room=room, name="room.cancelled", actor=actor, data=_state(room), command=command)
        record(act="room.cancel", by=by, scope=room.scope, subject=room, facts={"reason": reason.strip()},
               sentence=Sentence(_("The room “%(room)s” was cancelled: %(reason)s"),
                                 {"room": room.name.in_all(), "reason": reason.strip()}))  # fmt: skip
    return room


def end_phases() -> int:
    """Move on every room whose phase is over by the database's clock; returns how many. Any process may call it any time.

    Each room is taken under its lock with the version that was seen, so that among all processes, and beside a
    facilitator who clicks at the same moment, each phase ends exactly once.
    """
    due = Room.objects.filter(state=Room.State.RUNNING, phase_ends_at__lte=Now()).values_list("pk", "version")
    return sum(_end_phase(number, version) for number, version in due)


@transaction.atomic
def _end_phase(number: int, version: int) -> bool:
    room = (
        Room.objects.select_for_update(skip_locked=True)
        .filter(pk=number, version=version, state=Room.State.RUNNING, phase_ends_at__lte=Now())
        .first()
    )
    if room is None:
        return False
    upcoming = _upcoming(room)
    if upcoming:
        _enter(room, upcoming, by=None, actor=None, command="")
        return True
    # After the last phase the room waits, without a clock, for its facilitator to close it.
    room.phase_ends_at = None
    _save(room)
    log.append(room=room, name="phase.over", actor=None, data=_state(room))
    record(act="room.time_over", by=None, scope=room.scope, subject=room,
           sentence=Sentence(_("Time is over in the room “%(room)s”."), {"room": room.name.in_all()}))  # fmt: skip
    return True


def _upcoming(room: Room) -> Phase | None:
    return method(room.method).phase(room.phase + 1)


def _enter(room: Room, phase: Phase | None, *, by: Account | None, actor: Person | None, command: str) -> None:
    """Begin a phase (None: a plain room begins, without a clock)."""
    now = timezone.now()
    room.state = Room.State.RUNNING
    room.phase += 1
    room.phase_started_at = now
    room.phase_ends_at = _ends(now, phase)
    room.extended_minutes = 0
    _save(room)
    log.append(
        room=room, name="phase.started", actor=actor, data=_state(room) | {"by_clock": by is None}, command=command
    )
    params = {"room": room.name.in_all(), "phase": phase.name.in_all() if phase else "", "position": room.phase}
    words = _("The room “%(room)s” began phase %(position)s: %(phase)s.") if phase else _("The room “%(room)s” began.")
    record(act="room.advance", by=by, scope=room.scope, subject=room, facts={"phase": room.phase},
           sentence=Sentence(words, params))  # fmt: skip


def _ends(now: datetime, phase: Phase | None) -> datetime | None:
    return now + timedelta(minutes=phase.minutes) if phase else None


def _end(room: Room, state: Room.State) -> None:
    room.state = state
    room.phase_ends_at = None
    room.closed_at = timezone.now()
    _save(room)


def _save(room: Room) -> None:
    room.version += 1
    room.save()


def _state(room: Room) -> dict[str, object]:
    return {"room": room_data(room)}
