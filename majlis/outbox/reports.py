"""Reading what mail servers report: delivery status notifications (RFC 3464, 3461, 6533) and the older plain ones.

Pure functions over a parsed message. They believe nothing: a report only says something about a mail of ours if it names
that mail by what only its way can know (its Message-ID, or the address it was to return to); see actions/bounces.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import EmailMessage, Message

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)*", re.ASCII)
ANY_ADDRESS = re.compile(r"[^\s<>\"(),;:@]+@[^\s<>\"(),;:@]+")  # also with letters outside ASCII (RFC 6531)
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
REPLY = re.compile(r"(?<![\d.])([45]\d\d)[ -]")
MESSAGE_ID = re.compile(r"^message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
MOST_RECIPIENTS = 50  # of one report; ours have one each
LONGEST = 2000
# Servers that write no report of the standard kind, by what their text begins with: qmail, and some that copied it.
PLAIN = re.compile(r"this is the (qmail-send|mail delivery|mail system)|could not be delivered|undeliver|delivery (has )?failed|returned mail", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True)
class Report:
    """What happened to a mail on its way to one address. is_final: it came back; otherwise it is delayed and still tried."""

    address: str
    is_final: bool
    status: str
    diagnosis: str
    reported_by: str
    message_id: str
    returned_to: tuple[str, ...]

    @property
    def is_of_address(self) -> bool:
        """Whether the address itself is wrong (and not, say, a full box): then no other mail will arrive there either."""
        return self.is_final and self.status.startswith(
            ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4")
        )


def reports(message: EmailMessage) -> list[Report]:
    """What a message reports about mails that had left; empty if it is no report (an answer, an absence notice, a success)."""
    found = list(_standard(message))
    if not found and not _has_status_part(message) and not _is_answer(message):
        found = list(_plain(message))
    return found[:MOST_RECIPIENTS]


def _has_status_part(message: Message) -> bool:
    return any(_is_status(part) for part in message.walk())


def _is_status(part: Message) -> bool:
    return part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}


def _is_answer(message: EmailMessage) -> bool:
    """Absence notices and the like: written by a program, but about nothing that failed (RFC 3834)."""
    kind = str(message["Auto-Submitted"] or "").lower()
    return kind.startswith("auto-replied") and "X-Failed-Recipients" not in message


def _standard(message: EmailMessage) -> Iterator[Report]:
    for part in message.walk():
        if not _is_status(part):
            continue
        about, *recipients = _groups(part) or [Message()]
        server = _typed(about["Reporting-MTA"]) or _typed(about["Arrival-MTA"])
        for group in recipients:
            action = _words(group["Action"]).split(" ")[0].lower()
            if action not in {"failed", "delayed"}:
                continue  # delivered, relayed, expanded: nothing is wrong
            diagnosis = _diagnosis(group["Diagnostic-Code"])
            status = STATUS.search(_words(group["Status"]))
            yield Report(
                _address(group["Original-Recipient"]) or _address(group["Final-Recipient"]), action == "failed",
                status[1] if status else _status_in(diagnosis), diagnosis, _typed(group["Remote-MTA"]) or server,
                original_id(message), _returned_to(message),
            )  # fmt: skip


def _groups(part: Message) -> list[Message]:
    """The groups of fields of a status part: the first about the mail, then one for each recipient.

    The standard library splits them, unless the part was sent encoded (as Exchange does with base64) or as text.
    """
    content = part.get_payload()
    groups = [each for each in content if isinstance(each, Message)] if isinstance(content, list) else []
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    # It knows nothing of the international kind (RFC 6533) and takes that for one message.
    is_split = part.get_content_type() == "message/delivery-status"
    if encoding in {"base64", "quoted-printable"} or not groups or not is_split:
        text = "\n".join(str(each.as_string()) for each in groups) if groups else str(content)
        holder = Message()
        holder["Content-Transfer-Encoding"] = encoding or "7bit"
        holder.set_payload(text.strip())
        decoded = holder.get_payload(decode=True)
        plain = decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else text
        groups = [
            message_from_string(block + "\n") for block in re.split(r"\r?\n(?:[ \t]*\r?\n)+", plain) if block.strip()
        ]
    kept = [group for group in groups if group.keys()]
    # Some servers leave out the group about the mail, or run both together.
    if kept and "Final-Recipient" in kept[0]:
        kept.insert(0, kept[0] if "Reporting-MTA" in kept[0] else Message())
    return kept


def _plain(message: EmailMessage) -> Iterator[Report]:
    """Reports in free words: named by X-Failed-Recipients (Exim), or from a mail system about an address and its reason."""
    text = _text(message)
    named = ANY_ADDRESS.findall(_words(message["X-Failed-Recipients"]))
    sender = _words(message["From"]).lower()
    is_of_system = "mailer-daemon" in sender or "postmaster" in sender or _words(message["Return-Path"]) == "<>"
    subject = _words(message["Subject"])
    if not named and not (is_of_system and (PLAIN.search(text) or PLAIN.search(subject))):
        return
    head = re.split(
        r"\n-+ .*(?:copy of|original message)|\n--- Below this line", text, maxsplit=1, flags=re.IGNORECASE
    )[0]
    is_delay = bool(
        re.search(
            r"delay|warning|will (be retried|continue|keep)|still trying", f"{subject} {head[:400]}", re.IGNORECASE
        )
    )
    for address in dict.fromkeys(
        named or ADDRESS.findall(re.sub(r"\S*(?:mailer-daemon|postmaster)@\S+", "", head, flags=re.IGNORECASE))
    ):
        after = head.partition(address)[2].strip(" >:\r\n")
        diagnosis = _words(after)[:LONGEST]
        yield Report(
            address, not is_delay, _status_in(diagnosis), diagnosis, _domain(sender), original_id(message), _returned_to(message)
        )  # fmt: skip
        if not named:
            return  # the first address of a free text is the one it is about


def original_id(message: EmailMessage) -> str:
    """The Message-ID of the mail that a report returns, whole or only its headers; empty if it returns none."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind in {"message/rfc822", "message/global"}:
            inner = part.get_payload()
            held = inner[0] if isinstance(inner, list) and inner else None
            if isinstance(held, Message) and held["Message-ID"]:
                return _words(held["Message-ID"])
        if kind in {"text/rfc822-headers", "message/global-headers", "message/rfc822", "message/global"}:
            raw = part.get_payload(decode=True)
            text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else part.as_string()
            if found := MESSAGE_ID.search(text):
                return found[1]
    if not message.is_multipart() and (found := MESSAGE_ID.search(_text(message))):
        return found[1]
    return ""


