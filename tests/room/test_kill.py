"""Acceptance 4: kill -9 of the serving process during a live session loses no acknowledged card and doubles none."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from django.db import connection, connections
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus

from majlis.accounts.models import Account
from majlis.room import tickets
from majlis.room.models import Card, LiveEvent, Room
from tests.room.conftest import Table, make_table
from tests.room.live import Browser, open_browsers, session_and_ticket
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = ["consultant", "time_keeper", "note_taker"]
KILLS = 3
CARDS = 60  # per writer
PATIENCE = 120  # seconds: a busy machine takes long to start a server
SEED = 4


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        number: int = asked.getsockname()[1]
        return number


class Server:
    """The real program in a process of its own, over the test's database."""

    def __init__(self) -> None:
        self.port = free_port()
        settings = connection.settings_dict
        address = f"postgresql://{quote(settings['USER'])}:{quote(settings['PASSWORD'])}@/{settings['NAME']}"
        host = quote(settings["HOST"], safe="") or "localhost"
        self.environment = os.environ | {"DATABASE_URL": f"{address}?host={host}&port={settings['PORT'] or 5432}"}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "uvicorn", "majlis.asgi:application", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--log-level", "error", "--ws-max-size", "1048576"], env=self.environment
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("The server did not start")

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def running() -> Iterator[Server]:
    server = Server()
    server.start()
    try:
        yield server
    finally:
        server.kill()
        while open_browsers:
            open_browsers.pop().leave()


class Writer(threading.Thread):
    """A member who writes card after card, and after each broken connection sends again what was not acknowledged."""

    def __init__(self, port: int, account: Account, room: Room) -> None:
        super().__init__()
        self.port, self.account, self.room = port, account, room
        self.cookie, _ticket = session_and_ticket(account, room)
        self.acknowledged: dict[str, int] = {}  # command → seq
        self.events: dict[int, str] = {}  # seq → text, from everybody
        self.seq: int | None = None
        self.reconnects = -1
        self.resumes = 0

    def run(self) -> None:
        to_write = [f"{self.account.pk}-card-{number}" for number in range(CARDS)]
        until = time.monotonic() + PATIENCE
        while to_write and time.monotonic() < until:
            try:
                self.converse(to_write)
            except (ConnectionClosed, OSError, InvalidMessage, InvalidStatus, TimeoutError, EOFError):
                time.sleep(random.random() * 0.2)

    def converse(self, to_write: list[str]) -> None:
        resume = {} if self.seq is None else {"resume": {f"room:{self.room.pk}": self.seq}}
        ticket = tickets.issue(self.account, self.room, self.cookie)
        browser = Browser(self.port, self.room.pk, self.cookie, ticket, **resume)
        greeting = browser.greeted()
        self.reconnects += 1
        if greeting["t"] == "resumed":
            self.resumes += 1
        else:
            self.seq = greeting["seq"]
        while to_write:
            text = to_write[0]
            browser.send(t="cmd", id=text, name="card.add", args={"kind": "idea", "text": text, "language": "en"})
            while True:
                frame = browser.next(timeout=5)
                if frame["t"] == "ev":
                    assert self.seq is not None
                    assert frame["seq"] == self.seq + 1, "a gap or a repeat in what the browser was told"
                    self.seq = frame["seq"]
                    self.events[frame["seq"]] = frame["data"].get("card", {}).get("text", {}).get("body", "")
                elif frame["t"] == "ack":
                    self.acknowledged[frame["id"]] = frame["seq"]
                    break
                else:
                    assert frame["t"] != "nak", frame
            to_write.remove(text)


def test_no_acknowledged_card_is_lost_when_the_server_is_killed(transactional_db: None) -> None:
    random.seed(SEED)
    table: Table = make_table(World())
    table.go(5)
    with running() as server:
        writers = [Writer(server.port, table.who(role), table.room) for role in WRITERS]
        for writer in writers:
            writer.start()
        for _kill in range(KILLS):
            time.sleep(0.3 + random.random() * 0.4)
            server.kill()
            server.start()
        for writer in writers:
            writer.join(PATIENCE + 10)
            assert not writer.is_alive()
    connections.close_all()

    stored = {card.text.body: card.seq for card in Card.objects.filter(room=table.room)}
    numbers = list(LiveEvent.objects.filter(stream=table.room.stream_id).values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    for writer in writers:
        lost = {text: seq for text, seq in writer.acknowledged.items() if stored.get(text) != seq}
        assert lost == {}
    assert Card.objects.count() == len(stored) == len(WRITERS) * CARDS, "not finished, or doubled"
    for writer in writers:
        assert len(writer.acknowledged) == CARDS
        assert writer.resumes == writer.reconnects
        told = {seq: text for seq, text in writer.events.items() if text}
        assert told == {seq: text for text, seq in stored.items() if seq in told}
    assert sum(writer.reconnects for writer in writers) >= KILLS
