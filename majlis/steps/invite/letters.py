"""What an invitation, its update and its reminder say, with their calendar objects, in the reader's language and zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parseaddr
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from majlis.accounts.actions import issue_link, issue_links
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Dialogue, Partner, Session
from majlis.outbox.actions import Letter
from majlis.steps.define.models import Topic
from majlis.steps.invite.calendars import ACCEPTED, DECLINED, NEEDS_ACTION, TENTATIVE, agenda_lines, request
from majlis.steps.invite.models import ConceptNote, Invitation, Registration
from majlis.steps.invite.rules import ANSWER, DELEGATE
from majlis.web import calendar

DAYS_TO_ANSWER = 28  # before the first session: then delegations are complete and contributions handed in
PARTSTAT = {"open": NEEDS_ACTION, "yes": ACCEPTED, "tentative": TENTATIVE, "no": DECLINED}

# What holds when the concept note says nothing of its own.
DEFAULTS = {
    "technical": _("A browser on a computer or phone. On a weak line the text mode of the room works without video; cards you write are kept and sent when the line is back."),
    "budget": _("Taking part costs nothing."),
    "data_protection": _("We keep your role title, your city and your answers for this dialogue. Nothing is recorded without your consent; cases stay in the room where they were consulted."),
    "conduct": _("We listen, speak for ourselves, ask before we advise, and treat what is said in a consultation as confidential."),
}  # fmt: skip


@dataclass(frozen=True)
class Guest:
    """One person to be invited."""

    invitation: Invitation

    @property
    def account(self) -> Account:
        return self.invitation.participant.person.account

    @property
    def once(self) -> str:
        """Seat and person: whoever takes a seat over is invited anew."""
        return f"{self.invitation.participant_id}:{self.account.pk}"

    @property
    def zone(self) -> str:
        """Their own zone, else their city's, else the dialogue's."""
        city = self.invitation.participant.person.city
        return self.account.zone or (city.zone if city else self.invitation.participant.dialogue.zone)


@dataclass(frozen=True)
class Programme:
    """What all invitations to one dialogue share, read once."""

    dialogue: Dialogue
    note: ConceptNote | None
    sessions: Sequence[Session]
    topics: Sequence[Topic]
    # By participant: the links of many guests, made in a few queries before their letters are written.
    links: dict[int, ActionLink] = field(default_factory=dict)

    @classmethod
    def of(cls, dialogue: Dialogue, *, with_cancelled: bool = False) -> Programme:
        sessions = dialogue.sessions.select_related("dialogue")
        if not with_cancelled:
            sessions = sessions.exclude(state=Session.State.CANCELLED)
        note = ConceptNote.objects.filter(dialogue=dialogue).first()
        return cls(dialogue, note, list(sessions), list(Topic.objects.filter(dialogue=dialogue)))

    def prepare_links(self, guests: Sequence[Guest]) -> None:
        """Make the answer links of these guests at once."""
        wanted = [(guest.account, guest.invitation.participant) for guest in guests]
        made = issue_links(act=ANSWER, wanted=wanted)
        self.links.update({participant.pk: link for (_account, participant), link in zip(wanted, made, strict=True)})

    @cached_property
    def deadline(self) -> Any:
        """When answers are wanted: the day on which registration closes, if one was set."""
        closes_at = Registration.objects.filter(dialogue=self.dialogue).values_list("closes_at", flat=True).first()
        return calendar.in_zone(closes_at, self.dialogue.zone) if closes_at else deadline(self.sessions)

    @property
    def hours(self) -> str:
        """Total effort: the sessions and an hour of preparation for each."""
        return f"{sum(session.minutes for session in self.sessions) / 60 + len(self.sessions):g}"


def invitation(programme: Programme, guest: Guest) -> Letter:
    with override(guest.account.language):
        context = _context(programme, guest) | {
            "topics": [str(topic) for topic in programme.topics],
            "contact": _own(programme.note, "contact")
            or f"{programme.dialogue.organiser}, {parseaddr(settings.MAIL_FROM)[1]}",
        }
        context |= {key: _own(programme.note, key) or str(said) for key, said in DEFAULTS.items()}
        context["preparation"] = _own(programme.note, "preparation")
    once = f"invite.invitation:{guest.once}"
    return Letter(
        guest.account,
        "invite/mail/invitation",
        context,
        once,
        _calendar(programme.sessions, guest, context),
        guest.zone,
    )


def reminder(programme: Programme, account: Account, guest: Guest | None, partner: Partner | None, day: str) -> Letter:
    """One mail about everything that waits for somebody: their own answer, the free seats of their city."""
    zone = guest.zone if guest else account.zone or (partner.city.zone if partner else programme.dialogue.zone)
    with override(account.language):
        context: dict[str, Any] = {
            "dialogue": programme.dialogue, "deadline": calendar.long_day(programme.deadline.date()),
            "sessions": [{"title": str(one.title), "when": spoken_time(one, zone)} for one in programme.sessions],
        }  # fmt: skip
        if guest:
            context["link"] = _answer_link(programme, guest)
        if partner:
            link = issue_link(account=account, act=DELEGATE, subject=partner, days=180)
            context |= {
                "city": partner.city,
                "city_link": _address("invite:delegation", programme.dialogue.slug, link.token),
            }
    subject = f"{guest.invitation.participant_id if guest else f'city{partner.pk if partner else 0}'}:{account.pk}"
    template = "invite/mail/reminder" if guest else "invite/mail/reminder_city"
    return Letter(account, template, context, f"invite.reminder:{subject}:{day}", zone=zone)


def place_news(programme: Programme, guest: Guest) -> Letter:
    """Where somebody stands after a decision: approved or not, in which sessions there is a place, where they wait."""
    row = guest.invitation
    with override(guest.account.language):
        answers = (
            row.by_session.select_related("session").exclude(answer=Invitation.Answer.NO).order_by("session__starts_at")
        )
        stands = [
            {"title": str(one.session.title), "when": spoken_time(one.session, guest.zone), "is_waiting": one.place == "waiting"}
            for one in answers if one.place
        ]  # fmt: skip
        context = {
            "dialogue": programme.dialogue, "row": row, "stands": stands, "link": _answer_link(programme, guest),
        }  # fmt: skip
    digest = sha256(repr((row.approval, row.approval_reason, stands)).encode()).hexdigest()[:12]
    template = "invite/mail/place_refused" if row.approval == "refused" else "invite/mail/place"
    return Letter(guest.account, template, context, f"invite.place:{guest.once}:{digest}", zone=guest.zone)


def _answer_link(programme: Programme, guest: Guest) -> str:
    return _address("invite:answer", programme.dialogue.slug, _link(programme, guest).token)


def _link(programme: Programme, guest: Guest) -> ActionLink:
    participant = guest.invitation.participant
    return programme.links.get(participant.pk) or issue_link(account=guest.account, act=ANSWER, subject=participant)


def update(programme: Programme, guest: Guest, changed: Sequence[Session], digest: str) -> Letter:
    """Only the sessions that changed; a cancelled one as CANCEL."""
    with override(guest.account.language):
        context = _context(programme, guest)
        context["changed"] = [
            {"title": str(session.title), "when": spoken_time(session, guest.zone), "reason": session.reason,
             "is_cancelled": session.state == Session.State.CANCELLED}
            for session in changed
        ]  # fmt: skip
    once = f"invite.update:{guest.once}:{digest}"
    return Letter(guest.account, "invite/mail/update", context, once, _calendar(changed, guest, context), guest.zone)


def removal(programme: Programme, guest: Guest, known: Sequence[Session]) -> Letter:
    """Take the sessions that somebody's calendar knows off it: another person has their seat now."""
    account = guest.account
    with override(account.language):
        context = {
            "dialogue": programme.dialogue, "city": guest.invitation.participant.person.city,
            "sessions": [{"title": str(one.title), "when": spoken_time(one, guest.zone)} for one in known],
        }  # fmt: skip
        name = guest.invitation.shown_name
        objects = "".join(
            request(one, address=account.email, name=name, description=str(one.title), is_removed=True) for one in known
        )
    once = f"invite.removal:{guest.invitation.participant_id}:{account.pk}:{timezone.now():%Y-%m-%d}"
    return Letter(account, "invite/mail/removal", context, once, objects, guest.zone)


