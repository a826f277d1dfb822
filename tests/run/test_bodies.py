"""Uploads are taken in before a thread is given to them."""

import asyncio
from typing import Any

import pytest

from majlis.run.bodies import Bodies, Message, Receive, Scope, Send


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """The pages: answer with the length of the body."""
    message = await receive()
    assert message["more_body"] is False
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"%d" % len(message["body"])})


def status_of(chunks: list[bytes], *, announced: bytes = b"", pause: float = 0) -> tuple[int, bytes]:
    """Send a body in chunks; return status and answer."""
    sent: list[Message] = []
    waiting = [
        {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
        for number, chunk in enumerate(chunks, start=1)
    ]

    async def receive() -> Message:
        await asyncio.sleep(pause)
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "headers": [(b"content-length", announced)] if announced else []}
    asyncio.run(Bodies(echo, limit=1000, seconds=0.2)(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


def test_a_body_in_pieces_arrives_whole() -> None:
    assert status_of([b"a" * 400, b"b" * 600], announced=b"1000") == (200, b"1000")
    assert status_of([b""]) == (200, b"0")


@pytest.mark.parametrize("announced", [b"1001", b"99999999999999999999"])
def test_what_says_that_it_is_too_large_is_not_read(announced: bytes) -> None:
    assert status_of([], announced=announced)[0] == 413


def test_what_is_too_large_without_saying_so_is_stopped() -> None:
    assert status_of([b"a" * 600, b"b" * 600], announced=b"10")[0] == 413


def test_a_body_that_trickles_is_ended() -> None:
    assert status_of([b"a"] * 10, pause=0.1)[0] == 408


def test_nonsense_as_length_is_no_error() -> None:
    assert status_of([b"abc"], announced=b"many") == (200, b"3")
