"""A real mail server on loopback, a template, and jobs in memory."""

from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from socket import socket
from typing import Any, AnyStr

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from procrastinate.contrib.django import app
from procrastinate.contrib.django import procrastinate_app as holder
from procrastinate.testing import InMemoryConnector

LETTER = """{% load i18n %}{% translate "Draft" %}: {{ title }}

{{ body }}

{% translate "Open the page" %}:
{{ link }}
"""


class Post:
    """What the server got, and how it answers: `refuse` maps SMTP verbs to the line it says instead of accepting."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.senders: list[str | None] = []
        self.recipients: list[list[str]] = []
        self.refuse: dict[str, str] = {}
        self.drops = 0  # so often it takes the last dot and goes away without an answer
        # What happens to the client when the server sees DATA, sees the dot, or has just answered it.
        self.kills: dict[str, Callable[[], None]] = {}
        self.hangs_up = 0  # so often it goes away in the middle of the conversation

    def kill(self, moment: str) -> None:
        self.kills.pop(moment, lambda: None)()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hangs_up:
            self.hangs_up -= 1
            assert server.transport is not None
            server.transport.close()
        if answer := self.refuse.get("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.drops:
            self.drops -= 1
            assert server.transport is not None
            server.transport.close()
            return "421 gone"
        if answer := self.refuse.get("DATA"):
            return answer
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients.append(list(envelope.rcpt_tos))
        self.senders.append(envelope.mail_from)
        self.kill("dot")
        return "250 queued as 42"


class KillingSMTP(SMTP):
    """Kills whoever speaks to it at the moment that `post.kills` names."""

    event_handler: Post

    async def smtp_DATA(self, arg: str) -> None:
        self.event_handler.kill("DATA")
        await super().smtp_DATA(arg)

    async def push(self, status: AnyStr) -> None:
        await super().push(status)
        if status == "250 queued as 42":
            self.event_handler.kill("answer")


class KillingController(Controller):
    def factory(self) -> SMTP:
        return KillingSMTP(self.handler, **self.SMTP_kwargs)


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    post = Post()
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = KillingController(post, hostname="127.0.0.1", port=port)
    controller.start()
    settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
    yield post
    controller.stop()


@pytest.fixture(autouse=True)
def marks(settings: Any, tmp_path: Path) -> None:
    """A folder of the test's own for what workers write down around a last dot."""
    settings.OUTBOX_MARKS = tmp_path / "data" / "outbox"


@pytest.fixture
def queue() -> Iterator[InMemoryConnector]:
    """The queue in memory; its jobs are in `queue.jobs`."""
    memory = InMemoryConnector()
    with app.replace_connector(memory) as replaced:
        before, holder.current_app = holder.current_app, replaced
        yield memory
        holder.current_app = before


@pytest.fixture
def template(settings: Any, tmp_path: Path) -> str:
    """The name of a mail template that shows `title`, `body` and `link`."""
    (tmp_path / "letter.txt").write_text(LETTER, encoding="utf-8")
    engines = settings.TEMPLATES
    settings.TEMPLATES = [{**engines[0], "DIRS": [*engines[0]["DIRS"], tmp_path]}]
    return "letter"
