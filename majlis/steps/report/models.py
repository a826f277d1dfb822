"""One entry per activity and the summary, from one tree of facts."""

from typing import Any

from django.conf import settings
from django.db import models

from majlis.dialogue.models import Dialogue, Session


class ActivityEntry(models.Model):
    """What is reported of one activity: a session, or a step of the method."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="activity_entries")
    activity = models.CharField(max_length=20, help_text="step:cluster … step:evaluate, or session:S1 …")
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.CASCADE, related_name="activity_entries"
    )
    facts: Any = models.JSONField()
    written_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["dialogue", "activity"], name="one_entry_per_activity")]


class Summary(models.Model):
    """The overall summary of a dialogue; every version is kept."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="summaries")
    version = models.PositiveSmallIntegerField()
    facts: Any = models.JSONField(help_text="The tree of facts with the records behind each number")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["dialogue", "version"], name="summary_version_once")]
