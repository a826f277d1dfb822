"""The concept note, the roles that partners agree to, and the invitations that may leave after that."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from majlis.dialogue.models import Dialogue, Participant, Partner
from majlis.language.models import Text, TextField
from majlis.outbox.models import Mail


class ConceptNote(models.Model):
    """Goal, expected outcome and the rest of the fields in concept_note_template.yaml."""

    dialogue = models.OneToOneField(Dialogue, on_delete=models.CASCADE, related_name="concept_note")
    goal = TextField(blank=True)
    expected_outcome = TextField(blank=True)
    roles = TextField(blank=True, help_text="What every partner is asked to take on")
    fields: Any = models.JSONField(default=dict, help_text="{key of the template: Text.as_json}")
    version = models.PositiveSmallIntegerField(default=1)
    # Rises only when goal, outcome or roles change: what the partners agreed to. A new contact asks nobody again.
    terms_version = models.PositiveSmallIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    def field(self, key: str) -> Text:
        """One of the template's other fields; an empty text if it is not written."""
        stored = self.fields.get(key)
        return Text.from_json(stored) if stored else Text()


class ConceptNoteVersion(models.Model):
    """The concept note as it stood once; the newest one is the note itself."""

    note = models.ForeignKey(ConceptNote, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveSmallIntegerField()
    terms_version = models.PositiveSmallIntegerField()
    content: Any = models.JSONField(help_text="{goal, expected_outcome, roles, …: Text.as_json}")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["note", "version"], name="note_version_once")]


class RoleAgreement(models.Model):
    """One partner's answer to its roles and responsibilities, for one version of the concept note."""

    class Answer(models.TextChoices):
        ASKED = "asked", _("Asked")
        AGREED = "agreed", _("Agreed")
        DECLINED = "declined", _("Declined")

    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="role_agreement")
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.ASKED)
    of_version = models.PositiveSmallIntegerField(default=1)
    comment = TextField(blank=True)
    # A partner that declines gets another role or leaves; its own role is asked of it alone.
    own_role = TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")


class Invitation(models.Model):
    """One person's invitation and answer."""

    class Answer(models.TextChoices):
        OPEN = "open", _("No answer yet")
        YES = "yes", _("Yes")
        NO = "no", _("No")
        TENTATIVE = "tentative", _("Tentative")

    class Contribution(models.TextChoices):
        PRACTICE = "practice", _("A practice")
        CHALLENGE = "challenge", _("A challenge")

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="invitation")
    mail = models.ForeignKey(Mail, null=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.OPEN)
    sessions = ArrayField(models.BigIntegerField(), default=list, help_text="Numbers of the sessions accepted")
    contribution = models.CharField(max_length=10, choices=Contribution.choices, blank=True)
    contribution_text = TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    # What the person's calendar knows of each session, as calendars.fingerprint gives it: as sent, and as drafted.
    known: Any = models.JSONField(default=dict, help_text="{session number: fingerprint}")
    drafted: Any = models.JSONField(default=dict, help_text="{session number: fingerprint}")
    sent_at = models.DateTimeField(null=True)
