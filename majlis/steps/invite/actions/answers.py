"""A participant's answer to the invitation."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.actions import GONE, set_preferences, use_link
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Participant
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.outbox.actions import withdraw
from majlis.steps.invite.models import Invitation
from majlis.steps.invite.rules import can_answer, is_about, require_begun
from majlis.web.refused import Forbidden, NotThere, Refused
from majlis.web.sentences import Sentence

LONGEST = 2000
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
    contribution: str = "",
    contribution_text: Text | None = None,
    zone: str = "",
    language: str = "",
    link: ActionLink | None = None,
    by: Account | None = None,
    participant: Participant | None = None,
) -> Invitation:
    """Record an answer given by an action link, or by the participant signed in (by and participant). It can be changed later.

    answer: yes, no or tentative. Whoever comes or may come names at least one session and brings a practice or a challenge
    in a few words. zone and language, if given, become the participant's own.
    """
    account, participant = _answering(link, by, participant)
    numbers = sorted(set(sessions))
    text = contribution_text or Text()
    _check(answer, numbers, contribution, text, participant)
    require_begun(participant.dialogue)
    row = Invitation.objects.select_for_update().filter(participant=participant).first()
    if row is None or row.sent_at is None:
        raise NotThere(GONE)
    if answer == Invitation.Answer.NO:
        numbers = []
    if language or zone:
        set_preferences(by=account, language=language or None, zone=zone or None)
    said = (row.answer, row.sessions, row.contribution, row.contribution_text.body)
    if said == (answer, numbers, contribution, text.body):
        return row
    row.answer, row.sessions, row.contribution = answer, numbers, contribution
    row.contribution_text, row.answered_at = text, timezone.now()
    row.save()
    if link:
        use_link(link)
    withdraw(account=account, kind="invite.reminder", scope=participant.dialogue.scope)
    record(
        act="invite.answer_invitation", by=account, scope=participant.dialogue.scope, subject=row,
        sentence=Sentence(SENTENCES[Invitation.Answer(answer)], {"person": _named(participant)}),
        facts={"answer": answer, "sessions": numbers, "contribution": contribution, "by_link": bool(link)},
    )  # fmt: skip
    return row


def _check(answer: str, sessions: list[int], contribution: str, text: Text, participant: Participant) -> None:
    if answer not in SENTENCES:
        raise Refused(_("Choose yes, no or tentative."))
    if len(text.body) > LONGEST:
        raise Refused(_("The text is too long: at most %(most)s characters."), most=LONGEST)
    if contribution and contribution not in Invitation.Contribution.values:
        raise Refused(_("Choose whether you bring a practice or a challenge."))
    if answer == Invitation.Answer.NO:
        return
    known = set(participant.dialogue.sessions.values_list("pk", flat=True))
    if not set(sessions) <= known:
        raise Refused(_("One of the chosen sessions does not belong to this dialogue. Choose again."))
    if not sessions:
        raise Refused(_("Choose at least one session that you can come to."))
    if not contribution:
        raise Refused(_("Choose whether you bring a practice or a challenge."))
    if not text.body.strip():
        raise Refused(_("Say in a sentence or two which practice or challenge you bring."))


def _answering(
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
