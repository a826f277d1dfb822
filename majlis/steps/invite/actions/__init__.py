"""Acts of the step Invite."""

from majlis.steps.invite.actions.agreement import answer_roles, ask_agreement, give_role, remind_agreement
from majlis.steps.invite.actions.answers import answer, answer_invitation, keep_draft
from majlis.steps.invite.actions.delegation import Named, hand_over, invite_delegations, name_delegate, substitute
from majlis.steps.invite.actions.details import delete_restricted, tell_details
from majlis.steps.invite.actions.invitations import (
    draft_invitations,
    draft_updates,
    follow_all_sessions,
    follow_sessions,
    send_invitations,
)
from majlis.steps.invite.actions.note import complete, write_concept_note
from majlis.steps.invite.actions.places import decide, fill_places, give_place
from majlis.steps.invite.actions.registration import (
    Terms,
    remind_invited,
    send_due_reminders,
    set_registration,
    tell_places,
)

__all__ = [
    "Named",
    "Terms",
    "answer",
    "answer_invitation",
    "answer_roles",
    "ask_agreement",
    "complete",
    "decide",
    "delete_restricted",
    "draft_invitations",
    "draft_updates",
    "fill_places",
    "follow_all_sessions",
    "follow_sessions",
    "give_place",
    "give_role",
    "hand_over",
    "invite_delegations",
    "keep_draft",
    "name_delegate",
    "remind_agreement",
    "remind_invited",
    "send_due_reminders",
    "send_invitations",
    "set_registration",
    "substitute",
    "tell_details",
    "tell_places",
    "write_concept_note",
]  # fmt: skip
