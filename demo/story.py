"""What the demo knows while it plays: its files, its people, its dialogue."""

from __future__ import annotations

import random
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from majlis.accounts.actions import ensure_account
from majlis.accounts.models import Account, Role
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.journal.models import Entry
from majlis.language.models import Text
from majlis.outbox.models import Mail
from majlis.room.models import Card, Room

HERE = Path(__file__).parent
SLUG = "led-mena-2026"


def text_in(words: dict[str, str], language: str) -> Text:
    """A sentence of the story in somebody's own language."""
    return Text(language, words.get(language) or words["en"])


class Story:
    """One play of the demo. Files are read once; people and the dialogue come from the database."""

    def __init__(self, *, workbook: Path, out: Path) -> None:
        self.workbook, self.out = workbook, out
        self.chance = random.Random(self.words["seed"])  # noqa: S311 - repeatable on purpose

    def read(self, name: str) -> dict[str, Any]:
        loaded: dict[str, Any] = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
        return loaded

    @cached_property
    def words(self) -> dict[str, Any]:
        return self.read("dialogue")

    @cached_property
    def sessions(self) -> dict[str, Any]:
        return self.read("demo_sessions")

    @cached_property
    def secretariat(self) -> Account:
        return ensure_account(
            by=None,
            email="secretariat@example.org",
            name="Secretariat",
            language="en",
            zone="Europe/Berlin",
            role=Role.SECRETARIAT,
        )

    @cached_property
    def facilitator(self) -> Account:
        return ensure_account(
            by=self.secretariat,
            email="facilitator@example.org",
            name="Lead facilitator",
            language="fr",
            zone="Africa/Tunis",
            role=Role.FACILITATOR,
        )

    @cached_property
    def observer(self) -> Account:
        return ensure_account(
            by=self.secretariat,
            email="observer@example.org",
            name="Observer",
            language="de",
            zone="Europe/Berlin",
            role=Role.OBSERVER,
        )

    @property
    def dialogue(self) -> Dialogue:
        return Dialogue.objects.get(slug=SLUG)

    def is_done(self, step: Step) -> bool:
        return StepRecord.objects.filter(dialogue__slug=SLUG, step=step, state=StepRecord.State.DONE).exists()

    def in_four(self, key: str) -> Text:
        return Text.of(self.words[key])

    def counted(self) -> list[tuple[str, int]]:
        """The numbers that the run prints, each counted from the records."""
        dialogue = self.dialogue
        delegates = dialogue.participants.filter(partner__isnull=False)
        return [
            ("Municipalities", dialogue.partners.count()),
            ("Countries", len(set(dialogue.partners.values_list("city__country", flat=True)))),
            ("Participants", delegates.count()),
            ("Clusters", dialogue.cluster_proposals.get(adopted_at__isnull=False).clusters.count()),
            ("Sub-topics", dialogue.topics.count()),
            ("Mails sent", Mail.objects.filter(batch__scope=dialogue.scope, state="sent").count()),
            ("Sessions held", dialogue.sessions.filter(state="held").count()),
            ("Consultations", Room.objects.filter(scope=dialogue.scope, case__isnull=False, state="closed").count()),
            ("Cards written", Card.objects.filter(room__scope=dialogue.scope).count()),
            ("Journal entries", Entry.objects.filter(scope=dialogue.scope).count()),
        ]
