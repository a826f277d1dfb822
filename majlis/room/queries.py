"""Reading rooms: as data for browsers and events, and as numbers for those who build on rooms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from majlis.accounts.models import Account
from majlis.language.models import Text
from majlis.network.models import Person
from majlis.room.models import Card, LiveEvent, LiveStream, Member, Room

JSON = dict[str, Any]


def room_with(number: int) -> Room | None:
    """The room with this number and what its page needs, or None."""
    return Room.objects.select_related("stream", "case__city").filter(pk=number).first()


def rooms_in(scope: str) -> QuerySet[Room]:
    """All rooms of a scope such as dialogue:led-mena-2026."""
    return Room.objects.filter(scope=scope).order_by("pk")


def seats(room: Room) -> QuerySet[Member]:
    """The seats that are taken: whoever was withdrawn is left out."""
    return room.members.filter(left_at=None).select_related("person__city", "person__account")


def running_seats(account: Account) -> QuerySet[Member]:
    """This account's seats in rooms that run or are about to, for their own page."""
    waiting = Member.objects.filter(person__account=account, left_at=None)
    return waiting.exclude(room__state__in=["closed", "cancelled"]).select_related("room")


def cards(room: Room) -> QuerySet[Card]:
    """Everything written in a room, in order. For its members only: ask `rules.require_seat` first."""
    return room.cards.select_related("author__city", "written_by").order_by("seq")


# --- as data -------------------------------------------------------------------------------------------------------


def moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def room_data(room: Room) -> JSON:
    """State and clock of a room: {state, phase, version, started_at, ends_at, extended, has_no_next_step}."""
    return {
        "state": room.state,
        "phase": room.phase,
        "version": room.version,
        "started_at": moment(room.phase_started_at),
        "ends_at": moment(room.phase_ends_at),
        "extended": room.extended_minutes,
        "has_no_next_step": room.has_no_next_step,
    }


def member_data(member: Member) -> JSON:
    """{person, role, name: {language: text}, city: {language: text} or null}."""
    return {"person": member.person_id, "role": member.role} | _who(member.person)


def card_data(card: Card) -> JSON:
    """A card as it goes to browsers: {id, kind, text, author, phase, seq, answer_to, verdict, at}."""
    author = {"person": card.author_id} | _who(card.author) if card.author else None
    return {
        "id": card.pk,
        "kind": card.kind,
        "text": card.text.as_json(),
        "author": author,
        "phase": card.phase,
        "seq": card.seq,
        "answer_to": card.answer_to_id,
        "verdict": card.verdict,
        "at": moment(card.at),
    }


def _who(person: Person) -> JSON:
    return {"name": _all(person.role_title), "city": _all(person.city.name) if person.city else None}


def _all(text: Text) -> dict[str, str]:
    return text.in_all()


def snapshot(room: Room) -> JSON:
    """Everything a member sees, with the number of the last event it contains: {seq, room, members, cards}.

    Read it in one REPEATABLE READ transaction, otherwise an event may fall between the cards and the number.
    """
    fresh = Room.objects.get(pk=room.pk)
    return {
        "seq": LiveStream.objects.get(pk=fresh.stream_id).seq,
        "room": room_data(fresh),
        "members": [member_data(each) for each in seats(fresh)],
        "cards": [card_data(each) for each in cards(fresh)],
    }


def snapshot_seq(room: Room) -> int:
    """The number of the room's last event."""
    return LiveStream.objects.get(pk=room.stream_id).seq


def events_after(stream: int, seq: int, most: int = 500) -> list[LiveEvent]:
    """The events of a stream after number `seq`, in order, at most so many."""
    return list(LiveEvent.objects.filter(stream=stream, seq__gt=seq).order_by("seq")[:most])


def numbers_of(streams: Iterable[int]) -> dict[int, int]:
    """{stream: number of its last event}."""
    return dict(LiveStream.objects.filter(pk__in=list(streams)).values_list("pk", "seq"))


# --- in numbers, without contents ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoomFacts:
    """What happened in one room, without a word of what was said."""

    room: Room
    members: int
    present: int
    cards: Mapping[str, int]

    @property
    def advice(self) -> int:
        return sum(self.cards.get(kind, 0) for kind in Card.ADVICE)

    @property
    def next_steps(self) -> int:
        return self.cards.get(Card.Kind.NEXT_STEP, 0)


def facts(rooms: Iterable[Room]) -> list[RoomFacts]:
    """Seats, presence and cards by kind of each room, in two queries for all of them."""
    listed = list(rooms)
    written: dict[int, Counter[str]] = {room.pk: Counter() for room in listed}
    for number, kind in Card.objects.filter(room__in=listed).order_by().values_list("room_id", "kind"):
        written[number][kind] += 1
    taken: dict[int, list[bool]] = {room.pk: [] for room in listed}
    for number, joined in Member.objects.filter(room__in=listed, left_at=None).values_list("room_id", "joined_at"):
        taken[number].append(joined is not None)
    return [RoomFacts(room, len(taken[room.pk]), sum(taken[room.pk]), written[room.pk]) for room in listed]


def contributions(rooms: Iterable[Room]) -> dict[int, int]:
    """{person: cards that are theirs} over these rooms: who has spoken at least once."""
    return dict(
        Counter(Card.objects.filter(room__in=list(rooms), author__isnull=False).values_list("author", flat=True))
    )
