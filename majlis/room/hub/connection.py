"""One browser's connection: its frames in, its frames out, and how much of either it may leave waiting."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

from majlis.room.hub import wire

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MOST_WAITING = 256 * 1024  # characters written for a reader who does not read; then it is cut off and may resume
LONGEST_SEND = 30  # seconds
FRAMES_PER_SECOND, FRAMES_AT_ONCE = 40, 80
BYTES_PER_SECOND, BYTES_AT_ONCE = 64 * 1024, 128 * 1024


class Bucket:
    """A token bucket that says how long to wait instead of refusing: reading pauses, and the sender with it."""

    def __init__(self, per_second: float, at_once: float, now: float) -> None:
        self.per_second, self.at_once = per_second, at_once
        self.left, self.seen = at_once, now

    def take(self, amount: float, now: float) -> float:
        """Take so much; return the seconds to wait until it is covered."""
        self.left = min(self.at_once, self.left + (now - self.seen) * self.per_second) - amount
        self.seen = now
        return max(0.0, -self.left / self.per_second)


class Connection:
    """`seq` is the number of the last event handed to this browser; none is handed twice and none is left out."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._waiting: deque[str] = deque()
        self._size = 0
        self._something = asyncio.Event()
        self._closing: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        now = asyncio.get_running_loop().time()
        self._frames = Bucket(FRAMES_PER_SECOND, FRAMES_AT_ONCE, now)
        self._volume = Bucket(BYTES_PER_SECOND, BYTES_AT_ONCE, now)
        self.seq = 0
        self.person = 0

    def push(self, frame: str) -> None:
        """Queue a frame; a reader with too much waiting is dropped, so that nobody else pays for it."""
        if self._closing.done():
            return
        self._waiting.append(frame)
        self._size += len(frame)
        self._something.set()
        if self._size > MOST_WAITING:
            self.close(wire.TOO_SLOW)

    def push_event(self, seq: int, frame: str) -> None:
        if seq > self.seq:
            self.seq = seq
            self.push(frame)

    def close(self, code: int) -> None:
        """End the connection with this code; the first call decides."""
        if not self._closing.done():
            self._closing.set_result(code)

    async def frame(self) -> dict[str, Any] | None:
        """The client's next frame, read no faster than allowed; None when it has gone."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return None
        size = len(message.get("text") or message.get("bytes") or "")
        now = asyncio.get_running_loop().time()
        delay = max(self._frames.take(1, now), self._volume.take(size, now))
        if delay:
            await asyncio.sleep(delay)
        return wire.decode(message)

    async def serve(self, reading: Coroutine[Any, Any, None]) -> None:
        """Write what waits and run `reading` until either ends or somebody closes; then say goodbye with the code."""
        tasks = [asyncio.create_task(reading), asyncio.create_task(self._write())]
        try:
            ends: list[asyncio.Future[Any]] = [*tasks, self._closing]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                self._note_end(task)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._closing.done():
            await self._goodbye(self._closing.result())

    def _note_end(self, task: asyncio.Task[None]) -> None:
        """Turn how a task ended into a close code."""
        if not task.done() or task.cancelled():
            return
        error = task.exception()
        if isinstance(error, wire.BadFrame):
            log.warning("Live connection of person %s closed: bad frame, code %s", self.person, error.code)
            self.close(error.code)
        elif isinstance(error, TimeoutError):
            self.close(wire.TOO_SLOW)
        elif error is not None and not _is_gone(error):
            log.error("Live connection of person %s failed", self.person, exc_info=error)
            self.close(wire.RESTARTING)

    async def _write(self) -> None:
        while True:
            await self._something.wait()
            while self._waiting:
                frame = self._waiting[0]
                async with asyncio.timeout(LONGEST_SEND):
                    await self._send({"type": "websocket.send", "text": frame})
                self._waiting.popleft()
                self._size -= len(frame)
            self._something.clear()

    async def _goodbye(self, code: int) -> None:
        try:
            # What was said before the end still goes out, if the reader takes it.
            async with asyncio.timeout(2):
                if code not in {wire.TOO_SLOW, wire.NOT_YOURS}:
                    while self._waiting:
                        await self._send({"type": "websocket.send", "text": self._waiting.popleft()})
                await self._send({"type": "websocket.close", "code": code})
        except Exception as error:
            if not _is_gone(error) and not isinstance(error, TimeoutError):
                raise


def _is_gone(error: BaseException) -> bool:
    """The browser went away while we wrote: servers say so with an OSError (uvicorn's ClientDisconnected is one)."""
    return isinstance(error, OSError)
