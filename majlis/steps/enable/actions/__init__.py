"""Every write of the step Enable: the run of show, cases, groups, and sessions as they are held."""

from majlis.steps.enable.actions.agenda import plan_blocks
from majlis.steps.enable.actions.asking import ask_plan, ask_replan, carry_out
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
from majlis.steps.enable.actions.publishing import publish, undo
from majlis.steps.enable.actions.wishes import drop_pair, lock_seat, release_seat, rule_pair

__all__ = [
    "ask_plan", "ask_replan", "bring_case", "cancel_session", "carry_out", "close_session", "complete", "drop_pair", "lock_seat",
    "next_block", "note_attendance", "plan_blocks", "plan_rounds", "publish", "record_attendance", "release_seat", "rule_pair",
    "start_session", "undo",
]  # fmt: skip