def context_of_city(programme: Programme, partner: Partner, account: Account, link: str) -> dict[str, Any]:
    """The words of a letter to a focal point about the delegation, in their language."""
    with override(account.language):
        zone = account.zone or partner.city.zone
        return {
            "dialogue": programme.dialogue, "note": programme.note, "city": partner.city, "link": link,
            "sessions": [{"title": str(one.title), "when": spoken_time(one, zone)} for one in programme.sessions],
            "hours": programme.hours, "deadline": calendar.long_day(programme.deadline.date()),
        }  # fmt: skip


def _context(programme: Programme, guest: Guest) -> dict[str, Any]:
    """The words that every letter to a guest needs, in the active language."""
    participant = guest.invitation.participant
    agreement = getattr(participant.partner, "role_agreement", None) if participant.partner else None
    link = _link(programme, guest)
    return {
        "dialogue": programme.dialogue,
        "note": programme.note,
        "participant": participant,
        "city": participant.person.city,
        "sessions": [
            {"title": str(session.title), "when": spoken_time(session, guest.zone)} for session in programme.sessions
        ],
        "hours": programme.hours,
        "languages": calendar.enumerated([calendar.language_name(each) for each in programme.dialogue.languages]),
        "own_role": agreement.own_role if agreement else None,
        "deadline": calendar.long_day(programme.deadline.date()),
        "link": _address("invite:answer", programme.dialogue.slug, link.token),
        "calendar_link": _address("invite:calendar_by_link", programme.dialogue.slug, link.token),
    }


