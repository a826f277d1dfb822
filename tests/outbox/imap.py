"""A real IMAP server on loopback (pymap, in memory), for whoever tests reading the mailbox."""

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

USER, PASSWORD = "answers", "let-me-in"


@contextmanager
def imap_server() -> Iterator[str]:
    """Start it; yield the mailbox's URL as MAJLIS_IMAP_URL has it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = f"import sys; from pymap.main import main; sys.argv[1:] = ['--host', '127.0.0.1', '--port', '{port}', '--no-tls', 'dict', '--demo-user', '{USER}', '--demo-password', '{PASSWORD}']; main()"
    server = subprocess.Popen([sys.executable, "-W", "ignore", "-c", start], stderr=subprocess.DEVNULL)
    try:
        _await(port)
        yield f"imap://{USER}:{PASSWORD}@127.0.0.1:{port}/INBOX"
    finally:
        server.terminate()
        server.wait(10)


def _await(port: int) -> None:
    for _try in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the IMAP server did not start")


def put(url: str, *contents: bytes, flags: str = "") -> None:
    """Lay messages into the mailbox, as a mail server would."""
    port = int(url.rpartition(":")[2].partition("/")[0])
    imap = imaplib.IMAP4("127.0.0.1", port, timeout=10)
    imap.login(USER, PASSWORD)
    for content in contents:
        said, answer = imap.append("INBOX", flags, "", content)
        assert said == "OK", answer
    imap.logout()


def flags_of(url: str) -> list[bool]:
    """Whether each message of the mailbox is marked as seen, in order."""
    port = int(url.rpartition(":")[2].partition("/")[0])
    imap = imaplib.IMAP4("127.0.0.1", port, timeout=10)
    imap.login(USER, PASSWORD)
    imap.select("INBOX", readonly=True)
    _said, answer = imap.fetch("1:*", "(FLAGS)")
    imap.logout()
    return [b"\\Seen" in line for line in answer if isinstance(line, bytes)]
