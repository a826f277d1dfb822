"""Reads of what came back."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from majlis.outbox.models import Bounce, Incoming
from majlis.web.refused import NotThere

# What a status (RFC 3463) means and what to do, by how it begins; the first that fits holds.
ADVICE = [
    ("5.1.1", _("There is no such address."), _("Ask the city for the right address, or let its focal point name somebody else; then settle this.")),
    ("5.1.2", _("There is no such mail domain."), _("Look for a slip of the pen after the @; then settle this.")),
    ("5.1.10", _("There is no such address."), _("Ask the city for the right address, or let its focal point name somebody else; then settle this.")),
    ("5.2.1", _("The mailbox is closed."), _("The person may have left: let the focal point name a successor.")),
    ("5.2.2", _("The mailbox is full."), _("Call or write another way; send the mail again in a few days.")),
    ("4.2.2", _("The mailbox is full."), _("Call or write another way; send the mail again in a few days.")),
    ("5.2.3", _("The mail is too large for this mailbox."), _("Send a shorter one, or call.")),
    ("5.3.4", _("The mail is too large for this mailbox."), _("Send a shorter one, or call.")),
    ("5.4", _("The mail server of this address cannot be found."), _("Look for a slip of the pen after the @. If the address is right, try again tomorrow.")),
    ("4.4", _("The mail server of this address could not be reached."), _("Nothing is wrong with the address. Send the mail again in a few days.")),
    ("5.7", _("Their mail server refused it as unwanted."), _("Ask the person to allow our sender address, and show the words below to whoever runs our mail (SPF, DKIM, DMARC).")),
    ("5.1", _("The address was not accepted."), _("Check the address with the city; then settle this.")),
    ("4", _("It could not be delivered in time."), _("Nothing is wrong with the address. Send the mail again in a few days.")),
]  # fmt: skip
OTHERWISE = (
    _("Their mail server did not take it."),
    _("Read its words below. If they do not help, ask the person for another address."),
)
DELAYED = (_("It is delayed and still being tried."), _("Nothing to do yet."))


def advice(bounce: Bounce) -> tuple[str, str]:
    """What happened and what to do, in the active language."""
    if not bounce.is_final:
        return gettext(DELAYED[0]), gettext(DELAYED[1])
    for begin, what, do in ADVICE:
        if bounce.status == begin or bounce.status.startswith(f"{begin}."):
            return gettext(what), gettext(do)
    return gettext(OTHERWISE[0]), gettext(OTHERWISE[1])


def bounces(*, with_settled: bool = False) -> QuerySet[Bounce]:
    """What came back, newest first, with its mail and reader."""
    found = Bounce.objects.select_related("mail__batch", "mail__account", "settled_by")
    return found if with_settled else found.filter(settled_at=None)


def open_bounces() -> int:
    return Bounce.objects.filter(settled_at=None, is_final=True).count()


def bounce(number: int) -> Bounce:
    found = Bounce.objects.filter(pk=number).first()
    if found is None:
        raise NotThere(_("There is no such report."))
    return found


def not_taken() -> list[Incoming]:
    """The latest messages of the mailbox that nobody took: a person should read them there."""
    return list(Incoming.objects.filter(taken_by="")[:10])
