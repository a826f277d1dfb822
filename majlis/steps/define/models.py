"""Sub-topics tied to needs and visions; what partners prefer and consent to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from majlis.dialogue.models import Dialogue, Partner
from majlis.language.models import TextField
from majlis.network.models import Statement
from majlis.outbox.models import Batch


class Topic(models.Model):
    """A sub-topic of the dialogue, tied to present needs and future visions."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="topics")
    position = models.PositiveSmallIntegerField()
    name = TextField()
    statements = models.ManyToManyField(Statement, related_name="topics")
    baseline_indicator = TextField(blank=True)
    baseline_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    baseline_unit = models.CharField(max_length=30, blank=True)
    baseline_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.name)


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
    reply = TextField(blank=True, help_text="The secretariat's answer to an objection")
    answered_at = models.DateTimeField(auto_now=True)
    replied_at = models.DateTimeField(null=True)
    # An answer speaks of the topics that stood then: when these change, it no longer counts.
    of_topics = models.CharField(max_length=64, default="", help_text="rules.digest of the topics answered to")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dialogue", "partner"], name="one_consent_per_partner")]

    @property
    def is_open_objection(self) -> bool:
        return self.answer == self.Answer.OBJECT and not self.reply


class ConsentRound(models.Model):
    """That the partners were asked about a certain set of topics."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="consent_rounds")
    of_topics = models.CharField(max_length=64, help_text="rules.digest of the topics asked about")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["dialogue", "of_topics"], name="asked_once_per_topics")]
