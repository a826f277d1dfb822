"""What a proposal for one round would change, and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from majlis.dialogue.models import Participant, Session
from majlis.room.models import Member
from majlis.steps.enable.models import Planning, Round
from majlis.steps.enable.queries.preparing import basis
from majlis.web.sentences import Sentence


@dataclass(frozen=True)
class Move:
    """What changes for one participant: their group and role before and after; None where they have none."""

    participant: Participant
    group_before: int | None
    group_after: int | None
    role_before: Member.Role | None
    role_after: Member.Role | None
    reason: Sentence | None = None

    @property
    def changes_place(self) -> bool:
        return self.group_before != self.group_after


@dataclass(frozen=True)
class Proposal:
    """A round planned again: who loses, gets and changes a seat, whose task alone changes, and how many keep theirs."""

    moves: tuple[Move, ...]
    left: int
    joined: int
    moved: int
    kept: int
    ended: tuple[int, ...]
    repeats_before: int
    repeats_after: int


def seats_of(round_: Round) -> list[dict[str, Any]]:
    """The groups of a round as Planning.outcome keeps them."""
    return [
        {
            "group": group.number,
            "room": group.room_id,
            "seats": [[seat.participant_id, seat.role, seat.reason] for seat in group.seats.all()],
        }
        for group in round_.groups.all()
    ]


def proposal(planning: Planning) -> Proposal:
    """What publishing this planning would change, in one query."""
    old, new = _by_person(planning.outcome["before"]), _by_person(planning.outcome["after"])
    people = Participant.objects.select_related("person__city").in_bulk([*old, *new])
    moves = []
    for number in sorted({*old, *new} & set(people)):
        before, after = old.get(number), new.get(number)
        if before and after and before[:2] == after[:2]:
            continue
        moves.append(
            Move(
                people[number],
                before[0] if before else None,
                after[0] if after else None,
                Member.Role(before[1]) if before else None,
                Member.Role(after[1]) if after else None,
                Sentence.from_json(after[2]) if after and after[2] else None,
            )
        )
    moved = [move for move in moves if move.group_before and move.group_after and move.changes_place]
    numbers = {each["group"] for each in planning.outcome["after"]}
    return Proposal(
        moves=tuple(sorted(moves, key=_order)),
        left=sum(move.group_after is None for move in moves),
        joined=sum(move.group_before is None for move in moves),
        moved=len(moved),
        kept=sum(number in new and old[number][0] == new[number][0] for number in old),
        ended=tuple(each["group"] for each in planning.outcome["before"] if each["group"] not in numbers),
        repeats_before=planning.outcome["repeats_before"],
        repeats_after=planning.outcome["plan_after"]["repeats"],
    )


def _by_person(groups: Iterable[dict[str, Any]]) -> dict[int, tuple[int, str, Any]]:
    return {who: (each["group"], role, reason) for each in groups for who, role, reason in each["seats"]}


def _order(move: Move) -> tuple[int, int]:
    """Those who must go somewhere else come first, then who joins, whose task changes, and who is missing."""
    if move.group_after is None:
        return 3, move.participant.pk
    if move.group_before is None:
        return 1, move.participant.pk
    return (0 if move.changes_place else 2), move.participant.pk


def is_stale(planning: Planning) -> bool:
    """Whether something that the proposal was found from has changed since."""
    assert planning.session is not None
    return planning.basis != basis(planning.dialogue, planning.session, planning.task["missing"])


def is_standing(planning: Planning, round_: Round) -> bool:
    """Whether the round's groups are still those that were published."""
    if planning.published_at is None or planning.undone_at is not None:
        return False
    return _places(seats_of(round_)) == _places(planning.outcome["after"])


def _places(groups: Iterable[dict[str, Any]]) -> set[tuple[int, int, str]]:
    return {(each["group"], who, role) for each in groups for who, role, _reason in each["seats"]}


def last_published(session: Session) -> Planning | None:
    """The latest proposal that became the groups of a session, for its page."""
    return session.plannings.exclude(published_at=None).select_related("asked_by").last()
