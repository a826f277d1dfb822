"""Once and never lost: two workers at once, a worker killed in the middle, a job that vanished."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone
from procrastinate.testing import InMemoryConnector

from majlis.outbox import actions
from majlis.outbox.actions import Letter, deliver, deliver_due, draft_batch, resume, send_batch
from majlis.outbox.courier import Courier
from majlis.outbox.delivery import Run, orphans_back, unlock
from majlis.outbox.models import Mail
from tests.outbox.conftest import Post
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
# A worker that stops at one place of handing over and says so: before it announced the last dot, after that, or when
# the server has the mail but nothing is written down yet.
WORKER = """
import django, sys, time
django.setup()
from majlis.outbox import courier, delivery
place = sys.argv[2]
real = courier.Courier.hand_over
def stop():
    print("stopped", flush=True)
    time.sleep(60)
def hand_over(self, mail, *, may_finish):
    if place == "claimed":
        stop()
    def announced():
        done = may_finish()
        if place == "announced":
            stop()
        return done
    real(self, mail, may_finish=announced)
    stop()
courier.Courier.hand_over = hand_over
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


@contextmanager
def stopped_worker(number: int, place: str, smtp: str) -> Iterator[subprocess.Popen[str]]:
    """A process that is handing this mail over and has stopped at this place of it."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?host={database['HOST']}"
    environment = os.environ | {
        "DATABASE_URL": url if database["HOST"].startswith("/") else os.environ["DATABASE_URL"],
        "DJANGO_SETTINGS_MODULE": "majlis.settings", "MAJLIS_SMTP_URL": smtp,
    }  # fmt: skip
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(number), place], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert worker.stdout
        assert worker.stdout.readline() == "stopped\n"
        yield worker
    finally:
        worker.kill()
        worker.wait()
        assert worker.stdout
        worker.stdout.close()


@pytest.mark.parametrize(
    ("place", "while_alive", "after", "arrived"),
    [
        ("claimed", "sending", "queued", 0),  # nothing was promised to the server: another worker hands it over
        ("announced", "handing", "unclear", 0),  # the dot was announced but not said
        ("handed over", "handing", "unclear", 1),  # the server has it; nobody heard
    ],
)
def test_a_killed_worker_loses_nothing_and_sends_nothing_twice(
    committed: World, template: str, post: Post, settings: Any, place: str, while_alive: str, after: str, arrived: int
) -> None:
    number = queued(committed, template)[0]
    with stopped_worker(number, place, settings.SMTP_URL) as worker:
        resume()
        assert Mail.objects.get(pk=number).state == while_alive  # slow, but alive
        assert not deliver(mail_id=number)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        for _try in range(50):
            resume()
            if Mail.objects.get(pk=number).state == after:
                break
            time.sleep(0.1)  # PostgreSQL notices the dead connection within moments
    mail = Mail.objects.get(pk=number)
    assert (mail.state, len(post.letters)) == (after, arrived)
    assert deliver(mail_id=number) == (after == "queued")
    assert len(post.letters) == arrived + (after == "queued")
    if after == "unclear":
        assert mail.log.get().said == "The process that handed it over died before it heard the server's answer"


def test_a_slow_answer_is_still_written_down(
    committed: World, template: str, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep that took a run for dead (its connection to the database was lost) must not have the last word."""
    number = queued(committed, template)[0]
    with Run() as run, Courier() as courier:
        mail = run.claim([number])[0]
        unlock(run.number)
        real = courier.hand_over

        def slow(mail: Mail, *, may_finish: Any) -> str:
            answer = real(mail, may_finish=may_finish)
            assert orphans_back() == (0, 1)
            return answer

        monkeypatch.setattr(courier, "hand_over", slow)
        assert run.hand_over(mail, courier)
    assert (Mail.objects.get(pk=number).state, len(post.letters)) == ("sent", 1)


def test_a_run_taken_for_dead_says_no_last_dot(committed: World, template: str, post: Post) -> None:
    number = queued(committed, template)[0]
    with Run() as run, Courier() as courier:
        mail = run.claim([number])[0]
        unlock(run.number)
        assert orphans_back() == (1, 0)
        assert deliver(mail_id=number)
        assert not run.hand_over(mail, courier)
    assert (Mail.objects.get(pk=number).state, len(post.letters)) == ("sent", 1)


@pytest.mark.django_db
def test_what_is_due_is_found_without_its_job(world: World, template: str, queue: InMemoryConnector) -> None:
    number = queued(world, template)[0]
    assert queue.jobs == {}  # lost with the process that was to ask for it
    assert resume() == 1
    assert [job["task_name"] for job in queue.jobs.values()] == ["outbox.deliver_due"]
    assert deliver_due() == 1
    assert (Mail.objects.get(pk=number).state, resume()) == ("sent", 0)


@pytest.mark.django_db
def test_a_paused_batch_stops_and_goes_on(world: World, template: str, post: Post) -> None:
    numbers = queued(world, template, 3)
    batch = Mail.objects.get(pk=numbers[0]).batch
    with Run() as run, Courier() as courier:
        first, second, third = run.claim(numbers)
        assert run.hand_over(first, courier)
        actions.pause_batch(by=world.secretariat, batch=batch)
        # Claimed already, its words already with the server: but no last dot follows.
        assert not run.hand_over(second, courier)
        assert not run.hand_over(third, courier)
    assert (len(post.letters), deliver_due(), resume()) == (1, 0, 0)
    assert sorted(batch.mails.values_list("state", "attempts")) == [("queued", 0), ("queued", 0), ("sent", 1)]
    actions.go_on(by=world.secretariat, batch=batch)
    assert deliver_due() == 2
    assert len({got["Message-ID"] for got in post.letters}) == 3


@pytest.mark.django_db
def test_one_domain_gets_no_more_than_its_share(world: World, template: str, post: Post, settings: Any) -> None:
    settings.MAIL_PER_DOMAIN = 12  # one in five seconds
    numbers = queued(world, template, 4)
    assert deliver_due() == 2  # the first at once, the second within the few seconds that may come together
    waiting = Mail.objects.filter(pk__in=numbers, state="queued").order_by("next_attempt_at")
    turns = [mail.next_attempt_at for mail in waiting]
    assert all(turns)
    assert [round((turn - timezone.now()).total_seconds()) for turn in turns if turn] == [10, 15]
    assert deliver_due() == 0
    Mail.objects.filter(pk__in=numbers, state="queued").update(next_attempt_at=timezone.now())
    assert deliver_due() == 2  # each keeps the turn it was given
    assert len(post.letters) == 4


@pytest.mark.django_db
def test_a_closed_account_gets_nothing_any_more(world: World, template: str, post: Post) -> None:
    number = queued(world, template)[0]
    mail = Mail.objects.select_related("account").get(pk=number)
    assert mail.account
    mail.account.is_active = False
    mail.account.save()
    assert not deliver(mail_id=number)
    assert (Mail.objects.get(pk=number).state, post.letters) == ("cancelled", [])
