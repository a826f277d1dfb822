"""Sign-in codes: one live code for each account, burnt by use or by the fifth wrong try, over all browsers."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account, SignInCode
from majlis.journal.actions import record
from majlis.web.sentences import Sentence

TRIES = 5
LIFE = timedelta(minutes=10)


@transaction.atomic
def remember_code(*, account: Account, code: str) -> None:
    """Make this the account's one live code; one issued before is void from now on."""
    fresh = {"digest": SignInCode.digest_of(account.pk, code), "wrong": 0, "issued_at": timezone.now()}
    SignInCode.objects.update_or_create(account=account, defaults=fresh)


@transaction.atomic
def use_code(*, account: Account, code: str, is_right: bool) -> bool:
    """Whether somebody may sign in with this code now; it is burnt by that, or by the fifth wrong try.

    code: the one that this browser's sign-in expects; is_right: whether it was typed. One row lock keeps two tries at once
    from both counting as the fourth.
    """
    live = SignInCode.objects.select_for_update().filter(account=account).first()
    if live is None or live.issued_at < timezone.now() - LIFE:
        return False
    if is_right and live.is_code(code):
        live.delete()
        record(
            act="accounts.sign_in", by=account, scope="network", subject=account,
            sentence=Sentence(_("Somebody signed in with a code")),
        )  # fmt: skip
        return True
    live.wrong += 1
    if live.wrong >= TRIES:
        live.delete()
    else:
        live.save(update_fields=["wrong"])
    return False
