"""Budgets against mail bombing: how many mails people from outside may cause, counted in PostgreSQL for all processes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.outbox.models import Allowance
from majlis.outbox.rules import ADDRESS, NETWORK, SENDER, Budget, is_trusted
from majlis.web.refused import Refused

TOO_OFTEN = _(
    "So many mails were asked for that no more leave for the moment. Nothing was sent; please try again in a few hours, or write to the secretariat."
)
# One statement, so that of many processes at once only as many pass as the budget allows. The row says when the budget
# will be whole again: each mail moves that by its share of the period, and it may never be further away than the period.
SPEND = """
INSERT INTO outbox_allowance AS kept (key, whole_at) VALUES (%(key)s, %(now)s + %(share)s)
ON CONFLICT (key) DO UPDATE SET whole_at = greatest(kept.whole_at, %(now)s) + %(share)s
WHERE greatest(kept.whole_at, %(now)s) + %(share)s <= %(now)s + %(period)s
RETURNING whole_at
"""


class TooOften(Refused):
    """A budget is used up."""

    status = 429


def spend(*, addresses: Iterable[str], by: Account | None = None, network: str = "") -> None:
    """Count mails that somebody from outside causes, one to each address; raise TooOften if a budget is used up.

    Budgets: for each address, for the account that causes them, for the network address they are caused from
    (request.META["REMOTE_ADDR"], which counts trusted proxies only). The secretariat and facilitators have none.
    `draft_batch` does this by itself; call it where a form makes somebody else send. Within a transaction, nothing is
    counted when it is rolled back.
    """
    if is_trusted(by):
        return
    for address in addresses:
        wanted: list[tuple[Budget, str]] = [(ADDRESS, bare(address))]
        if by is not None:
            wanted.append((SENDER, str(by.pk)))
        if network:
            wanted.append((NETWORK, network))
        for budget, key in wanted:
            if not within(budget, key):
                raise TooOften(TOO_OFTEN)


def within(budget: Budget, key: str) -> bool:
    """Take one from a budget; False if it is used up."""
    # Addresses of strangers are not kept in the clear.
    row: dict[str, Any] = {"key": f"{budget.name}:{sha256(key.encode()).hexdigest()[:32]}", "now": timezone.now(),
           "share": budget.period / budget.count, "period": budget.period}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SPEND, row)
        return cursor.fetchone() is not None


def bare(address: str) -> str:
    """An address as its box knows it: what stands behind + is the same box."""
    local, _at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def forget_whole(*, after: timedelta = timedelta(hours=1)) -> int:
    """Remove budgets that are whole again; return how many. By the workers' timer."""
    return Allowance.objects.filter(whole_at__lt=timezone.now() - after).delete()[0]
