"""The live room: an event log with gapless numbers, members with roles, phases with a server timer, and cards.

It knows no step: whoever opens a room says who sits in it, which method it runs and to whom it reports.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from majlis.language.models import TextField
from majlis.network.models import City, Person


class LiveStream(models.Model):
    """One ordered stream of events; `seq` is the number of its last event."""

    name = models.CharField(max_length=80, unique=True, help_text="e.g. session:3 or room:12")
    seq = models.BigIntegerField(default=0)


class LiveEvent(models.Model):
    """One committed event. (stream, seq) is gapless; (actor, command) makes a repeated command harmless."""

    stream = models.ForeignKey(LiveStream, on_delete=models.CASCADE, related_name="events")
    seq = models.BigIntegerField()
    name = models.CharField(max_length=40, help_text="e.g. card.added, phase.started")
    actor = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    command = models.CharField(
        max_length=60, blank=True, help_text="The client's own number of the command, unique per member"
    )
    data: Any = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["stream_id", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="live_event_seq_once"),
            models.UniqueConstraint(
                fields=["stream", "actor", "command"], condition=~models.Q(command=""), name="live_event_command_once"
            ),
        ]


class Case(models.Model):
    """A confidential question that a city brings to a consultation. It never leaves its room without the case giver's consent."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="cases")
    giver = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="cases")
    key_question = TextField()
    themes = ArrayField(models.CharField(max_length=6), default=list)
    is_released = models.BooleanField(
        default=False, help_text="The case giver agreed that the key question may be reported"
    )


class Room(models.Model):
    """A place where a group works with a method: its phase, its clock and its state. Version guards every change."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("Prepared")
        RUNNING = "running", _("Running")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    name = TextField()
    scope = models.CharField(max_length=80, help_text="as in the journal")
    method = models.CharField(
        max_length=12, blank=True, help_text="Code in method_templates.yaml, e.g. KB60; empty for a plain room"
    )
    stream = models.OneToOneField(LiveStream, on_delete=models.PROTECT)
    case = models.OneToOneField(Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="room")
    language = models.CharField(max_length=2, default="en", help_text="Working language")
    back_url = models.CharField(max_length=300, blank=True, help_text="Path of the page that this room belongs to")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    phase = models.PositiveSmallIntegerField(default=0, help_text="Position of the running phase; 0 before the first")
    version = models.PositiveIntegerField(default=0)
    phase_started_at = models.DateTimeField(null=True)
    phase_ends_at = models.DateTimeField(null=True, help_text="Empty when no clock runs: prepared, over or closed")
    extended_minutes = models.PositiveSmallIntegerField(default=0, help_text="Added to the running phase, 5 at most")
    has_no_next_step = models.BooleanField(default=False, help_text="The case giver said that no step follows")
    closed_at = models.DateTimeField(null=True, help_text="Closed or cancelled")

    class Meta:
        indexes = [
            models.Index(fields=["phase_ends_at"], condition=models.Q(state="running"), name="room_clock"),
            models.Index(fields=["scope"], name="room_scope"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_over(self) -> bool:
        """Closed or cancelled: nothing is written any more."""
        return self.state in {self.State.CLOSED, self.State.CANCELLED}


class Member(models.Model):
    """Somebody's seat in a room, with the role that decides when they may speak."""

    class Role(models.TextChoices):
        CASE_GIVER = "case_giver", _("Case giver")
        FACILITATOR = "facilitator", _("Facilitator")
        CONSULTANT = "consultant", _("Consultant")
        NOTE_TAKER = "note_taker", _("Note taker")
        TIME_KEEPER = "time_keeper", _("Time keeper")
        OBSERVER = "observer", _("Observer")
        INTERPRETER = "interpreter", _("Interpreter")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="room_seats")
    role = models.CharField(max_length=12, choices=Role.choices)
    joined_at = models.DateTimeField(null=True, help_text="First time present")
    left_at = models.DateTimeField(null=True, help_text="Withdrawn from the room")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["room", "person"], name="one_seat_per_room")]


class Card(models.Model):
    """Something written in a room: a question, an advice card, a takeaway, a next step, a learning note."""

    class Kind(models.TextChoices):
        NOTE = "note", _("Note")
        QUESTION = "question", _("Question")
        KEY_QUESTION = "key_question", _("Key question")
        IDEA = "idea", _("Idea")
        EXPERIENCE = "experience", _("Experience")
        CONTACT = "contact", _("Contact")
        RESOURCE = "resource", _("Resource")
        WARNING = "warning", _("Warning")
        TAKEAWAY = "takeaway", _("Takeaway")
        NEXT_STEP = "next_step", _("Next step")
        LEARNING = "learning", _("Learning")

    class Verdict(models.TextChoices):
        KEEP = "keep", _("Keep")
        ADAPT = "adapt", _("Adapt")
        NOT_NOW = "not_now", _("Not now")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="cards")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = TextField()
    author = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="cards", help_text="Whose contribution it is"
    )
    written_by = models.ForeignKey(
        Person,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who typed it: the note taker, perhaps",
    )
    phase = models.PositiveSmallIntegerField()
    seq = models.BigIntegerField(help_text="Number of the event that added it")
    answer_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="answers")
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True, help_text="The case giver's")
    at = models.DateTimeField(auto_now_add=True)

    ADVICE = (Kind.IDEA, Kind.EXPERIENCE, Kind.CONTACT, Kind.RESOURCE, Kind.WARNING)

    class Meta:
        ordering = ["id"]

    @property
    def is_advice(self) -> bool:
        return self.kind in self.ADVICE
