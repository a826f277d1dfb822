"""Reading the mailbox to which answers come: mails that came back, answers of calendar programs. IMAP, by setting.

Messages are fetched by UID without marking them (people may read the same mailbox), and marked as seen only once
somebody has taken them. Nothing in a message is trusted: anybody can write to this mailbox.

    with opened(Mailbox.of(settings.IMAP_URL)) as box:
        for received in box.later_than(last_uid):
            if taken(received.message):
                box.mark_seen(received.uid)

Who wants messages does not open the mailbox: add a reader to `settings.MAILBOX_READERS` and `outbox.actions.read_mailbox`
hands it every message once (see there).
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

TIMEOUT = 30  # seconds for each exchange with the server
# A mail that came back holds what matters in its first parts; a calendar answer is a few kilobytes.
LARGEST = 1_000_000  # bytes that are fetched of one message; the rest is left there
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
UID = re.compile(rb"UID (\d+)")


class NotReadable(Exception):
    """The mailbox could not be opened or read; the text says why, in the server's words."""


@dataclass(frozen=True)
class Mailbox:
    """Where answers come: imaps://user:password@host:993/INBOX, or imap://…:143/INBOX?tls=1 (STARTTLS)."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    is_tls: bool
    is_starttls: bool

    @classmethod
    def of(cls, url: str) -> Mailbox:
        """Read a mailbox's URL; ValueError if it is none."""
        parts = urlsplit(url)
        if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
            raise ValueError("MAJLIS_IMAP_URL must look like imaps://user:password@host:993/INBOX")
        is_tls = parts.scheme == "imaps"
        return cls(
            parts.hostname, parts.port or (993 if is_tls else 143), unquote(parts.username), unquote(parts.password or ""),
            unquote(parts.path.strip("/")) or "INBOX", is_tls, dict(parse_qsl(parts.query)).get("tls") == "1",
        )  # fmt: skip


@dataclass(frozen=True)
class Received:
    """One message of the mailbox. `content` is cut at LARGEST bytes: then `is_cut`, and its last part may be broken."""

    uid: int
    content: bytes
    is_cut: bool = False

    @property
    def message(self) -> EmailMessage:
        return parsed(self.content)


class Box:
    """An open mailbox. `validity` is its UIDVALIDITY: when it changes, earlier UIDs mean nothing any more."""

    def __init__(self, imap: imaplib.IMAP4, validity: int) -> None:
        self._imap = imap
        self.validity = validity

    def later_than(self, uid: int, *, limit: int = 200) -> Iterator[Received]:
        """Messages with a UID above `uid`, oldest first, at most `limit`; seen ones too. Leaves their flags alone."""
        found = self._asked("SEARCH", f"UID {uid + 1}:*")
        # "5:*" names the last message even if its UID is below 5 (RFC 3501, 6.4.8).
        listed = found[0] if isinstance(found[0], bytes) else b""
        numbers = sorted(int(number) for number in listed.split() if int(number) > uid)
        for number in numbers[:limit]:
            if (received := self._fetched(number)) is not None:
                yield received

    def mark_seen(self, uid: int) -> None:
        """Mark as seen what somebody has taken, so that people who read the mailbox know it is done."""
        self._asked("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def _fetched(self, number: int) -> Received | None:
        answer = self._asked("FETCH", str(number), f"(RFC822.SIZE BODY.PEEK[]<0.{LARGEST}>)")
        for part in answer:
            # Other lines of the answer may be news about other messages.
            if isinstance(part, tuple):
                named = UID.search(part[0])
                if named is None or int(named[1]) == number:
                    size = SIZE.search(part[0])
                    return Received(number, part[1], is_cut=int(size[1]) > LARGEST if size else len(part[1]) >= LARGEST)
        return None  # deleted meanwhile

    def _asked(self, command: str, *words: str) -> list[Any]:
        said, answer = self._imap.uid(command, *words)
        if said != "OK":
            raise NotReadable(f"{command}: {answer!r}"[:500])
        return answer


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[Box]:
    """Open the mailbox for reading and marking; raise NotReadable if it cannot be reached, entered or read."""
    try:
        imap = _connected(mailbox)
        try:
            imap.login(mailbox.user, mailbox.password)
            said, answer = imap.select(f'"{mailbox.folder}"')
            if said != "OK":
                raise NotReadable(f"{mailbox.folder}: {answer!r}"[:500])
            validity = imap.response("UIDVALIDITY")[1][0]
            yield Box(imap, int(validity or 0))
        finally:
            _closed(imap)
    except (OSError, imaplib.IMAP4.error, ValueError) as fault:
        raise NotReadable(f"{type(fault).__name__}: {fault}"[:500]) from fault


def _connected(mailbox: Mailbox) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if mailbox.is_tls:
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=TIMEOUT)
    imap = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT)
    if mailbox.is_starttls:
        imap.starttls(context)
    return imap


def _closed(imap: imaplib.IMAP4) -> None:
    try:
        imap.logout()
    except (OSError, imaplib.IMAP4.error):
        imap.shutdown()


def parsed(content: bytes) -> EmailMessage:
    """The message in these bytes. Any bytes give a message; what is broken in it stands in its `defects`."""
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message
