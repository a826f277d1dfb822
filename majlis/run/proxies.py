"""Who is really calling, behind reverse proxies of our own: only so many entries of X-Forwarded-For are believed.

A caller may write into that header what they like; each of our proxies appends the address it saw. With two proxies
the second entry from the end is the caller. With none the header is not looked at.
"""

from majlis.run.bodies import Application, Receive, Scope, Send


class Proxies:
    """Put the caller's address and scheme into the connection, as the outermost of `count` trusted proxies saw them."""

    def __init__(self, application: Application, *, count: int) -> None:
        self.application = application
        self.count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.count and scope["type"] in {"http", "websocket"}:
            told = _entries(scope, b"x-forwarded-for")
            if len(told) >= self.count:
                scope["client"] = (told[-self.count], 0)
            schemes = _entries(scope, b"x-forwarded-proto")
            if schemes and (scheme := schemes[-min(self.count, len(schemes))]) in {"http", "https"}:
                scope["scheme"] = scheme if scope["type"] == "http" else scheme.replace("http", "ws")
        await self.application(scope, receive, send)


def _entries(scope: Scope, header: bytes) -> list[str]:
    """All entries of a header that may come several times, each with several entries, in the order they were appended."""
    values = [value.decode("latin-1") for name, value in scope["headers"] if name == header]
    return [entry for value in values for part in value.split(",") if (entry := part.strip())]
