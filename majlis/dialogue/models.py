"""One run of the method: the dialogue, its partners and participants, its sessions, and the spine of six steps."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from majlis.language.models import TextField
from majlis.network.models import City, Person
from majlis.web.sentences import Sentence


class Step(models.TextChoices):
    """The six steps in their order."""

    CLUSTER = "cluster", pgettext_lazy("step", "Cluster")
    DEFINE = "define", pgettext_lazy("step", "Define")
    INVITE = "invite", pgettext_lazy("step", "Invite")
    ENABLE = "enable", pgettext_lazy("step", "Enable")
    EVALUATE = "evaluate", pgettext_lazy("step", "Evaluate and follow up")
    REPORT = "report", pgettext_lazy("step", "Report")


class Dialogue(models.Model):
    """A dialogue between cities."""

    class Mode(models.TextChoices):
        VIRTUAL = "virtual", _("virtual")
        ON_SITE = "on_site", _("on site")
        HYBRID = "hybrid", _("hybrid")

    slug = models.SlugField(max_length=60, unique=True)
    title = TextField()
    organiser = TextField(blank=True)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.VIRTUAL)
    languages = ArrayField(models.CharField(max_length=2), default=list)
    zone = models.CharField(max_length=50, default="UTC", help_text="The event's own zone, shown beside the viewer's")
    is_illustrative = models.BooleanField(default=False)
    calendar_key = models.CharField(
        max_length=43, blank=True, help_text="Opens the public calendar; empty: there is none"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def scope(self) -> str:
        """Its name in the journal, the outbox and the rooms."""
        return f"dialogue:{self.slug}"


class Partner(models.Model):
    """A city in a dialogue."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="partners")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="partnerships")

    class Meta:
        ordering = ["city__slug"]
        constraints = [models.UniqueConstraint(fields=["dialogue", "city"], name="city_once_per_dialogue")]

    def __str__(self) -> str:
        return str(self.city)


class Participant(models.Model):
    """A person in a dialogue. Facilitators and observers belong to no partner."""

    class Role(models.TextChoices):
        PRACTITIONER = "practitioner", _("Practitioner")
        FACILITATOR = "facilitator", _("Facilitator")
        OBSERVER = "observer", _("Observer")

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participations")
    partner = models.ForeignKey(Partner, null=True, blank=True, on_delete=models.CASCADE, related_name="delegation")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.PRACTITIONER)

    class Meta:
        ordering = ["person__city__slug", "person__seat"]
        constraints = [models.UniqueConstraint(fields=["dialogue", "person"], name="person_once_per_dialogue")]


class StepRecord(models.Model):
    """Where one step of one dialogue stands: the spine is read from six of these rows and nothing else."""

    class State(models.TextChoices):
        CLOSED = "closed", _("Closed")
        OPEN = "open", _("Open")
        DONE = "done", _("Done")

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=8, choices=Step.choices)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.CLOSED)
    conditions: Any = models.JSONField(default=list, help_text="rules.Condition.as_json of the gate, as last looked at")
    opened_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["dialogue", "step"], name="step_once_per_dialogue")]


class Session(models.Model):
    """One meeting of a dialogue."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    class Kind(models.TextChoices):
        OPENING = "opening", _("Opening")
        EXCHANGE = "exchange", _("Exchange")
        CONSULTING = "consulting", _("Peer consulting")
        PLANNING = "planning", _("Planning")
        CLOSING = "closing", _("Closing session")

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="sessions")
    code = models.CharField(max_length=10)
    title = TextField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.EXCHANGE)
    agenda = models.CharField(max_length=20, blank=True, help_text="Code of terms.agenda_templates(), or none")
    track = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    capacity = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Places for those who answer; empty: as many as come"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    reason = models.TextField(blank=True, help_text="Why it was cancelled")
    sequence = models.PositiveIntegerField(default=0, help_text="SEQUENCE of its calendar object")
    calendar_uid = models.UUIDField(default=uuid4, unique=True, editable=False, help_text="UID of its calendar object")
    join_url = models.URLField(blank=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [models.UniqueConstraint(fields=["dialogue", "code"], name="session_code_once")]

    def __str__(self) -> str:
        return str(self.title)


class BlockedDays(models.Model):
    """Days on which the organisers cannot hold a session, first and last included."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="blocked_days")
    first = models.DateField()
    last = models.DateField()
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="blocked_days_in_order")
        ]


class WorkerRequest(models.Model):
    """What somebody asked for on a step's page and the worker does: what was asked, how it stands, why it cannot be.

    Ended by `actions.work_off`, awaited with `queries.waited_for`.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        DONE = "done"
        REFUSED = "refused"
        FAILED = "failed"

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    task: Any = models.JSONField(help_text="What was asked for")
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    ended_at = models.DateTimeField(null=True)
    reasons: Any = models.JSONField(default=list, help_text="Sentence.as_json: why it cannot be")

    class Meta:
        abstract = True
        ordering = ["id"]

    @property
    def is_under_way(self) -> bool:
        return self.state == self.State.ASKED

    @property
    def said(self) -> list[Sentence]:
        """Why it cannot be."""
        return [Sentence.from_json(each) for each in self.reasons]
