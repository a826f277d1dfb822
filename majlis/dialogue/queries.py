"""Reads of a dialogue used by its pages and by the steps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic, sleep
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from procrastinate.contrib.django.models import ProcrastinateWorker

from majlis.accounts.models import Account, Role
from majlis.dialogue.models import Dialogue, Participant, Partner, Session, Step, StepRecord, WorkerRequest
from majlis.dialogue.rules import Condition, can_run, can_see
from majlis.language.models import Text
from majlis.network.models import City, Person
from majlis.web.refused import NotThere
from majlis.web.sentences import Sentence

AFTER = _("after the step “%(step)s”")
SILENT = timedelta(seconds=30)  # a worker that lives says so every five seconds (run/worker.py)
# The worker nearly always has an answer within this time, so that the next page shows it at once (seconds).
PATIENCE, LOOK = 1.5, 0.04
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
        if self.first_missing:
            return self.first_missing.sentence
        return self.conditions[-1].sentence if self.conditions else None

    @property
    def first_missing(self) -> Condition | None:
        return next((condition for condition in self.conditions if not condition.is_met), None)

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
        "standing": standing(steps),
        "may_run": can_run(account, dialogue),
    }


def visible_dialogues(account: Account) -> QuerySet[Dialogue]:
    """The dialogues this account may see (rules.can_see, for many at once)."""
    if account.role in {Role.SECRETARIAT, Role.FACILITATOR, Role.OBSERVER}:
        return Dialogue.objects.all()
    takes_part = Participant.objects.filter(dialogue=OuterRef("pk"), person__account=account)
    speaks = Partner.objects.filter(
        dialogue=OuterRef("pk"), city__people__account=account, city__people__is_focal_point=True
    )
    return Dialogue.objects.filter(Q(Exists(takes_part)) | Q(Exists(speaks)))


@dataclass(frozen=True)
class DialogueCard:
    """A dialogue as a list shows it: what it is, and where it stands."""

    dialogue: Dialogue
    standing: StepView
    spine: list[StepView]
    partners: int
    participants: int
    sessions: list[Session]

    @property
    def last_session(self) -> Session:
        return self.sessions[-1]

    @property
    def is_over(self) -> bool:
        return self.standing.state == StepRecord.State.DONE


def dialogue_cards(account: Account) -> list[DialogueCard]:
    """Every dialogue the account may see, newest first, in three queries."""
    found = visible_dialogues(account).annotate(
        partner_count=_number_of(Partner.objects.all()),
        # As the report counts: the team is not among the participants.
        participant_count=_number_of(Participant.objects.filter(role=Participant.Role.PRACTITIONER)),
    )
    cards = []
    for dialogue in found.prefetch_related("steps", Prefetch("sessions", Session.objects.exclude(state="cancelled"))):
        steps = spine(dialogue)
        cards.append(
            DialogueCard(
                dialogue,
                standing(steps),
                steps,
                dialogue.partner_count,
                dialogue.participant_count,
                list(dialogue.sessions.all()),
            )
        )
    return cards


def _number_of(rows: QuerySet[Partner] | QuerySet[Participant]) -> Coalesce:
    """How many of the rows belong to each dialogue."""
    of_one = rows.filter(dialogue=OuterRef("pk")).order_by().values("dialogue")
    return Coalesce(Subquery(of_one.annotate(n=Count("pk")).values("n")), 0)


def cities_to_add(dialogue: Dialogue) -> QuerySet[City]:
    """Cities of the network that are not partners yet."""
    return City.objects.exclude(partnerships__dialogue=dialogue)


def people_to_add(dialogue: Dialogue) -> QuerySet[Person]:
    """People of the partner cities, and facilitators and observers, who do not take part yet."""
    of_partners = Q(city__partnerships__dialogue=dialogue)
    beside = Q(account__role__in=[Role.FACILITATOR, Role.OBSERVER])
    taking_part = Participant.objects.filter(dialogue=dialogue, person=OuterRef("pk"))
    return Person.objects.filter(of_partners | beside).exclude(Exists(taking_part)).select_related("city", "account")


def titles_of_scopes(scopes: Iterable[str]) -> dict[str, Text]:
    """{scope: title} of the dialogues among these scopes, in one query. The outbox names them so (settings.SCOPE_TITLES)."""
    slugs = [scope.removeprefix("dialogue:") for scope in scopes if scope.startswith("dialogue:")]
    return {dialogue.scope: dialogue.title for dialogue in Dialogue.objects.filter(slug__in=slugs)}


Row = TypeVar("Row", bound=WorkerRequest)


def has_worker() -> bool:
    """Whether a worker lives that will do what is asked for. One query."""
    return bool(ProcrastinateWorker.objects.filter(last_heartbeat__gt=timezone.now() - SILENT).exists())


def waited_for(asked: Row) -> Row:
    """What was asked for, as soon as the worker has ended it; as it stands when patience ends."""
    until = monotonic() + PATIENCE
    while asked.is_under_way and monotonic() < until:
        sleep(LOOK)
        asked.refresh_from_db(fields=["state"])
    if not asked.is_under_way:
        asked.refresh_from_db()
    return asked
