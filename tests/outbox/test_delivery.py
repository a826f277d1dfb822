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
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone
from procrastinate.testing import InMemoryConnector

from majlis.outbox import actions, mark
from majlis.outbox.actions import Letter, deliver, deliver_due, draft_batch, resume, send_batch
from majlis.outbox.courier import Courier
from majlis.outbox.delivery import Run
from majlis.outbox.models import Mail
from majlis.outbox.settling import orphans_back, unlock
from tests.outbox.conftest import Post
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
# A worker that stops at one place of handing over and says so.
WORKER = """
import django, sys, time
django.setup()
from majlis.outbox import courier, delivery, mark
def stop(*_given, **_named):
    print("stopped", flush=True)
    time.sleep(60)
def stop_before(owner, name):
    setattr(owner, name, stop)
def stop_after(owner, name):
    real = getattr(owner, name)
    def done(*given, **named):
        answer = real(*given, **named)
        stop()
        return answer
    setattr(owner, name, done)
PLACES = {
    "claimed": lambda: stop_before(courier.Courier, "hand_over"),
    "announced": lambda: stop_after(delivery.Run, "_announced"),
    "marked": lambda: stop_after(mark.Mark, "saying"),
    "dot said": lambda: stop_before(mark.Mark, "said"),
    "dot noted": lambda: stop_after(mark.Mark, "said"),
    "answer come": lambda: stop_before(mark.Mark, "heard"),
    "answer noted": lambda: stop_after(mark.Mark, "heard"),
    "nowhere": lambda: print("stopped", flush=True),
}
PLACES[sys.argv[2]]()
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
def stopped_worker(
    number: int, place: str, smtp: str, post: Post | None = None, moment: str = ""
) -> Iterator[subprocess.Popen[str]]:
    """A process that is handing this mail over and has stopped at this place of it, or is killed by the server at a moment."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?host={database['HOST']}"
    environment = os.environ | {
        "DATABASE_URL": url if database["HOST"].startswith("/") else os.environ["DATABASE_URL"],
        "DJANGO_SETTINGS_MODULE": "majlis.settings", "MAJLIS_SMTP_URL": smtp, "MAJLIS_DATA": str(settings.OUTBOX_MARKS.parent),
    }  # fmt: skip
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(number), place], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    if post:
        post.kills[moment] = worker.kill
    try:
        assert worker.stdout
        assert worker.stdout.readline() == "stopped\n"
        yield worker
    finally:
        worker.kill()
        worker.wait()
        assert worker.stdout
        worker.stdout.close()


UNHEARD = "The process that handed it over died before it heard the server's answer"
WHOLE = "The server was sent the whole mail; the process that handed it over died before it heard the answer"


def swept(number: int, after: set[str]) -> Mail:
    """The mail when a sweep has settled it: PostgreSQL notices a dead connection within moments."""
    for _try in range(100):
        resume()
        mail = Mail.objects.get(pk=number)
        if mail.state in after:
            break
        time.sleep(0.05)
    return mail


@pytest.mark.parametrize(
    ("place", "while_alive", "after", "arrived", "said"),
    [
        ("claimed", "sending", "queued", 0, []),
        ("announced", "handing", "queued", 0, []),  # no mark: the dot was certainly not said
        ("marked", "handing", "unclear", 0, [UNHEARD]),  # the one doubt: a microsecond before the dot …
        ("dot said", "handing", "unclear", 1, [UNHEARD]),  # … and one after it
        ("dot noted", "handing", "unclear", 1, [WHOLE]),
        ("answer come", "handing", "unclear", 1, [WHOLE]),
        ("answer noted", "handing", "sent", 1, ["250 queued as 42"]),
    ],
)
def test_a_killed_worker_loses_nothing_and_sends_nothing_twice(
    committed: World, template: str, post: Post, settings: Any, place: str, while_alive: str, after: str, arrived: int,
    said: list[str],
) -> None:  # fmt: skip
    number = queued(committed, template)[0]
    with stopped_worker(number, place, settings.SMTP_URL) as worker:
        resume()
        assert Mail.objects.get(pk=number).state == while_alive  # slow, but alive
        assert not deliver(mail_id=number)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        mail = swept(number, {after})
    assert (mail.state, len(post.letters)) == (after, arrived)
    assert [attempt.said for attempt in mail.log.all()] == said
    assert list(settings.OUTBOX_MARKS.iterdir()) == []
    assert deliver(mail_id=number) == (after == "queued")
    assert len(post.letters) == arrived + (after == "queued")


