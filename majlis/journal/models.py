"""The journal: one entry for each act, written in the act's own transaction."""

from typing import Any

from django.db import models

from majlis.web.sentences import Sentence


class Entry(models.Model):
    """Who did what, when, to what.

    The journal lies below accounts, so it keeps the actor's number and the role they acted in, not a foreign key;
    an erased account leaves its acts behind without a name.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor = models.BigIntegerField(null=True, help_text="Account number; empty when Majlis itself acted")
    role = models.CharField(
        max_length=40, help_text="secretariat, facilitator, focal_point, practitioner, observer, majlis"
    )
    scope = models.CharField(
        max_length=80, help_text="What the entry belongs to, e.g. dialogue:led-mena-2026 or network"
    )
    act = models.CharField(max_length=60, help_text="The action's name with its folder, e.g. cluster.adopt")
    subject = models.CharField(max_length=80, blank=True, help_text="model:number of what was acted upon")
    sentence = models.JSONField(help_text="Sentence.as_json: what happened, in words")
    facts: Any = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["scope", "-id"]), models.Index(fields=["subject"])]
        ordering = ["-id"]

    @property
    def words(self) -> Sentence:
        return Sentence.from_json(self.sentence)
