"""One session's round planned again when people are missing or come late: found from what is published, nothing written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_noop as _

from majlis.algorithms import grouping
from majlis.dialogue.models import Session
from majlis.room.models import Member
from majlis.steps.enable.models import Group, Round
from majlis.steps.enable.queries.planning import GIVER, people_of, published, together_and_apart
from majlis.steps.enable.queries.preparing import require_possible
from majlis.steps.enable.queries.quality import quality
from majlis.steps.enable.queries.replans import seats_of
from majlis.steps.enable.queries.seating import Table, tables
from majlis.steps.enable.rules import CONSULT
from majlis.web.refused import NotNow, Refused


class Replanning:
    """The published plan with one round's new attendance. Making one refuses in words what cannot be; `solve` finds it."""

    def __init__(self, session: Session, missing: Collection[int], joined: Collection[int]) -> None:
        self.session, dialogue = session, session.dialogue
        self.rounds = list(
            Round.objects.filter(block__session__dialogue=dialogue)
            .select_related("block__session")
            .prefetch_related("groups__seats__participant", "groups__room")
            .order_by("number")
        )
        found = next((nth for nth, each in enumerate(self.rounds) if each.block.session_id == session.pk), None)
        if found is None:
            raise NotNow(_("The groups of session %(code)s are not planned yet."), code=session.code)
        self.nth, self.round = found, self.rounds[found]
        self.people = people_of(dialogue, joined)
        expected = {*self.people.expected(session.pk), *(who for who in joined if who in self.people.by_number)}
        self.present = tuple(who for who in self.people.by_number if who in expected and who not in missing)
        self.people.facilitators = [each for each in self.people.facilitators if each.pk not in missing]
        self.seats = published(self.rounds)
        groups = list(self.round.groups.all())
        givers = self._givers(groups)
        self.ended = tuple(group.number for group in groups if givers and group.pk not in givers)
        self.kept = [group for group in groups if group.number not in self.ended]
        if not self.kept or len(self.present) < 2 * len(self.kept):
            raise Refused(_("Too few people are there for these groups. Cancel the session, or close rooms first."))
        self._set_problem([givers[group.pk] for group in self.kept] if givers else [])

    def _givers(self, groups: Sequence[Group]) -> dict[int, int]:
        """{group: its case giver}: the one seated, else somebody of the same city who is there and gives no other case."""
        if self.round.block.code != CONSULT:
            return {}
        seated = {group.pk: seat.participant_id for group in groups for seat in group.seats.all() if seat.role == GIVER}
        found = {group: who for group, who in seated.items() if who in self.present}
        for group, who in seated.items():
            if group in found or who not in self.people.by_number:
                continue
            city = self.people.by_number[who].person.city_id
            mate = next(
                (n for n in self.present
                 if self.people.by_number[n].person.city_id == city and n not in found.values()), None
            )  # fmt: skip
            if mate is not None:
                found[group] = mate
        return found

    def _set_problem(self, givers: Sequence[int]) -> None:
        as_held = [
            grouping.Round(tuple(who for group in round_ for who in group), len(round_)) for round_ in self.seats
        ]  # fmt: skip
        as_held[self.nth] = grouping.Round(self.present, len(self.kept), {GIVER: tuple(givers)} if givers else {})
        places = {group.number: place for place, group in enumerate(self.kept)}
        locked = {
            who: places[group]
            for (session, who), group in self.people.locks.items()
            if session == self.session.pk and who in self.present and group in places
        }
        # A case giver, or who stands in for them, sits where the case's room is.
        locked |= {who: place for place, who in enumerate(givers)}
        locks = tuple(grouping.Lock(who, self.nth, place) for who, place in locked.items())
        known = {person.id for person in self.people.persons}
        former = [who for round_ in as_held for who in round_.attendees if who not in known]
        extra = tuple(grouping.Person(who) for who in dict.fromkeys(former))
        self.problem = grouping.Problem(
            self.people.persons + extra, tuple(as_held), locks, *together_and_apart(self.people)
        )
        require_possible(self.problem, self.people, [round_.block for round_ in self.rounds])

    def solve(self, seed: int) -> dict[str, Any]:
        """The round before and after, as Planning.outcome keeps it: `queries.replans` reads it."""
        before = grouping.measure(self._as_published(), self.seats, seed=seed)
        ended = tuple(nth for nth, group in enumerate(self.round.groups.all()) if group.number in self.ended)
        changes = grouping.Changes(
            rounds={self.nth: self.problem.rounds[self.nth]},
            closed={self.nth: ended},
            locks=self.problem.locks,
            frozen=frozenset(range(len(self.rounds))) - {self.nth},
        )
        after = grouping.replan(before, changes, seed=seed)
        return {
            "before": seats_of(self.round),
            "after": [
                {"group": group.number, "room": group.room_id, "seats": _seats(table)}
                for group, table in zip(self.kept, self._tables(after), strict=True)
            ],
            "plan_before": self.round.plan,
            "plan_after": quality(self.people, after),
            "repeats_before": before.repeats,
        }

    def _tables(self, after: grouping.Plan) -> list[Table]:
        former = {
            (seat.participant_id, place): Member.Role(seat.role)
            for place, group in enumerate(self.kept)
            for seat in group.seats.all()
        }
        return tables(self.people, self.problem, after, self.nth, self.session, {}, former)

    def _as_published(self) -> grouping.Problem:
        rounds = tuple(
            grouping.Round(tuple(who for group in round_ for who in group), len(round_)) for round_ in self.seats
        )  # fmt: skip
        return replace(self.problem, rounds=rounds, locks=())


def _seats(table: Table) -> list[list[Any]]:
    return [[participant.pk, str(role), reason.as_json()] for participant, role, reason in table.seats]
