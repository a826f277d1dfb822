"""What people told when they registered, for those who may know it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from majlis.dialogue.models import Dialogue
from majlis.steps.invite.models import Invitation
from majlis.steps.invite.queries.invited import invitations
from majlis.steps.invite.rsvp import ORGANISERS, asked

# For statistics only: nobody reads it of a single person.
NEVER_OF_ONE = {"gender"}


@dataclass(frozen=True)
class Told:
    """One answer in words, with who else may see it."""

    key: str
    label: str
    words: str
    seen_by: str


@dataclass(frozen=True)
class Coming:
    """Somebody who comes, with what the reader may know of them."""

    row: Invitation
    told: dict[str, str]


def told(row: Invitation, levels: Collection[str]) -> list[Told]:
    """What one person told, in the active language, as far as these levels of privacy allow."""
    return [
        Told(key, field.label, field.shown(row.details[key]), field.seen_by)
        for key, field in asked().items()
        if key in row.details and field.privacy in levels and key not in NEVER_OF_ONE
    ]


def coming(dialogue: Dialogue, levels: Collection[str]) -> list[Coming]:
    """Everybody who comes or may come; for readers who are no organisers only those who agreed to stand in the list."""
    rows = invitations(dialogue).filter(answer__in=["yes", "tentative"]).exclude(approval="refused")
    is_organiser = ORGANISERS in levels
    return [
        Coming(row, {each.key: each.words for each in told(row, levels)})
        for row in rows
        if is_organiser or row.details.get("consent_contact_list") is True
    ]
