"""Once and never lost: two workers at once, a worker killed in the middle, a job that vanished."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone
from procrastinate.testing import InMemoryConnector

from majlis.outbox.actions import Letter, deliver, draft_batch, resume, send_batch
from majlis.outbox.models import Mail
from tests.outbox.conftest import Post
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import django, sys
django.setup()
from majlis.outbox import courier, delivery
def hang(self, mail):
    print("claimed", flush=True)
    import time; time.sleep(60)
courier.Courier.hand_over = hang
delivery.deliver(mail_id=int(sys.argv[1]))
"""


def queued(world: World, template: str, count: int = 1) -> list[int]:
    letters = [
        Letter(account, template, {"title": "Jobs", "body": "", "link": ""}, f"test:{account.pk}")
        for account in (world.account() for _number in range(count))
    ]
    batch = draft_batch(by=world.secretariat, kind="test.mail", scope="network", letters=letters)
    send_batch(by=world.secretariat, batch=batch)
    return list(batch.mails.values_list("pk", flat=True))


@pytest.fixture
def committed(transactional_db: None, queue: InMemoryConnector) -> Iterator[World]:
    """A world that other processes see; its jobs stay in memory."""
    yield World()


def test_two_workers_at_once_hand_over_one_mail(committed: World, template: str, post: Post) -> None:
    numbers = queued(committed, template, 5)
    left: list[bool] = []

    def work() -> None:
        left.extend(deliver(mail_id=number) for number in numbers)
        connections["default"].close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(left) == [False] * 15 + [True] * 5
    assert len(post.letters) == 5
    assert set(Mail.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_a_worker_killed_in_the_middle_loses_nothing(
    committed: World, template: str, post: Post, queue: InMemoryConnector, settings: Any
) -> None:
    number = queued(committed, template)[0]
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?host={database['HOST']}"
    environment = os.environ | {
        "DATABASE_URL": url if database["HOST"].startswith("/") else os.environ["DATABASE_URL"],
        "DJANGO_SETTINGS_MODULE": "majlis.settings", "MAJLIS_SMTP_URL": settings.SMTP_URL,
    }  # fmt: skip
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(number)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout
    assert worker.stdout.readline() == "claimed\n"
    later = timezone.now() + timedelta(minutes=2)
    resume(now=later)
    assert Mail.objects.get(pk=number).state == "sending"  # slow, but alive
    assert not deliver(mail_id=number)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    for _try in range(50):
        resume(now=later)
        if Mail.objects.get(pk=number).state == "queued":
            break
        time.sleep(0.1)  # PostgreSQL notices the dead connection within moments
    assert deliver(mail_id=number)
    assert len(post.letters) == 1
    assert {tuple(job["args"]["mail_ids"]) for job in queue.jobs.values()} == {(number,)}


@pytest.mark.django_db
def test_a_mail_whose_job_vanished_is_taken_up_again(world: World, template: str, queue: InMemoryConnector) -> None:
    number = queued(world, template)[0]
    assert resume() == 0
    assert resume(now=timezone.now() + timedelta(minutes=1)) == 1
    assert [job["args"] for job in queue.jobs.values()] == [{"mail_ids": [number]}]
    assert resume(now=timezone.now() + timedelta(minutes=1)) == 0


@pytest.mark.django_db
def test_a_closed_account_gets_nothing_any_more(world: World, template: str, post: Post) -> None:
    number = queued(world, template)[0]
    mail = Mail.objects.select_related("account").get(pk=number)
    assert mail.account
    mail.account.is_active = False
    mail.account.save()
    assert not deliver(mail_id=number)
    assert (Mail.objects.get(pk=number).state, post.letters) == ("cancelled", [])
