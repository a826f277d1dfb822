"""The hub: lets browsers in, follows the logs of the rooms they are in, and keeps the clock."""

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils import timezone
from django.utils.translation import get_supported_language_variant

from majlis.room import tickets
from majlis.room.actions import log as actions_log
from majlis.room.hub import reads, wire
from majlis.room.hub.connection import Connection, Message, Receive, Send
from majlis.room.hub.database import Database, notifications
from majlis.room.hub.reads import Entry, Right
from majlis.room.hub.rooms import LiveRoom
from majlis.room.queries import events_after

log = logging.getLogger(__name__)

PATH = "/live/ws/"
TICK = 0.5  # seconds: clock, presence and the look at the streams' numbers
TIME_EVERY = 30  # ticks: browsers set their countdown by the server's time
HELLO_WITHIN = 10  # seconds
MOST_TABS = 10  # connections of one person to one room


class Hub:
    """`recheck_seconds`: how often the rights of open connections are looked at again."""

    def __init__(self) -> None:
        self.recheck_seconds = float(os.environ.get("MAJLIS_LIVE_RECHECK_SECONDS", "4"))
        self._database = Database()
        self._rooms: dict[int, LiveRoom] = {}  # by stream
        self._rights: dict[Connection, Right] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop_following: Callable[[], None] = lambda: None

    # --- its life --------------------------------------------------------------------------------------------------

    async def startup(self) -> None:
        """Begin to serve: open the threads, follow the logs, start the clock."""
        self._loop = asyncio.get_running_loop()
        self._database.open()
        self._stop_following = actions_log.follow(self._woken_in_a_thread)
        for duty in (self._keep_time(), self._listen(), self._recheck()):
            self._begin(duty)

    async def shutdown(self) -> None:
        """Ask every browser to come again, and close the threads and their connections."""
        self._stop_following()
        for connection in tuple(self._rights):
            connection.close(wire.RESTARTING)
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._database.close()
        self._rooms.clear()
        self._loop = None

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- a browser comes -------------------------------------------------------------------------------------------

    async def application(self, scope: Message, receive: Receive, send: Send) -> None:
        """ASGI for websocket scopes under /live/ws/<room>/."""
        if scope["type"] != "websocket":
            raise RuntimeError("The hub speaks WebSocket only")
        await receive()  # websocket.connect
        headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
        number = str(scope["path"]).removeprefix(PATH).strip("/")
        if self._loop is None or not is_own_origin(headers) or not (number.isascii() and number.isdigit()):
            await send({"type": "websocket.close", "code": wire.NOT_YOURS})
            return
        await send({"type": "websocket.accept"})
        connection = Connection(receive, send)
        await connection.serve(self._converse(connection, int(number[:18]), session_of(headers)))

    async def _converse(self, connection: Connection, number: int, session: str) -> None:
        """A connection's whole conversation: hello, then commands one after the other."""
        async with asyncio.timeout(HELLO_WITHIN):
            hello = await connection.frame()
        if hello is None:
            return None
        ticket = tickets.read(str(hello.get("ticket", ""))) if hello["t"] == "hello" else None
        if ticket is None or not session or ticket.session != tickets.digest(session):
            return connection.close(wire.NO_TICKET)
        if ticket.room != number:
            return connection.close(wire.NOT_YOURS)
        right = Right(ticket.account, number, session)
        entry = await self._database.run(reads.enter, right, _resume(hello, number))
        if entry is None:
            return connection.close(wire.NOT_YOURS)
        room = self._admit(connection, entry, right)
        if room is None:
            return connection.close(wire.IN_CONFLICT)
        try:
            await self._obey(connection, entry, _language(hello))
        finally:
            self._dismiss(connection, room)

    def _admit(self, connection: Connection, entry: Entry, right: Right) -> LiveRoom | None:
        """Seat a browser in its room with everything it lacks; None if the same person has too many tabs open."""
        stream = entry.room.stream_id
        room = self._rooms.get(stream) or LiveRoom(entry.room.pk, stream, entry.seq)
        connection.person = entry.member.person_id
        if room.connections_of(connection.person) >= MOST_TABS:
            return None
        self._rooms[stream] = room
        self._rights[connection] = right
        here = sorted({*room.present, connection.person})
        shared = {"v": wire.VERSION, "s": room.name, "now": _now(), "present": here}
        if entry.snapshot is not None:
            connection.push(wire.encode("welcome", seq=entry.seq, snapshot=entry.snapshot, **shared))
        else:
            connection.push(wire.encode("resumed", seq=entry.seq, **shared))
            for event in entry.missed:
                connection.push_event(event.seq, wire.event_frame(room.name, event))
        connection.seq = entry.seq
        room.admit(connection)
        self._read_on(room)
        return room

    def _dismiss(self, connection: Connection, room: LiveRoom) -> None:
        self._rights.pop(connection, None)
        room.dismiss(connection)
        if not room.connections:
            self._rooms.pop(room.stream, None)

    async def _obey(self, connection: Connection, entry: Entry, language: str) -> None:
        while (frame := await connection.frame()) is not None:
            if frame["t"] == "hello":
                connection.close(wire.IN_CONFLICT)
            elif frame["t"] == "cmd":
                connection.push(await self._answer(entry, language, frame))

    async def _answer(self, entry: Entry, language: str, frame: dict[str, Any]) -> str:
        """The acknowledgement of a command, after its commit; a failure that is not the sender's asks them to repeat it."""
        number = str(frame.get("id"))[:60]
        try:
            kind, fields = await self._database.run(reads.perform, entry, language, frame)
        except Exception:
            log.exception("Command %s failed", str(frame.get("name"))[:40])
            return wire.encode("nak", id=number, status=503, message="", again=True)
        return wire.encode(kind, id=number, **fields)

    # --- following the logs ----------------------------------------------------------------------------------------

    def _woken_in_a_thread(self, stream: int, seq: int) -> None:
        """An act committed in this process, in whichever thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closing: nobody listens any more
                self._loop.call_soon_threadsafe(self._woken, stream, seq)

    def _woken(self, stream: int, seq: int) -> None:
        room = self._rooms.get(stream)
        if room and seq > room.wanted:
            room.wanted = seq
            self._read_on(room)

    def _read_on(self, room: LiveRoom) -> None:
        if room.wanted > room.seq and not room.is_reading:
            room.is_reading = True
            self._begin(self._read(room))

    async def _read(self, room: LiveRoom) -> None:
        """Read what is committed and hand it out, until the room is where it is known to be."""
        try:
            while room.wanted > room.seq and room.connections:
                events = await self._database.run(events_after, room.stream, room.seq)
                if not events:
                    break
                room.hand_out(events)
        except Exception:
            log.exception("Reading the log of %s failed; the next tick tries again", room.name)
        finally:
            room.is_reading = False

    async def _listen(self) -> None:
        """Hear of other processes' events. If this breaks, the tick still finds them."""
        while True:
            with suppress(Exception):
                async for payload in notifications():
                    stream, seq, process = payload.split(":")
                    if process != actions_log.PROCESS:
                        self._woken(int(stream), int(seq))
            await asyncio.sleep(1)

    async def _keep_time(self) -> None:
        """Twice a second: end phases that are over, look how far the streams are, say who came and went."""
        count = 0
        while True:
            await asyncio.sleep(TICK)
            count += 1
            try:
                for stream, seq in (await self._database.run(reads.tick, tuple(self._rooms))).items():
                    self._woken(stream, seq)
            except Exception:
                log.exception("The live clock missed a tick")
                await asyncio.sleep(1)
            for room in tuple(self._rooms.values()):
                self._read_on(room)
                room.tell_presence()
            if count % TIME_EVERY == 0:
                frame = wire.encode("time", now=_now())
                for connection in tuple(self._rights):
                    connection.push(frame)

    async def _recheck(self) -> None:
        """Show out whoever lost their session, account or seat, wherever that happened."""
        while True:
            await asyncio.sleep(self.recheck_seconds)
            rights = dict(self._rights)
            if not rights:
                continue
            try:
                standing = await self._database.run(reads.standing, rights.values())
            except Exception:
                log.exception("Rights of live connections could not be looked at")
                continue
            for connection, right in rights.items():
                if right not in standing:
                    connection.close(wire.NOT_YOURS)


# --- what a handshake brings ---------------------------------------------------------------------------------------


def is_own_origin(headers: dict[str, str]) -> bool:
    """Whether the page that asks is ours: of PUBLIC_URL, or of the very host that it asks, if that is one of ours."""
    origin = headers.get("origin", "")
    if origin in {settings.PUBLIC_URL, *settings.CSRF_TRUSTED_ORIGINS}:
        return True
    asked, host = urlsplit(origin).netloc, headers.get("host", "")
    return bool(asked) and asked == host and validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def session_of(headers: dict[str, str]) -> str:
    """The session's key from the browser's cookie; empty without one."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def _resume(hello: dict[str, Any], number: int) -> int | None:
    """The number after which the browser wants the room's events, if it has been here before."""
    resume = hello.get("resume")
    seq = resume.get(f"room:{number}") if isinstance(resume, dict) else None
    return seq if isinstance(seq, int) and not isinstance(seq, bool) and 0 <= seq < 2**62 else None


def _language(hello: dict[str, Any]) -> str:
    try:
        return get_supported_language_variant(str(hello.get("language", ""))[:10])
    except LookupError:
        return settings.LANGUAGE_CODE


def _now() -> str:
    return timezone.now().isoformat()
