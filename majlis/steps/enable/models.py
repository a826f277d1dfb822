"""The run of show, who sits with whom in each round, and who came."""

from typing import Any

from django.db import models

from majlis.dialogue.models import Participant, Session
from majlis.room.models import Member, Room


class AgendaBlock(models.Model):
    """A part of a session. `code` names its kind in agenda_blocks.yaml; minutes are planned minutes."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="blocks")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10)
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["session", "position"], name="block_position_once")]


class Round(models.Model):
    """A block in which people sit in groups. `plan` holds the quality of the whole plan it belongs to."""

    block = models.OneToOneField(AgendaBlock, on_delete=models.CASCADE, related_name="round")
    number = models.PositiveSmallIntegerField(help_text="Counted over the whole dialogue, from 1")
    plan: Any = models.JSONField(default=dict, help_text="{repeats, distinct_pairs, possible_pairs, seed}")


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
        constraints = [models.UniqueConstraint(fields=["group", "participant"], name="one_seat_per_group")]


class Attendance(models.Model):
    """A participant who was present in a session."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendance")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="attendance")
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "participant"], name="attended_once")]
