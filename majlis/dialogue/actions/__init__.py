"""Acts on a dialogue: as a whole, on its sessions, and on what its pages ask the worker for."""

from majlis.dialogue.actions.calendars import close_calendar as close_calendar
from majlis.dialogue.actions.calendars import open_calendar as open_calendar
from majlis.dialogue.actions.dialogues import add_participants as add_participants
from majlis.dialogue.actions.dialogues import add_partners as add_partners
from majlis.dialogue.actions.dialogues import complete_step as complete_step
from majlis.dialogue.actions.dialogues import create_dialogue as create_dialogue
from majlis.dialogue.actions.dialogues import record_gate as record_gate
from majlis.dialogue.actions.dialogues import reopen_step as reopen_step
from majlis.dialogue.actions.dialogues import substitute_participant as substitute_participant
from majlis.dialogue.actions.requests import work_off as work_off
from majlis.dialogue.actions.sessions import TakenTime as TakenTime
from majlis.dialogue.actions.sessions import block_days as block_days
from majlis.dialogue.actions.sessions import free_days as free_days
from majlis.dialogue.actions.sessions import plan_session as plan_session
from majlis.dialogue.actions.sessions import set_session_state as set_session_state
from majlis.dialogue.actions.sessions import take_times as take_times
