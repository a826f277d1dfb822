"""What a page asks the worker for: whether one lives, and a moment of patience before the reader is told to wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import monotonic, sleep
from typing import TypeVar

from django.db.models import Model
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

SILENT = timedelta(seconds=30)  # a worker that lives says so every five seconds (run/worker.py)
# The worker nearly always has an answer within this time, so that the next page shows it at once (seconds).
PATIENCE, LOOK = 1.5, 0.04

Row = TypeVar("Row", bound=Model)


def has_worker() -> bool:
    """Whether a worker lives that would do what is asked for."""
    return bool(ProcrastinateWorker.objects.filter(last_heartbeat__gt=timezone.now() - SILENT).exists())


def waited_for(row: Row, is_under_way: Callable[[Row], bool]) -> Row:
    """What was asked for, as soon as the worker has ended it; as it stands when patience ends. The row has a `state`."""
    until = monotonic() + PATIENCE
    while is_under_way(row) and monotonic() < until:
        sleep(LOOK)
        row.refresh_from_db(fields=["state"])
    return row
