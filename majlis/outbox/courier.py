"""Handing a mail to the mail server, one connection for many mails."""

from __future__ import annotations

import re
import secrets
import smtplib
import socket
import ssl
from base64 import encodebytes
from collections.abc import Callable
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from types import TracebackType
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from majlis.outbox.mailbox import parsed
from majlis.outbox.mark import Mark
from majlis.outbox.models import Mail
from majlis.outbox.returns import return_address

TIMEOUT = 20  # seconds for each exchange with the server
LAST_ANSWER = (
    300  # seconds for the answer to the last dot: a server may look through the mail first (RFC 5321, 4.5.3.2.6)
)
PER_CONNECTION = 100  # mails; many servers end a connection that brings more
TAKEN = frozenset({250, 251})
ONE_ADDRESS = re.compile(r"[^\s,;:<>()\[\]\\\"@]+@[^\s,;:<>()\[\]\\\"@]+")
DOT = re.compile(rb"^\.", re.MULTILINE)  # a line that begins with a dot gets another one (RFC 5321, 4.5.2)


class NotAccepted(Exception):
    """The server did not take the mail; `is_final` when trying again is no use (it refuses this address or this mail)."""

    def __init__(self, answer: str, *, is_final: bool = False) -> None:
        super().__init__(answer)
        self.answer, self.is_final = answer[:1000], is_final


@dataclass(frozen=True)
class Server:
    """Where mails go: smtp://user:password@host:587?tls=1 (STARTTLS) or smtps://…:465."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool
    is_starttls: bool

    @classmethod
    def of(cls, url: str) -> Server:
        """Read a server's URL; ValueError if it is none."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("MAJLIS_SMTP_URL must look like smtp://user:password@host:587?tls=1")
        options = dict(parse_qsl(parts.query))
        is_tls = parts.scheme == "smtps"
        return cls(
            parts.hostname, parts.port or (465 if is_tls else 587), unquote(parts.username or ""),
            unquote(parts.password or ""), is_tls, options.get("tls") == "1",
        )  # fmt: skip


class Unanswered(Exception):
    """The whole mail was given to the server, but its answer was not heard: it may have it or not."""


class Withheld(Exception):
    """The mail may not leave any more; the server got no last dot, so it forgets it."""


class Courier:
    """Keeps one connection open for a run of mails; opens a new one after a fault. Use it in a `with`."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None
        self._count = 0

    def __enter__(self) -> Courier:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def hand_over(self, mail: Mail, mark: Mark, *, may_finish: Callable[[], bool]) -> str:
        """Hand one mail over and return the server's answer; raise NotAccepted with its words otherwise.

        A server takes a mail only with the last dot. So `may_finish` is asked when everything else is with the server: it
        writes down that the dot follows, and may still say no (Withheld). Without an answer after the dot: Unanswered.
        mark: keeps for others how far the dot came, should this process be killed.
        """
        try:
            content = as_bytes(mail)
            smtp = self._connected()
            self._accepted(smtp.mail(return_address(mail)), final_from=600)
            self._accepted(smtp.rcpt(mail.address), final_from=500)
            self._accepted(smtp.docmd("DATA"), final_from=500, wanted={354})
            smtp.send(DOT.sub(b"..", content))
        except (OSError, smtplib.SMTPException) as fault:
            self._drop()
            raise NotAccepted(f"{type(fault).__name__}: {fault}") from fault
        except ValueError as fault:  # an address with letters that this server cannot take, or one that is none
            self._drop()
            raise NotAccepted(f"{mail.address}: {fault}", is_final=True) from fault
        line = smtp.sock
        assert line is not None
        try:
            if not may_finish():
                raise Withheld
            # Between mark and dot stands nothing: only a process that is killed just there leaves a doubt.
            mark.saying()
        except OSError as fault:
            self._drop()
            raise NotAccepted(f"{type(fault).__name__}: {fault}") from fault
        except BaseException:  # not another word on this connection
            self._drop()
            raise
        try:
            line.sendall(b".\r\n")
            mark.said()
            line.settimeout(LAST_ANSWER)
            code, words = smtp.getreply()
            mark.heard(_words(code, words))
            line.settimeout(TIMEOUT)
        except (OSError, smtplib.SMTPException) as fault:
            self._drop()
            raise Unanswered(f"{type(fault).__name__}: {fault}"[:1000]) from fault
        return self._accepted((code, words), final_from=500)

    def _accepted(
        self, answer: tuple[int, bytes], *, final_from: int, wanted: frozenset[int] | set[int] = TAKEN
    ) -> str:
        code, words = answer
        said = _words(code, words)
        if code in wanted:
            return said
        # The rest of this conversation is void; a fresh connection is the simplest clean start.
        self._close()
        raise NotAccepted(said, is_final=code >= final_from)

    def _connected(self) -> smtplib.SMTP:
        self._count += 1
        if self._count % PER_CONNECTION == 0:
            self._close()
        if self._smtp is None:
            server = Server.of(settings.SMTP_URL)
            context = ssl.create_default_context()
            smtp: smtplib.SMTP
            if server.is_tls:
                smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
            else:
                smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
            self._smtp = smtp
            assert smtp.sock is not None
            # The last dot is a small packet by itself: it must not wait until the one before is acknowledged.
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            smtp.ehlo()
            if server.is_starttls:
                smtp.starttls(context=context)
                smtp.ehlo()
            if server.user:
                smtp.login(server.user, server.password)
        return self._smtp

    def _close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            try:
                smtp.quit()
            except (OSError, smtplib.SMTPException):
                smtp.close()

    def _drop(self) -> None:
        """End the connection without another word: what was begun on it counts as not sent."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()


