"""Versions that somebody asked the worker for."""

from __future__ import annotations

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue
from majlis.dialogue.rules import GONE
from majlis.steps.cluster.models import ProposalRequest, TrialRequest
from majlis.web.refused import NotThere


def request_there(dialogue: Dialogue, number: int) -> ProposalRequest:
    """A request of this dialogue with who asked; raises NotThere. One query."""
    found = dialogue.cluster_requests.filter(pk=number).select_related("asked_by", "proposal").first()
    if found is None:
        raise NotThere(GONE)
    return found


def without_version(dialogue: Dialogue) -> ProposalRequest | None:
    """What was asked for last, unless a version came of it: it is under way, or cannot be. One query."""
    last = dialogue.cluster_requests.last()
    return last if last and last.state != last.State.DONE else None


def trial_of(dialogue: Dialogue, account: Account) -> TrialRequest | None:
    """What this person last asked to see the effect of. One query."""
    return dialogue.cluster_trials.filter(asked_by=account).first()
