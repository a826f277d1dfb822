"""Places in sessions, who waits, who comes from where, and when reminders leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from majlis.dialogue.models import Dialogue, Session
from majlis.network.queries import country_name
from majlis.outbox.models import Mail
from majlis.steps.invite.models import Invitation, Registration, SessionAnswer
from majlis.steps.invite.queries.invited import invitations
from majlis.steps.invite.queries.notes import planned_sessions
from majlis.steps.invite.rsvp import WORDS
from majlis.steps.invite.rules import Expected, InLine, next_in_line
from majlis.web import calendar
from majlis.web.sentences import spoken

SMALLEST_GROUP = 5


def registration_of(dialogue: Dialogue) -> Registration:
    """How the dialogue takes answers; what holds when nothing was set, not yet stored."""
    return Registration.objects.filter(dialogue=dialogue).first() or Registration(dialogue=dialogue)


@dataclass(frozen=True)
class Place:
    """What holds for one person in one session: the answer, the place, and how many wait before them."""

    session: Session
    answer: SessionAnswer
    before: int


@dataclass(frozen=True)
class PlannedReminder:
    """A reminder that leaves at a moment, so many days before the answers are wanted."""

    at: datetime
    days: int

    @property
    def is_past(self) -> bool:
        return self.at < timezone.now()


def planned_reminders(dialogue: Dialogue) -> list[PlannedReminder]:
    """The dialogue's reminders in their order, each at nine in the morning on the event's clock."""
    registration = registration_of(dialogue)
    first = planned_sessions(dialogue).order_by("starts_at").first()
    if not registration.reminder_days or (first is None and registration.closes_at is None):
        return []
    wanted = registration.closes_at or first.starts_at - timedelta(days=28)  # type: ignore[union-attr]
    day = calendar.in_zone(wanted, dialogue.zone).replace(hour=9, minute=0, second=0, microsecond=0)
    return [PlannedReminder(day - timedelta(days=days), days) for days in registration.reminder_days]


def with_news(dialogue: Dialogue) -> QuerySet[Invitation]:
    """Invitations about which something was decided that their people have not been told."""
    untold = SessionAnswer.objects.filter(is_told=False, invitation__participant__dialogue=dialogue).values(
        "invitation"
    )
    rows = invitations(dialogue).filter(sent_at__isnull=False).select_related("participant__dialogue")
    return rows.filter(Q(is_told=False) | Q(pk__in=untold))


@dataclass(frozen=True)
class SessionPlaces:
    """One session: its places, who waits in line, and how many people are expected to come."""

    session: Session
    confirmed: int
    tentative: int
    waiting: Sequence[SessionAnswer]
    expected: Expected

    @property
    def free(self) -> int | None:
        return None if self.session.capacity is None else max(self.session.capacity - self.confirmed, 0)


def session_places(dialogue: Dialogue) -> list[SessionPlaces]:
    """Every session that is not cancelled with its places; the same number of queries for any number of sessions."""
    sessions = list(planned_sessions(dialogue).select_related("dialogue"))
    joined = SessionAnswer.objects.filter(session__in=sessions).select_related(
        "invitation__participant__person__city", "invitation__participant__person__account"
    )
    of_session: dict[int, list[SessionAnswer]] = {session.pk: [] for session in sessions}
    for one in joined:
        of_session[one.session_id].append(one)
    reminded = set(
        Mail.objects.filter(
            batch__scope=dialogue.scope, batch__kind="invite.reminder", state=Mail.State.SENT
        ).values_list("account", flat=True)
    )
    silent = Invitation.objects.filter(participant__dialogue=dialogue, sent_at__isnull=False, answer="open").count()
    return [_session_places(session, of_session[session.pk], reminded, silent) for session in sessions]


def _session_places(session: Session, rows: Sequence[SessionAnswer], reminded: set[int], silent: int) -> SessionPlaces:
    seated = [one for one in rows if one.place == SessionAnswer.Place.CONFIRMED]
    sure = [one for one in seated if one.answer == Invitation.Answer.YES]
    late = [one for one in sure if one.invitation.participant.person.account_id in reminded]
    tentative = sum(one.answer == Invitation.Answer.TENTATIVE for one in seated)
    waiting = in_order([one for one in rows if one.place == SessionAnswer.Place.WAITING], seated)
    return SessionPlaces(
        session, len(seated), tentative, waiting, Expected(len(sure) - len(late), len(late), tentative, silent)
    )


def in_order(waiting: Sequence[SessionAnswer], seated: Sequence[SessionAnswer]) -> list[SessionAnswer]:
    """Who waits for a place, next in line first (rules.next_in_line)."""
    there = [_in_line(one) for one in seated]
    return sorted(waiting, key=lambda one: next_in_line(_in_line(one), there))


def _in_line(one: SessionAnswer) -> InLine:
    city = one.invitation.participant.person.city
    return InLine(city.slug if city else "", city.country if city else "", one.since)


def for_approval(dialogue: Dialogue) -> QuerySet[Invitation]:
    return invitations(dialogue).filter(approval=Invitation.Approval.WAITING).exclude(answer=Invitation.Answer.NO)


@dataclass(frozen=True)
class Balance:
    """How many people come by country, language and, where they state it, gender; groups of fewer than five not by number."""

    countries: Sequence[tuple[str, int]]
    languages: Sequence[tuple[str, int]]
    genders: Sequence[tuple[str, int | None]]
    women: int | None
    all: int


def balance(dialogue: Dialogue) -> Balance:
    """Of those who come or may come; sorted by name, for it is no ranking."""
    rows = list(invitations(dialogue).filter(answer__in=["yes", "tentative"]).exclude(approval="refused"))
    countries = Counter(row.participant.person.city.country for row in rows if row.participant.person.city)
    languages = Counter(row.participant.person.account.language for row in rows)
    genders = Counter(row.details.get("gender") or row.participant.person.gender for row in rows)
    stated = {key: genders[key] for key in ("woman", "man", "other") if genders[key]}
    # Were one group alone hidden, it could be told from the sum: then none is shown.
    is_shown = all(count >= SMALLEST_GROUP for count in stated.values())
    of_all = sum(stated.values())
    return Balance(
        sorted((spoken(country_name(code)), count) for code, count in countries.items()),
        sorted((calendar.language_name(code), count) for code, count in languages.items()),
        [(str(WORDS[key]), count if is_shown else None) for key, count in stated.items()],
        round(100 * stated.get("woman", 0) / of_all) if is_shown and of_all else None,
        len(rows),
    )


def places_of(row: Invitation) -> list[Place]:
    """The sessions that one person answered, in their order, with their places."""
    rows = row.by_session.select_related("session").exclude(session__state=Session.State.CANCELLED)
    return [
        Place(
            one.session, one, sum(each.since < one.since for each in line(one.session)) if one.place == "waiting" else 0
        )
        for one in rows.order_by("session__starts_at")
    ]


def line(session: Session) -> QuerySet[SessionAnswer]:
    return SessionAnswer.objects.filter(session=session, place=SessionAnswer.Place.WAITING)
