"""Gates and permissions of the spine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account, Role
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.language.words import in_all_languages
from majlis.web.refused import Forbidden, NotNow
from majlis.web.sentences import Sentence

CLOSED = _("The step “%(step)s” is not open yet. It opens when the step before it is done: %(missing)s")
DONE = _("The step “%(step)s” is done. The secretariat can reopen it.")
NOT_MET = _("The step “%(step)s” cannot be completed yet: %(missing)s")
GONE = _("This is not there any more. Reload the page and try again.")
SECRETARIAT_ONLY = _("Only the secretariat may do this.")


@dataclass(frozen=True)
class Condition:
    """One thing that a gate asks for, in words, and whom it waits for ({language: name} of each)."""

    sentence: Sentence
    is_met: bool
    waits_for: Sequence[Mapping[str, str]] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "sentence": self.sentence.as_json(),
            "is_met": self.is_met,
            "waits_for": [dict(n) for n in self.waits_for],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Condition:
        return cls(Sentence.from_json(stored["sentence"]), stored["is_met"], stored["waits_for"])


@dataclass(frozen=True)
class Gate:
    """What a step needs before the next one opens."""

    conditions: Sequence[Condition]

    @property
    def is_open(self) -> bool:
        return all(condition.is_met for condition in self.conditions)

    @property
    def missing(self) -> list[Condition]:
        return [condition for condition in self.conditions if not condition.is_met]


def can_run(account: Account | None, dialogue: Dialogue) -> bool:
    """The secretariat runs dialogues."""
    return bool(account and account.is_active and account.role == Role.SECRETARIAT)


def can_facilitate(account: Account | None, dialogue: Dialogue) -> bool:
    """The secretariat and the facilitators of this dialogue."""
    if can_run(account, dialogue):
        return True
    return bool(account) and dialogue.participants.filter(person__account=account, role="facilitator").exists()


def can_see(account: Account | None, dialogue: Dialogue) -> bool:
    """The secretariat, facilitators, observers and everybody who takes part or is focal point of a partner."""
    if account is None or not account.is_authenticated:
        return False
    if account.role in {Role.SECRETARIAT, Role.FACILITATOR, Role.OBSERVER}:
        return True
    return (
        dialogue.participants.filter(person__account=account).exists()
        or dialogue.partners.filter(city__people__account=account, city__people__is_focal_point=True).exists()
    )


def require_run(account: Account | None, dialogue: Dialogue) -> None:
    if not can_run(account, dialogue):
        raise Forbidden(SECRETARIAT_ONLY)


def require_open(dialogue: Dialogue, step: Step) -> StepRecord:
    """Return the step's record locked for this transaction; raise NotNow in words unless the step is open.

    Every action of a step begins with this, so that no page, link, job or retry passes a gate.
    """
    record = StepRecord.objects.select_for_update().get(dialogue=dialogue, step=step)
    if record.state == StepRecord.State.OPEN:
        return record
    if record.state == StepRecord.State.DONE:
        raise NotNow(DONE, step=step_name(step))
    raise NotNow(CLOSED, step=step_name(step), missing=missing_before(record))


def missing_before(record: StepRecord) -> list[dict[str, str]]:
    """What the first unfinished step before this one still lacks, as {language: sentence} for a refusal."""
    earlier = (
        StepRecord.objects.filter(dialogue=record.dialogue_id, position__lt=record.position)
        .exclude(state="done")
        .first()
    )
    return missing_words(earlier.conditions) if earlier else []


def missing_words(conditions: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Each unmet condition in all four languages."""
    return [in_all_languages(Condition.from_json(item).sentence) for item in conditions if not item["is_met"]]


def step_name(step: Step) -> dict[str, str]:
    """The step's name in all four languages, as a sentence's parameter."""
    return in_all_languages(Step(step).label)
