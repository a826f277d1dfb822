"""Reads of a dialogue used by its pages and by the steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.dialogue.rules import Condition, can_run, can_see
from majlis.web.refused import NotThere
from majlis.web.sentences import Sentence

AFTER = _("after the step “%(step)s”")
NOT_THERE = _("There is no such dialogue, or it is not open to you.")


@dataclass(frozen=True)
class StepView:
    """One of the six steps as the spine shows it."""

    record: StepRecord
    conditions: list[Condition]

    @property
    def step(self) -> Step:
        return Step(self.record.step)

    @property
    def state(self) -> str:
        return self.record.state

    @property
    def headline(self) -> Sentence | None:
        """What stands under the step's name: the first thing missing while open, the last condition met when done."""
        missing = [condition for condition in self.conditions if not condition.is_met]
        if missing:
            return missing[0].sentence
        return self.conditions[-1].sentence if self.conditions else None

    @property
    def opens_after(self) -> Sentence | None:
        """What a closed step waits for: the step before it."""
        before = list(Step)[self.record.position - 2] if self.record.position > 1 else None
        return Sentence(AFTER, {"step": before.label}) if before else None


def spine(dialogue: Dialogue) -> list[StepView]:
    """The six steps in order, in one query."""
    return [StepView(row, [Condition.from_json(item) for item in row.conditions]) for row in dialogue.steps.all()]


def standing(steps: Sequence[StepView]) -> StepView:
    """The step at which a dialogue stands: the first that is not done, or the last of all."""
    return next((view for view in steps if view.state != StepRecord.State.DONE), steps[-1])


def visible_dialogue(slug: str, account: Account | None) -> Dialogue:
    """The dialogue with this short name if the account may see it; absent and forbidden look the same."""
    dialogue = Dialogue.objects.filter(slug=slug).first()
    if dialogue is None or not can_see(account, dialogue):
        raise NotThere(NOT_THERE)
    return dialogue


def page_context(dialogue: Dialogue, account: Account, step: Step | None = None) -> dict[str, Any]:
    """What dialogue/base.html needs: the dialogue, its spine, the step of this page (None on the dialogue's own page)."""
    steps = spine(dialogue)
    current = next((view for view in steps if view.step == step), None)
    return {
        "dialogue": dialogue,
        "spine": steps,
        "current": current,
        "standing": current or standing(steps),
        "may_run": can_run(account, dialogue),
    }
