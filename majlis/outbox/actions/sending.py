"""Letting mails go, or not: approve, send, pause, cancel, try again; and holding a batch back until a gate opens."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.outbox.actions.drafting import message_id
from majlis.outbox.delivery import enqueue, wake
from majlis.outbox.models import Batch, Mail
from majlis.outbox.queries import preview
from majlis.outbox.rules import can_send
from majlis.outbox.terms import DIGEST_WINDOW
from majlis.web.refused import Forbidden, NotNow, Refused
from majlis.web.sentences import Sentence

NOT_YOURS = _("Only the secretariat or whoever drafted these mails may send or cancel them.")
HELD = _("These mails cannot leave yet.")
CANCELLED = _("These mails were cancelled. Draft them anew.")
GONE_ALREADY = _("These mails have been sent already.")
EMPTY = _("There is nothing left to send in this batch.")
PAST = _("This time is past. Choose one that is still to come, or send the mails now.")
FAR = _("Choose a time within the next year.")
FURTHEST = timedelta(days=366)
WAITING = [Mail.State.DRAFT, Mail.State.WAITING, Mail.State.QUEUED, Mail.State.FAILED]
UNSENT = {Batch.State.DRAFT, Batch.State.APPROVED}


def _locked(by: Account | None, batch: Batch) -> Batch:
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if not can_send(by, batch):
        raise Forbidden(NOT_YOURS)
    return batch


def _require_unsent(batch: Batch) -> None:
    if batch.state == Batch.State.CANCELLED:
        raise NotNow(CANCELLED)
    if batch.state == Batch.State.SENT:
        raise NotNow(GONE_ALREADY)
    if batch.is_held:
        raise NotNow(batch.held_words or Sentence(HELD))


@transaction.atomic
def approve_batch(*, by: Account, batch: Batch, send_at: datetime | None = None) -> Batch:
    """Say that the drafts may leave as they are: when somebody presses Send or, with send_at, by themselves at that time.

    If a text changes afterwards, or the mails are drafted anew, the approval is void.
    """
    batch = _locked(by, batch)
    _require_unsent(batch)
    if not batch.mails.filter(state=Mail.State.DRAFT).exists():
        raise NotNow(EMPTY)
    now = timezone.now()
    if send_at and send_at <= now:
        raise Refused(PAST)
    if send_at and send_at > now + FURTHEST:
        raise Refused(FAR)
    batch.state, batch.approved_by, batch.approved_at = Batch.State.APPROVED, by, now
    batch.send_at = send_at or batch.send_at
    batch.save(update_fields=["state", "approved_by", "approved_at", "send_at"])
    facts = {"kind": batch.kind, "send_at": batch.send_at.isoformat() if batch.send_at else ""}
    record(
        act="outbox.approve_batch", by=by, scope=batch.scope, subject=batch, facts=facts,
        sentence=Sentence(_("Mails were approved")),
    )  # fmt: skip
    return batch


@transaction.atomic
def take_back_approval(*, by: Account, batch: Batch) -> Batch:
    """Make an approved batch a draft again; it leaves at no time by itself."""
    batch = _locked(by, batch)
    if batch.state == Batch.State.APPROVED:
        batch.state, batch.approved_by, batch.approved_at, batch.send_at = Batch.State.DRAFT, None, None, None
        batch.save(update_fields=["state", "approved_by", "approved_at", "send_at"])
        record(
            act="outbox.take_back_approval", by=by, scope=batch.scope, subject=batch,
            sentence=Sentence(_("The approval of mails was taken back")),
        )  # fmt: skip
    return batch


@transaction.atomic
def send_batch(*, by: Account | None, batch: Batch) -> int:
    """Let the drafts of a batch go: they are queued and handed over after commit. Return how many; 0 if it was sent before.

    Refuses a batch that is held or cancelled. Nothing leaves before the batch's `send_at`; mails of a digest class wait
    for others first.
    """
    batch = _locked(by, batch)
    if batch.state == Batch.State.SENT:
        return 0
    _require_unsent(batch)
    now = timezone.now()
    batch.state, batch.sent_by, batch.sent_at = Batch.State.SENT, by, now
    batch.save(update_fields=["state", "sent_by", "sent_at"])
    begins_at = max(batch.send_at or now, now)
    drafts = batch.mails.filter(state=Mail.State.DRAFT)
    if batch.digest:
        count = drafts.update(state=Mail.State.WAITING, next_attempt_at=begins_at + DIGEST_WINDOW)
    else:
        count = drafts.update(state=Mail.State.QUEUED, next_attempt_at=begins_at)
    record(
        act="outbox.send_batch", by=by, scope=batch.scope, subject=batch, facts={"kind": batch.kind, "count": count},
        sentence=Sentence(_("%(count)s mail was sent"), {}, _("%(count)s mails were sent"), count),
    )  # fmt: skip
    if count and begins_at == now and not batch.digest:
        transaction.on_commit(wake)
    return count


@transaction.atomic
def cancel_batch(*, by: Account | None, batch: Batch) -> int:
    """Cancel what has not left yet; return how many mails."""
    batch = _locked(by, batch)
    count = batch.mails.filter(state__in=WAITING).update(state=Mail.State.CANCELLED, next_attempt_at=None)
    if batch.state in UNSENT:
        batch.state = Batch.State.CANCELLED
        batch.save(update_fields=["state"])
    if count:
        record(
            act="outbox.cancel_batch", by=by, scope=batch.scope, subject=batch, facts={"kind": batch.kind, "count": count},
            sentence=Sentence(_("%(count)s mail was cancelled"), {}, _("%(count)s mails were cancelled"), count),
        )  # fmt: skip
    return count


@transaction.atomic
def pause_batch(*, by: Account, batch: Batch) -> Batch:
    """Let no further mail of a batch leave until it goes on; what the server already has is gone."""
    return _paused(by, batch, is_paused=True)


@transaction.atomic
def go_on(*, by: Account, batch: Batch) -> Batch:
    """Let a paused batch go on where it stood."""
    return _paused(by, batch, is_paused=False)


def _paused(by: Account, batch: Batch, *, is_paused: bool) -> Batch:
    batch = _locked(by, batch)
    if batch.is_paused != is_paused:
        batch.is_paused = is_paused
        batch.save(update_fields=["is_paused"])
        words = Sentence(_("Mails were paused")) if is_paused else Sentence(_("Paused mails go on"))
        act = "outbox.pause_batch" if is_paused else "outbox.go_on"
        record(act=act, by=by, scope=batch.scope, subject=batch, sentence=words)
        if not is_paused:
            transaction.on_commit(wake)
    return batch


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
    """Send a copy of a drafted mail to oneself, marked as a test, and return it. Links that act for its reader are blotted out."""
    return _copied(by, mail.batch, [mail])[0]


@transaction.atomic
def test_batch(*, by: Account, batch: Batch) -> list[Mail]:
    """Send oneself a copy of one mail of the batch in each language."""
    first = batch.mails.select_related("batch", "account").order_by("language", "pk").distinct("language")
    return _copied(by, batch, list(first))


def _copied(by: Account, batch: Batch, mails: list[Mail]) -> list[Mail]:
    if not can_send(by, batch):
        raise Forbidden(NOT_YOURS)
    now = timezone.now()
    tests = Batch.objects.create(
        kind="outbox.test", scope=batch.scope, created_by=by, state=Batch.State.SENT, sent_by=by, sent_at=now
    )
    copies = []
    for mail in mails:
        seen = preview(mail, by)
        copy = Mail(
            batch=tests, account=by, address=by.email, language=mail.language, subject=f"[Test] {mail.subject}"[:200],
            body_text=seen.text, body_html=seen.html, once=f"outbox.test:{secrets.token_hex(8)}", message_id=message_id(),
            state=Mail.State.QUEUED, next_attempt_at=now,
        )  # fmt: skip
        copies.append(copy)
    Mail.objects.bulk_create(copies)
    record(
        act="outbox.test_mail", by=by, scope=batch.scope, subject=tests, facts={"count": len(copies)},
        sentence=Sentence(_("A test mail was sent")),
    )  # fmt: skip
    numbers = [copy.pk for copy in copies]
    transaction.on_commit(lambda: enqueue(numbers))
    return copies


@transaction.atomic
def try_again(*, by: Account, batch: Batch) -> int:
    """Queue the failed mails of a batch once more; return how many."""
    batch = _locked(by, batch)
    if batch.is_held:
        raise NotNow(batch.held_words or Sentence(HELD))
    failed = batch.mails.filter(state=Mail.State.FAILED)
    count = failed.update(
        state=Mail.State.QUEUED, attempts=0, next_attempt_at=timezone.now(), claimed_by=None, turn_at=None
    )
    if count:
        record(
            act="outbox.try_again", by=by, scope=batch.scope, subject=batch, facts={"count": count},
            sentence=Sentence(_("%(count)s mail is tried again"), {}, _("%(count)s mails are tried again"), count),
        )  # fmt: skip
        transaction.on_commit(wake)
    return count


@transaction.atomic
def settle_unclear(*, by: Account, mail: Mail, has_arrived: bool) -> Mail:
    """Say of a mail whose answer was not heard that it arrived, or send it once more (with the same Message-ID).

    A mail that came back may be sent once more in the same way, when the reason is mended.
    """
    batch = _locked(by, mail.batch)
    mail = Mail.objects.select_for_update(of=("self",)).select_related("batch").get(pk=mail.pk)
    if mail.state not in {Mail.State.UNCLEAR, Mail.State.CAME_BACK}:
        return mail
    if has_arrived:
        mail.state, mail.sent_at, words = (
            Mail.State.SENT,
            mail.claimed_at,
            Sentence(_("A mail was said to have arrived")),
        )
    else:
        if batch.is_held:
            raise NotNow(batch.held_words or Sentence(HELD))
        mail.state, mail.attempts, mail.next_attempt_at = Mail.State.QUEUED, 0, timezone.now()
        mail.claimed_by, words = None, Sentence(_("A mail was sent once more"))
        transaction.on_commit(wake)
    mail.save(update_fields=["state", "sent_at", "attempts", "next_attempt_at", "claimed_by"])
    record(act="outbox.settle_unclear", by=by, scope=batch.scope, subject=mail, sentence=words)
    return mail


@transaction.atomic
def withdraw(*, account: Account, kind: str, scope: str) -> int:
    """Cancel what of this kind has not left for this account, because it has become needless. For the step's own act."""
    waiting = Mail.objects.filter(account=account, batch__kind=kind, batch__scope=scope, state__in=WAITING[:3])
    numbers = list(waiting.select_for_update(of=("self",)).values_list("pk", flat=True))
    return Mail.objects.filter(pk__in=numbers).update(state=Mail.State.CANCELLED, next_attempt_at=None)
