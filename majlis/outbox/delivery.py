"""Handing queued mails over, once each: claimed before, announced before the last dot, settled after the answer.

See docs/decisions/0003-mail-once.md for what can and cannot be promised.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from types import TracebackType

from django.db import DatabaseError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from majlis.outbox.courier import Courier, NotAccepted, Unanswered, Withheld
from majlis.outbox.mark import Mark
from majlis.outbox.models import Batch, Bounce, Mail, Stop
from majlis.outbox.pace import turn_of
from majlis.outbox.rules import are_kept
from majlis.outbox.settling import lock, orphans_back, settle, settle_refused, unlock

KEPT = _("Kept here: no mail server is set")
UNSUBSCRIBED = _("The reader has unsubscribed from such mails")
BAD_ADDRESS = _(
    "The last mail to this address came back: the address is wrong. Correct it or settle what came back, then try again."
)
PER_JOB = 50
PRIVATE_LIFE = timedelta(minutes=15)  # a sign-in code that comes later is of no use to anybody


def enqueue(numbers: Iterable[int], *, priority: int = 0) -> None:
    """Ask the workers to deliver just these mails, some in each job. Called after commit."""
    stream = iter(numbers)
    while chunk := list(islice(stream, PER_JOB)):
        app.configure_task("outbox.deliver", priority=priority).defer(mail_ids=list(chunk))


def wake() -> None:
    """Ask a worker to deliver what is due, unless one is asked already. Called after commit."""
    try:
        with transaction.atomic():  # a refusal must not spoil a transaction around us
            app.configure_task("outbox.deliver_due", queueing_lock="outbox.deliver_due").defer()
    except AlreadyEnqueued:
        return


def due(now: datetime | None = None) -> QuerySet[Mail]:
    """What may leave at this moment."""
    return Mail.objects.filter(
        state=Mail.State.QUEUED, next_attempt_at__lte=now or timezone.now(), batch__state=Batch.State.SENT,
        batch__is_held=False, batch__is_paused=False,
    )  # fmt: skip


def deliver_due(*, seconds: float = 8) -> int:
    """Deliver what is due until nothing is left or the time is over; return how many were handed over.

    While more is due, another worker is woken: so all free ones share the work, and this one is free for other jobs soon.
    """
    left, ends = 0, time.monotonic() + seconds
    orphans_back()  # a worker that starts after another one was killed need not wait for the sweep
    with Run() as run, Courier() as courier:
        is_woken = False
        while mails := run.claim_due(PER_JOB):
            if len(mails) == PER_JOB and not is_woken:
                wake()
                is_woken = True
            left += sum(run.hand_over(mail, courier) for mail in mails)
            if time.monotonic() > ends:
                if due().exists():
                    wake()
                break
    return left


def deliver_all(*, mail_ids: Sequence[int] | None = None) -> int:
    """Deliver these mails over one connection, or all that may leave; return how many were handed over."""
    if mail_ids is None:
        mail_ids = list(due(timezone.now()).order_by("pk").values_list("pk", flat=True))
    with Run() as run, Courier() as courier:
        return sum(run.hand_over(mail, courier) for mail in run.claim(mail_ids))


def deliver(*, mail_id: int) -> bool:
    """Hand one queued mail over; True if it left. False if it is not its turn: sent, held, paused, cancelled, or claimed elsewhere."""
    return deliver_all(mail_ids=[mail_id]) == 1


class Run:
    """One worker's run over some mails: it claims them under a session lock of PostgreSQL that vanishes with the process.

    So a sweep tells a slow run from a dead one by its lock (`actions.resume`). Of two runs only one claims a mail: the
    row's own columns are compared, and the claim is committed before anything is said to a server.
    """

    def __init__(self) -> None:
        self.number = 0
        self._bad: set[str] = set()
        self._stopped: set[tuple[int | None, str, str]] = set()

    def __enter__(self) -> Run:
        while not self.number or not lock(self.number):
            self.number = secrets.randbelow(2**31 - 1) + 1
        self.mark = Mark(self.number)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            # What a fault left claimed goes back; what was announced stays for the sweep, which calls it unclear.
            Mail.objects.filter(claimed_by=self.number, state=Mail.State.SENDING).update(
                state=Mail.State.QUEUED, claimed_by=None
            )
            unlock(self.number)
        except DatabaseError:
            if fault is None:
                raise
        finally:
            # After a fault its last words may be needed by whoever settles what was in hand.
            self.mark.close() if fault else self.mark.forget()

    def claim(self, numbers: Sequence[int]) -> list[Mail]:
        """Claim those of these mails that may leave, whenever they were due."""
        open_ones = Batch.objects.filter(state=Batch.State.SENT, is_held=False, is_paused=False)
        allowed = Mail.objects.filter(pk__in=numbers, batch__in=open_ones).values_list("pk", flat=True)
        return self._claimed(list(allowed))

    def claim_due(self, count: int) -> list[Mail]:
        """Claim up to so many of what is due, the longest due first, past those that another run is just claiming."""
        with transaction.atomic():
            rows = due().order_by("next_attempt_at", "pk").select_for_update(skip_locked=True, of=("self",))
            return self._claimed(list(rows.values_list("pk", flat=True)[:count]))

    def _claimed(self, numbers: list[int]) -> list[Mail]:
        if not numbers:
            return []
        queued = Mail.objects.filter(pk__in=numbers, state=Mail.State.QUEUED)
        now = timezone.now()
        queued.update(state=Mail.State.SENDING, claimed_by=self.number, claimed_at=now, attempts=F("attempts") + 1)
        mine = Mail.objects.filter(claimed_by=self.number, state=Mail.State.SENDING).select_related("batch", "account")
        mails = list(mine.order_by("pk"))
        addresses = {mail.address for mail in mails}
        bad = Bounce.objects.filter(settled_at=None, is_of_address=True, address__in=addresses)
        self._bad = set(bad.values_list("address", flat=True))
        readers = {mail.account_id for mail in mails if mail.batch.may_stop}
        self._stopped = set(Stop.objects.filter(account__in=readers).values_list("account_id", "what", "scope"))
        return mails

    def hand_over(self, mail: Mail, courier: Courier) -> bool:
        """Hand a claimed mail over and settle how it ended; True if it left."""
        if reason := self._needless(mail):
            settle(mail, *reason)
            return False
        if are_kept():
            settle(mail, Mail.State.SENT, KEPT)
            return True
        if turn_at := turn_of(mail):
            self._put_back(mail, at=turn_at, turn_at=turn_at)
            return False
        try:
            answer = courier.hand_over(mail, self.mark, may_finish=lambda: self._announced(mail))
        except Withheld:
            self._put_back(mail, at=timezone.now())
            return False
        except Unanswered as fault:
            settle(mail, Mail.State.UNCLEAR, str(fault))
            return False
        except NotAccepted as refusal:
            settle_refused(mail, refusal.answer, is_final=refusal.is_final)
            return False
        settle(mail, Mail.State.SENT, answer)
        return True

    def _needless(self, mail: Mail) -> tuple[Mail.State, str] | None:
        """Why a mail is not handed over at all."""
        if mail.batch.is_private:
            is_late = mail.batch.created_at < timezone.now() - PRIVATE_LIFE
            return (Mail.State.CANCELLED, "") if is_late or not _is_open(mail) else None
        if not _is_open(mail):
            return Mail.State.CANCELLED, ""
        what, scope = mail.batch.may_stop, mail.batch.scope
        if what and self._stopped & {(mail.account_id, what, ""), (mail.account_id, what, scope)}:
            return Mail.State.CANCELLED, UNSUBSCRIBED
        return (Mail.State.FAILED, BAD_ADDRESS) if mail.address in self._bad else None

    def _announced(self, mail: Mail) -> bool:
        """Write down, committed, that the last dot follows; False if it may not leave any more."""
        self.mark.begin(mail.pk)
        open_batch = Batch.objects.filter(
            pk=OuterRef("batch_id"), state=Batch.State.SENT, is_held=False, is_paused=False
        )
        mine = Mail.objects.filter(pk=mail.pk, claimed_by=self.number, state=Mail.State.SENDING)
        return mine.filter(Exists(open_batch)).update(state=Mail.State.HANDING) == 1

    def _put_back(self, mail: Mail, *, at: datetime, turn_at: datetime | None = None) -> None:
        """Queue a mail again that was not tried."""
        Mail.objects.filter(pk=mail.pk, claimed_by=self.number, state=Mail.State.SENDING).update(
            state=Mail.State.QUEUED, claimed_by=None, attempts=F("attempts") - 1, next_attempt_at=at, turn_at=turn_at
        )


def _is_open(mail: Mail) -> bool:
    return mail.account is None or mail.account.is_active
