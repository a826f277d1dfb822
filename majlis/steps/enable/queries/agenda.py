"""The run of show with a clock that recomputes itself from what really happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from majlis.dialogue.models import Session
from majlis.steps.enable.models import AgendaBlock
from majlis.steps.enable.rules import round_block
from majlis.steps.enable.terms import Kind, Lead, kinds, leads

SAME_SESSION = timedelta(hours=12)


@dataclass(frozen=True)
class Row:
    """One block: when it begins and ends (really, or as it looks now), and whether people sit in groups in it."""

    block: AgendaBlock
    kind: Kind
    lead: Lead | None
    planned_at: datetime
    starts_at: datetime
    ends_at: datetime
    is_running: bool
    is_over: bool
    has_groups: bool

    @property
    def minutes(self) -> int:
        """Whole minutes from start to end as they look now."""
        return max(0, round((self.ends_at - self.starts_at).total_seconds() / 60))

    @property
    def shift(self) -> int:
        """Minutes later (or, below zero, earlier) than planned."""
        return round((self.starts_at - self.planned_at).total_seconds() / 60)


def agenda(session: Session, now: datetime | None = None) -> list[Row]:
    """The blocks of a session in order. A running block lasts at least until now; what follows moves with it."""
    blocks = list(session.blocks.all())
    grouped = round_block(blocks)
    now = now or timezone.now()
    began = blocks[0].started_at if blocks else None
    # Begun on another day than planned (a rehearsal, a postponed session): while it runs, the plan counts from its
    # real beginning; afterwards the plan alone says more than a clock of another day.
    is_other_day = began is not None and abs(began - session.starts_at) > SAME_SESSION
    is_real = not is_other_day or session.state == Session.State.RUNNING
    clock = planned = began if began and is_other_day and is_real else session.starts_at
    rows = []
    for block in blocks:
        length = timedelta(minutes=block.minutes)
        starts = (block.started_at if is_real else None) or clock
        is_running = block.started_at is not None and block.ended_at is None and session.state == Session.State.RUNNING
        ends = (block.ended_at if is_real else None) or (max(starts + length, now) if is_running else starts + length)
        kind = kinds()[block.code]
        rows.append(
            Row(
                block,
                kind,
                leads().get(block.code),
                planned,
                starts,
                ends,
                is_running,
                block.ended_at is not None,
                block is grouped,
            )
        )
        planned += length
        clock = ends
    return rows


def running(rows: Sequence[Row]) -> Row | None:
    """The block that runs now."""
    return next((row for row in rows if row.is_running), None)


def following(rows: Sequence[Row]) -> Row | None:
    """The block that comes next in a session that runs."""
    now = running(rows)
    return next(
        (row for row in rows if row.block.started_at is None and (not now or row.block.position > now.block.position)),
        None,
    )


def drift(rows: Sequence[Row]) -> int:
    """How many minutes later than planned the session will end; below zero: earlier."""
    if not rows:
        return 0
    last = rows[-1]
    planned = last.planned_at + timedelta(minutes=last.block.minutes)
    return round((last.ends_at - planned).total_seconds() / 60)
