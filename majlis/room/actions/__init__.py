"""Every write in rooms. Each act locks its room, changes it, appends to its log and writes the journal in one transaction."""

from majlis.room.actions.cards import add_card, declare_no_step, judge_card
from majlis.room.actions.cases import open_case, release_case
from majlis.room.actions.log import follow, wake
from majlis.room.actions.phases import advance, cancel_room, close_room, end_phases, extend
from majlis.room.actions.rooms import join, open_room, set_members, withdraw_member

__all__ = [
    "add_card", "advance", "cancel_room", "close_room", "declare_no_step", "end_phases", "extend", "follow", "join",
    "judge_card", "open_case", "open_room", "release_case", "set_members", "wake", "withdraw_member",
]  # fmt: skip