def deadline(sessions: Sequence[Session]) -> Any:
    """When the answer is wanted: four weeks before the first session, but never less than three days from now."""
    soonest = timezone.now() + timedelta(days=3)
    if not sessions:
        return soonest
    return max(min(session.starts_at for session in sessions) - timedelta(days=DAYS_TO_ANSWER), soonest)


def spoken_time(session: Session, zone: str) -> str:
    """Tue 29 Sept 2026, 10:00–12:30 (Tunis, UTC+1)."""
    starts_at = calendar.in_zone(session.starts_at, zone)
    hours = calendar.span_of_hours(session.starts_at, session.minutes, zone)
    return f"{calendar.week_day(starts_at)}{calendar.comma()}{hours} ({calendar.zone_label(starts_at)})"


def _calendar(sessions: Sequence[Session], guest: Guest, context: dict[str, Any]) -> str:
    """One REQUEST (or CANCEL) after the other, in the reader's language, each with what they answered to it."""
    told = {one.session_id: one.answer for one in guest.invitation.by_session.all()}
    with override(guest.account.language):
        name = guest.invitation.shown_name
        return "".join(
            request(
                session, address=guest.account.email, name=name, description=described(session, context, guest.zone),
                answered=PARTSTAT[told.get(session.pk, guest.invitation.answer)],
            )
            for session in sessions
        )  # fmt: skip


def described(session: Session, context: dict[str, Any], zone: str) -> str:
    """A calendar entry's words: what for, the agenda on the reader's clock, all dates, where to answer."""
    lines = [str(session.title), ""]
    note = context.get("note")
    if note and note.goal:
        lines += [gettext("Goal: %(goal)s") % {"goal": note.goal}, ""]
    if agenda := agenda_lines(session, zone):
        clock = calendar.zone_label(calendar.in_zone(session.starts_at, zone))
        lines += [gettext("Agenda (%(zone)s):") % {"zone": clock}, *agenda, ""]
    lines += [f"{number}. {each['title']}, {each['when']}" for number, each in enumerate(context["sessions"], 1)]
    if context.get("link"):
        lines += ["", gettext("Your answer: %(link)s") % {"link": context["link"]}]
    return "\n".join(lines)


def _own(note: ConceptNote | None, key: str) -> str:
    return str(note.field(key)) if note and note.field(key) else ""


def _address(name: str, *arguments: str) -> str:
    return settings.PUBLIC_URL + reverse(name, args=arguments)
