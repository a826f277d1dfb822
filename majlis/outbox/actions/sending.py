"""Acts on mails: draft, look, send once, try again, cancel."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from email.utils import parseaddr
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.outbox.delivery import enqueue
from majlis.outbox.letters import Letter, write
from majlis.outbox.models import Batch, Mail
from majlis.outbox.rules import can_send
from majlis.web.refused import Forbidden, NotNow
from majlis.web.sentences import Sentence

CHUNK = 500
# A job or process may be lost between the commit and its queue; then the sweeper takes the mail up after this time.
LEASE = timedelta(seconds=45)
NOT_YOURS = _("Only the secretariat or whoever drafted these mails may send or cancel them.")
HELD = _("These mails cannot leave yet.")


@transaction.atomic
def draft_batch(
    *,
    by: Account | None,
    kind: str,
    scope: str,
    letters: Iterable[Letter],
    held: Sentence | None = None,
    held_at: str = "",
    is_private: bool = False,
) -> Batch:
    """Draft a mail for each letter, rendered in its reader's language, and return their batch.

    A letter whose `once` was sent before is left out; one that is still a draft is written anew and moves to this batch.
    If nothing new is left, the batch that already holds them is returned. held: why nobody may send them yet
    (only `release_batch` lets them go); held_at: path of the page where that is done.
    """
    batch = Batch.objects.create(
        kind=kind, scope=scope, created_by=by, is_held=held is not None, held_at=held_at,
        held_reason=held.as_json() if held else {}, is_private=is_private,
    )  # fmt: skip
    count, earlier = 0, None
    stream = (letter for letter in letters if letter.account.is_active)
    while chunk := list(islice(stream, CHUNK)):
        new, known = _drafted(batch, chunk)
        count, earlier = count + new, earlier or known
    if not count and earlier:
        batch.delete()
        return earlier
    # Drafts that were written anew have left their old batch; an empty one is not shown and cannot be sent.
    emptied = Batch.objects.filter(kind=kind, scope=scope, state=Batch.State.DRAFT, mails=None).exclude(pk=batch.pk)
    emptied.update(state=Batch.State.CANCELLED)
    record(
        act="outbox.draft_batch", by=by, scope=scope, subject=batch, facts={"kind": kind, "count": count},
        sentence=Sentence(_("%(count)s mail was drafted"), {}, _("%(count)s mails were drafted"), count),
    )  # fmt: skip
    return batch


def _drafted(batch: Batch, letters: list[Letter]) -> tuple[int, Batch | None]:
    """Write the drafts of one chunk; return how many, and a batch that holds one already sent."""
    wanted = {letter.once: letter for letter in letters}
    known = {
        mail.once: mail
        for mail in Mail.objects.select_for_update(of=("self",)).select_related("batch").filter(once__in=wanted)
    }
    new, earlier = [], None
    for once, letter in wanted.items():
        mail = known.get(once) or Mail(once=once, message_id=_message_id())
        if mail.pk and mail.state not in {Mail.State.DRAFT, Mail.State.CANCELLED}:
            earlier = earlier or mail.batch
            continue
        written = write(letter)
        mail.batch, mail.account, mail.address, mail.language = (
            batch,
            letter.account,
            letter.account.email,
            letter.read_in,
        )
        mail.subject, mail.body_text, mail.body_html, mail.calendar = (
            written.subject,
            written.text,
            written.html,
            letter.calendar,
        )
        mail.state = Mail.State.DRAFT
        new.append(mail)
    Mail.objects.bulk_create([mail for mail in new if not mail.pk])
    changed = ["batch", "account", "address", "language", "subject", "body_text", "body_html", "calendar", "state"]
    Mail.objects.bulk_update([mail for mail in new if mail.once in known], changed)
    return len(new), earlier


def _message_id() -> str:
    domain = parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2]
    return f"<{secrets.token_hex(16)}@{domain}>"


@transaction.atomic
def send_batch(*, by: Account | None, batch: Batch) -> int:
    """Let the drafts of a batch go: they are queued and handed over after commit. Return how many; 0 if it was sent before.

    Refuses a batch that is held or cancelled.
    """
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if not can_send(by, batch):
        raise Forbidden(NOT_YOURS)
    if batch.state == Batch.State.SENT:
        return 0
    if batch.state == Batch.State.CANCELLED:
        raise NotNow(_("These mails were cancelled. Draft them anew."))
    if batch.is_held:
        raise NotNow(batch.held_words or Sentence(HELD))
    batch.state, batch.sent_by, batch.sent_at = Batch.State.SENT, by, timezone.now()
    batch.save(update_fields=["state", "sent_by", "sent_at"])
    drafts = batch.mails.filter(state=Mail.State.DRAFT)
    numbers = list(drafts.values_list("pk", flat=True))
    drafts.update(state=Mail.State.QUEUED, next_attempt_at=timezone.now() + LEASE)
    record(
        act="outbox.send_batch", by=by, scope=batch.scope, subject=batch, facts={"kind": batch.kind, "count": len(numbers)},
        sentence=Sentence(_("%(count)s mail was sent"), {}, _("%(count)s mails were sent"), len(numbers)),
    )  # fmt: skip
    transaction.on_commit(lambda: enqueue(numbers))
    return len(numbers)


@transaction.atomic
def cancel_batch(*, by: Account | None, batch: Batch) -> int:
    """Cancel what has not left yet; return how many mails."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if not can_send(by, batch):
        raise Forbidden(NOT_YOURS)
    waiting = batch.mails.filter(state__in=[Mail.State.DRAFT, Mail.State.QUEUED, Mail.State.FAILED])
    count = waiting.update(state=Mail.State.CANCELLED, next_attempt_at=None)
    if batch.state == Batch.State.DRAFT:
        batch.state = Batch.State.CANCELLED
        batch.save(update_fields=["state"])
    if count:
        record(
            act="outbox.cancel_batch", by=by, scope=batch.scope, subject=batch, facts={"kind": batch.kind, "count": count},
            sentence=Sentence(_("%(count)s mail was cancelled"), {}, _("%(count)s mails were cancelled"), count),
        )  # fmt: skip
    return count


