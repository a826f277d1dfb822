"""What a step's page asked the worker for is done, once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from majlis.dialogue.models import WorkerRequest
from majlis.dialogue.rules import GONE
from majlis.web.refused import NotThere, Refused
from majlis.web.sentences import Sentence

State = WorkerRequest.State
Row = TypeVar("Row", bound=WorkerRequest)


def work_off(requests: type[Row], number: int, do: Callable[[Row], None]) -> Row:
    """Do what was asked, once: run by the worker. A second run, or one beside it, changes nothing.

    What `do` writes and the end of the request are one transaction. Where `do` raises Refused, the request says why; where
    it fails otherwise, it says that, and the error goes on to the worker's log. Raises NotThere for a request that is gone.
    """
    rows = requests._default_manager
    if not rows.filter(pk=number).exists():
        raise NotThere(GONE)
    try:
        with transaction.atomic():
            asked = rows.select_for_update(of=("self",)).get(pk=number)
            if asked.is_under_way:
                do(asked)
                _end(asked, State.DONE)
            return asked
    except Refused as refused:
        return _end(rows.get(pk=number), State.REFUSED, refused.reasons)
    except Exception:
        _end(rows.get(pk=number), State.FAILED)
        raise


def _end(asked: Row, state: State, reasons: Sequence[Sentence] = ()) -> Row:
    asked.state, asked.ended_at, asked.reasons = state, timezone.now(), [reason.as_json() for reason in reasons]
    asked.save()
    return asked
