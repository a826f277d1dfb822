"""Drafting and sending invitations, their updates and reminders. None leaves while the gate is closed."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Session, Step, StepRecord
from majlis.dialogue.rules import require_run
from majlis.journal.actions import record
from majlis.outbox.actions import cancel_batch, draft_batch, release_batch, send_batch
from majlis.outbox.models import Batch, Mail
from majlis.steps.invite.actions.note import KINDS, WAITS, follow_gate
from majlis.steps.invite.calendars import fingerprint
from majlis.steps.invite.letters import Guest, Programme, invitation, removal, update
from majlis.steps.invite.models import Invitation
from majlis.steps.invite.rules import require_begun, require_gate
from majlis.web.refused import NotNow
from majlis.web.sentences import Sentence

NO_SESSIONS = _("Plan the sessions first: an invitation names its dates.")
STALE = _(
    "The concept note or the sessions have changed since the invitations were drafted. Draft them again, look, and send."
)


@transaction.atomic
def draft_invitations(*, by: Account, dialogue: Dialogue) -> Batch:
    """Draft an invitation with its calendar objects for every participant who has none yet; it stays held until the gate is open."""
    require_run(by, dialogue)
    require_begun(dialogue)
    programme = Programme.of(dialogue)
    if not programme.sessions:
        raise NotNow(NO_SESSIONS)
    _make_rows(dialogue)
    guests = [guest for guest in _guests(dialogue) if guest.invitation.sent_at is None]
    if not guests:
        raise NotNow(_("Every participant has been invited already."))
    programme.prepare_links(guests)
    letters = (invitation(programme, guest) for guest in guests)
    batch = draft_held(by, dialogue, "invite.invitation", letters)
    known = {str(session.pk): fingerprint(session) for session in programme.sessions}
    for guest in guests:
        guest.invitation.drafted = known
    _remember_mails(batch, guests)
    follow_gate(dialogue)
    return batch


@transaction.atomic
def draft_updates(*, by: Account | None, dialogue: Dialogue) -> Batch:
    """Draft a calendar update (a changed session) or CANCEL (a cancelled one) for everybody whose calendar is out of date.

    Who declined is left in peace. by None: when Majlis itself follows a session. Raises NotNow if every calendar is right.
    """
    if by is not None:
        require_run(by, dialogue)
    require_begun(dialogue)
    batch = _drafted_updates(by, dialogue)
    if batch is None:
        raise NotNow(_("Every calendar is up to date: no session has changed since the last mail."))
    return batch


@transaction.atomic
def follow_sessions(*, dialogue: Dialogue) -> Batch | None:
    """The same after a session was moved or called off, quietly: None if nobody was invited or nothing is to draft.

    The step Enable calls it within its own act; a job calls it for what changed elsewhere (tasks.follow_sessions).
    """
    record = StepRecord.objects.select_for_update().get(dialogue=dialogue, step=Step.INVITE)
    return None if record.state == StepRecord.State.CLOSED else _drafted_updates(None, dialogue, anew=False)


def follow_all_sessions() -> int:
    """Follow the sessions of every dialogue whose invitations have left; return in how many something was drafted."""
    running = Dialogue.objects.filter(participants__invitation__sent_at__isnull=False).distinct()
    return sum(follow_sessions(dialogue=dialogue) is not None for dialogue in running)


def _drafted_updates(by: Account | None, dialogue: Dialogue, *, anew: bool = True) -> Batch | None:
    programme = Programme.of(dialogue, with_cancelled=True)
    now = {str(session.pk): fingerprint(session) for session in programme.sessions}
    guests = [
        guest for guest in _guests(dialogue)
        if guest.invitation.sent_at and guest.invitation.answer != Invitation.Answer.NO and _changed(guest.invitation, programme)
    ]  # fmt: skip
    if not guests or (not anew and all(guest.invitation.drafted == now for guest in guests)):
        return None
    # A draft that says an older time is replaced: its reader gets one mail with all that has changed.
    for older in Batch.objects.filter(scope=dialogue.scope, kind="invite.update", state=Batch.State.DRAFT):
        cancel_batch(by=by, batch=older)
    digest = sha256(repr(sorted(now.items())).encode()).hexdigest()[:12]
    letters = (update(programme, guest, _changed(guest.invitation, programme), digest) for guest in guests)
    batch = draft_held(by, dialogue, "invite.update", letters)
    for guest in guests:
        guest.invitation.drafted = now
    Invitation.objects.bulk_update([guest.invitation for guest in guests], ["drafted"])
    return batch


def _changed(one: Invitation, programme: Programme) -> list[Session]:
    """The sessions of which this person's calendar knows something else than what holds now."""
    return [
        session
        for session in programme.sessions
        if fingerprint(session) != one.known.get(str(session.pk))
        and not (session.state == Session.State.CANCELLED and str(session.pk) not in one.known)
    ]


