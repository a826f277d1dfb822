"""The address that a mail returns to when it cannot be delivered, and how a report finds back to its mail (VERP).

With `{}` in MAJLIS_BOUNCE_ADDRESS every mail gets a return address of its own, with a signature, so that nobody can report
a mail they never got. Without it, the Message-ID in the returned part says which mail it is; that is as hard to guess.
"""

from __future__ import annotations

import re
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from majlis.outbox.models import Mail
from majlis.outbox.reports import Report

PROOF = r"(\d{1,18})-([0-9a-f]{16})"


def return_address(mail: Mail) -> str:
    """The envelope's sender, e.g. bounces+42-0123456789abcdef@example.org."""
    pattern = settings.BOUNCE_ADDRESS or parseaddr(settings.MAIL_FROM)[1]
    return str(pattern).replace("{}", f"{mail.pk}-{_signature(mail.pk)}")


def mail_of(report: Report) -> Mail | None:
    """The mail that a report is about, if it proves that it had it."""
    mails = Mail.objects.select_related("batch", "account")
    if "{}" in settings.BOUNCE_ADDRESS:
        before, _braces, after = settings.BOUNCE_ADDRESS.lower().partition("{}")
        pattern = re.compile(re.escape(before) + PROOF + re.escape(after))
        for address in report.returned_to:
            found = pattern.fullmatch(address)
            if found and constant_time_compare(found[2], _signature(int(found[1]))):
                return mails.filter(pk=int(found[1])).first()
    return mails.filter(message_id=report.message_id).first() if report.message_id else None


def _signature(number: int) -> str:
    return salted_hmac("majlis.outbox.returns", str(number), algorithm="sha256").hexdigest()[:16]
