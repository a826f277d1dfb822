"""Reads of the step Invite."""

from majlis.steps.invite.queries.delegations import Delegation, Seat, delegation, seats_of
from majlis.steps.invite.queries.invited import (
    Counts,
    Unanswered,
    counts,
    draft_of,
    invitations,
    is_announced,
    languages_of,
    open_invitations,
    unanswered,
)
from majlis.steps.invite.queries.notes import (
    Coverage,
    Line,
    PartnerAnswer,
    coverage,
    newest_version,
    note_of,
    note_sheet,
    partner_answers,
    planned_sessions,
)
from majlis.steps.invite.queries.people import Coming, Told, coming, told
from majlis.steps.invite.queries.places import (
    SMALLEST_GROUP,
    Balance,
    Place,
    PlannedReminder,
    SessionPlaces,
    balance,
    for_approval,
    in_order,
    line,
    places_of,
    planned_reminders,
    registration_of,
    session_places,
    with_news,
)
from majlis.steps.invite.queries.standing import asked_partners, next_action, waiting

__all__ = ["SMALLEST_GROUP", "Balance", "Coming", "Counts", "Coverage", "Delegation", "Line", "PartnerAnswer", "Place", "PlannedReminder", "Seat", "SessionPlaces", "Told", "Unanswered", "asked_partners", "balance", "coming", "counts", "coverage", "delegation", "draft_of", "for_approval", "in_order", "invitations", "is_announced", "languages_of", "line", "newest_version", "next_action", "note_of", "note_sheet", "open_invitations", "partner_answers", "places_of", "planned_reminders", "planned_sessions", "registration_of", "seats_of", "session_places", "told", "unanswered", "waiting", "with_news"]  # fmt: skip
