"""One round planned again when people are missing: shown first, then published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.algorithms import grouping
from majlis.dialogue.actions import record_gate
from majlis.dialogue.models import Participant, Session, Step
from majlis.dialogue.rules import require_open
from majlis.journal.actions import record
from majlis.room import actions as rooms
from majlis.room.models import Member
from majlis.steps.enable.actions.groups import members_of, seat
from majlis.steps.enable.models import Group, Round, Seat
from majlis.steps.enable.queries.planning import GIVER, people_of, published, quality, tables
from majlis.steps.enable.rules import CONSULT, gate, require_facilitate, require_state
from majlis.web.refused import NotNow, Refused
from majlis.web.sentences import Sentence


@dataclass(frozen=True)
class Move:
    """What changes for one participant: their group and role before and after; None where they have none."""

    participant: Participant
    group_before: int | None
    group_after: int | None
    role_before: Member.Role | None
    role_after: Member.Role | None

    @property
    def changes_place(self) -> bool:
        return self.group_before != self.group_after


@dataclass(frozen=True)
class Replan:
    """A round planned again: who moves, which groups end for want of a case giver, and meetings that repeat."""

    session: Session
    moves: tuple[Move, ...]
    ended: tuple[int, ...]
    repeats_before: int
    repeats_after: int
    is_published: bool


def replan(
    *,
    by: Account,
    session: Session,
    missing: Iterable[Participant],
    publish: bool = False,
    seed: int = 1,
) -> Replan:
    """Plan the groups of one session again without those who are missing; without `publish` nothing is written.

    As few others as possible change places; rounds of other sessions stay as they are. A missing case giver is
    stood in for by somebody of the same city; where nobody is there, the group's people join the others.
    """
    require_facilitate(by, session.dialogue)
    with transaction.atomic():
        require_open(session.dialogue, Step.ENABLE)
        session = Session.objects.select_for_update(of=("self",)).select_related("dialogue").get(pk=session.pk)
        require_state(session, Session.State.PLANNED, Session.State.RUNNING)
        task = _Replanning(session, {each.pk for each in missing}, seed)
        if publish:
            task.publish(by)
    return Replan(session, task.changes, task.ended, task.before.repeats, task.after.repeats, publish)


class _Replanning:
    """The published plan, the same plan with one round's new attendance, and the step from one to the other."""

    def __init__(self, session: Session, missing: set[int], seed: int) -> None:
        self.session, dialogue = session, session.dialogue
        rounds = list(
            Round.objects.filter(block__session__dialogue=dialogue)
            .select_related("block__session")
            .prefetch_related("groups__seats__participant", "groups__room")
            .order_by("number")
        )
        found = next((nth for nth, each in enumerate(rounds) if each.block.session_id == session.pk), None)
        if found is None:
            raise NotNow(_("The groups of session %(code)s are not planned yet."), code=session.code)
        self.nth, self.round = found, rounds[found]
        self.people = people_of(dialogue)
        present = tuple(number for number in self.people.expected(session.pk) if number not in missing)
        groups = list(self.round.groups.all())
        self.people.facilitators = [each for each in self.people.facilitators if each.pk not in missing]
        seats = published(rounds)
        givers = self._givers(groups, set(present))
        self.ended = tuple(group.number for group in groups if givers and group.pk not in givers)
        self.kept = [group for group in groups if group.number not in self.ended]
        if len(present) < 2 or not self.kept or len(present) < 2 * len(self.kept):
            raise Refused(_("Too few people are there for these groups. Cancel the session, or close rooms first."))
        self._problem(rounds, seats, present, tuple(givers[group.pk] for group in self.kept) if givers else ())
        self.before = grouping.measure(self._as_published(rounds, seats), seats, seed=seed)
        warm = [list(round_) for round_ in seats]
        warm[self.nth] = [
            [who for who in members if who in set(present)]
            for group, members in zip(groups, seats[self.nth], strict=True)
            if group.number not in self.ended
        ]
        frozen = [nth for nth in range(len(rounds)) if nth != self.nth]
        self.after = grouping.replan(self.problem, warm, seed=seed, frozen=frozen)
        former = {
            (seat.participant_id, place): Member.Role(seat.role)
            for place, group in enumerate(self.kept)
            for seat in group.seats.all()
        }
        self.tables = tables(self.people, self.problem, self.after, self.nth, session, {}, former)
        for table, group in zip(self.tables, self.kept, strict=True):
            table.number = group.number
        self.changes = self._moves()

    def _givers(self, groups: Sequence[Group], present: set[int]) -> dict[int, int]:
        """{group: its case giver}: the one seated, else somebody of the same city who is there and gives no other case."""
        if self.round.block.code != CONSULT:
            return {}
        seated = {group.pk: seat.participant_id for group in groups for seat in group.seats.all() if seat.role == GIVER}
        found = {group: who for group, who in seated.items() if who in present}
        for group, who in seated.items():
            if group in found or who not in self.people.by_number:
                continue
            city = self.people.by_number[who].person.city_id
            mate = next(
                (n for n in present
                 if self.people.by_number[n].person.city_id == city and n not in found.values()), None
            )  # fmt: skip
            if mate is not None:
                found[group] = mate
        return found

    def _problem(
        self, rounds: Sequence[Round], seats: list[list[list[int]]], present: tuple[int, ...], givers: tuple[int, ...]
    ) -> None:
        as_held = [
            grouping.Round(tuple(who for group in round_ for who in group), len(round_)) for round_ in seats
        ]  # fmt: skip
        as_held[self.nth] = grouping.Round(present, len(self.kept), {GIVER: givers} if givers else {})
        # A case giver, or who stands in for them, sits where the case's room is.
        locks = tuple(grouping.Lock(who, self.nth, place) for place, who in enumerate(givers))
        known = {person.id for person in self.people.persons}
        former = [who for round_ in as_held for who in round_.attendees if who not in known]
        extra = tuple(grouping.Person(who) for who in dict.fromkeys(former))
        self.problem = grouping.Problem(self.people.persons + extra, tuple(as_held), locks)

    def _as_published(self, rounds: Sequence[Round], seats: list[list[list[int]]]) -> grouping.Problem:
        was = tuple(grouping.Round(tuple(who for group in round_ for who in group), len(round_)) for round_ in seats)
        return replace(self.problem, rounds=was, locks=())

    def _moves(self) -> tuple[Move, ...]:
        old = {
            seat.participant_id: (group.number, Member.Role(seat.role), seat.participant)
            for group in self.round.groups.all()
            for seat in group.seats.all()
        }
        new = {
            participant.pk: (table.number, role, participant)
            for table in self.tables
            for participant, role, _reason in table.seats
        }
        found = []
        for number in sorted({*old, *new}):
            before, after = old.get(number), new.get(number)
            if before and after and before[:2] == after[:2]:
                continue
            participant = (after or before or (0, None, None))[2]
            assert participant is not None
            found.append(
                Move(
                    participant,
                    before[0] if before else None,
                    after[0] if after else None,
                    before[1] if before else None,
                    after[1] if after else None,
                )
            )
        return tuple(found)

    def publish(self, by: Account) -> None:
        for table, group in zip(self.tables, self.kept, strict=True):
            Seat.objects.filter(group=group).delete()
            seat(group, table)
            if not group.room.is_over:
                rooms.set_members(by=by, room=group.room, members=members_of(table))
        for group in self.round.groups.all():
            if group.number in self.ended and not group.room.is_over:
                rooms.cancel_room(by=by, room=group.room, reason=gettext("nobody from the case giver’s city is there"))
        Group.objects.filter(round=self.round, number__in=self.ended).delete()
        self.round.plan = quality(self.people, self.after)
        self.round.save(update_fields=["plan"])
        dialogue = self.session.dialogue
        places = sum(move.changes_place for move in self.changes)
        record(
            act="enable.replan", by=by, scope=dialogue.scope, subject=self.session,
            sentence=Sentence(_("The groups of session %(code)s were planned again: %(count)s person changed places"),
                              {"code": self.session.code},
                              _("The groups of session %(code)s were planned again: %(count)s people changed places"), places),
            facts={"moved": [move.participant.pk for move in self.changes if move.changes_place], "ended": list(self.ended)},
        )  # fmt: skip
        record_gate(dialogue, Step.ENABLE, gate(dialogue))
