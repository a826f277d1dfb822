"""The hub's way to the database: short synchronous calls in a few threads, each with a connection of its own."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import psycopg
from django.db import close_old_connections, connections
from psycopg.conninfo import make_conninfo

from majlis.room.actions.log import CHANNEL

T = TypeVar("T")
THREADS = 4  # commands wait for the disk, not for the processor; more would only hold more connections


class Database:
    def __init__(self) -> None:
        self._threads: ThreadPoolExecutor | None = None

    def open(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live")

    async def run(self, call: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run a synchronous call in one of the threads; what it wrote is committed when this returns."""
        if self._threads is None:
            raise RuntimeError("The hub is not started")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: _fresh(call, *args, **kwargs))

    async def close(self) -> None:
        """Close every thread's connection, then the threads. Calls under way are finished first."""
        threads, self._threads = self._threads, None
        if threads is None:
            return
        # Each thread can take only one of these, because nobody passes before all have one.
        together = threading.Barrier(THREADS)
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(threads, _close, together) for _thread in range(THREADS)))
        threads.shutdown(wait=True)


def _fresh(call: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    close_old_connections()  # drops a connection that the server closed, so that a restarted database is found again
    try:
        return call(*args, **kwargs)
    finally:
        close_old_connections()


def _close(together: threading.Barrier) -> None:
    connections.close_all()
    together.wait(10)


async def notifications() -> AsyncIterator[str]:
    """What other processes tell on the channel, over one connection of its own. Ends with an error when that breaks."""
    listener = await psycopg.AsyncConnection.connect(_conninfo(), autocommit=True)
    async with listener:
        await listener.execute(f"LISTEN {CHANNEL}")
        async for notification in listener.notifies():
            yield notification.payload


def _conninfo() -> str:
    settings = connections["default"].settings_dict
    named = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
    }
    options = {key: str(value) for key, value in settings["OPTIONS"].items() if isinstance(value, (str, int))}
    given: dict[str, Any] = {key: str(value) for key, value in named.items() if value} | options
    return make_conninfo(**given)
