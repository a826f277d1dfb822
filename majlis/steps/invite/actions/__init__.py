"""Acts of the step Invite."""

from majlis.steps.invite.actions.agreement import answer_roles, ask_agreement, give_role, remind_agreement
from majlis.steps.invite.actions.answers import answer_invitation
from majlis.steps.invite.actions.invitations import draft_invitations, draft_updates, remind_invited, send_invitations
from majlis.steps.invite.actions.note import complete, write_concept_note

__all__ = [
    "answer_invitation", "answer_roles", "ask_agreement", "complete", "draft_invitations", "draft_updates", "give_role",
    "remind_agreement", "remind_invited", "send_invitations", "write_concept_note",
]  # fmt: skip
