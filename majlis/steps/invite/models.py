"""The concept note, the roles that partners agree to, and the invitations that may leave after that."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from majlis.dialogue.models import Dialogue, Participant, Partner, Session
from majlis.language.models import Text, TextField
from majlis.network.models import Person
from majlis.outbox.models import Mail
from majlis.web.sentences import Sentence


class ConceptNote(models.Model):
    """Goal, expected outcome and the rest of the fields in concept_note_template.yaml."""

    dialogue = models.OneToOneField(Dialogue, on_delete=models.CASCADE, related_name="concept_note")
    goal = TextField(blank=True)
    expected_outcome = TextField(blank=True)
    roles = TextField(blank=True, help_text="What every partner is asked to take on")
    fields: Any = models.JSONField(default=dict, help_text="{key of the template: Text.as_json}")
    methods = ArrayField(models.CharField(max_length=20), default=list, help_text="Codes of room.methods")
    # What every partner takes on beside the words: who does, answers for, is asked, is told (terms.RESPONSIBILITIES).
    responsibilities: Any = models.JSONField(default=dict, help_text="{responsibility: R, A, C or I}")
    effort_hours = models.PositiveSmallIntegerField(null=True, help_text="Hours for each person of a delegation")
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
    own_responsibilities: Any = models.JSONField(default=dict, help_text="{responsibility: R, A, C, I}; empty: as all")
    own_hours = models.PositiveSmallIntegerField(null=True, help_text="Hours for each person; empty: as all")
    # What the city agreed to last, so that it is asked again only about what has changed since.
    agreed_terms: Any = models.JSONField(default=dict, help_text="comparing.terms_of as it stood then")
    agreed_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")


class Registration(models.Model):
    """How a dialogue takes answers: from when until when, with approval or without, and for how long they are kept."""

    dialogue = models.OneToOneField(Dialogue, on_delete=models.CASCADE, related_name="registration")
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    needs_approval = models.BooleanField(default=False)
    advances_by_itself = models.BooleanField(default=True, help_text="A free place goes to the next in line at once")
    women_wanted = models.PositiveSmallIntegerField(null=True, help_text="Percent of those who state their gender")
    delete_after_days = models.PositiveSmallIntegerField(
        default=14, help_text="Sensitive answers, after the last session"
    )
    reminder_days = ArrayField(models.PositiveSmallIntegerField(), default=list, help_text="Days before the deadline")
    reminders_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")


class Replacement(models.Model):
    """Who gave a seat of a delegation to whom. The seat stays with the city."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="replacements")
    seat = models.PositiveSmallIntegerField()
    left = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    came = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    # Set when a session had begun: the former person stays a participant but sits on no seat any more.
    former = models.OneToOneField(Participant, null=True, on_delete=models.CASCADE, related_name="gave_way")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["at"]


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
        BOTH = "both", _("A practice and a challenge")

    class Approval(models.TextChoices):
        WAITING = "waiting", _("Waits for approval")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Not approved")

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="invitation")
    mail = models.ForeignKey(Mail, null=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.OPEN)
    contribution = models.CharField(max_length=10, choices=Contribution.choices, blank=True)
    contribution_text = TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    approval = models.CharField(max_length=10, choices=Approval.choices, default=Approval.APPROVED)
    approval_reason = models.TextField(blank=True)
    is_told = models.BooleanField(default=True, help_text="Of the last decision about approval")
    # What is typed before it is sent, as the form's fields; kept for its reader only and emptied by the answer.
    draft: Any = models.JSONField(default=dict, help_text="{field of the form: typed}")
    details: Any = models.JSONField(default=dict, help_text="{key of rsvp_fields.yaml: answer}")
    details_at = models.DateTimeField(null=True)
    # What the person's calendar knows of each session, as calendars.fingerprint gives it: as sent, and as drafted.
    known: Any = models.JSONField(default=dict, help_text="{session number: fingerprint}")
    drafted: Any = models.JSONField(default=dict, help_text="{session number: fingerprint}")
    sent_at = models.DateTimeField(null=True)

    @property
    def shown_name(self) -> str:
        """What others read: the name this person asked to be shown by, otherwise the role title."""
        return str(self.details.get("display_name") or self.participant.person)

    @property
    def sessions(self) -> list[int]:
        """Numbers of the sessions in which this person has a place, in their order in time."""
        places = self.by_session.filter(place=SessionAnswer.Place.CONFIRMED)
        planned = places.exclude(session__state=Session.State.CANCELLED).order_by("session__starts_at", "session")
        return list(planned.values_list("session_id", flat=True))


class SessionAnswer(models.Model):
    """One person's answer to one session, and whether there is a place for them."""

    class Place(models.TextChoices):
        NONE = "", _("No place")
        CONFIRMED = "confirmed", _("Place confirmed")
        WAITING = "waiting", _("On the waiting list")

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="by_session")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="answers")
    answer = models.CharField(max_length=10, choices=Invitation.Answer.choices)
    place = models.CharField(max_length=10, choices=Place.choices, blank=True, default=Place.NONE)
    since = models.DateTimeField(help_text="When this person stood in line, or got the place")
    is_told = models.BooleanField(default=True, help_text="Of a place that came after the answer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invitation", "session"], name="session_answered_once")]

    @property
    def is_expected(self) -> bool:
        """Whether this person is planned for: has a place, or has not answered yet and stands in no line."""
        return self.place == self.Place.CONFIRMED or (self.answer == Invitation.Answer.OPEN and not self.place)


class CalendarReply(models.Model):
    """An answer that a calendar program sent, as it was written, and what became of it. Refused ones stay readable."""

    class Source(models.TextChoices):
        MAIL = "mail", _("By mail")
        UPLOAD = "upload", _("Uploaded")

    session = models.ForeignKey(Session, null=True, on_delete=models.CASCADE, related_name="calendar_replies")
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.CASCADE, related_name="calendar_replies")
    uid = models.CharField(max_length=200)
    address = models.CharField(max_length=254, help_text="Whose answer it says it is")
    answer = models.CharField(max_length=10, choices=Invitation.Answer.choices, blank=True)
    sequence = models.IntegerField()
    stamped_at = models.DateTimeField(null=True, help_text="DTSTAMP: when the program says it was given")
    received_at = models.DateTimeField(auto_now_add=True)
    source = models.CharField(max_length=6, choices=Source.choices)
    is_taken = models.BooleanField()
    reason: Any = models.JSONField(default=dict, blank=True, help_text="Sentence.as_json: why it was not taken")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["session", "invitation", "-stamped_at"])]

    @property
    def words(self) -> Sentence | None:
        """Why it was not taken, in the reader's language."""
        return Sentence.from_json(self.reason) if self.reason else None
