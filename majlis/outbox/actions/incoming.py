"""What comes in by mail: each message of the mailbox is offered once to those who may want it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from email.message import EmailMessage

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.module_loading import import_string

from majlis.outbox.mailbox import Box, Mailbox, Received, opened
from majlis.outbox.models import Incoming
from majlis.outbox.texts import one_line

logger = logging.getLogger(__name__)
Reader = Callable[[EmailMessage], bool]


def readers() -> dict[str, Reader]:
    """Who may want a message, by name, from `settings.MAILBOX_READERS` ({name: dotted path of a function}).

    A reader gets the parsed message and answers whether it was meant for it. It runs in a transaction of its own, must
    trust nothing in the message, and must not mind seeing the same message twice (a process may die in between, somebody
    may upload it as well). What it raises is written down, and the message counts as read.
    """
    return {name: import_string(path) for name, path in settings.MAILBOX_READERS.items()}


def read_mailbox(*, limit: int = 200) -> int:
    """Offer the new messages of the mailbox (MAJLIS_IMAP_URL) to the readers; return how many were read.

    Every minute by the workers' timer. Raises mailbox.NotReadable if the mailbox cannot be read.
    """
    if not settings.IMAP_URL:
        return 0
    mailbox = Mailbox.of(settings.IMAP_URL)
    name = f"{mailbox.user}@{mailbox.host}/{mailbox.folder}"[:200]
    count = 0
    with opened(mailbox) as box:
        known = Incoming.objects.filter(mailbox=name, validity=box.validity)
        last = known.aggregate(last=Max("uid"))["last"] or 0
        for received in box.later_than(last, limit=limit):
            count += _read(name, box, received)
    return count


def _read(name: str, box: Box, received: Received) -> bool:
    """Offer one message; False if another process reads it. Its row and what its reader wrote are there together or not."""
    message = received.message
    try:
        with transaction.atomic():
            row = Incoming.objects.create(mailbox=name, validity=box.validity, uid=received.uid)
            try:
                with transaction.atomic():
                    row.taken_by = offered(message)
            except Exception as fault:  # a message that one reader stumbles over must not keep the next ones out
                logger.exception("Message %s of %s could not be read", received.uid, name)
                row.fault = one_line(f"{type(fault).__name__}: {fault}", 500)
            if not row.taken_by:
                row.sender = one_line(str(message["From"] or ""), 200)
                row.subject = one_line(str(message["Subject"] or ""), 200)
            row.save(update_fields=["taken_by", "fault", "sender", "subject"])
    except IntegrityError:
        return False
    if row.taken_by:
        box.mark_seen(received.uid)
    return True


def offered(message: EmailMessage) -> str:
    """Offer a message to each reader in turn; return the name of the one that took it, or nothing. Also for uploads."""
    for name, reader in readers().items():
        with transaction.atomic():
            if reader(message):
                return name
    return ""
