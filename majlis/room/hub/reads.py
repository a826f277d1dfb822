"""What the hub asks of the database: entering a room, following its log, and whether rights still stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone, translation

from majlis.accounts.models import Account
from majlis.room import actions, commands
from majlis.room.models import LiveEvent, Member, Room
from majlis.room.queries import events_after, numbers_of, room_with, snapshot
from majlis.room.rules import seat_of
from majlis.web.refused import Refused

MOST_MISSED = 500  # events; after a longer absence a fresh snapshot is shorter


@dataclass(frozen=True)
class Entry:
    """What somebody gets on entering: a snapshot, or the events they missed after `resume`."""

    account: Account
    room: Room
    member: Member
    seq: int
    snapshot: dict[str, Any] | None
    missed: list[LiveEvent]


@dataclass(frozen=True)
class Right:
    """What an open connection leans on."""

    account: int
    room: int
    session: str


def enter(right: Right, resume: int | None) -> Entry | None:
    """Let an account into a room if its session and seat stand; None otherwise."""
    if not standing([right]):
        return None
    account = Account.objects.get(pk=right.account)
    room = room_with(right.room)
    member = seat_of(account, room) if room else None
    if room is None or member is None:
        return None
    actions.join(by=account, room=room)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Cards and number must be of the same moment, or an event could fall between them.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        seq = numbers_of([room.stream_id])[room.stream_id]
        if resume is not None and seq - MOST_MISSED <= resume <= seq:
            return Entry(account, room, member, seq, None, events_after(room.stream_id, resume, MOST_MISSED))
        return Entry(account, room, member, seq, snapshot(room), [])


def standing(rights: Iterable[Right]) -> set[Right]:
    """Those rights that still stand: a live session, an active account and a seat that was not withdrawn. Two queries."""
    asked = set(rights)
    now = timezone.now()
    sessions = set(
        Session.objects.filter(session_key__in=[right.session for right in asked], expire_date__gt=now)
        .values_list("session_key", flat=True)
    )  # fmt: skip
    seats = set(
        Member.objects.filter(
            room__in={right.room for right in asked}, person__account__in={right.account for right in asked},
            left_at=None, person__account__is_active=True,
        ).order_by().values_list("person__account", "room")
    )  # fmt: skip
    return {right for right in asked if right.session in sessions and (right.account, right.room) in seats}


def perform(entry: Entry, language: str, frame: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Do a client's command; ("ack", what was done) when it is committed, or ("nak", why not in the reader's words)."""
    args = frame.get("args")
    try:
        done = commands.perform(
            by=entry.account, room=entry.room, name=str(frame.get("name")), number=str(frame.get("id")),
            args=args if isinstance(args, dict) else {},
        )  # fmt: skip
    except Refused as refused:
        with translation.override(language):
            return "nak", {"status": refused.status, "message": str(refused.sentence)}
    return "ack", done


def tick(streams: Iterable[int]) -> dict[int, int]:
    """End the phases that are over, then tell how far the followed streams are."""
    actions.end_phases()
    return numbers_of(streams)
