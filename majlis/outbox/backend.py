"""Django's mail setting: what Django and its apps send goes through the outbox like every other mail."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from datetime import timedelta
from email.utils import parseaddr
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from majlis.accounts.models import Account
from majlis.language.models import LANGUAGES
from majlis.outbox.actions.budgets import bare, within
from majlis.outbox.delivery import deliver, enqueue
from majlis.outbox.letters import as_html
from majlis.outbox.models import Batch, Mail
from majlis.outbox.rules import CODES, are_kept
from majlis.outbox.texts import cleaned, one_line

logger = logging.getLogger(__name__)


class OutboxBackend(BaseEmailBackend):
    """Keep each message as a mail that is private to its reader, and hand it over at once: a code cannot wait for a look."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            for recipient in message.recipients():
                self._kept(message, recipient)
        return len(email_messages)

    def _kept(self, message: EmailMessage, recipient: str) -> None:
        address = parseaddr(recipient)[1]
        kind = message.extra_headers.get("X-Majlis-Kind", "web.mail")
        language = message.extra_headers.get("Content-Language", "en")
        language = language if language in LANGUAGES else "en"
        subject, text = one_line(str(message.subject)), cleaned(str(message.body))
        now = timezone.now()
        with transaction.atomic():
            if not within(CODES, bare(address)):
                logger.warning("No more mails of kind %s to one address today: its budget is used up", kind)
                return
            batch = Batch.objects.create(
                kind=kind, scope="accounts", state=Batch.State.SENT, sent_at=now, is_private=True
            )
            mail = Mail.objects.create(
                batch=batch, account=Account.objects.filter(email__iexact=address).first(), address=address, language=language,
                subject=subject, body_text=text, body_html=as_html(subject, text, language), once=f"{kind}:{secrets.token_hex(12)}",
                message_id=f"<{secrets.token_hex(16)}@{parseaddr(settings.MAIL_FROM)[1].rpartition('@')[2]}>",
                state=Mail.State.QUEUED, next_attempt_at=now + timedelta(seconds=30),
            )  # fmt: skip
            # A real server may take seconds to answer; that would also tell known addresses from unknown ones.
            transaction.on_commit(
                partial(deliver, mail_id=mail.pk) if are_kept() else partial(enqueue, [mail.pk], priority=10)
            )
