"""Surveys, commitments, and the results that go to every partner."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from majlis.dialogue.models import Dialogue, Participant, Partner
from majlis.language.models import TextField
from majlis.outbox.models import Mail


class Survey(models.Model):
    """One survey of surveys.yaml, held in one dialogue."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="surveys")
    code = models.CharField(max_length=6, help_text="SV2 is the end survey")
    opened_at = models.DateTimeField(auto_now_add=True)
    closes_at = models.DateTimeField()

    def is_closed(self, now: datetime) -> bool:
        return self.closes_at <= now

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dialogue", "code"], name="survey_once")]


class Response(models.Model):
    """One person's answers under a pseudonym that is the same over the surveys of one dialogue and leads to nobody."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    pseudonym = models.CharField(max_length=40)
    answers: Any = models.JSONField(help_text="{item key: value}")
    at = models.DateField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "pseudonym"], name="one_response_each")]


class Commitment(models.Model):
    """What a partner will do, who owns it and by when."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        IN_PROGRESS = "in_progress", _("In progress")
        DONE = "done", _("Done")
        LATE = "late", _("Late")
        DROPPED = "dropped", _("Dropped")

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="commitments")
    owner = models.ForeignKey(Participant, null=True, on_delete=models.SET_NULL, related_name="commitments")
    what = TextField()
    due_on = models.DateField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    reason = TextField(blank=True, help_text="Why it was dropped or moved")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due_on", "id"]

    def is_overdue(self, today: date) -> bool:
        """Still to do although its day has passed."""
        return self.due_on < today and self.status in {self.Status.OPEN, self.Status.IN_PROGRESS, self.Status.LATE}


class ExchangeSpace(models.Model):
    """A standing place for further exchange after the dialogue."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="spaces")
    name = TextField()
    purpose = TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]


class Delivery(models.Model):
    """The results as they went to one partner."""

    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="results_delivery")
    mail = models.ForeignKey(Mail, null=True, on_delete=models.SET_NULL, related_name="+")
    drafted_at = models.DateTimeField(auto_now_add=True)
