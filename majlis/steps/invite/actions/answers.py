"""A participant's answer to the invitation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.actions import GONE, set_preferences, use_link
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Participant, Session
from majlis.dialogue.rules import can_run
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.language.typed import cleaned
from majlis.outbox.actions import withdraw
from majlis.steps.invite.actions.places import settle
from majlis.steps.invite.models import Invitation, SessionAnswer
from majlis.steps.invite.queries import registration_of
from majlis.steps.invite.rules import can_answer, is_about, require_begun, require_window
from majlis.web.refused import Forbidden, NotThere, Refused
from majlis.web.sentences import Sentence

LONGEST = 2000
PAGES = ("answer", "details")
ANSWERS = (Invitation.Answer.YES, Invitation.Answer.NO, Invitation.Answer.TENTATIVE)
CHOOSE = _("Choose yes, no or tentative.")
FOREIGN_SESSION = _("One of the chosen sessions does not belong to this dialogue. Choose again.")
SENTENCES = {
    Invitation.Answer.YES: _("%(person)s accepted the invitation"),
    Invitation.Answer.NO: _("%(person)s declined the invitation"),
    Invitation.Answer.TENTATIVE: _("%(person)s may come"),
}


@transaction.atomic
def answer_invitation(
    *,
    answer: str,
    sessions: Iterable[int] = (),
    by_session: Mapping[int, str] | None = None,
    contribution: str = "",
    contribution_text: Text | None = None,
    zone: str = "",
    language: str = "",
    link: ActionLink | None = None,
    by: Account | None = None,
    participant: Participant | None = None,
) -> Invitation:
    """Record an answer given by an action link, or by the participant signed in (by and participant). It can be changed later.

    answer: yes, no or tentative. sessions: numbers of those that it is meant for, all others are declined; or by_session:
    {number: yes, no or tentative} where they differ. Whoever comes or may come names at least one session and brings a
    practice or a challenge in a few words. zone and language, if given, become the participant's own.
    """
    account, participant = answering(link, by, participant)
    told = _told(participant, answer, sessions, by_session)
    answer = overall(told.values()) if told else answer
    text = contribution_text or Text()
    _check(answer, contribution, text)
    require_begun(participant.dialogue)
    row = Invitation.objects.select_for_update().filter(participant=participant).first()
    if row is None or row.sent_at is None:
        raise NotThere(GONE)
    require_window(registration_of(participant.dialogue), answer, row)
    if language or zone:
        set_preferences(by=account, language=language or None, zone=zone or None)
    before = dict(row.by_session.values_list("session_id", "answer"))
    said = (row.answer, row.contribution, row.contribution_text.body)
    if said == (answer, contribution, text.body) and before == told:
        return row
    row.contribution, row.contribution_text = contribution, text
    row.draft = {page: typed for page, typed in row.draft.items() if page != "answer"}
    _keep(row, answer, told)
    if link:
        use_link(link)
    _tell(row, by=account, facts={"contribution": contribution, "by_link": bool(link)})
    return row


@transaction.atomic
def answer(*, account: Account, session: Session, answer: str, by: Account | None = None) -> SessionAnswer:
    """Record one person's answer to one session, as the reply of a calendar program gives it; return it with its place.

    account: whose answer it is. answer: yes, no or tentative. by: None when Majlis read the reply itself, the account
    itself, or the secretariat that uploaded it. The other sessions' answers stay. Nothing is asked about a practice or a
    challenge: the page behind the invitation still does. Raises NotThere unless the account was invited to the session's
    dialogue, Refused for another word, NotNow outside the time of registration. The same answer twice is one answer.
    """
    if by is not None and by != account and not can_run(by, session.dialogue):
        raise Forbidden(_("Only the invited person may answer this invitation."))
    if answer not in ANSWERS:
        raise Refused(CHOOSE)
    require_begun(session.dialogue)
    rows = Invitation.objects.select_for_update(of=("self",)).select_related(
        "participant__dialogue", "participant__person__city"
    )
    row = rows.filter(
        participant__dialogue=session.dialogue_id, participant__person__account=account, sent_at__isnull=False
    ).first()
    if row is None or not account.is_active:
        raise NotThere(GONE)
    require_window(registration_of(session.dialogue), answer, row)
    one = row.by_session.filter(session=session).first()
    if one is not None and one.answer == answer:
        return one
    told = dict(row.by_session.values_list("session_id", "answer")) | {session.pk: answer}
    _keep(row, overall(told.values()), {session.pk: answer})
    _tell(row, by=by, facts={"session": session.code, "by_calendar": True})
    return row.by_session.get(session=session)


@transaction.atomic
def keep_draft(
    *,
    page: str,
    typed: Mapping[str, Sequence[str]],
    link: ActionLink | None = None,
    by: Account | None = None,
    participant: Participant | None = None,
) -> Invitation:
    """Keep what somebody has typed so far on a page (answer or details), unchecked, so that a dropped line loses nothing.

    Their answer stays as it is. It is theirs alone and no act in the dialogue: the journal does not hear of it.
    """
    _account, participant = answering(link, by, participant)
    require_begun(participant.dialogue)
    row = Invitation.objects.select_for_update().filter(participant=participant, sent_at__isnull=False).first()
    if row is None or page not in PAGES:
        raise NotThere(GONE)
    kept = {key[:40]: [cleaned(each)[:LONGEST] for each in values[:60]] for key, values in list(typed.items())[:60]}
    row.draft = row.draft | {page: kept}
    row.save(update_fields=["draft"])
    return row


def overall(answers: Iterable[str]) -> str:
    """What the answers to single sessions say together: yes if one is yes, else tentative if one is, else no."""
    counted = Counter(answers)
    if counted[Invitation.Answer.YES]:
        return Invitation.Answer.YES
    return Invitation.Answer.TENTATIVE if counted[Invitation.Answer.TENTATIVE] else Invitation.Answer.NO


def _told(
    participant: Participant, answer: str, sessions: Iterable[int], by_session: Mapping[int, str] | None
) -> dict[int, str]:
    """{session number: answer} for every session that is not cancelled; raises Refused for words or sessions that do not fit."""
    chosen = dict(by_session) if by_session is not None else dict.fromkeys(sessions, answer)
    if answer not in ANSWERS or not set(chosen.values()) <= set(ANSWERS):
        raise Refused(CHOOSE)
    planned = participant.dialogue.sessions.exclude(state=Session.State.CANCELLED)
    known = list(planned.values_list("pk", flat=True))
    if not set(chosen) <= set(known):
        raise Refused(FOREIGN_SESSION)
    if answer == Invitation.Answer.NO:
        chosen = {}
    elif not any(each != Invitation.Answer.NO for each in chosen.values()):
        raise Refused(_("Choose at least one session that you can come to."))
    return {number: chosen.get(number, Invitation.Answer.NO) for number in known}


def _check(answer: str, contribution: str, text: Text) -> None:
    if len(text.body) > LONGEST:
        raise Refused(_("The text is too long: at most %(most)s characters."), most=LONGEST)
    if contribution and contribution not in Invitation.Contribution.values:
        raise Refused(_("Choose whether you bring a practice or a challenge."))
    if answer == Invitation.Answer.NO:
        return
    if not contribution:
        raise Refused(_("Choose whether you bring a practice or a challenge."))
    if not text.body.strip():
        raise Refused(_("Say in a sentence or two which practice or challenge you bring."))


def _keep(row: Invitation, answer: str, told: Mapping[int, str]) -> None:
    """Write the answer and find places for it. Who comes for the first time where people are approved waits for that."""
    is_first = row.answer not in (Invitation.Answer.YES, Invitation.Answer.TENTATIVE)
    if is_first and answer != Invitation.Answer.NO and registration_of(row.participant.dialogue).needs_approval:
        row.approval = Invitation.Approval.WAITING
    row.answer, row.answered_at = answer, timezone.now()
    row.save()
    settle(row, told)


def _tell(row: Invitation, *, by: Account | None, facts: Mapping[str, object]) -> None:
    scope, person = row.participant.dialogue.scope, row.participant.person
    withdraw(account=person.account, kind="invite.reminder", scope=scope)
    record(
        act="invite.answer_invitation", by=by, scope=scope, subject=row,
        sentence=Sentence(SENTENCES[Invitation.Answer(row.answer)], {"person": _named(row.participant)}),
        facts={"answer": row.answer, "sessions": row.sessions, **facts},
    )  # fmt: skip


def answering(
    link: ActionLink | None, by: Account | None, participant: Participant | None
) -> tuple[Account, Participant]:
    if link is None:
        if by is None or participant is None or not can_answer(by, participant):
            raise Forbidden(_("Only the invited person may answer this invitation."))
        return by, participant
    found = participant_of(link)
    if participant is not None and participant != found:
        raise NotThere(GONE)
    return link.account, found


def participant_of(link: ActionLink) -> Participant:
    """The participant that a link is about; NotThere unless it is still theirs."""
    number = int(link.subject.rpartition(":")[2])
    found = (
        Participant.objects.select_related("dialogue", "person__city", "person__account", "partner")
        .filter(pk=number)
        .first()
    )
    if found is None or not is_about(link, found) or not can_answer(link.account, found):
        raise NotThere(GONE)
    return found


def _named(participant: Participant) -> dict[str, str]:
    """Role title and, if there is one, city, in every language that either is written in."""
    title: Text = participant.person.role_title
    city = participant.person.city
    if city is None:
        return title.in_all()
    languages = {*title.in_all(), *city.name.in_all()}
    return {each: f"{title.shown(each).body} ({city.name.shown(each).body})" for each in languages}
