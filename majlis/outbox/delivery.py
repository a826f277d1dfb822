"""Handing queued mails over, once each: claimed before, answered after, taken up again when a process died between.

See docs/decisions/0003-mail-once.md for what can and cannot be promised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from procrastinate.contrib.django import app

from majlis.outbox.courier import Courier, NotAccepted
from majlis.outbox.models import Attempt, Batch, Mail
from majlis.outbox.rules import are_kept, next_try

KEPT = _("Kept here: no mail server is set")
WIPED = "…"
PER_JOB = 50
LOCK_SPACE = 0x6D61696C  # "mail": our half of PostgreSQL's advisory lock numbers
DYING = timedelta(seconds=20)
LEASE = timedelta(seconds=60)
PRIVATE_LIFE = timedelta(minutes=15)  # a sign-in code that comes later is of no use to anybody


def enqueue(numbers: Iterable[int]) -> None:
    """Ask the workers to deliver these mails, some in each job. Called after commit."""
    stream = iter(numbers)
    while chunk := list(islice(stream, PER_JOB)):
        app.configure_task("outbox.deliver").defer(mail_ids=list(chunk))


def deliver_all(*, mail_ids: Sequence[int]) -> int:
    """Deliver these mails over one connection; return how many were handed over."""
    with Courier() as courier:
        return sum(deliver(mail_id=number, courier=courier) for number in mail_ids)


def deliver(*, mail_id: int, courier: Courier | None = None) -> bool:
    """Hand one queued mail over; True if it left. False if it is not its turn: sent, held, cancelled, or claimed elsewhere."""
    mail = _claimed(mail_id)
    if mail is None:
        return False
    try:
        return _handed_over(mail, courier)
    finally:
        _unlock(mail_id)


def _handed_over(mail: Mail, courier: Courier | None) -> bool:
    is_late = mail.batch.is_private and mail.batch.created_at < timezone.now() - PRIVATE_LIFE
    if is_late or (mail.account is not None and not mail.account.is_active):
        _settle(mail, Mail.State.CANCELLED, "")
        return False
    if are_kept():
        _settle(mail, Mail.State.SENT, KEPT)
        return True
    try:
        if courier:
            answer = courier.hand_over(mail)
        else:
            with Courier() as own:
                answer = own.hand_over(mail)
    except NotAccepted as refusal:
        wait = None if refusal.is_final else next_try(mail.attempts)
        _settle(mail, Mail.State.QUEUED if wait else Mail.State.FAILED, refusal.answer, wait)
        return False
    _settle(mail, Mail.State.SENT, answer)
    return True


def _claimed(mail_id: int) -> Mail | None:
    """Claim a queued mail for this process by compare-and-set, committed before anything is said to a server.

    The claim holds a session lock of PostgreSQL, which vanishes with the process: that is how `resume` tells a slow
    hand-over from a dead one. The row's own columns are compared, so that of two processes only one passes.
    """
    batch = Batch.objects.filter(mails=mail_id).first()
    if batch is None or batch.is_held or batch.state != Batch.State.SENT or not _lock(mail_id):
        return None
    queued = Mail.objects.filter(pk=mail_id, state=Mail.State.QUEUED)
    if not queued.update(state=Mail.State.SENDING, claimed_at=timezone.now(), attempts=F("attempts") + 1):
        _unlock(mail_id)
        return None
    return Mail.objects.select_related("batch", "account").get(pk=mail_id)


@transaction.atomic
def _settle(mail: Mail, state: Mail.State, answer: str, wait: timedelta | None = None) -> None:
    """Write down how the hand-over ended, unless somebody else took the mail over meanwhile."""
    now = timezone.now()
    fields: dict[str, object] = {"state": state, "answer": answer, "next_attempt_at": now + wait if wait else None}
    if state == Mail.State.SENT:
        fields["sent_at"] = now
        if mail.batch.is_private and not are_kept():
            fields |= {"body_text": WIPED, "body_html": WIPED}
    Mail.objects.filter(pk=mail.pk, state=Mail.State.SENDING, claimed_at=mail.claimed_at).update(**fields)
    if state != Mail.State.CANCELLED:
        Attempt.objects.create(mail=mail, at=now, is_accepted=state == Mail.State.SENT, answer=answer)


def resume(*, now: datetime | None = None, limit: int = 5000) -> int:
    """Put back what a dead process had claimed and enqueue everything that is due; return how many mails.

    Run every half minute by the workers' timer. Two of them at once do no harm.
    """
    moment = now or timezone.now()
    _orphans_back(moment)
    due = Mail.objects.filter(state=Mail.State.QUEUED, next_attempt_at__lte=moment, batch__is_held=False)
    with transaction.atomic():
        rows = due.order_by("next_attempt_at").select_for_update(skip_locked=True, of=("self",))
        numbers = list(rows.values_list("pk", flat=True)[:limit])
        # Until this lease ends they count as enqueued; if their job is lost, the next round takes them up again.
        Mail.objects.filter(pk__in=numbers).update(next_attempt_at=moment + LEASE)
    enqueue(numbers)
    return len(numbers)


def _orphans_back(moment: datetime) -> None:
    claimed = Mail.objects.filter(state=Mail.State.SENDING, claimed_at__lte=moment - DYING)
    for number, claimed_at in claimed.values_list("pk", "claimed_at"):
        if not _lock(number):
            continue  # its process lives and is talking to the server
        try:
            still = Mail.objects.filter(pk=number, state=Mail.State.SENDING, claimed_at=claimed_at)
            still.update(state=Mail.State.QUEUED, next_attempt_at=moment)
        finally:
            _unlock(number)


def _lock(number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s::bigint::int)", [LOCK_SPACE, _folded(number)])
        row = cursor.fetchone()
        return bool(row and row[0])


def _unlock(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s::bigint::int)", [LOCK_SPACE, _folded(number)])


def _folded(number: int) -> int:
    """A mail's number in the 31 bits that such a lock has room for; two that share one merely wait for each other."""
    return number % 2**31
