"""A dialogue at its evaluation: sessions held, everybody came."""

from datetime import UTC, datetime, timedelta

from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Dialogue, Session, Step
from majlis.language.models import Text
from majlis.outbox.actions import deliver, send_batch
from majlis.outbox.models import Batch
from majlis.steps.enable.models import Attendance
from majlis.steps.evaluate import actions
from majlis.steps.evaluate.models import Survey
from tests.world import World

ANSWERS = {"nps": 9, "goal": 4, "comp_post": {"c_plan": 4}, "comp_then": {"c_plan": 2}, "gap_named": True}


class Evaluation:
    def __init__(self, world: World, *, partners: int = 4) -> None:
        self.world, self.by = world, world.secretariat
        self.dialogue: Dialogue = world.at(world.dialogue(partners), Step.EVALUATE)
        starts = datetime(2026, 9, 29, 9, tzinfo=UTC)
        for number in range(2):
            session = Session.objects.create(
                dialogue=self.dialogue, code=f"S{number + 1}", title=Text("en", f"Session {number + 1}"),
                starts_at=starts + timedelta(days=number), minutes=150, state=Session.State.HELD,
            )  # fmt: skip
            people = self.dialogue.participants.all()
            Attendance.objects.bulk_create(Attendance(session=session, participant=p, joined_at=starts) for p in people)

    @property
    def people(self) -> list[Account]:
        return [each.person.account for each in self.dialogue.participants.select_related("person__account")]

    def asked(self) -> Survey:
        """The end survey, open and asked for."""
        survey = actions.open_survey(by=self.by, dialogue=self.dialogue)
        self.sent(actions.ask_survey(by=self.by, survey=survey))
        return survey

    def sent(self, batch: Batch) -> Batch:
        send_batch(by=self.by, batch=batch)
        for mail in batch.mails.all():
            deliver(mail_id=mail.pk)
        return batch

    def links(self) -> list[ActionLink]:
        return list(ActionLink.objects.filter(act="evaluate.answer").select_related("account").order_by("pk"))

    def answered(self, count: int) -> Survey:
        """The survey with this many answers."""
        survey = self.asked()
        for link in self.links()[:count]:
            actions.answer_survey(link=link, answers=ANSWERS)
        return survey

    def shared(self) -> Batch:
        return self.sent(actions.share_results(by=self.by, dialogue=self.dialogue))
