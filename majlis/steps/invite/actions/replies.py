"""Answers of calendar programs: from the mailbox or uploaded, matched to the invitation, or refused calmly and written down."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import getaddresses
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Session
from majlis.dialogue.rules import require_run
from majlis.journal.actions import record
from majlis.steps.invite.actions.answers import answer as give_answer
from majlis.steps.invite.calendars import NotReadable, Reply, replies, sequence
from majlis.steps.invite.models import CalendarReply, Invitation
from majlis.web.refused import Refused
from majlis.web.sentences import Sentence

logger = logging.getLogger(__name__)
# A computer's clock may be a little wrong; a later answer must not lose to an earlier one for that.
LENIENT = timedelta(minutes=5)

UNKNOWN = _("No session here has this calendar entry.")
NOT_INVITED = _("Nobody with this address was invited to this session.")
FORGED = _("The mail came from another address than the one it answers for.")
UNSAID = _("It says neither yes, no nor perhaps.")
OLD_PLAN = _("It answers an earlier plan of the session, which has changed since.")
NO_SUCH_PLAN = _("It answers a plan of the session that does not exist.")
OLDER = _("A later answer has been given already.")
TWICE = _("This answer was read before.")


@dataclass(frozen=True)
class Matched:
    """A reply with the session and invitation that it is about."""

    reply: Reply
    session: Session
    invitation: Invitation


def take_reply(message: EmailMessage) -> bool:
    """Read a mail that may hold answers of a calendar program; return whether it was one. A reader of the mailbox.

    What is not ours is left to others: a calendar with another method, or answers to nobody's sessions but ours only.
    """
    senders = {address.lower() for _name, address in getaddresses([str(message.get("From", ""))])}
    found: list[Reply] = []
    for part in message.walk():
        if part.get_content_type() != "text/calendar":
            continue
        try:
            found += replies(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
        except NotReadable as fault:
            logger.info("A calendar part could not be read: %s", fault)
    for reply in dict.fromkeys(found):  # programs send the same object inline and attached
        _taken(reply, CalendarReply.Source.MAIL, by=None, senders=senders)
    return bool(found)


def upload_replies(*, by: Account, dialogue: Dialogue, content: bytes) -> list[CalendarReply]:
    """Take the answers in a file that the secretariat was sent (.ics); return what became of each.

    Raises Refused if it is no calendar or holds no answer. Answers to another dialogue are refused, not read.
    """
    require_run(by, dialogue)
    try:
        found = replies(content)
    except NotReadable as fault:
        raise Refused(_("This file is no calendar that can be read. Upload the .ics file of the answer.")) from fault
    if not found:
        raise Refused(_("There is no answer in this calendar: its method is not REPLY."))
    taken = [_taken(reply, CalendarReply.Source.UPLOAD, by=by, within=dialogue) for reply in dict.fromkeys(found)]
    record(
        act="invite.upload_replies", by=by, scope=dialogue.scope,
        sentence=Sentence(_("%(count)s answer of a calendar program was uploaded"), {},
                          _("%(count)s answers of calendar programs were uploaded"), len(taken)),
        facts={"taken": sum(each.is_taken for each in taken)},
    )  # fmt: skip
    return taken


@transaction.atomic
def _taken(
    reply: Reply, source: str, *, by: Account | None, senders: set[str] | None = None, within: Dialogue | None = None
) -> CalendarReply:
    """Take one answer, or write down why not. senders: the addresses that a mail came from."""
    matched, reason = _match(reply, within)
    if matched and not reason:
        reason = _refused(matched, senders)
    if matched and not reason:
        try:
            with transaction.atomic():
                give_answer(
                    account=matched.invitation.participant.person.account,
                    session=matched.session,
                    answer=reply.answer,
                    by=by,
                )
        except Refused as refused:  # registration is closed, the step has not begun, the account was closed
            reason = refused.sentence
    if reason:
        logger.info("An answer to %s was not taken: %s", reply.uid, reason.message)
    return CalendarReply.objects.create(
        session=matched.session if matched else None, invitation=matched.invitation if matched else None, uid=reply.uid,
        address=reply.address, answer=reply.answer, sequence=reply.sequence, stamped_at=reply.stamped_at, source=source,
        is_taken=reason is None, reason=reason.as_json() if reason else {},
    )  # fmt: skip


def _match(reply: Reply, within: Dialogue | None) -> tuple[Matched | None, Sentence | None]:
    name, _at, _host = reply.uid.partition("@")
    try:
        session = Session.objects.select_related("dialogue").filter(calendar_uid=UUID(name)).first()
    except ValueError:
        session = None
    if session is None or (within is not None and session.dialogue_id != within.pk):
        return None, Sentence(UNKNOWN)
    invited = Invitation.objects.select_for_update(of=("self",)).select_related("participant__person__account")
    row = invited.filter(
        participant__dialogue=session.dialogue_id, participant__person__account__email__iexact=reply.address,
        sent_at__isnull=False,
    ).first()  # fmt: skip
    return (Matched(reply, session, row), None) if row else (None, Sentence(NOT_INVITED))


def _refused(matched: Matched, senders: set[str] | None) -> Sentence | None:
    """Why this answer is not taken, None if it is."""
    reply, row = matched.reply, matched.invitation
    if senders is not None and not senders & {reply.address, reply.sent_by} - {""}:
        return Sentence(FORGED)
    if not reply.answer:
        return Sentence(UNSAID)
    if not 0 <= reply.sequence <= sequence(matched.session):
        return Sentence(NO_SUCH_PLAN)
    if reply.sequence < _known(row, matched.session):
        return Sentence(OLD_PLAN)
    return _overtaken(matched)


def _known(row: Invitation, session: Session) -> int:
    """The SEQUENCE that this person's calendar was last told."""
    told = row.known.get(str(session.pk), "0").partition(":")[0]
    return int(told) if told.isdecimal() else 0


def _overtaken(matched: Matched) -> Sentence | None:
    """Whether a later answer is known: of another calendar reply to this session, or given on the page meanwhile."""
    reply, row = matched.reply, matched.invitation
    stamped_at = reply.stamped_at or timezone.now()
    before = row.calendar_replies.filter(is_taken=True)
    last = before.filter(session=matched.session).order_by("-sequence", "-stamped_at").first()
    if last and last.stamped_at and last.sequence >= reply.sequence:
        if (last.stamped_at, last.answer) == (stamped_at, reply.answer):
            return Sentence(TWICE)
        if stamped_at <= last.stamped_at <= timezone.now() + LENIENT:
            return Sentence(OLDER)
    read = before.order_by("-received_at").first()
    is_from_page = row.answered_at and (read is None or row.answered_at > read.received_at + LENIENT)
    if row.answered_at and is_from_page and stamped_at < row.answered_at - LENIENT:
        return Sentence(OLDER)
    return None
