"""Mails that came back: read from reports, shown to the secretariat, settled by it."""

from __future__ import annotations

from email.message import EmailMessage
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.outbox.mailbox import parsed
from majlis.outbox.models import Attempt, Bounce, Mail
from majlis.outbox.reports import Report, reports
from majlis.outbox.returns import mail_of
from majlis.outbox.rules import is_of_secretariat
from majlis.outbox.texts import cleaned, one_line
from majlis.web.refused import Forbidden, Refused
from majlis.web.sentences import Sentence

LARGEST_UPLOAD = 2 * 2**20
NOT_YOURS = _("Only the secretariat may do this.")
NO_REPORT = _(
    "This file is no report of a mail server about a mail that came back. Save the message that the server wrote, as a whole, as an .eml file."
)
NOT_OURS = _("This report names no mail that left from here: neither its Message-ID nor its return address is known.")


@transaction.atomic
def take_bounce(message: EmailMessage) -> bool:
    """Reader of the mailbox: keep what a mail server reports about our mails; True if it did. The same report counts once."""
    found = reports(message)
    digest = sha256(message.as_bytes()).hexdigest() if found else ""
    are_ours = [_kept(report, digest) for report in found]
    return any(are_ours)


def _kept(report: Report, digest: str) -> bool:
    mail = mail_of(report)
    if mail is None:
        return False
    # The address that we wrote to is what can be mended; the server may name the one it was forwarded to.
    said = cleaned(report.diagnosis)
    if report.address and report.address.lower() != mail.address.lower():
        said = f"{report.address}: {said}"
    _bounce, is_new = Bounce.objects.get_or_create(
        digest=digest, address=mail.address,
        defaults={
            "mail": mail, "is_final": report.is_final, "is_of_address": report.is_of_address, "status": report.status,
            "diagnosis": said, "reported_by": one_line(report.reported_by, 200),
        },
    )  # fmt: skip
    if not is_new:
        return True
    if report.is_final:
        left = [Mail.State.SENT, Mail.State.UNCLEAR, Mail.State.HANDING]
        Mail.objects.filter(pk=mail.pk, state__in=left).update(state=Mail.State.CAME_BACK, answer=said[:1000])
    Attempt.objects.create(mail=mail, at=timezone.now(), is_accepted=False, answer=said[:1000])
    record(
        act="outbox.take_bounce", by=None, scope=mail.batch.scope, subject=mail, facts={"status": report.status, "is_final": report.is_final},
        sentence=Sentence(_("A mail came back") if report.is_final else _("A mail is delayed on its way")),
    )  # fmt: skip
    return True


def upload_report(*, by: Account, content: bytes) -> None:
    """Take a report that somebody saved as a file (.eml). Refused in words if it is none, or not about a mail of ours."""
    if not is_of_secretariat(by):
        raise Forbidden(NOT_YOURS)
    if len(content) > LARGEST_UPLOAD:
        raise Refused(
            _("This file is larger than 2 MB: a report of a mail server is smaller. Leave out the attachments.")
        )
    message = parsed(content)
    if not reports(message):
        raise Refused(NO_REPORT)
    if not take_bounce(message):
        raise Refused(NOT_OURS)


@transaction.atomic
def settle_bounce(*, by: Account, bounce: Bounce) -> Bounce:
    """Somebody has seen to it: mails may go to this address again."""
    if not is_of_secretariat(by):
        raise Forbidden(NOT_YOURS)
    bounce = Bounce.objects.select_for_update(of=("self",)).select_related("mail__batch").get(pk=bounce.pk)
    if bounce.settled_at is None:
        bounce.settled_at, bounce.settled_by = timezone.now(), by
        bounce.save(update_fields=["settled_at", "settled_by"])
        record(
            act="outbox.settle_bounce", by=by, scope=bounce.mail.batch.scope if bounce.mail else "network", subject=bounce,
            sentence=Sentence(_("A mail that came back was seen to")),
        )  # fmt: skip
    return bounce
