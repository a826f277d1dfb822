"""A person's own calendar of a dialogue: an address that their calendar program asks again and again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.actions import issue_link, revoke_links
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Dialogue
from majlis.dialogue.rules import can_see
from majlis.journal.actions import record
from majlis.web.refused import Forbidden
from majlis.web.sentences import Sentence

FEED = "invite.feed"  # what the action link is for
DAYS = 730  # a dialogue and its follow-up are over by then


@transaction.atomic
def open_feed(*, by: Account, dialogue: Dialogue) -> ActionLink:
    """Give somebody who takes part an address of their own; a new one if they have one, and the old one stops working."""
    _require_see(by, dialogue)
    revoke_links(act=FEED, subject=dialogue, account=by)
    link = issue_link(account=by, act=FEED, subject=dialogue, days=DAYS)
    record(
        act="invite.open_feed",
        by=by,
        scope=dialogue.scope,
        sentence=Sentence(_("An address for one's own calendar was made")),
    )
    return link


@transaction.atomic
def close_feed(*, by: Account, dialogue: Dialogue) -> None:
    """Withdraw the address; nothing happens if there is none."""
    _require_see(by, dialogue)
    if revoke_links(act=FEED, subject=dialogue, account=by):
        record(
            act="invite.close_feed", by=by, scope=dialogue.scope,
            sentence=Sentence(_("The address for one's own calendar was withdrawn")),
        )  # fmt: skip


def _require_see(by: Account, dialogue: Dialogue) -> None:
    if not can_see(by, dialogue):
        raise Forbidden(_("Only who takes part in this dialogue has a calendar of it."))
