"""The run of show, who sits with whom in each round, what that must keep to, and who came."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from majlis.dialogue.models import Dialogue, Participant, Session, WorkerRequest
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


class SeatLock(models.Model):
    """A seat that stays, however often the groups are planned again. It names the session, whose round may be made anew."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="seat_locks")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="seat_locks")
    group = models.PositiveSmallIntegerField(help_text="The group's number, from 1")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["session", "participant"], name="seat_locked_once")]


class PairRule(models.Model):
    """Two participants who are kept apart, or together, in every round of a dialogue."""

    class Kind(models.TextChoices):
        APART = "apart", _("Keep apart")
        TOGETHER = "together", _("Keep together")

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="pair_rules")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # The one with the smaller number stands first, so that a pair has one rule whichever way it was chosen.
    one = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["dialogue", "one", "other"], name="pair_rule_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="pair_rule_in_order"),
        ]


class Planning(WorkerRequest):
    """Groups that somebody asked for: what was asked, what the worker found, and what became of it.

    Without a session it is the whole plan, which is written as soon as it is found. With one it is a proposal for that
    session's round, which changes nothing until it is published, and can be taken back while nothing else changed.
    task: seed and groups; for a session seed, missing, joined (numbers of participants).
    """

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="plannings")
    session = models.ForeignKey(Session, null=True, on_delete=models.CASCADE, related_name="plannings")
    basis = models.CharField(max_length=64, help_text="What it was found from, see queries.basis")
    outcome: Any = models.JSONField(
        default=dict, help_text="A session's round before and after, see actions.replanning"
    )
    published_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)


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
