"""The caller's address cannot be made up."""

import asyncio
from typing import Any

import pytest

from majlis.run.bodies import Receive, Scope, Send
from majlis.run.proxies import Proxies


def seen(count: int, headers: list[tuple[str, str]], kind: str = "http") -> tuple[str, str]:
    """The address and the scheme that the program sees."""
    kept: dict[str, Any] = {}

    async def program(scope: Scope, receive: Receive, send: Send) -> None:
        kept.update(scope)

    scope = {
        "type": kind, "client": ("10.0.0.1", 5000), "scheme": "http" if kind == "http" else "ws",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }  # fmt: skip
    asyncio.run(Proxies(program, count=count)(scope, None, None))  # type: ignore[arg-type]
    return kept["client"][0], kept["scheme"]


@pytest.mark.parametrize(
    ("count", "header", "address"),
    [
        (0, "1.1.1.1", "10.0.0.1"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1"),
        (2, "1.1.1.1", "10.0.0.1"),
        (1, " , ", "10.0.0.1"),
    ],
)
def test_only_so_many_entries_are_believed(count: int, header: str, address: str) -> None:
    assert seen(count, [("x-forwarded-for", header)])[0] == address


def test_a_header_that_comes_twice_is_one_list() -> None:
    assert seen(1, [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "1.1.1.1")])[0] == "1.1.1.1"


def test_the_scheme_is_the_proxy_s() -> None:
    assert seen(1, [("x-forwarded-proto", "https")]) == ("10.0.0.1", "https")
    assert seen(1, [("x-forwarded-proto", "https")], "websocket") == ("10.0.0.1", "wss")
    assert seen(0, [("x-forwarded-proto", "https")]) == ("10.0.0.1", "http")
    assert seen(1, [("x-forwarded-proto", "javascript")]) == ("10.0.0.1", "http")
