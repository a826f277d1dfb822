"""One room in this process: who is connected, and its log read in order and handed to all of them."""

from collections import Counter, deque
from collections.abc import Iterable

from majlis.room.hub import wire
from majlis.room.hub.connection import Connection
from majlis.room.models import LiveEvent

KEPT = 512  # encoded frames kept for a browser that enters while the room moves on


class LiveRoom:
    """`seq` is the last event handed out here, `wanted` the last one known to be committed."""

    def __init__(self, room: int, stream: int, seq: int) -> None:
        self.room, self.stream = room, stream
        self.name = f"room:{room}"
        self.seq = self.wanted = seq
        self.is_reading = False
        self.connections: set[Connection] = set()
        self._recent: deque[tuple[int, str]] = deque(maxlen=KEPT)
        self._present: Counter[int] = Counter()
        self._told: frozenset[int] = frozenset()

    def admit(self, connection: Connection) -> None:
        """Take in a browser that has everything up to its `seq`, and catch it up with what this room is ahead."""
        ahead = [(seq, frame) for seq, frame in self._recent if seq > connection.seq]
        if self.seq - connection.seq > len(ahead):
            connection.close(wire.TOO_SLOW)  # more happened meanwhile than is kept: it comes again and resumes
            return
        for seq, frame in ahead:
            connection.push_event(seq, frame)
        self.wanted = max(self.wanted, connection.seq)
        self.connections.add(connection)
        self._present[connection.person] += 1

    def dismiss(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.discard(connection)
            self._present[connection.person] -= 1
            self._present += Counter()  # drops zeros

    def hand_out(self, events: Iterable[LiveEvent]) -> None:
        """Encode each event once and queue it for everybody; whoever was withdrawn is shown out."""
        for event in events:
            frame = wire.event_frame(self.name, event)
            self.seq = event.seq
            self._recent.append((event.seq, frame))
            for connection in tuple(self.connections):
                connection.push_event(event.seq, frame)
                if event.name == "member.withdrawn" and event.data["person"] == connection.person:
                    connection.close(wire.NOT_YOURS)

    @property
    def present(self) -> list[int]:
        """The people who are here, by number."""
        return sorted(self._present)

    def connections_of(self, person: int) -> int:
        return self._present[person]

    def tell_presence(self) -> None:
        """Say who came and went since the last time, if anybody did. Called at most twice a second."""
        now = frozenset(self._present)
        if now == self._told:
            return
        frame = wire.encode("presence", count=len(now), join=sorted(now - self._told), leave=sorted(self._told - now))
        self._told = now
        for connection in tuple(self.connections):
            connection.push(frame)
