"""The public calendar of a dialogue: an address that anybody may subscribe to, until it is renewed or closed."""

from secrets import token_urlsafe

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue
from majlis.dialogue.rules import require_run
from majlis.journal.actions import record
from majlis.web.sentences import Sentence


@transaction.atomic
def open_calendar(*, by: Account, dialogue: Dialogue) -> str:
    """Open the public calendar, or give it a new address: the old one stops working. Return its key."""
    require_run(by, dialogue)
    _keep(
        by, dialogue, token_urlsafe(24), "dialogue.open_calendar", Sentence(_("The public calendar got a new address"))
    )
    return dialogue.calendar_key


@transaction.atomic
def close_calendar(*, by: Account, dialogue: Dialogue) -> None:
    """Close the public calendar; nothing happens if there is none."""
    require_run(by, dialogue)
    if dialogue.calendar_key:
        _keep(by, dialogue, "", "dialogue.close_calendar", Sentence(_("The public calendar was closed")))


def _keep(by: Account, dialogue: Dialogue, key: str, act: str, sentence: Sentence) -> None:
    dialogue.calendar_key = key
    dialogue.save(update_fields=["calendar_key"])
    record(act=act, by=by, scope=dialogue.scope, subject=dialogue, sentence=sentence)