def draft_removal(*, dialogue: Dialogue, account: Account, row: Invitation) -> None:
    """Draft the mail that takes what somebody's calendar knows of a dialogue off it again. Inside the act that removes them."""
    programme = Programme.of(dialogue)
    known = [session for session in programme.sessions if str(session.pk) in row.known]
    if known:
        letter = removal(programme, Guest(row), known)
        draft_batch(by=None, kind="invite.removal", scope=dialogue.scope, letters=[letter])


def draft_held(by: Account | None, dialogue: Dialogue, kind: str, letters: object) -> Batch:
    """Draft mails that leave only through the gate."""
    return draft_batch(
        by=by, kind=kind, scope=dialogue.scope, letters=letters,  # type: ignore[arg-type]
        held=Sentence(WAITS), held_at=f"/dialogues/{dialogue.slug}/invite/",
    )  # fmt: skip


@transaction.atomic
def send_invitations(*, by: Account, dialogue: Dialogue) -> int:
    """Let every drafted invitation and update go, if the gate holds now and nothing changed since; return how many mails."""
    require_run(by, dialogue)
    require_begun(dialogue)
    require_gate(dialogue)
    drafts = list(
        Batch.objects.filter(
            scope=dialogue.scope, kind__in=KINDS, state=Batch.State.DRAFT, mails__isnull=False
        ).distinct()
    )
    if not drafts:
        raise NotNow(_("There is nothing to send: draft the invitations first."))
    _refuse_stale(dialogue, drafts)
    for batch in Batch.objects.filter(scope=dialogue.scope, kind__in=KINDS, is_held=True):
        release_batch(batch=batch)
    count = sum(send_batch(by=by, batch=batch) for batch in drafts)
    waiting = list(Invitation.objects.filter(participant__dialogue=dialogue).exclude(drafted={}))
    for each in waiting:
        each.known, each.drafted, each.sent_at = each.drafted, {}, each.sent_at or timezone.now()
    Invitation.objects.bulk_update(waiting, ["known", "drafted", "sent_at"])
    record(
        act="invite.send_invitations", by=by, scope=dialogue.scope, facts={"count": count},
        sentence=Sentence(_("%(count)s invitation left"), {}, _("%(count)s invitations left"), count),
    )  # fmt: skip
    follow_gate(dialogue)
    return count


def _refuse_stale(dialogue: Dialogue, drafts: Sequence[Batch]) -> None:
    now = {str(session.pk): fingerprint(session) for session in Programme.of(dialogue, with_cancelled=True).sessions}
    waiting = (
        Invitation.objects.filter(participant__dialogue=dialogue).exclude(drafted={}).values_list("drafted", flat=True)
    )
    outdated = any(now.get(key) != value for drafted in waiting for key, value in drafted.items())
    if outdated or dialogue.concept_note.updated_at > min(batch.created_at for batch in drafts):
        raise NotNow(STALE)


def _make_rows(dialogue: Dialogue) -> None:
    there = Invitation.objects.filter(participant__dialogue=dialogue).values_list("participant_id", flat=True)
    missing = dialogue.participants.exclude(pk__in=there)
    Invitation.objects.bulk_create([Invitation(participant=one) for one in missing], ignore_conflicts=True)


def _guests(dialogue: Dialogue) -> list[Guest]:
    """Participants in the order of their invitations, with all that a letter needs, in one query."""
    rows = Invitation.objects.filter(participant__dialogue=dialogue, participant__person__account__is_active=True)
    joined = rows.select_related(
        "participant__person__account", "participant__person__city", "participant__partner__city",
        "participant__partner__role_agreement", "participant__dialogue",
    )  # fmt: skip
    return [Guest(row) for row in joined.order_by("participant_id").prefetch_related("by_session")]


def _remember_mails(batch: Batch, guests: Sequence[Guest]) -> None:
    mails = {mail.account_id: mail.pk for mail in Mail.objects.filter(batch=batch).only("pk", "account_id")}
    for guest in guests:
        guest.invitation.mail_id = mails.get(guest.account.pk)
    Invitation.objects.bulk_update([guest.invitation for guest in guests], ["drafted", "mail"])
