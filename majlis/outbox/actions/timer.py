"""What the outbox does by itself every half minute. Two workers at once do no harm."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override

from majlis.outbox.actions.budgets import forget_whole
from majlis.outbox.actions.drafting import message_id
from majlis.outbox.actions.sending import send_batch
from majlis.outbox.actions.stopping import footer
from majlis.outbox.delivery import due, wake
from majlis.outbox.letters import finished
from majlis.outbox.models import Batch, Mail
from majlis.outbox.settling import orphans_back
from majlis.outbox.texts import Words

LONGEST_DIGEST = 40  # mails; more make a second one


def resume(*, now: datetime | None = None) -> int:
    """Settle what a dead process had in hand, send what is approved for now, make digests, wake the workers.

    Return how many mails are due.
    """
    moment = now or timezone.now()
    orphans_back()
    send_approved(now=moment)
    gather(now=moment)
    forget_whole()
    count = due(moment).count()
    if count:
        wake()
    return count


def send_approved(*, now: datetime) -> int:
    """Send the batches that were approved for a time that has come; return how many mails. Held and paused ones wait on."""
    ready = Batch.objects.filter(state=Batch.State.APPROVED, send_at__lte=now, is_held=False, is_paused=False)
    return sum(send_batch(by=None, batch=batch) for batch in ready.order_by("send_at"))


def gather(*, now: datetime) -> int:
    """Let mails of a digest class whose time is over leave: one by itself, several to one person as one mail.

    Return how many digests were made. The mails in them stay in the log, each with its digest.
    """
    waiting = Mail.objects.filter(
        state=Mail.State.WAITING, batch__state=Batch.State.SENT, batch__is_held=False, batch__is_paused=False
    )
    made = 0
    ended = waiting.filter(next_attempt_at__lte=now).order_by()
    for account, digest in set(ended.values_list("account_id", "batch__digest")):
        with transaction.atomic():
            mine = waiting.filter(account_id=account, batch__digest=digest).select_related("batch", "account")
            mails = list(mine.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:LONGEST_DIGEST])
            alone = mails if len(mails) == 1 or account is None else [mail for mail in mails if mail.calendar]
            together = [mail for mail in mails if mail not in alone]
            Mail.objects.filter(pk__in=[mail.pk for mail in alone]).update(state=Mail.State.QUEUED, next_attempt_at=now)
            if together:
                _digest(together, now)
                made += 1
    return made


def _digest(mails: list[Mail], now: datetime) -> Mail:
    """One mail of several to the same person: each with its subject as heading, its text, its links."""
    first = mails[0]
    language = first.language
    scopes = {mail.batch.scope for mail in mails}
    batch = Batch.objects.create(
        kind="outbox.digest", scope=scopes.pop() if len(scopes) == 1 else "network", state=Batch.State.SENT, sent_at=now,
        may_stop=first.batch.may_stop, is_private=any(mail.batch.is_private for mail in mails),
    )  # fmt: skip
    below = footer(first.stop_url, first.batch.may_stop, language) if first.stop_url else ""
    with override(language):
        subject = ngettext("%(count)s message: %(first)s", "%(count)s messages: %(first)s and more", len(mails))
        intro = gettext("So that you get fewer mails, these came together in one.")
    parts = [f"{mail.subject}\n---\n{_without_footer(mail)}" for mail in mails]
    words = Words(subject % {"count": len(mails), "first": first.subject}, "\n\n".join([intro, *parts]) + "\n")
    written = finished(words, language, below)
    digest = Mail.objects.create(
        batch=batch, account=first.account, address=first.address, language=language, subject=written.subject[:200],
        body_text=written.text, body_html=written.html, once=f"outbox.digest:{secrets.token_hex(8)}", message_id=message_id(),
        state=Mail.State.QUEUED, next_attempt_at=now, stop_url=first.stop_url,
    )  # fmt: skip
    Mail.objects.filter(pk__in=[mail.pk for mail in mails]).update(
        state=Mail.State.GATHERED, gathered_into=digest, next_attempt_at=None
    )
    return digest


def _without_footer(mail: Mail) -> str:
    below = footer(mail.stop_url, mail.batch.may_stop, mail.language) if mail.stop_url else ""
    return mail.body_text.removesuffix(f"\n{below}\n").strip() if below else mail.body_text.strip()
