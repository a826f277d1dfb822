"""Who may read and send mails, and when a failed one is tried again."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from majlis.accounts.models import Account, Role
from majlis.outbox.models import Batch, Mail

# Minutes after the first, second … failure. A server that is down over a weekend still gets the mail.
BACK_OFF = (1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440)


@dataclass(frozen=True)
class Budget:
    """So many mails in a period; what is used comes back evenly over the period."""

    name: str
    count: int
    period: timedelta


# What people from outside the secretariat may cause in a day: generous to a focal point who names a delegation, and to a
# town hall whose people share one network address, but no one's box can be filled.
ADDRESS = Budget("address", 20, timedelta(days=1))
SENDER = Budget("sender", 60, timedelta(days=1))
NETWORK = Budget("network", 200, timedelta(days=1))
CODES = Budget(
    "codes", 40, timedelta(days=1)
)  # sign-in codes to one address; asking for them has closer limits of its own

# What did not reach its reader, so that it may be drafted anew.
NOT_ARRIVED = frozenset({Mail.State.FAILED, Mail.State.CANCELLED, Mail.State.CAME_BACK})


def is_trusted(account: Account | None) -> bool:
    """Whose mails are not counted."""
    return bool(account and account.is_active and account.role in {Role.SECRETARIAT, Role.FACILITATOR})


def next_try(attempts: int) -> timedelta | None:
    """How long to wait after this many failed attempts; None when it is time to give up and tell a person."""
    return timedelta(minutes=BACK_OFF[attempts - 1]) if attempts <= len(BACK_OFF) else None


def are_kept() -> bool:
    """Whether mails stay here because no mail server is named."""
    return not settings.SMTP_URL


def is_of_secretariat(account: Account | None) -> bool:
    return bool(account and account.is_authenticated and account.is_active and account.is_secretariat)


def can_list(account: Account | None) -> bool:
    """The secretariat; in the demo everybody, signed in or not."""
    return bool(settings.IS_DEMO) or bool(account and account.is_authenticated and account.is_secretariat)


def can_read(account: Account | None, mail: Mail) -> bool:
    """Its reader, the secretariat unless it is private, and in the demo everybody."""
    if settings.IS_DEMO or (account and account.is_authenticated and mail.account_id == account.pk):
        return True
    return can_list(account) and not mail.batch.is_private


def can_read_links(account: Account | None, mail: Mail) -> bool:
    """Whether links that act in the reader's name are shown in full: never to others once mails really leave."""
    return are_kept() or bool(account and account.is_authenticated and mail.account_id == account.pk)


def can_send(account: Account | None, batch: Batch) -> bool:
    """Majlis itself, the secretariat, and whoever drafted it."""
    if account is None:
        return True
    return account.is_active and (account.is_secretariat or batch.created_by_id == account.pk)
