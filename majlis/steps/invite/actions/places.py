"""Places in sessions: who has one, who waits in line, who moves up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Participant, Session
from majlis.dialogue.rules import require_run
from majlis.journal.actions import record
from majlis.steps.invite.models import Invitation, SessionAnswer
from majlis.steps.invite.queries import in_order, registration_of
from majlis.steps.invite.rules import require_begun
from majlis.web.refused import NotNow, NotThere, Refused
from majlis.web.sentences import Sentence

COMING = (Invitation.Answer.YES, Invitation.Answer.TENTATIVE)
CONFIRMED, WAITING, NONE = SessionAnswer.Place.CONFIRMED, SessionAnswer.Place.WAITING, SessionAnswer.Place.NONE
NOBODY = _("This person does not wait for a place there.")


def settle(row: Invitation, answers: Mapping[int, str]) -> None:
    """Keep a person's answers to sessions {session number: answer} and give them places as far as there are any.

    Inside the answer's transaction, which holds the step's row: so two answers never take the same last place.
    """
    now = timezone.now()
    sessions = {session.pk: session for session in row.participant.dialogue.sessions.all()}
    there = {each.session_id: each for each in row.by_session.all()}
    for number, answer in answers.items():
        one = there.get(number) or SessionAnswer(invitation=row, session=sessions[number], since=now)
        had_place = one.place == CONFIRMED
        one.answer = answer
        if answer not in COMING or row.approval != Invitation.Approval.APPROVED:
            one.place = NONE
        elif not one.place:
            one.place, one.since = (CONFIRMED if _free(sessions[number]) else WAITING), now
        one.is_told = True
        one.save()
        if had_place and one.place != CONFIRMED:
            move_up(sessions[number])


def _free(session: Session) -> bool:
    return session.capacity is None or _taken(session) < session.capacity


def _taken(session: Session) -> int:
    return SessionAnswer.objects.filter(session=session, place=CONFIRMED).count()


def move_up(session: Session) -> list[SessionAnswer]:
    """Give free places of a session to those next in line, if the dialogue does so by itself; they are told by mail later."""
    return _filled(session) if registration_of(session.dialogue).advances_by_itself else []


def _filled(session: Session) -> list[SessionAnswer]:
    moved = []
    while _free(session) and (line := queue(session)):
        moved.append(_given(line[0]))
    return moved


def queue(session: Session) -> list[SessionAnswer]:
    """Who waits for a place in a session, next in line first."""
    joined = SessionAnswer.objects.filter(session=session).select_related("invitation__participant__person__city")
    waiting = list(joined.filter(place=WAITING))
    return in_order(waiting, list(joined.filter(place=CONFIRMED))) if waiting else []


def _given(one: SessionAnswer) -> SessionAnswer:
    one.place, one.since, one.is_told = CONFIRMED, timezone.now(), False
    one.save(update_fields=["place", "since", "is_told"])
    record(
        act="invite.give_place", by=None, scope=one.session.dialogue.scope, subject=one.invitation,
        sentence=Sentence(
            _("%(person)s moved up from the waiting list of %(code)s"),
            {"person": one.invitation.participant.person.role_title.in_all(), "code": one.session.code},
        ),
    )  # fmt: skip
    return one


@transaction.atomic
def give_place(*, by: Account, session: Session, participant: Participant) -> SessionAnswer:
    """Let one person move up out of turn. Refuses while every place is taken."""
    require_run(by, session.dialogue)
    require_begun(session.dialogue)
    one = SessionAnswer.objects.filter(session=session, invitation__participant=participant, place=WAITING).first()
    if one is None:
        raise NotThere(NOBODY)
    if not _free(session):
        raise NotNow(
            _("All %(count)s places of %(code)s are taken. Raise the number of places first."),
            count=session.capacity, code=session.code,
        )  # fmt: skip
    return _given(one)


@transaction.atomic
def fill_places(*, by: Account | None, dialogue: Dialogue) -> int:
    """Give every free place of a dialogue to those next in line, e.g. after places were added; return how many moved up."""
    if by is not None:
        require_run(by, dialogue)
    require_begun(dialogue)
    planned = dialogue.sessions.filter(state=Session.State.PLANNED, answers__place=WAITING).distinct()
    return sum(len(_filled(session) if by else move_up(session)) for session in planned)


@transaction.atomic
def decide(*, by: Account, participants: Sequence[Participant], is_approved: bool, reason: str = "") -> int:
    """Approve people who want to come, or refuse them with a reason; return for how many that was new."""
    if not participants:
        raise Refused(_("Choose at least one person."))
    dialogue = participants[0].dialogue
    require_run(by, dialogue)
    if not is_approved and not reason.strip():
        raise Refused(_("Say why: the person will read it."))
    require_begun(dialogue)
    decision = Invitation.Approval.APPROVED if is_approved else Invitation.Approval.REFUSED
    rows = Invitation.objects.select_for_update(of=("self",)).select_related(
        "participant__dialogue", "participant__person"
    )
    changed = list(
        rows.filter(participant__dialogue=dialogue, participant__in=participants)
        .exclude(approval=decision)
        .order_by("pk")
    )
    for row in changed:
        row.approval, row.approval_reason, row.is_told = decision, "" if is_approved else reason.strip()[:500], False
        row.save(update_fields=["approval", "approval_reason", "is_told"])
        settle(row, dict(row.by_session.values_list("session_id", "answer")))
    if changed:
        approved = Sentence(_("%(count)s person was approved"), {}, _("%(count)s people were approved"), len(changed))
        refused = Sentence(
            _("%(count)s person was not approved"), {}, _("%(count)s people were not approved"), len(changed)
        )
        record(
            act="invite.decide", by=by, scope=dialogue.scope, facts={"participants": [row.participant_id for row in changed]},
            sentence=approved if is_approved else refused,
        )  # fmt: skip
    return len(changed)
