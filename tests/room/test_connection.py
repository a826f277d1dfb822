import asyncio
from typing import Any

import pytest

from majlis.room.hub import wire
from majlis.room.hub.connection import MOST_WAITING, Bucket, Connection
from majlis.room.hub.rooms import LiveRoom
from majlis.room.models import LiveEvent


class Line:
    """A browser's end of a connection that reads only while it is told to."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.reads = asyncio.Event()
        self.reads.set()

    async def receive(self) -> Any:
        await asyncio.Event().wait()

    async def send(self, message: Any) -> None:
        await self.reads.wait()
        self.sent.append(message)

    @property
    def frames(self) -> list[str]:
        return [message["text"] for message in self.sent if "text" in message]


async def forever() -> None:
    await asyncio.Event().wait()


def event(seq: int, name: str = "card.added", **data: Any) -> LiveEvent:
    return LiveEvent(stream_id=1, seq=seq, name=name, data=data)


def test_a_bucket_lets_a_burst_through_and_then_the_rate() -> None:
    bucket = Bucket(per_second=10, at_once=5, now=0)
    assert [bucket.take(1, 0) for _each in range(5)] == [0] * 5
    assert bucket.take(1, 0) == pytest.approx(0.1)
    assert bucket.take(1, 10) == 0


def test_a_reader_who_does_not_read_is_cut_off_and_others_get_everything() -> None:
    async def run() -> None:
        slow, quick = Line(), Line()
        slow.reads.clear()
        connections = [Connection(line.receive, line.send) for line in (slow, quick)]
        room = LiveRoom(1, 1, 0)
        serving = [asyncio.create_task(connection.serve(forever())) for connection in connections]
        for connection in connections:
            room.admit(connection)
        large = "x" * 4000
        count = MOST_WAITING // 4000 + 5
        for seq in range(1, count + 1):
            room.hand_out([event(seq, text=large)])
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        assert len(quick.frames) == count
        slow.reads.set()
        await asyncio.wait_for(serving[0], 3)
        assert slow.sent[-1] == {"type": "websocket.close", "code": wire.TOO_SLOW}
        assert len(slow.frames) <= 1
        serving[1].cancel()
        await asyncio.gather(serving[1], return_exceptions=True)

    asyncio.run(run())


def test_who_enters_while_the_room_moves_on_gets_each_event_once() -> None:
    async def run() -> None:
        room = LiveRoom(1, 1, 10)
        first, late, ahead = (Connection(line.receive, line.send) for line in (Line(), Line(), Line()))
        first.seq = 10
        room.admit(first)
        room.hand_out([event(seq) for seq in (11, 12, 13)])
        late.seq = 11  # its snapshot is older than what the room has handed out
        room.admit(late)
        ahead.seq = 14  # its snapshot is newer
        room.admit(ahead)
        assert (late.seq, ahead.seq, room.wanted) == (13, 14, 14)
        room.hand_out([event(14), event(15)])
        assert [len(each._waiting) for each in (first, late, ahead)] == [5, 4, 1]

    asyncio.run(run())


def test_who_missed_more_than_is_kept_comes_again() -> None:
    async def run() -> None:
        room = LiveRoom(1, 1, 10)
        room.hand_out([event(11)])
        late = Connection(Line().receive, Line().send)
        late.seq = 5
        room.admit(late)
        assert late not in room.connections
        assert late._closing.result() == wire.TOO_SLOW

    asyncio.run(run())


def test_after_their_withdrawal_nothing_more_is_told() -> None:
    async def run() -> None:
        line = Line()
        connection = Connection(line.receive, line.send)
        connection.person = 7
        room = LiveRoom(1, 1, 0)
        serving = asyncio.create_task(connection.serve(forever()))
        room.admit(connection)
        room.hand_out([event(1, "member.withdrawn", person=7), event(2, text="not for them any more")])
        await asyncio.wait_for(serving, 3)
        assert not any("not for them" in frame for frame in line.frames)
        assert line.sent[-1] == {"type": "websocket.close", "code": wire.NOT_YOURS}

    asyncio.run(run())


def test_presence_is_told_only_when_it_changes() -> None:
    async def run() -> None:
        room = LiveRoom(1, 1, 0)
        one, two = Connection(Line().receive, Line().send), Connection(Line().receive, Line().send)
        one.person, two.person = 1, 2
        room.admit(one)
        room.tell_presence()
        room.tell_presence()
        room.admit(two)
        room.tell_presence()
        assert list(one._waiting) == [
            wire.encode("presence", count=1, join=[1], leave=[]),
            wire.encode("presence", count=2, join=[2], leave=[]),
        ]

    asyncio.run(run())


@pytest.mark.parametrize("text", ["", "x", "1", "null", "[]", '{"t":1}', '{"x":1}', "[" * 3000, "\ud800"])
def test_frames_that_are_none(text: str) -> None:
    with pytest.raises(wire.BadFrame) as bad:
        wire.decode({"type": "websocket.receive", "text": text})
    assert bad.value.code == wire.BAD_FRAME
