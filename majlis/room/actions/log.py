"""The log of a stream: gapless numbers handed out in the act's own transaction, and waking whoever follows it."""

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection, transaction

from majlis.network.models import Person
from majlis.room.models import LiveEvent, Room

CHANNEL = "majlis_live"
# Names this process in a notification, so that it does not read again what it told itself.
PROCESS = secrets.token_hex(6)
Follower = Callable[[int, int], None]
_followers: set[Follower] = set()


def take_number(room: Room) -> int:
    """Lock the room's stream until the transaction ends and hand out its next number.

    One statement locks and counts, and an act that fails gives its number back with everything else. So numbers follow
    the order of commits, without gaps: a reader of "seq > last" never skips one. (A serial's order is not that of commits.)
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A number is handed out only inside the transaction of its act")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE room_livestream SET seq = seq + 1 WHERE id = %s RETURNING seq", [room.stream_id])
        number: int = cursor.fetchone()[0]
    return number


def append(
    *, room: Room, name: str, actor: Person | None, data: dict[str, Any], command: str = "", seq: int | None = None
) -> LiveEvent:
    """Append one event to the room's stream inside the act's transaction; whoever follows is woken after commit.

    seq: the number already taken for it, if its data needed to know it.
    """
    number = take_number(room) if seq is None else seq
    event = LiveEvent.objects.create(
        stream_id=room.stream_id, seq=number, name=name, actor=actor, command=command, data=data
    )
    transaction.on_commit(partial(wake, room.stream_id, number), robust=True)
    return event


def done_before(room: Room, actor: Person, command: str) -> LiveEvent | None:
    """The event that this member's command already wrote: a retry after a broken connection finds it and stops."""
    if not command:
        return None
    return LiveEvent.objects.filter(stream=room.stream_id, actor=actor, command=command).first()


def wake(stream: int, seq: int) -> None:
    """Tell every process that a stream has reached `seq`: the one place where another bus could come.

    A lost call loses nothing: whoever follows also looks at its streams' numbers by itself.
    """
    for follower in tuple(_followers):
        follower(stream, seq)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{stream}:{seq}:{PROCESS}"])


def follow(follower: Follower) -> Callable[[], None]:
    """Call `follower(stream, seq)` in the writing thread after each commit in this process; returns how to stop."""
    _followers.add(follower)
    return partial(_followers.discard, follower)
