"""A dialogue's sessions as one person's calendar shows them, and what calendar programs answered."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Dialogue, Session
from majlis.network.models import Person
from majlis.steps.invite.actions.feeds import FEED
from majlis.steps.invite.calendars import agenda_lines, google_link, outlook_link
from majlis.steps.invite.models import CalendarReply, ConceptNote, Invitation

MOST_REPLIES = 100


@dataclass(frozen=True)
class Entry:
    """One session for one person: with its words, and whether they have not promised to come yet."""

    session: Session
    about: str
    is_open: bool

    @property
    def google(self) -> str:
        return google_link(self.session, self.about)

    @property
    def outlook(self) -> str:
        return outlook_link(self.session, self.about)


def entries(dialogue: Dialogue, account: Account) -> list[Entry]:
    """The sessions that still take place, but those that this person declined, in the person's language and zone."""
    told, overall = _answers(dialogue, account)
    planned = dialogue.sessions.select_related("dialogue").exclude(state=Session.State.CANCELLED)
    zone = _zone(dialogue, account)
    found = []
    with override(account.language):
        goal = about(dialogue)
        for session in planned:
            answer = told.get(session.pk, overall)
            if answer == Invitation.Answer.NO:
                continue
            lines = [goal, "", *agenda_lines(session, zone)] if goal else agenda_lines(session, zone)
            is_open = answer in {Invitation.Answer.OPEN, Invitation.Answer.TENTATIVE}
            found.append(Entry(session, "\n".join(lines).strip(), is_open))
    return found


def _answers(dialogue: Dialogue, account: Account) -> tuple[dict[int, str], str]:
    """{session number: answer} of this person, and what holds for the others. Who is not invited comes to all of them."""
    row = Invitation.objects.filter(
        participant__dialogue=dialogue, participant__person__account=account, sent_at__isnull=False
    ).first()
    if row is None:
        return {}, Invitation.Answer.YES
    return dict(row.by_session.values_list("session_id", "answer")), row.answer


def _zone(dialogue: Dialogue, account: Account) -> str:
    """Their own, their city's, the dialogue's: a calendar program does not say where it is."""
    person = Person.objects.filter(account=account).select_related("city").first()
    return account.zone or (person.city.zone if person and person.city else dialogue.zone)


def about(dialogue: Dialogue) -> str:
    """What a dialogue is for, in the active language; empty while its note is not written."""
    note = ConceptNote.objects.filter(dialogue=dialogue).first()
    return str(note.goal) if note and note.goal else ""


def feed_of(dialogue: Dialogue, account: Account) -> ActionLink | None:
    """The live address of this person's calendar of the dialogue."""
    link = ActionLink.objects.filter(
        account=account, act=FEED, subject=f"dialogue:{dialogue.pk}", revoked_at=None, expires_at__gt=timezone.now()
    )
    return link.first()


def recent_replies(dialogue: Dialogue) -> list[CalendarReply]:
    """What calendar programs answered to this dialogue, newest first, and answers to sessions that nobody knows."""
    rows = CalendarReply.objects.filter(Q(session__dialogue=dialogue) | Q(session=None))
    return list(rows.select_related("session", "invitation__participant__person__city")[:MOST_REPLIES])
