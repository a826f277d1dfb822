"""Every write on change projects: the project itself, what it needs and has, the support it asks for and is offered."""

from majlis.projects.actions.projects import edit_project, move_stage, next_code, scope_of, start_project
from majlis.projects.actions.resources import drop_action, drop_resource, plan_action, state_resource
from majlis.projects.actions.support import (
    accept_offer,
    ask_support,
    confirm_delivery,
    decline_offer,
    offer_support,
    withdraw_request,
)

__all__ = [
    "accept_offer", "ask_support", "confirm_delivery", "decline_offer", "drop_action", "drop_resource", "edit_project",
    "move_stage", "next_code", "offer_support", "plan_action", "scope_of", "start_project", "state_resource", "withdraw_request",
]  # fmt: skip
