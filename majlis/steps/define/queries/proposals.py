"""Requests for a proposal of sub-topics."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from majlis.dialogue.models import Dialogue
from majlis.steps.define.models import Proposal

# A job that has not moved for so long has lost its worker; one may ask again.
PATIENCE = timedelta(minutes=10)


def latest_proposal(dialogue: Dialogue) -> Proposal | None:
    return dialogue.topic_proposals.first()


def under_way(dialogue: Dialogue) -> Proposal | None:
    """The proposal that is being worked on."""
    found = latest_proposal(dialogue)
    is_alive = found and found.is_under_way and found.changed_at > timezone.now() - PATIENCE
    return found if is_alive else None
