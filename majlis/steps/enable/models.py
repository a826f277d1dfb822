"""The run of show, who sits with whom in each round, and who came."""

from typing import Any

from django.db import models

from majlis.dialogue.models import Dialogue, Participant, Session
from majlis.room.models import Case, Member, Room
from majlis.web.sentences import Sentence


class AgendaBlock(models.Model):
    """A part of a session. `code` names its kind in agenda_blocks.yaml; minutes are planned minutes."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="blocks")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10)
    minutes = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(null=True, help_text="When the facilitator really began it; empty until then")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["session", "position"], name="block_position_once")]


class Round(models.Model):
    """A block in which people sit in groups. `plan` holds the quality of the whole plan it belongs to."""

    block = models.OneToOneField(AgendaBlock, on_delete=models.CASCADE, related_name="round")
    number = models.PositiveSmallIntegerField(help_text="Counted over the whole dialogue, from 1")
    plan: Any = models.JSONField(
        default=dict,
        help_text="The quality of the whole plan, see queries.planning.quality",
    )


class Group(models.Model):
    """Some people in one room for one round."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="groups")
    number = models.PositiveSmallIntegerField()
    room = models.OneToOneField(Room, on_delete=models.PROTECT, related_name="group")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="group_number_once")]


class Seat(models.Model):
    """One participant in one group."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="seats")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=12, choices=Member.Role.choices)
    reason: Any = models.JSONField(default=dict, help_text="Sentence.as_json: why this seat")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["group", "participant"], name="one_seat_per_group")]

    @property
    def words(self) -> Sentence | None:
        """Why this seat, in the reader's language."""
        return Sentence.from_json(self.reason) if self.reason else None


class BroughtCase(models.Model):
    """A case that a participant brings for their city. `session` is the one they wish for; empty: wherever there is room."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="brought_cases")
    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="brought_case")
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="brought_cases")
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="brought")

    class Meta:
        ordering = ["id"]


class WrittenConsultation(models.Model):
    """A case that is consulted in writing over days, because no session had room for it."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="written_consultations")
    room = models.OneToOneField(Room, on_delete=models.PROTECT, related_name="written")

    class Meta:
        ordering = ["id"]


class Attendance(models.Model):
    """A participant who was present in a session."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendance")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="attendance")
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "participant"], name="attended_once")]
