"""Sub-topics tied to needs and visions, their versions; what partners prefer, consent to and object to."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from majlis.dialogue.models import Dialogue, Partner
from majlis.language.models import TextField
from majlis.network.models import Statement
from majlis.outbox.models import Batch
from majlis.web.sentences import Sentence


class Topic(models.Model):
    """A sub-topic of the dialogue, tied to present needs and future visions."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="topics")
    position = models.PositiveSmallIntegerField()
    name = TextField()
    statements = models.ManyToManyField(Statement, related_name="topics")
    baseline_code = models.CharField(max_length=3, blank=True, help_text="of terms.indicators(), or empty: own words")
    baseline_indicator = TextField(blank=True)
    baseline_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    baseline_unit = models.CharField(max_length=30, blank=True)
    baseline_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return str(self.name)


class Version(models.Model):
    """The sub-topics as they stood after an act: what partners answered to, and what one can go back to."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="topic_versions")
    number = models.PositiveIntegerField()
    of_topics = models.CharField(max_length=64, help_text="rules.digest of these topics")
    topics: Any = models.JSONField(help_text="rules.Listed.as_json of each topic, in their order")
    sentence: Any = models.JSONField(help_text="Sentence.as_json: the act that led here")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["dialogue", "number"], name="topic_version_once")]


class Proposal(models.Model):
    """One request to Majlis to propose sub-topics: made by a page, worked off by a job."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being worked on")
        DONE = "done", _("Done")
        FAILED = "failed", _("Did not work")

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="topic_proposals")
    count = models.PositiveSmallIntegerField(null=True, help_text="How many topics at most; empty: Majlis decides")
    replace = models.BooleanField(default=False)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    done = models.PositiveSmallIntegerField(default=0, help_text="Percent")
    said: Any = models.JSONField(default=dict, help_text="Sentence.as_json: what is being done, or why it failed")
    read: Any = models.JSONField(
        default=dict, help_text="{statement id: [{code, score, because}]}: themes read where a statement had none"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}

    @property
    def words(self) -> Sentence | None:
        return Sentence.from_json(self.said) if self.said else None


class Vote(models.Model):
    """The dots that one partner gave to one topic."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="votes")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="votes")
    dots = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "partner"], name="one_vote_per_topic")]


class Consent(models.Model):
    """What one partner says to the topics as a whole."""

    class Answer(models.TextChoices):
        AGREE = "agree", _("We agree")
        LIVE_WITH = "live_with", _("We can live with it")
        OBJECT = "object", _("We object")

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="consents")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="consents")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    reason = TextField(blank=True)
    answered_at = models.DateTimeField(auto_now=True)
    # An answer speaks of the topics that stood then: when what concerns the partner changes, it no longer counts.
    of_topics = models.CharField(max_length=64, default="", help_text="rules.digest of the topics answered to")
    of_own = models.CharField(max_length=64, default="", help_text="rules.digest of them as they concern its city")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dialogue", "partner"], name="one_consent_per_partner")]


class Objection(models.Model):
    """Why a partner objected and what became of it. Kept, whatever the partner says later."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for a reply")
        ANSWERED = "answered", _("Answered")
        CHANGED = "changed", _("Led to a change")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="objections")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="objections")
    reason = TextField()
    of_topics = models.CharField(max_length=64, help_text="rules.digest of the topics objected to")
    raised_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    reply = TextField(blank=True, help_text="What the secretariat said to it")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=models.Q(state="open"), name="one_open_objection_per_partner"
            )
        ]


class ConsentRound(models.Model):
    """That the partners were asked about a certain set of topics."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="consent_rounds")
    of_topics = models.CharField(max_length=64, help_text="rules.digest of the topics asked about")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["dialogue", "of_topics"], name="asked_once_per_topics")]
