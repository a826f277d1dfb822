"""A real server for live tests, and a browser's side of protocol v1 without a browser."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any

import uvicorn
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from majlis.accounts.models import Account
from majlis.room import hub
from majlis.room.models import Room

numbers = count(1)
open_browsers: list["Browser"] = []


class Application:
    """The live room as `majlis/asgi.py` mounts it, without the pages."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await hub.startup()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await hub.shutdown()
            await send({"type": "lifespan.shutdown.complete"})
        else:
            await hub.application(scope, receive, send)


@contextmanager
def serving() -> Iterator[int]:
    """Serve in a thread of this process, over the test's own database; yields the port."""
    config = uvicorn.Config(Application(), port=0, log_level="warning", ws_max_size=2**20, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    sock = config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield sock.getsockname()[1]
    finally:
        while open_browsers:
            open_browsers.pop().leave()
        server.should_exit = True
        thread.join(15)
        sock.close()
        assert not thread.is_alive()


class Browser:
    """One signed-in browser in a room; `seen` are the events it has got, in order."""

    def __init__(self, port: int, room: int, cookie: str, ticket: str, **hello: Any) -> None:
        self.room, self.seen = room, []  # type: int, list[dict[str, Any]]
        self._open = ExitStack()
        asked = connect(
            f"ws://127.0.0.1:{port}/live/ws/{room}/",
            origin=Origin(f"http://127.0.0.1:{port}"),
            additional_headers={"Cookie": f"sessionid={cookie}"},
            compression=None,
            close_timeout=0.3,
        )
        self.socket: ClientConnection = self._open.enter_context(asked)
        open_browsers.append(self)
        self.send(t="hello", ticket=ticket, language="en", **hello)

    def send(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame))

    def next(self, timeout: float = 5) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(self.socket.recv(timeout=timeout))
        if frame["t"] == "ev":
            self.seen.append(frame)
        return frame

    def until(self, is_it: Callable[[dict[str, Any]], bool], timeout: float = 5) -> dict[str, Any]:
        while not is_it(frame := self.next(timeout)):
            pass
        return frame

    def greeted(self) -> dict[str, Any]:
        return self.until(lambda frame: frame["t"] in {"welcome", "resumed"})

    def command(self, name: str, number: str = "", **args: Any) -> dict[str, Any]:
        """Send a command and wait for its ack or nak."""
        number = number or f"command-{next(numbers)}"
        self.send(t="cmd", id=number, name=name, args=args)
        return self.until(lambda frame: frame["t"] in {"ack", "nak"} and frame["id"] == number)

    def event(self, name: str) -> dict[str, Any]:
        return self.until(lambda frame: frame["t"] == "ev" and frame["name"] == name)

    def closed(self, timeout: float = 6) -> int:
        """Read until the server closes and return the code."""
        try:
            while True:
                self.next(timeout)
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006

    def leave(self) -> None:
        self._open.close()


def session_and_ticket(account: Account, room: Room) -> tuple[str, str]:
    client = Client()
    client.force_login(account)
    answer = client.get(f"/live/rooms/{room.pk}/ticket")
    assert answer.status_code == 200, answer.content
    return client.cookies["sessionid"].value, answer.json()["ticket"]


def enter(port: int, account: Account, room: Room, **hello: Any) -> Browser:
    """A browser that is signed in, has its ticket and said hello."""
    cookie, ticket = session_and_ticket(account, room)
    return Browser(port, room.pk, cookie, ticket, **hello)
