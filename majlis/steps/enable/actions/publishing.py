"""A proposal for one round published as its groups, or taken back by publishing the former ones."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.actions import record_gate
from majlis.dialogue.models import Participant, Session, Step
from majlis.dialogue.rules import require_open
from majlis.journal.actions import record
from majlis.room import actions as rooms
from majlis.room.models import Case, Member, Room
from majlis.steps.enable.actions.groups import room_name
from majlis.steps.enable.actions.written import fresh_case
from majlis.steps.enable.models import BroughtCase, Group, Planning, Round, Seat, SeatLock
from majlis.steps.enable.queries.replans import is_stale, is_standing, proposal
from majlis.steps.enable.rules import gate, require_facilitate, require_state, session_address
from majlis.web.refused import NotNow
from majlis.web.sentences import Sentence

STALE = _("Something changed while you looked: seats, wishes, answers, or who is there. Look at what would change now.")
NOT_TO_PUBLISH = _("These groups are not waiting to be published.")
CHANGED_SINCE = _(
    "The groups were changed again since then, so the former ones cannot simply come back. Plan them again."
)


def publish(*, by: Account, planning: Planning) -> Round:
    """Make a proposal the groups of its session. Refused if anything that it was found from has changed since."""
    session = _session_of(by, planning)
    with transaction.atomic():
        planning, session, round_ = _locked(planning, session)
        if planning.state != Planning.State.DONE or planning.published_at:
            raise NotNow(NOT_TO_PUBLISH)
        if is_stale(planning):
            raise NotNow(STALE)
        changes = proposal(planning)
        _write(by, session, round_, planning.outcome["after"])
        _store_quality(session, planning.outcome["plan_after"])
        planning.published_at = timezone.now()
        planning.save(update_fields=["published_at"])
        moved = [move.participant.pk for move in changes.moves if move.changes_place]
        record(
            act="enable.replan", by=by, scope=session.dialogue.scope, subject=session,
            sentence=Sentence(_("The groups of session %(code)s were planned again: %(count)s person changed places"),
                              {"code": session.code},
                              _("The groups of session %(code)s were planned again: %(count)s people changed places"), len(moved)),
            facts={"moved": moved, "ended": list(changes.ended)},
        )  # fmt: skip
        record_gate(session.dialogue, Step.ENABLE, gate(session.dialogue))
    return round_


def undo(*, by: Account, planning: Planning) -> Round:
    """Publish the groups as they were before this planning; refused once they were changed again."""
    session = _session_of(by, planning)
    with transaction.atomic():
        planning, session, round_ = _locked(planning, session)
        if not is_standing(planning, round_):
            raise NotNow(CHANGED_SINCE)
        _write(by, session, round_, planning.outcome["before"])
        _store_quality(session, planning.outcome["plan_before"])
        planning.undone_at = timezone.now()
        planning.save(update_fields=["undone_at"])
        record(
            act="enable.undo_replan", by=by, scope=session.dialogue.scope, subject=session,
            sentence=Sentence(_("The former groups of session %(code)s were published again"), {"code": session.code}),
        )  # fmt: skip
        record_gate(session.dialogue, Step.ENABLE, gate(session.dialogue))
    return round_


def _session_of(by: Account, planning: Planning) -> Session:
    require_facilitate(by, planning.dialogue)
    if planning.session is None:
        raise NotNow(NOT_TO_PUBLISH)
    return planning.session


def _locked(planning: Planning, session: Session) -> tuple[Planning, Session, Round]:
    """The same rows, locked and fresh, while the session may still be changed."""
    require_open(planning.dialogue, Step.ENABLE)
    session = Session.objects.select_for_update(of=("self",)).select_related("dialogue").get(pk=session.pk)
    require_state(session, Session.State.PLANNED, Session.State.RUNNING)
    planning = (
        Planning.objects.select_for_update(of=("self",)).select_related("dialogue", "session").get(pk=planning.pk)
    )
    rounds = Round.objects.filter(block__session=session).select_related("block")
    round_ = rounds.prefetch_related("groups__seats", "groups__room").first()
    if round_ is None:
        raise NotNow(_("The groups of session %(code)s are not planned yet."), code=session.code)
    return planning, session, round_


def _write(by: Account, session: Session, round_: Round, groups: list[dict[str, Any]]) -> None:
    """Make these the groups of the round: their rooms get their people, a group that ends is closed with its room, and
    one that comes back gets a room again."""
    standing = {group.number: group for group in round_.groups.all()}
    people = Participant.objects.select_related("person").in_bulk(
        [who for each in groups for who, _role, _reason in each["seats"]]
    )
    for each in groups:
        seats = [(people[who], Member.Role(role), reason) for who, role, reason in each["seats"] if who in people]
        group = standing.pop(each["group"], None)
        members = [(participant.person, role) for participant, role, _reason in seats]
        if group is None:
            room = _reopened(by, session, each, members)
            group = Group.objects.create(round=round_, number=each["group"], room=room)
        elif not group.room.is_over:
            rooms.set_members(by=by, room=group.room, members=members)
        group.seats.all().delete()
        Seat.objects.bulk_create(
            Seat(group=group, participant=p, role=role, reason=reason) for p, role, reason in seats
        )
    for group in standing.values():
        if not group.room.is_over:
            rooms.cancel_room(by=by, room=group.room, reason=gettext("nobody from the case giver’s city is there"))
        SeatLock.objects.filter(session=session, group=group.number).delete()
        group.delete()


def _reopened(by: Account, session: Session, each: dict[str, Any], members: list[Any]) -> Room:
    """A room for a group that comes back: its former one is over for good, and its case is noted anew."""
    former = Room.objects.select_related("case").get(pk=each["room"])
    return rooms.open_room(
        by=by, scope=former.scope, name=room_name(session.code, each["group"]), method=former.method,
        language=former.language, members=members, case=_case(by, former), back_url=session_address(session),
    )  # fmt: skip


def _case(by: Account, former: Room) -> Case | None:
    brought = BroughtCase.objects.filter(case=former.case).select_related("case", "dialogue").first()
    return fresh_case(by, brought) if former.case and brought else None


def _store_quality(session: Session, quality: dict[str, Any]) -> None:
    """The plan is one: what is said of it stands with each of its rounds."""
    Round.objects.filter(block__session__dialogue=session.dialogue_id).update(plan=quality)
