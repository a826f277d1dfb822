"""The program served in a thread of this process, for a browser beside it."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from django.db import connection
from django.test import Client

from majlis.accounts.models import Account
from majlis.run.places import CODE
from majlis.run.worker import WAITED_FOR
from tests.database import url_of

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIETLY = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


@contextmanager
def serving() -> Iterator[str]:
    """Pages and the live room as `majlis up` serves them, on a free port; gives the address."""
    from majlis.asgi import application

    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        application, log_level="warning", lifespan="on", ws="websockets-sansio", timeout_graceful_shutdown=2
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    patience = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive() and time.monotonic() < patience, "the program did not start"
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


@contextmanager
def working() -> Iterator[None]:
    """A worker beside the program, as `majlis up` starts it, for what somebody waits for on a page; mails stay where
    they are, for the tests to deliver."""
    with subprocess.Popen(
        [sys.executable, "-m", "majlis", "work", "--with-parent", "--queue", WAITED_FOR],
        stdin=subprocess.PIPE,
        cwd=CODE.parent,
        env=os.environ | {"DATABASE_URL": url_of(connection.settings_dict["NAME"])},
    ) as process:
        try:
            yield
        finally:
            process.terminate()


def session_of(account: Account) -> str:
    """The session cookie of somebody who has signed in."""
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value
