"""Waiting for the worker: who lives, and how long a page has patience."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from majlis.dialogue import queries
from majlis.steps.cluster.models import ProposalRequest
from tests.world import World


@pytest.mark.parametrize(("silent_for", "lives"), [(timedelta(seconds=10), True), (timedelta(minutes=2), False)])
def test_a_worker_lives_while_it_says_so(db: None, silent_for: timedelta, lives: bool) -> None:
    assert not queries.has_worker()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [timezone.now() - silent_for])
    assert queries.has_worker() is lives


def test_patience_ends_with_the_answer_or_by_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = ProposalRequest.objects.create(dialogue=world.dialogue(0), asked_by=world.secretariat, task={})
    looks: list[float] = []

    def another_look(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            ProposalRequest.objects.update(state="done")

    monkeypatch.setattr(queries, "sleep", another_look)
    assert queries.waited_for(row).state == "done"
    assert len(looks) == 3
    monkeypatch.setattr(queries, "PATIENCE", 0)
    ProposalRequest.objects.update(state="asked")
    row.refresh_from_db()
    assert queries.waited_for(row).state == "asked"
    assert len(looks) == 3
