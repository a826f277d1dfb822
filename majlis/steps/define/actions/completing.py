"""Closing the step."""

from django.db import transaction

from majlis.accounts.models import Account
from majlis.dialogue.actions import complete_step
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.steps.define.rules import gate


@transaction.atomic
def complete(*, by: Account, dialogue: Dialogue) -> StepRecord:
    """Close the step if its gate holds; Invite opens."""
    return complete_step(by=by, dialogue=dialogue, step=Step.DEFINE, gate=gate(dialogue))
