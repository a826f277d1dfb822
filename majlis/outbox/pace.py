"""Not more mails a minute to one recipient domain than the operator allows, over all workers together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from majlis.outbox.models import Mail

# A few may go at once; after that each waits for its turn, which it gets once and keeps.
BURST = timedelta(seconds=5)
TAKE_TURN = """
INSERT INTO outbox_allowance AS kept (key, whole_at) VALUES (%(key)s, %(now)s + %(share)s)
ON CONFLICT (key) DO UPDATE SET whole_at = greatest(kept.whole_at, %(now)s) + %(share)s
RETURNING whole_at - %(share)s
"""


def turn_of(mail: Mail) -> datetime | None:
    """When this mail may leave if that is not now; None if it may. Taking a turn moves the next mail's behind it."""
    if not settings.MAIL_PER_DOMAIN or mail.turn_at is not None:
        return None
    now = timezone.now()
    row: dict[str, Any] = {"key": f"domain:{mail.address.rpartition('@')[2].lower()[:250]}", "now": now,
           "share": timedelta(minutes=1) / settings.MAIL_PER_DOMAIN}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TURN, row)
        found = cursor.fetchone()
    assert found is not None
    turn_at: datetime = found[0]
    return turn_at if turn_at > now + BURST else None
