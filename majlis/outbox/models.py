"""Every mail: drafted, previewed, sent once, logged."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from majlis.web.sentences import Sentence


class Batch(models.Model):
    """Mails that belong together: one invitation round, one reminder. A person looks at it and sends it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        CANCELLED = "cancelled", pgettext_lazy("mail", "Cancelled")

    kind = models.CharField(max_length=40, help_text="folder.kind, e.g. invite.invitation")
    scope = models.CharField(max_length=80, help_text="as in the journal, e.g. dialogue:led-mena-2026")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    # While a batch is held nobody can send it and nothing of it is handed over, not even on a retry:
    # only the step that drafted it lets it go, when its own gate is open.
    is_held = models.BooleanField(default=False)
    held_reason: Any = models.JSONField(default=dict, blank=True, help_text="Sentence.as_json: what it waits for")
    held_at = models.CharField(max_length=200, blank=True, help_text="Path of the page where it can be let go")
    # A sign-in code is nobody's business but the reader's: not shown to the secretariat, wiped once handed over.
    is_private = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["scope", "-id"])]
        ordering = ["-id"]

    @property
    def held_words(self) -> Sentence | None:
        return Sentence.from_json(self.held_reason) if self.held_reason else None


class Mail(models.Model):
    """One mail to one address. `once` makes a second one for the same purpose impossible."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Being handed over")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", pgettext_lazy("mail", "Cancelled")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="mails")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="mails")
    address = models.EmailField()
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200)
    body_text = models.TextField()
    body_html = models.TextField()
    calendar = models.TextField(blank=True, help_text="An iCalendar object with its METHOD, or nothing")
    once = models.CharField(
        max_length=120, unique=True, help_text="Purpose and recipient, e.g. invite.invitation:dialogue:3:person:7"
    )
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    answer: Any = models.TextField(blank=True, help_text="What the mail server said last")

    class Meta:
        indexes = [models.Index(fields=["state", "next_attempt_at"]), models.Index(fields=["account", "-id"])]
        ordering = ["id"]

    @property
    def said(self) -> str:
        """The last answer in the reader's language, where it is ours; a server's words stay as they are."""
        return gettext(self.answer) if self.answer else ""


class Attempt(models.Model):
    """One try to hand a mail over, and what the server answered."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField()
    is_accepted = models.BooleanField()
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    @property
    def said(self) -> str:
        return gettext(self.answer) if self.answer else ""