def as_bytes(mail: Mail) -> bytes:
    """The mail as it goes over the wire: text, HTML, and a calendar object both inline and attached.

    Built from bytes, since the standard library's way through parsed headers costs ten times as much. No header can be
    smuggled in: a field with a control character is refused, one that is not plain ASCII is encoded as a whole.
    """
    fields = [
        _field("Subject", mail.subject), _sender(settings.MAIL_FROM), _field("To", mail.address),
        f"Date: {format_datetime(timezone.now())}\r\n".encode(), _field("Message-ID", mail.message_id),
        _field("Content-Language", mail.language), b"Auto-Submitted: auto-generated\r\n", b"MIME-Version: 1.0\r\n",
    ]  # fmt: skip
    if mail.stop_url:
        # One click in the mail program sends a POST there (RFC 8058); the same link shows a page to people.
        fields += [
            _field("List-Unsubscribe", f"<{mail.stop_url}>"),
            b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        ]
    objects = calendar_objects(mail.calendar)
    shown = [_part("text/plain; charset=utf-8", mail.body_text), _part("text/html; charset=utf-8", mail.body_html)]
    if len(objects) == 1:
        # With several there is no single object that would be an alternative to the text.
        shown.append(_part(_calendar_type(objects[0]), objects[0]))
    content = _parts("alternative", shown)
    if objects:
        attached = []
        for number, one in enumerate(objects, 1):
            name = f"majlis-{number}.ics" if len(objects) > 1 else "majlis.ics"
            attached.append(_part(_calendar_type(one), one, f'Content-Disposition: attachment; filename="{name}"\r\n'))
        content = _parts("mixed", [content, *attached])
    return b"".join([*fields, content])


def composed(mail: Mail) -> EmailMessage:
    """The same mail, read back: what its reader's program will see."""
    return parsed(as_bytes(mail))


def _field(name: str, value: str) -> bytes:
    """A header field; ValueError if it holds a control character or, in To, anything but one address.

    Never through the standard library's parser: it takes «=?utf-8?q?…=0D=0ABcc:…?=» in a title for an encoded word and
    would write its line break. Here such a title is itself encoded.
    """
    if not value.isprintable():
        raise ValueError("holds a control character")
    if name == "To" and not (value.isascii() and ONE_ADDRESS.fullmatch(value)):
        raise ValueError("is not one address that this mail server takes")
    if value.isascii() and "=?" not in value and len(value) < 900:
        return f"{name}: {value}\r\n".encode()
    return f"{name}: {Header(value, 'utf-8', header_name=name).encode(linesep=chr(13) + chr(10))}\r\n".encode()


@lru_cache(maxsize=4)
def _sender(setting: str) -> bytes:
    """The From field; the operator's own words."""
    _name, found = SMTP.header_store_parse("From", setting)
    return SMTP.fold_binary("From", found)


def _part(kind: str, text: str, more: str = "") -> bytes:
    """One part of a mail, in base64: it survives every server, and no line of it begins with a dot."""
    head = f"Content-Type: {kind}\r\n{more}Content-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + encodebytes(text.encode()).replace(b"\n", b"\r\n")


def _parts(kind: str, parts: list[bytes]) -> bytes:
    boundary = f"=_{secrets.token_hex(12)}".encode()
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return b'Content-Type: multipart/%b; boundary="%b"\r\n\r\n%b--%b--\r\n' % (kind.encode(), boundary, body, boundary)


def _calendar_type(one: str) -> str:
    return f"text/calendar; charset=utf-8; method={calendar_method(one)}"


def calendar_objects(stream: str) -> list[str]:
    """The iCalendar objects of a stream (RFC 5545, 3.4), each whole."""
    end = "END:VCALENDAR"
    return [f"{part.strip()}\r\n{end}\r\n" for part in stream.split(end) if part.strip()]


def calendar_method(calendar: str) -> str:
    """REQUEST, CANCEL, … of an iCalendar object; PUBLISH if it names none."""
    for line in calendar.splitlines():
        if line.upper().startswith("METHOD:") and line[7:].strip().isalpha():
            return line[7:].strip().upper()
    return "PUBLISH"


def _words(code: int, words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {said}".strip()
