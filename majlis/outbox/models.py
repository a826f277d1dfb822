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
        APPROVED = "approved", pgettext_lazy("mail", "Approved")
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
    # Somebody looked at it and said yes. With `send_at` it then leaves by itself at that time.
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_at = models.DateTimeField(null=True)
    send_at = models.DateTimeField(null=True, help_text="Not before this time, whoever presses Send")
    is_paused = models.BooleanField(default=False)
    # Mails of one digest class to one person that wait at the same time leave as one (terms.DIGEST_WINDOW).
    digest = models.CharField(max_length=40, blank=True)
    may_stop = models.CharField(max_length=20, blank=True, help_text="terms.STOPPABLE: readers may unsubscribe from it")
    left_out = models.PositiveIntegerField(default=0, help_text="Readers who have unsubscribed from such mails")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["scope", "-id"]),
            models.Index(fields=["send_at"], name="outbox_leaves", condition=models.Q(state="approved")),
        ]
        ordering = ["-id"]

    @property
    def held_words(self) -> Sentence | None:
        return Sentence.from_json(self.held_reason) if self.held_reason else None


class Mail(models.Model):
    """One mail to one address. `once` makes a second one for the same purpose impossible."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        WAITING = "waiting", pgettext_lazy("mail", "Waiting for others")
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Being handed over")
        HANDING = "handing", _("Awaiting the server's answer")
        SENT = "sent", _("Sent")
        UNCLEAR = "unclear", pgettext_lazy("mail", "Unclear")
        CAME_BACK = "came_back", pgettext_lazy("mail", "Came back")
        FAILED = "failed", _("Failed")
        GATHERED = "gathered", pgettext_lazy("mail", "In a digest")
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
    template = models.CharField(max_length=80, blank=True)
    values: Any = models.JSONField(default=dict, blank=True, help_text="What fills the placeholders, in its language")
    stop_url = models.CharField(max_length=300, blank=True, help_text="Where its reader unsubscribes from such mails")
    gathered_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="gathered")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    claimed_by = models.PositiveIntegerField(
        null=True, help_text="The run that hands it over; its lock tells whether it lives"
    )
    claimed_at = models.DateTimeField(null=True)
    turn_at = models.DateTimeField(null=True, help_text="Its turn among the mails to its domain")
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


class MailText(models.Model):
    """A dialogue's own words for one kind of mail in one language; without a row the default holds."""

    scope = models.CharField(max_length=80)
    template = models.CharField(max_length=80)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "template", "language"], name="mail_text_once")]


class Incoming(models.Model):
    """One message of the mailbox, by its UID: read once, whoever takes it. Of what nobody took, who sent it and about what."""

    mailbox = models.CharField(max_length=200, help_text="user@host/folder")
    validity = models.BigIntegerField(help_text="UIDVALIDITY")
    uid = models.BigIntegerField()
    read_at = models.DateTimeField(auto_now_add=True)
    taken_by = models.CharField(max_length=40, blank=True)
    sender = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    fault = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "validity", "uid"], name="message_read_once")]
        ordering = ["-id"]


class Bounce(models.Model):
    """What a mail server reported about a mail that had left: it came back for good, or it is delayed."""

    mail = models.ForeignKey(Mail, null=True, on_delete=models.SET_NULL, related_name="bounces")
    address = models.CharField(max_length=254)
    is_final = models.BooleanField()
    is_of_address = models.BooleanField(
        default=False, help_text="The address itself is wrong: nothing else will arrive there"
    )
    status = models.CharField(max_length=12, blank=True, help_text="RFC 3463, e.g. 5.1.1")
    diagnosis = models.TextField(blank=True, help_text="The server's own words")
    reported_by = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the report: the same one read twice counts once")
    received_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "address"], name="bounce_once")]
        indexes = [models.Index(fields=["address"], name="bounce_open", condition=models.Q(settled_at=None))]
        ordering = ["-id"]


class Stop(models.Model):
    """A reader does not want a class of mails, in one dialogue or (empty scope) at all."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stops")
    what = models.CharField(max_length=20, help_text="terms.STOPPABLE")
    scope = models.CharField(max_length=80, blank=True)
    stopped_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "what", "scope"], name="stopped_once")]


class Allowance(models.Model):
    """How far a budget is used up, shared by all processes: the time at which it will be whole again (rules.Budget)."""

    key = models.CharField(max_length=300, primary_key=True)
    whole_at = models.DateTimeField(db_index=True)
