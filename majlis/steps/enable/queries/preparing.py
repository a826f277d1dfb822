"""All rounds of a dialogue made ready to be planned, or refused in words before anything is planned."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext_noop as _

from majlis.algorithms import grouping
from majlis.dialogue.models import Dialogue, Session
from majlis.steps.enable.models import AgendaBlock, Attendance, BroughtCase, Seat
from majlis.steps.enable.queries.obstacles import advice, reasons_of
from majlis.steps.enable.queries.planning import (
    People,
    blocks_in_rounds,
    cases_by_session,
    givers_of,
    people_of,
    problem_of,
)
from majlis.steps.enable.rules import CannotBePlanned, group_count
from majlis.web.refused import NotNow, Refused
from majlis.web.sentences import Sentence


@dataclass(frozen=True)
class Prepared:
    """A dialogue as a problem. cases: {session: brought}; left: cases that no round has room for."""

    people: People
    blocks: list[AgendaBlock]
    cases: Mapping[int, list[BroughtCase]]
    left: list[BroughtCase]
    groups: int
    problem: grouping.Problem

    @property
    def advice(self) -> list[Sentence]:
        """What a plan will have to put up with, and what would mend it."""
        counts = [round_.groups for round_ in self.problem.rounds]
        return advice(self.people, self.blocks, counts)


def prepare(dialogue: Dialogue, groups: int | None = None) -> Prepared:
    """Everybody, every case and every wish as one problem. groups: per round, by default as few as let nobody need to
    meet anybody twice. Raises NotNow, Refused, or CannotBePlanned with every contradiction at once."""
    sessions = _sessions_to_plan(dialogue)
    people = people_of(dialogue)
    if len(people.by_number) < 2:
        raise Refused(_("There is nobody to seat yet: name the participants first."))
    blocks = blocks_in_rounds(sessions)
    count = groups or group_count(len(people.by_number))
    if not 1 <= count <= len(people.by_number) // 2:
        raise Refused(
            _("%(people)s people can sit in 1 to %(most)s groups, not in %(groups)s."),
            people=len(people.by_number), most=len(people.by_number) // 2, groups=count,
        )  # fmt: skip
    cases, left = cases_by_session(dialogue, people, blocks, count)
    problem = problem_of(people, blocks, givers_of(people, cases, count), count)
    require_possible(problem, people, blocks)
    return Prepared(people, blocks, cases, left, count, problem)


def require_possible(problem: grouping.Problem, people: People, blocks: list[AgendaBlock]) -> None:
    """Raise CannotBePlanned in words if a problem contradicts itself."""
    try:
        grouping.check(problem)
    except grouping.BadProblem as bad:
        raise CannotBePlanned(reasons_of(bad, people, blocks)) from bad


def _sessions_to_plan(dialogue: Dialogue) -> list[Session]:
    """All sessions with a run of show; NotNow once one has begun, or while one has none."""
    found = []
    for session in dialogue.sessions.prefetch_related("blocks"):
        if session.state == Session.State.CANCELLED:
            continue
        if session.state != Session.State.PLANNED:
            raise NotNow(
                _("Session %(code)s has begun. From now on groups are planned again session by session."),
                code=session.code,
            )
        if not session.blocks.all():
            raise NotNow(_("Session %(code)s has no run of show yet. Write its blocks first."), code=session.code)
        found.append(session)
    if not found:
        raise NotNow(_("No session is planned yet"))
    return found


def basis(dialogue: Dialogue, session: Session | None = None, missing: Collection[int] = ()) -> str:
    """What groups are found from, as one short fingerprint: if it is another one later, they are stale.

    Seats, wishes, who is expected; for one session also whether somebody who was missing has come after all.
    """
    people = people_of(dialogue)
    seats = Seat.objects.filter(group__round__block__session__dialogue=dialogue)
    came = Attendance.objects.filter(session=session, participant__in=missing) if session else Attendance.objects.none()
    facts = [
        sorted(seats.values_list("group__round__block__session", "group__number", "participant", "role")),
        sorted([*key, group] for key, group in people.locks.items()),
        sorted([kind, *sorted(pair)] for kind, pairs in people.pairs.items() for pair in pairs),
        sorted([number, *sorted(people.away.get(number, ()))] for number in people.away),
        sorted(people.by_number),
        sorted(came.values_list("participant", flat=True)),
    ]
    return sha256(json.dumps(facts).encode()).hexdigest()
