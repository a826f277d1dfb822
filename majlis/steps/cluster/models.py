"""Proposals of who sits together, with reasons; one of them is adopted by a person."""

from typing import Any

from django.conf import settings
from django.db import models

from majlis.dialogue.models import Dialogue, Partner
from majlis.language.models import TextField


class Proposal(models.Model):
    """One version of the clusters of a dialogue."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="cluster_proposals")
    version = models.PositiveSmallIntegerField()
    weights: Any = models.JSONField(help_text="{region, needs, vision}: shares that sum to 1")
    smallest = models.PositiveSmallIntegerField()
    largest = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    quality: Any = models.JSONField(
        default=dict, help_text="{cohesion, separation, silhouette, stability, violations}, see algorithms.clustering"
    )
    last_move: Any = models.JSONField(default=dict, help_text="What the last hand move made better and worse")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    adopted_at = models.DateTimeField(null=True)
    # Set when another version was adopted instead: what was once adopted stays visible as such.
    formerly_adopted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["dialogue", "version"], name="proposal_version_once"),
            models.UniqueConstraint(
                fields=["dialogue"], condition=models.Q(adopted_at__isnull=False), name="one_adopted_proposal"
            ),
        ]


class Cluster(models.Model):
    """Partners that sit together, and why."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="clusters")
    position = models.PositiveSmallIntegerField()
    name = TextField()
    reason: Any = models.JSONField(help_text="Sentence.as_json")
    themes: Any = models.JSONField(default=list, help_text="[[code, number of members that share it], …] largest first")
    cohesion = models.FloatField(default=0, help_text="How alike its members are, 0…1")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.name)


class Place(models.Model):
    """One partner's seat in one proposal: exactly one home cluster."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="places")
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="places")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="cluster_places")
    reason: Any = models.JSONField(help_text="Sentence.as_json")
    second_best = models.ForeignKey(Cluster, null=True, on_delete=models.SET_NULL, related_name="+")
    is_moved_by_hand = models.BooleanField(default=False)
    fit: Any = models.JSONField(
        default=dict, help_text="{own, second}: similarity 0…1; stability: share of perturbed runs that kept the place"
    )

    class Meta:
        ordering = ["partner__city__slug"]
        constraints = [models.UniqueConstraint(fields=["proposal", "partner"], name="one_home_cluster")]
