"""A dialogue at the step Invite, with its note, its agreements and its sessions as far as a test needs them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.actions import plan_session
from majlis.dialogue.models import Dialogue, Session, Step
from majlis.language.models import Text
from majlis.outbox.actions import deliver, send_batch
from majlis.outbox.models import Batch, Mail
from majlis.steps.invite import actions
from majlis.steps.invite.models import ConceptNote
from tests.world import World


class Inviting:
    """Acts as the secretariat does, step by step."""

    def __init__(self, world: World, partners: int = 2) -> None:
        self.world, self.secretariat = world, world.secretariat
        self.dialogue: Dialogue = world.at(world.dialogue(partners), Step.INVITE)

    def note(self, **changed: object) -> ConceptNote:
        words = {
            "goal": Text.of({"en": "By the end, each city has a plan.", "ar": "في النهاية لكل مدينة خطة."}),
            "expected_outcome": Text("en", "Twelve plans with their gaps."),
            "roles": Text("en", "Two people, one case, thirty hours."),
            "fields": {},
        } | changed
        return actions.write_concept_note(by=self.secretariat, dialogue=self.dialogue, **words)  # type: ignore[arg-type]

    def session(self, code: str = "S1", hour: int = 9, minutes: int = 150, join_url: str = "") -> Session:
        when = datetime(2026, 9, 29, hour, tzinfo=UTC)
        return plan_session(
            by=self.secretariat, dialogue=self.dialogue, code=code, title=Text.of({"en": f"Opening {code}", "ar": f"افتتاح {code}"}),
            starts_at=when, minutes=minutes, join_url=join_url,
        )  # fmt: skip

    def ask(self) -> Batch:
        batch = actions.ask_agreement(by=self.secretariat, dialogue=self.dialogue)
        send_batch(by=self.secretariat, batch=batch)
        return batch

    def links(self, act: str) -> list[ActionLink]:
        return list(ActionLink.objects.filter(act=act, revoked_at=None).select_related("account").order_by("pk"))

    def agreed(self) -> None:
        """Everything up to the open gate."""
        self.note()
        self.session()
        self.ask()
        for link in self.links("invite.agree"):
            actions.answer_roles(link=link, answer="agreed")

    def invited(self) -> Batch:
        """Everything up to invitations that have left."""
        self.agreed()
        batch = actions.draft_invitations(by=self.secretariat, dialogue=self.dialogue)
        actions.send_invitations(by=self.secretariat, dialogue=self.dialogue)
        for mail in Mail.objects.filter(state=Mail.State.QUEUED):
            deliver(mail_id=mail.pk)
        return batch

    def link_of(self, language: str) -> ActionLink:
        return next(link for link in self.links("invite.answer") if link.account.language == language)

    def focal_point(self, number: int = 0) -> Account:
        partner = list(self.dialogue.partners.all())[number]
        return partner.city.people.get(is_focal_point=True).account


@pytest.fixture
def inviting(world: World) -> Inviting:
    return Inviting(world)