def _returned_to(message: EmailMessage) -> tuple[str, ...]:
    """The addresses this report was sent to: one of them may be the very address that a mail of ours returns to."""
    fields = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
    return tuple(
        found.lower() for field in fields for value in message.get_all(field, []) for found in ANY_ADDRESS.findall(str(value))
    )  # fmt: skip


def _text(message: EmailMessage) -> str:
    try:
        body = message.get_body(("plain",))
        return str(body.get_content()) if body else ""
    except (LookupError, ValueError, AttributeError, KeyError):  # an unknown charset, or a body that is none
        raw = message.get_payload(decode=True)
        return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def _typed(field: object) -> str:
    """The value of a field such as «dns; mx.example.org»."""
    return _words(field).rpartition(";")[2].strip()[:200]


def _address(field: object) -> str:
    found = ANY_ADDRESS.search(_typed(field).replace("+3D", "=").replace("+2B", "+"))
    return found[0] if found else ""


def _diagnosis(field: object) -> str:
    kind, _sign, said = _words(field).partition(";")
    return (said.strip() if said and kind.strip().isascii() and " " not in kind.strip() else _words(field))[:LONGEST]


def _status_in(text: str) -> str:
    """The status in a server's words; of a bare reply code only its class is known."""
    if found := STATUS.search(text):
        return found[1]
    reply = REPLY.search(text + " ")
    return f"{reply[1][0]}.0.0" if reply else ""


def _domain(address: str) -> str:
    found = ANY_ADDRESS.search(address)
    return found[0].rpartition("@")[2] if found else ""


def _words(field: object) -> str:
    return " ".join(str(field or "").split())
