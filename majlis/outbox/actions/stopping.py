"""Unsubscribing from reminders and news by a link in the mail, without an account; and subscribing again."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from majlis.accounts.actions import issue_links
from majlis.accounts.models import Account, ActionLink
from majlis.journal.actions import record
from majlis.outbox.models import Mail, Stop
from majlis.outbox.terms import REMINDER, STOPPABLE
from majlis.web.refused import Refused
from majlis.web.sentences import Sentence

STOP = "outbox.stop"  # the action link by which a reader unsubscribes
LIFE = 730  # days: people unsubscribe from old mails too
NOT_STOPPABLE = _("One cannot unsubscribe from this kind of mail.")


def stop_urls(accounts: Iterable[Account], what: str, scope: str) -> dict[int, str]:
    """{account's number: where it unsubscribes from `what` in this scope}. One link for each account, whatever it stops."""
    links = issue_links(act=STOP, wanted=[(account, account) for account in accounts], days=LIFE)
    query = urlencode({"what": what, "scope": scope})
    return {
        link.account_id: f"{settings.PUBLIC_URL}{reverse('outbox:stop', args=[link.token])}?{query}" for link in links
    }


def footer(url: str, what: str, language: str) -> str:
    """The line below a mail that says how to get no more of its kind."""
    with override(language):
        words = (
            gettext("No more reminders of this kind: %(link)s")
            if what == REMINDER
            else gettext("No more news of this kind: %(link)s")
        )
        return words % {"link": url}


@transaction.atomic
def stop(*, link: ActionLink, what: str, scope: str = "") -> Stop:
    """The link's account gets no more mails of this kind, in one scope or (empty) at all. Twice is the same as once."""
    if what not in STOPPABLE:
        raise Refused(NOT_STOPPABLE)
    made, is_new = Stop.objects.get_or_create(account=link.account, what=what, scope=scope)
    if is_new:
        waiting = Mail.objects.filter(
            account=link.account, batch__may_stop=what, state__in=[Mail.State.DRAFT, Mail.State.QUEUED]
        )
        if scope:
            waiting = waiting.filter(batch__scope=scope)
        numbers = list(waiting.select_for_update(of=("self",)).values_list("pk", flat=True))
        Mail.objects.filter(pk__in=numbers).update(state=Mail.State.CANCELLED, next_attempt_at=None)
        record(
            act="outbox.stop", by=link.account, scope=scope or "network", facts={"what": what},
            sentence=Sentence(_("Somebody unsubscribed from mails"), {}),
        )  # fmt: skip
    return made


@transaction.atomic
def want_again(*, link: ActionLink, what: str, scope: str = "") -> None:
    """Subscribe again to what was stopped."""
    gone, _by_model = Stop.objects.filter(account=link.account, what=what, scope=scope).delete()
    if gone:
        record(
            act="outbox.want_again", by=link.account, scope=scope or "network", facts={"what": what},
            sentence=Sentence(_("Somebody subscribed to mails again"), {}),
        )  # fmt: skip
