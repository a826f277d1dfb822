"""How a dialogue takes answers: its times, approval, places, reminders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue
from majlis.dialogue.rules import require_run
from majlis.journal.actions import record
from majlis.outbox.actions import Letter, draft_batch, send_batch
from majlis.outbox.models import Batch, Mail
from majlis.steps.invite.actions.places import fill_places
from majlis.steps.invite.letters import Guest, Programme, place_news, reminder
from majlis.steps.invite.models import Invitation, Registration, SessionAnswer
from majlis.steps.invite.queries import planned_reminders, unanswered, with_news
from majlis.steps.invite.rules import gate, require_begun
from majlis.web.refused import NotNow, Refused
from majlis.web.sentences import Sentence

REMINDER = "invite.reminder"
LATEST = timedelta(days=1)  # a reminder whose day was missed, because Majlis stood still, is left out


@dataclass(frozen=True)
class Terms:
    """What the secretariat sets: models.Registration has the meaning of each."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    needs_approval: bool = False
    advances_by_itself: bool = True
    women_wanted: int | None = None
    delete_after_days: int = 14
    reminder_days: Sequence[int] = ()
    sends_reminders: bool = False


@transaction.atomic
def set_registration(*, by: Account, dialogue: Dialogue, terms: Terms) -> Registration:
    """Set how answers are taken. sends_reminders: the planned reminders leave on their days without being looked at again."""
    require_run(by, dialogue)
    require_begun(dialogue)
    if terms.opens_at and terms.closes_at and terms.opens_at >= terms.closes_at:
        raise Refused(_("Registration closes before it opens. Change one of the two days."))
    if terms.women_wanted is not None and not 0 < terms.women_wanted <= 100:
        raise Refused(_("A share is a number from 1 to 100."))
    if not 0 < terms.delete_after_days <= 365:
        raise Refused(_("Sensitive answers are deleted after 1 to 365 days."))
    days = sorted(set(terms.reminder_days), reverse=True)
    if len(days) > 5 or any(not 0 < day <= 120 for day in days):
        raise Refused(_("At most five reminders, each 1 to 120 days before the answers are wanted."))
    row = Registration.objects.select_for_update().filter(dialogue=dialogue).first() or Registration(dialogue=dialogue)
    for field in fields(Terms):
        if field.name not in {"sends_reminders", "reminder_days"}:
            setattr(row, field.name, getattr(terms, field.name))
    row.reminder_days, row.reminders_by = days, by if terms.sends_reminders else None
    row.save()
    record(
        act="invite.set_registration", by=by, scope=dialogue.scope, subject=row,
        sentence=Sentence(_("It was set how answers to the invitation are taken")),
    )  # fmt: skip
    fill_places(by=None, dialogue=dialogue)
    return row


@transaction.atomic
def remind_invited(*, by: Account, dialogue: Dialogue) -> Batch:
    """Draft a reminder, one a day at most, to those only who have not answered: people, and cities that left seats free.

    Whoever is asked for both gets one mail. Answering withdraws it.
    """
    require_run(by, dialogue)
    require_begun(dialogue)
    letters = list(_reminders(dialogue, f"{timezone.now():%Y-%m-%d}"))
    if not letters:
        raise NotNow(_("Everybody who was invited has answered."))
    return draft_batch(by=by, kind=REMINDER, scope=dialogue.scope, letters=letters)


def _reminders(dialogue: Dialogue, day: str) -> Iterator[Letter]:
    programme = Programme.of(dialogue)
    for each in unanswered(dialogue):
        yield reminder(programme, each.account, Guest(each.invitation) if each.invitation else None, each.partner, day)


def send_due_reminders(*, now: datetime | None = None) -> int:
    """Send the planned reminders whose day has come, where the secretariat has agreed to that; return how many mails.

    A job runs it every hour; each planned day reminds each person once at most. None leaves while the gate is closed.
    """
    moment, count = now or timezone.now(), 0
    agreed = (
        Registration.objects.filter(reminders_by__is_active=True).exclude(reminder_days=[]).select_related("dialogue")
    )
    for registration in agreed:
        for planned in planned_reminders(registration.dialogue):
            if planned.at <= moment < planned.at + LATEST:
                count += _sent(registration.dialogue, f"{planned.at:%Y-%m-%d}")
    return count


@transaction.atomic
def _sent(dialogue: Dialogue, day: str) -> int:
    require_begun(dialogue)
    if not gate(dialogue).is_open:
        return 0
    letters = {letter.once: letter for letter in _reminders(dialogue, day)}
    left = Mail.objects.filter(once__in=letters).exclude(state__in=[Mail.State.DRAFT, Mail.State.CANCELLED])
    for once in left.values_list("once", flat=True):
        del letters[once]
    if not letters:
        return 0
    batch = draft_batch(by=None, kind=REMINDER, scope=dialogue.scope, letters=letters.values())
    return send_batch(by=None, batch=batch)


@transaction.atomic
def tell_places(*, by: Account, dialogue: Dialogue) -> Batch:
    """Draft one mail to everybody about whom something was decided since they answered: a place, approval, none."""
    require_run(by, dialogue)
    require_begun(dialogue)
    news = list(with_news(dialogue))
    if not news:
        raise NotNow(_("Everybody knows where they stand."))
    programme = Programme.of(dialogue)
    letters = [place_news(programme, Guest(row)) for row in news]
    batch = draft_batch(by=by, kind="invite.place", scope=dialogue.scope, letters=letters)
    Invitation.objects.filter(pk__in=[row.pk for row in news]).update(is_told=True)
    SessionAnswer.objects.filter(invitation__in=news).update(is_told=True)
    return batch
