"""Holding sessions: start, next block, who came, close or cancel."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.actions import complete_step, record_gate, set_session_state
from majlis.dialogue.models import Dialogue, Participant, Session, Step, StepRecord
from majlis.dialogue.rules import require_open
from majlis.journal.actions import record
from majlis.room.actions import cancel_room
from majlis.room.models import Member, Room
from majlis.steps.enable.models import AgendaBlock, Attendance
from majlis.steps.enable.rules import (
    OWN_ATTENDANCE_ONLY,
    gate,
    require_facilitate,
    require_own,
    require_state,
)
from majlis.steps.enable.terms import kinds
from majlis.steps.invite.actions import follow_sessions
from majlis.web.refused import NotNow, Refused
from majlis.web.sentences import Sentence


def start_session(*, by: Account, session: Session) -> Session:
    """Begin a session: its first block starts now. It needs a run of show."""
    require_facilitate(by, session.dialogue)
    with transaction.atomic():
        session = _locked(session)
        require_state(session, Session.State.PLANNED)
        first = session.blocks.first()
        if first is None:
            raise NotNow(_("Session %(code)s has no run of show yet. Write its blocks first."), code=session.code)
        set_session_state(by=by, session=session, state=Session.State.RUNNING)
        AgendaBlock.objects.filter(pk=first.pk).update(started_at=timezone.now())
        _looked(session.dialogue)
    return _fresh(session)


def next_block(*, by: Account, session: Session, after: int | None = None) -> AgendaBlock:
    """Go on to the next block. after: position of the block the facilitator saw, so that two clicks skip none."""
    require_facilitate(by, session.dialogue)
    with transaction.atomic():
        session = _locked(session)
        require_state(session, Session.State.RUNNING)
        now = timezone.now()
        running = session.blocks.filter(started_at__isnull=False, ended_at=None).last()
        if after is not None and running and running.position != after:
            raise NotNow(_("The session has moved on in the meantime. Look at its agenda, then decide again."))
        following = session.blocks.filter(started_at=None, position__gt=running.position if running else 0).first()
        if following is None:
            raise NotNow(_("This is the last block. Close the session when everybody has said goodbye."))
        if running:
            AgendaBlock.objects.filter(pk=running.pk).update(ended_at=now)
        following.started_at = now
        following.save(update_fields=["started_at"])
        record(
            act="enable.next_block", by=by, scope=session.dialogue.scope, subject=session,
            sentence=Sentence(_("Session %(code)s went on to “%(block)s”"),
                              {"code": session.code, "block": kinds()[following.code].name.in_all()}),
            facts={"position": following.position},
        )  # fmt: skip
    return following


def record_attendance(*, by: Account | None, session: Session, participant: Participant) -> Attendance:
    """Note that somebody is in a running session; later calls change nothing. Everybody speaks for themselves,
    facilitators for all."""
    if by is not None:
        require_own(by, participant, OWN_ATTENDANCE_ONLY)
    if participant.dialogue_id != session.dialogue_id:
        raise Refused(_("This person does not take part in the dialogue of this session."))
    with transaction.atomic():
        require_open(session.dialogue, Step.ENABLE)
        require_state(_fresh(session), Session.State.RUNNING)
        found, is_new = Attendance.objects.get_or_create(
            session=session, participant=participant, defaults={"joined_at": timezone.now()}
        )
        if is_new:
            record(
                act="enable.record_attendance", by=by, scope=session.dialogue.scope, subject=session,
                sentence=Sentence(_("Somebody joined session %(code)s"), {"code": session.code}),
                facts={"participant": participant.pk},
            )  # fmt: skip
    return found


def note_attendance(*, by: Account, session: Session, present: Iterable[Participant]) -> list[Participant]:
    """A facilitator ticks who is in a running session: `present` is everybody who is there, all others are not."""
    require_facilitate(by, session.dialogue)
    here = list(present)
    if any(participant.dialogue_id != session.dialogue_id for participant in here):
        raise Refused(_("This person does not take part in the dialogue of this session."))
    with transaction.atomic():
        session = _locked(session)
        require_state(session, Session.State.RUNNING)
        session.attendance.exclude(participant__in=here).delete()
        _attend(session, here)
        record(
            act="enable.note_attendance", by=by, scope=session.dialogue.scope, subject=session,
            sentence=Sentence(_("%(count)s person was noted as present in session %(code)s"), {"code": session.code},
                              _("%(count)s people were noted as present in session %(code)s"), len(here)),
            facts={"present": sorted(participant.pk for participant in here)},
        )  # fmt: skip
    return here


def close_session(*, by: Account, session: Session) -> Session:
    """Close a running session as held. Whoever joined one of its rooms counts as present."""
    require_facilitate(by, session.dialogue)
    with transaction.atomic():
        session = _locked(session)
        require_state(session, Session.State.RUNNING)
        joined = Member.objects.filter(
            room__group__round__block__session=session, joined_at__isnull=False
        ).values("person")  # fmt: skip
        _attend(session, session.dialogue.participants.filter(person__in=joined))
        session.blocks.filter(started_at__isnull=False, ended_at=None).update(ended_at=Now())
        set_session_state(by=by, session=session, state=Session.State.HELD)
        _looked(session.dialogue)
    return _fresh(session)


def cancel_session(*, by: Account, session: Session, reason: str) -> Session:
    """Call a session off, with the reason that the report names; its rooms are cancelled with it."""
    require_facilitate(by, session.dialogue)
    if not reason.strip():
        raise Refused(_("Say why the session is cancelled: the report names the reason."))
    with transaction.atomic():
        session = _locked(session)
        require_state(session, Session.State.PLANNED, Session.State.RUNNING)
        for room in Room.objects.filter(group__round__block__session=session):
            if not room.is_over:
                cancel_room(by=by, room=room, reason=reason)
        session.blocks.filter(started_at__isnull=False, ended_at=None).update(ended_at=Now())
        set_session_state(by=by, session=session, state=Session.State.CANCELLED, reason=reason.strip())
        follow_sessions(dialogue=session.dialogue)
        _looked(session.dialogue)
    return _fresh(session)


def complete(*, by: Account, dialogue: Dialogue) -> StepRecord:
    """Close the step when its gate holds, and open Evaluate and follow up; refuse in words otherwise."""
    with transaction.atomic():
        require_open(dialogue, Step.ENABLE)
        return complete_step(by=by, dialogue=dialogue, step=Step.ENABLE, gate=gate(dialogue))


def _locked(session: Session) -> Session:
    require_open(session.dialogue, Step.ENABLE)
    return Session.objects.select_for_update(of=("self",)).select_related("dialogue").get(pk=session.pk)


def _fresh(session: Session) -> Session:
    return Session.objects.select_related("dialogue").get(pk=session.pk)


def _attend(session: Session, people: Iterable[Participant]) -> None:
    now = timezone.now()
    rows = [Attendance(session=session, participant=each, joined_at=now) for each in people]
    Attendance.objects.bulk_create(rows, ignore_conflicts=True)


def _looked(dialogue: Dialogue) -> None:
    record_gate(dialogue, Step.ENABLE, gate(dialogue))
