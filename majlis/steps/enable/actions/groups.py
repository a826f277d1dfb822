"""Who sits with whom: all rounds of all sessions planned together."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.algorithms import grouping
from majlis.dialogue.actions import record_gate
from majlis.dialogue.models import Dialogue, Step
from majlis.dialogue.rules import require_open
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.language.words import in_all_languages
from majlis.network.models import Person
from majlis.room import actions as rooms
from majlis.room.models import Case, Member, Room
from majlis.steps.enable.actions.written import consult_in_writing, fresh_case, withdraw_written
from majlis.steps.enable.models import AgendaBlock, Group, Round, Seat
from majlis.steps.enable.queries.preparing import Prepared, prepare
from majlis.steps.enable.queries.quality import quality
from majlis.steps.enable.queries.seating import Table, tables
from majlis.steps.enable.rules import CONSULT, LIVE_METHOD, gate, require_facilitate, session_address
from majlis.web.sentences import Sentence


def plan_rounds(*, by: Account, dialogue: Dialogue, seed: int, groups: int | None = None) -> list[Round]:
    """Plan the groups of all rounds of all sessions together and open a room for each group; cases that no round has
    room for are opened in writing. groups: per round, by default as few as let nobody need to meet twice.

    Planned again before the first session begins, it reuses the rooms. The same seed gives the same groups.
    """
    require_facilitate(by, dialogue)
    with transaction.atomic():
        require_open(dialogue, Step.ENABLE)
        prepared = prepare(dialogue, groups)
        people, count = prepared.people, prepared.groups
        plan = grouping.plan(prepared.problem, seed=seed)
        withdraw_written(by=by, dialogue=dialogue, keep=[brought.case_id for brought in prepared.left])
        rounds = _write(by, dialogue, prepared, plan)
        consult_in_writing(by=by, dialogue=dialogue, people=people, plan=plan, cases=prepared.left)
        record(
            act="enable.plan_rounds", by=by, scope=dialogue.scope, facts=quality(people, plan),
            sentence=Sentence(
                _("%(rounds)s rounds of %(groups)s groups were planned: %(pairs)s of %(possible)s pairs meet, %(repeats)s of them again"),
                {"rounds": len(rounds), "groups": count, "pairs": plan.distinct_pairs,
                 "possible": plan.bounds.possible_pairs, "repeats": plan.repeats}),
        )  # fmt: skip
        record_gate(dialogue, Step.ENABLE, gate(dialogue))
    return rounds


def _write(by: Account, dialogue: Dialogue, prepared: Prepared, plan: grouping.Plan) -> list[Round]:
    """Rooms of an earlier plan are taken up again: a case keeps its room, other rooms are taken in their order."""
    spare = _Rooms(by, dialogue)
    Round.objects.filter(block__session__dialogue=dialogue).delete()
    rounds, stored = [], quality(prepared.people, plan)
    for number, block in enumerate(prepared.blocks):
        round_ = Round.objects.create(block=block, number=number + 1, plan=stored)
        brought = {each.participant_id: each for each in prepared.cases.get(block.session_id, ())}
        for table in tables(prepared.people, prepared.problem, plan, number, block.session, brought):
            room = spare.room_for(table, block)
            seat(Group.objects.create(round=round_, number=table.number, room=room), table)
        rounds.append(round_)
    spare.cancel_rest()
    return rounds


def seat(group: Group, table: Table) -> None:
    Seat.objects.bulk_create(
        Seat(group=group, participant=participant, role=role, reason=reason.as_json())
        for participant, role, reason in table.seats
    )


class _Rooms:
    """The rooms of an earlier plan, to be taken up before new ones are opened."""

    def __init__(self, by: Account, dialogue: Dialogue) -> None:
        self.by, self.dialogue = by, dialogue
        old = list(
            Group.objects.filter(round__block__session__dialogue=dialogue)
            .select_related("room", "round__block")
            .order_by("round__number", "number")
        )
        self.with_case = {group.room.case_id: group.room for group in old if group.room.case_id}
        self.plain: dict[tuple[int, bool], list[Room]] = {}
        for group in old:
            if not group.room.case_id and not group.room.is_over:
                key = (group.round.block.session_id, bool(group.room.method))
                self.plain.setdefault(key, []).append(group.room)

    def room_for(self, table: Table, block: AgendaBlock) -> Room:
        method = LIVE_METHOD if block.code == CONSULT else ""
        case = fresh_case(self.by, table.brought) if table.brought else None
        if case and case.pk in self.with_case:
            room = self.with_case.pop(case.pk)
            rooms.set_members(by=self.by, room=room, members=members_of(table))
            return room
        waiting = self.plain.get((block.session_id, bool(method)), [])
        if case is None and waiting:
            room = waiting.pop(0)
            rooms.set_members(by=self.by, room=room, members=members_of(table))
            return room
        return open_room(self.by, self.dialogue, table, method, case)

    def cancel_rest(self) -> None:
        rest = [*self.with_case.values(), *(room for waiting in self.plain.values() for room in waiting)]
        for room in rest:
            if not room.is_over:
                rooms.cancel_room(by=self.by, room=room, reason=gettext("planned anew"))


def open_room(by: Account, dialogue: Dialogue, table: Table, method: str, case: Case | None) -> Room:
    """The room of a group that has none yet."""
    return rooms.open_room(
        by=by,
        scope=dialogue.scope,
        name=room_name(table.session.code, table.number),
        method=method,
        language=table.language,
        members=members_of(table),
        case=case,
        back_url=session_address(table.session),
    )


def room_name(code: str, number: int) -> Text:
    # Filled in afterwards: a lazy text that is filled speaks one language for good.
    patterns = in_all_languages(gettext_lazy("Session %(code)s, group %(number)s"))
    return Text.of({language: words % {"code": code, "number": number} for language, words in patterns.items()})


def members_of(table: Table) -> list[tuple[Person, Member.Role]]:
    return [(participant.person, role) for participant, role, _reason in table.seats]