@pytest.mark.parametrize(
    ("moment", "after", "arrived"),
    [("DATA", {"queued"}, 0), ("dot", {"unclear"}, 1), ("answer", {"sent", "unclear"}, 1)],
)
def test_a_worker_killed_by_what_the_server_sees(
    committed: World, template: str, post: Post, settings: Any, moment: str, after: set[str], arrived: int
) -> None:
    """The server itself kills it: at the word DATA, at the dot, right behind its answer."""
    number = queued(committed, template)[0]
    with stopped_worker(number, "nowhere", settings.SMTP_URL, post, moment) as worker:
        worker.wait(20)
        mail = swept(number, after)
    assert ({mail.state} <= after, len(post.letters)) == (True, arrived)
    assert deliver(mail_id=number) == (mail.state == "queued")
    assert len(post.letters) == 1


def test_a_refusal_that_was_heard_holds_after_a_kill(
    committed: World, template: str, post: Post, settings: Any
) -> None:
    post.refuse["DATA"] = "554 no"
    number = queued(committed, template)[0]
    with stopped_worker(number, "answer noted", settings.SMTP_URL) as worker:
        worker.kill()
        worker.wait()
        mail = swept(number, {"failed"})
    assert (mail.state, mail.answer, len(post.letters)) == ("failed", "554 no", 0)


@pytest.mark.parametrize("without", ["file", "boot"])
def test_without_proof_a_mail_is_unclear(
    committed: World, template: str, post: Post, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, without: str
) -> None:  # fmt: skip
    """Its worker was on another machine, or this one was started anew and may have lost the file's last words."""
    number = queued(committed, template)[0]
    with stopped_worker(number, "announced", settings.SMTP_URL) as worker:
        worker.kill()
        worker.wait()
        if without == "file":
            settings.OUTBOX_MARKS = tmp_path / "other"
        else:
            monkeypatch.setattr(mark, "boot", lambda: "another start")
        mail = swept(number, {"unclear"})
    assert (mail.state, mail.answer, post.letters) == ("unclear", UNHEARD, [])


def test_mails_leave_where_no_file_can_be_kept(
    committed: World, template: str, post: Post, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    settings.OUTBOX_MARKS = tmp_path / "file" / "folder"
    assert deliver(mail_id=queued(committed, template)[0])
    assert len(post.letters) == 1


def test_a_slow_answer_is_still_written_down(
    committed: World, template: str, post: Post, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep that took a run for dead (it has lost PostgreSQL, and is on another machine) must not have the last word."""
    number = queued(committed, template)[0]
    with Run() as run, Courier() as courier:
        mail = run.claim([number])[0]
        unlock(run.number)
        real, here = courier.hand_over, settings.OUTBOX_MARKS

        def slow(*given: Any, **named: Any) -> str:
            answer = real(*given, **named)
            assert orphans_back() == {}  # on this machine its file shows that it lives
            settings.OUTBOX_MARKS = tmp_path / "other"
            assert orphans_back() == {"unclear": 1}
            settings.OUTBOX_MARKS = here
            return answer

        monkeypatch.setattr(courier, "hand_over", slow)
        assert run.hand_over(mail, courier)
    assert (Mail.objects.get(pk=number).state, len(post.letters)) == ("sent", 1)


def test_a_run_taken_for_dead_says_no_last_dot(
    committed: World, template: str, post: Post, settings: Any, tmp_path: Path
) -> None:
    number = queued(committed, template)[0]
    with Run() as run, Courier() as courier:
        mail = run.claim([number])[0]
        unlock(run.number)
        assert orphans_back() == {}
        settings.OUTBOX_MARKS = tmp_path / "other"
        assert orphans_back() == {"queued": 1}
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
