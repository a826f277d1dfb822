"""Proposals of who sits together, with reasons; one of them is adopted by a person."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from majlis.dialogue.models import Dialogue, Partner, WorkerRequest
from majlis.language.models import TextField


class Proposal(models.Model):
    """One version of the clusters of a dialogue."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="cluster_proposals")
    version = models.PositiveSmallIntegerField()
    weights: Any = models.JSONField(help_text="{region, needs, vision, zones}: shares that sum to 1")
    smallest = models.PositiveSmallIntegerField()
    largest = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    quality: Any = models.JSONField(
        default=dict,
        help_text="{cohesion, separation, silhouette, stability, violations}, see algorithms.clustering; "
        "alike: {criterion: 0…1}; shown: how much the similarity plot shows, 0…1",
    )
    moves: Any = models.JSONField(
        default=list,
        help_text="Moves by hand in their order, each with what it made better and worse and how to undo it",
    )
    pairs: Any = models.JSONField(default=list, help_text="[[together or apart, partner, partner], …] that held then")
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
    # A name that a person gave stays with the cluster through later runs.
    is_named_by_hand = models.BooleanField(default=False)

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
    # A person decided that it sits here, by moving it or by keeping it: a new run leaves it with these others.
    is_held = models.BooleanField(default=False)
    fit: Any = models.JSONField(
        default=dict,
        help_text="{own, second}: similarity 0…1; stability: share of perturbed runs that kept the place; "
        "x, y: its point on the similarity plot, 0…1; near: [[partner, similarity], …] the most alike first",
    )

    class Meta:
        ordering = ["partner__city__slug"]
        constraints = [models.UniqueConstraint(fields=["proposal", "partner"], name="one_home_cluster")]


class ProposalRequest(WorkerRequest):
    """A version that somebody asked for, and the version that the worker made of it.

    task: weights {criterion: number}, smallest, largest, count (or null), seed.
    """

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="cluster_requests")
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.SET_NULL, related_name="+")


class TrialRequest(WorkerRequest):
    """What somebody last asked to see the effect of, and what the worker found. The next question takes its place.

    task: weights {criterion: number}, smallest, largest, count (or null).
    """

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="cluster_trials")
    asked_at = models.DateTimeField(auto_now=True)
    found: Any = models.JSONField(default=dict, help_text="queries.Trial.as_json")

    class Meta(WorkerRequest.Meta):
        constraints = [models.UniqueConstraint(fields=["dialogue", "asked_by"], name="one_trial_at_a_time")]


class Pair(models.Model):
    """Two partners that shall sit together, or shall not, whatever the algorithm finds."""

    class Kind(models.TextChoices):
        TOGETHER = "together", _("stay together")
        APART = "apart", _("stay apart")

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="cluster_pairs")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    one = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["dialogue", "one", "other"], name="one_rule_for_a_pair"),
            # The lower number first, so that a pair has one row whichever way it is named.
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="pair_in_order"),
        ]
