"""Every write of the step Enable: the run of show, cases, groups, and sessions as they are held."""

from majlis.steps.enable.actions.agenda import plan_blocks
from majlis.steps.enable.actions.cases import bring_case
from majlis.steps.enable.actions.groups import plan_rounds
from majlis.steps.enable.actions.holding import (
    cancel_session,
    close_session,
    complete,
    next_block,
    note_attendance,
    record_attendance,
    start_session,
)
from majlis.steps.enable.actions.replanning import Move, Replan, replan

__all__ = [
    "Move", "Replan", "bring_case", "cancel_session", "close_session", "complete", "next_block", "note_attendance", "plan_blocks",
    "plan_rounds", "record_attendance", "replan", "start_session",
]  # fmt: skip
