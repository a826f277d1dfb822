"""Request bodies are taken in before a page's thread is given to them: a slow or endless upload must not hold up the others."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Bodies:
    """Read the whole body, at most `limit` bytes within `seconds`, and only then call `pages`; else answer 413 or 408."""

    def __init__(self, pages: Application, *, limit: int, seconds: float) -> None:
        self.pages = pages
        self.limit = limit
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _announced(scope) > self.limit:
            await _answer(send, 413, "The file is too large.")
            return
        try:
            async with asyncio.timeout(self.seconds):
                body = await self._read(receive)
        except TimeoutError:
            await _answer(send, 408, "The upload took too long.")
            return
        if body is None:
            await _answer(send, 413, "The file is too large.")
            return
        is_told = False

        async def whole() -> Message:
            nonlocal is_told
            if is_told:
                return await receive()
            is_told = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self.pages(scope, whole, send)

    async def _read(self, receive: Receive) -> bytearray | None:
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > self.limit:
                return None
            if message["type"] != "http.request" or not message.get("more_body", False):
                return body


def _announced(scope: Scope) -> int:
    """Return the content-length that the request names; 0 if it names none or nonsense."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


async def _answer(send: Send, status: int, text: str) -> None:
    body = text.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
