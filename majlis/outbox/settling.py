"""Writing down how a hand-over ended, by the run itself or, if it died, from what it left behind.

See docs/decisions/0003-mail-once.md for what can and cannot be promised.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.outbox.courier import TAKEN
from majlis.outbox.mark import Left, Reached, forget, forget_old, is_alive, left_by, path_of
from majlis.outbox.models import Attempt, Mail
from majlis.outbox.rules import are_kept, next_try

UNHEARD = _("The process that handed it over died before it heard the server's answer")
WHOLE = _("The server was sent the whole mail; the process that handed it over died before it heard the answer")
WIPED = "…"
LOCK_SPACE = 0x6D61696C  # "mail": our half of PostgreSQL's advisory lock numbers
HANDED = [Mail.State.SENDING, Mail.State.HANDING, Mail.State.UNCLEAR]


@transaction.atomic
def settle(mail: Mail, state: Mail.State, answer: str, wait: timedelta | None = None) -> None:
    """Write down how the hand-over ended, also if a sweep took the run for dead meanwhile."""
    now = timezone.now()
    fields: dict[str, object] = {"state": state, "answer": answer, "next_attempt_at": now + wait if wait else None}
    if state == Mail.State.SENT:
        fields |= {"sent_at": now}
        if mail.batch.is_private and not are_kept():
            fields |= {"body_text": WIPED, "body_html": WIPED}
    if state == Mail.State.QUEUED:
        fields |= {"claimed_by": None, "turn_at": None}
    Mail.objects.filter(pk=mail.pk, claimed_by=mail.claimed_by, state__in=HANDED).update(**fields)
    if state != Mail.State.CANCELLED:
        Attempt.objects.create(mail=mail, at=now, is_accepted=state == Mail.State.SENT, answer=answer)


def settle_refused(mail: Mail, answer: str, *, is_final: bool) -> None:
    """The server did not take it: try again later, unless that is no use."""
    wait = None if is_final else next_try(mail.attempts)
    settle(mail, Mail.State.QUEUED if wait else Mail.State.FAILED, answer, wait)


def orphans_back() -> Counter[str]:
    """Settle what dead runs had in hand; return how many mails came to which state.

    queued: the last dot was certainly not said. sent, failed: the answer had been heard, only not written down here.
    unclear: the dot was said, or nothing proves that it was not.
    """
    claimed = Mail.objects.filter(state__in=[Mail.State.SENDING, Mail.State.HANDING])
    settled: Counter[str] = Counter()
    for run in set(claimed.order_by().values_list("claimed_by", flat=True)):
        if run is None or not lock(run):
            continue  # it lives and is talking to the server
        try:
            if not is_alive(run):  # else it has only lost PostgreSQL, and settles its mail itself or dies of that
                settled += _settled(run)
        finally:
            unlock(run)
    forget_old()
    return settled


@transaction.atomic
def _settled(run: int) -> Counter[str]:
    left = left_by(run)
    of_run = Mail.objects.filter(claimed_by=run, state__in=[Mail.State.SENDING, Mail.State.HANDING])
    states: Counter[str] = Counter()
    for mail in of_run.select_related("batch").select_for_update(of=("self",)):
        states[_settle_orphan(mail, left if left and left.mail == mail.pk else None)] += 1
    transaction.on_commit(lambda: forget(path_of(run)))
    return states


def _settle_orphan(mail: Mail, left: Left | None) -> str:
    """Settle a dead run's mail by what the run wrote down about it, if anything; return its new state."""
    # Without a word the announcement decides: before it nothing was said, after it nobody knows.
    unproven = Reached.NOTHING if mail.state == Mail.State.SENDING else Reached.SAYING
    reached, answer = (left.reached, left.answer) if left else (unproven, "")
    if reached == Reached.NOTHING:
        back = {"state": Mail.State.QUEUED, "claimed_by": None, "next_attempt_at": timezone.now()}
        Mail.objects.filter(pk=mail.pk).update(**back)
    elif reached == Reached.ANSWERED and int(answer[:3]) in TAKEN:
        settle(mail, Mail.State.SENT, answer)
    elif reached == Reached.ANSWERED:
        settle_refused(mail, answer, is_final=int(answer[:3]) >= 500)
    else:
        settle(mail, Mail.State.UNCLEAR, WHOLE if reached == Reached.SAID else UNHEARD)
    return str(Mail.objects.values_list("state", flat=True).get(pk=mail.pk))


def lock(number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, number])
        row = cursor.fetchone()
        return bool(row and row[0])


def unlock(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, number])