@transaction.atomic
def hold_batch(*, batch: Batch, reason: Sentence, held_at: str = "") -> None:
    """Keep a batch back, also what is queued for another try. For the step that drafted it, inside its own act."""
    Batch.objects.filter(pk=batch.pk).update(
        is_held=True, held_reason=reason.as_json(), held_at=held_at or batch.held_at
    )


@transaction.atomic
def release_batch(*, batch: Batch) -> None:
    """Let a held batch go; what was queued before is taken up again. Only the step whose gate holds it calls this."""
    Batch.objects.filter(pk=batch.pk).update(is_held=False, held_reason={})


@transaction.atomic
def test_mail(*, by: Account, mail: Mail) -> Mail:
    """Send a copy of a drafted mail to oneself, marked as a test, and return it."""
    if not can_send(by, mail.batch):
        raise Forbidden(NOT_YOURS)
    batch = Batch.objects.create(
        kind="outbox.test", scope=mail.batch.scope, created_by=by, state=Batch.State.SENT, sent_by=by,
        sent_at=timezone.now(),
    )  # fmt: skip
    copy = Mail.objects.create(
        batch=batch, account=by, address=by.email, language=mail.language, subject=f"[Test] {mail.subject}"[:200],
        body_text=mail.body_text, body_html=mail.body_html, once=f"outbox.test:{secrets.token_hex(8)}",
        message_id=_message_id(), state=Mail.State.QUEUED, next_attempt_at=timezone.now() + LEASE,
    )  # fmt: skip
    record(
        act="outbox.test_mail", by=by, scope=batch.scope, subject=copy,
        sentence=Sentence(_("A test mail was sent")),
    )  # fmt: skip
    transaction.on_commit(lambda: enqueue([copy.pk]))
    return copy


@transaction.atomic
def try_again(*, by: Account, batch: Batch) -> int:
    """Queue the failed mails of a batch once more; return how many."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if not can_send(by, batch):
        raise Forbidden(NOT_YOURS)
    if batch.is_held:
        raise NotNow(batch.held_words or Sentence(HELD))
    failed = batch.mails.filter(state=Mail.State.FAILED)
    numbers = list(failed.values_list("pk", flat=True))
    failed.update(state=Mail.State.QUEUED, attempts=0, next_attempt_at=timezone.now() + LEASE)
    if numbers:
        record(
            act="outbox.try_again", by=by, scope=batch.scope, subject=batch, facts={"count": len(numbers)},
            sentence=Sentence(_("%(count)s mail is tried again"), {}, _("%(count)s mails are tried again"), len(numbers)),
        )  # fmt: skip
        transaction.on_commit(lambda: enqueue(numbers))
    return len(numbers)


@transaction.atomic
def withdraw(*, account: Account, kind: str, scope: str) -> int:
    """Cancel what of this kind has not left for this account, because it has become needless. For the step's own act."""
    waiting = Mail.objects.filter(
        account=account, batch__kind=kind, batch__scope=scope, state__in=[Mail.State.DRAFT, Mail.State.QUEUED]
    )
    numbers = list(waiting.select_for_update(of=("self",)).values_list("pk", flat=True))
    return Mail.objects.filter(pk__in=numbers).update(state=Mail.State.CANCELLED, next_attempt_at=None)
