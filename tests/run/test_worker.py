"""No job is forgotten when its worker is killed."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from majlis.run import worker
from majlis.run.places import CODE
from tests.database import url_of
from tests.run.jobs import NAME


def until(happened: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def a_worker(log: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.run.jobs", str(log)],
        cwd=CODE.parent,
        env=os.environ | {"DATABASE_URL": url_of(connection.settings_dict["NAME"])},
    )


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_killed_worker_runs_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    job = app.configure_task(NAME).defer()
    first = a_worker(log)
    until(log.exists)
    first.kill()
    first.wait()
    assert ProcrastinateJob.objects.get(id=job).status == "doing", "the queue itself does not notice"
    second = a_worker(log)
    try:
        until(lambda: log.read_text().endswith("done\n"))
        until(lambda: not ProcrastinateJob.objects.filter(id=job).exists())  # what is done leaves no row
    finally:
        second.terminate()
        assert second.wait(20) == 0, "SIGTERM ends it in order"
    assert log.read_text() == "begun\nbegun\ndone\n"


@pytest.mark.django_db(transaction=True)
def test_a_job_that_may_wait_only_once_does_not_stop_the_sweep() -> None:
    """Two runs of it were killed and a third one waits: that one is enough, and other killed jobs must still run again."""

    def begun(lock: str | None = None) -> int:
        job = app.configure_task(NAME, queueing_lock=lock).defer()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job])
        return int(job)

    ProcrastinateJob.objects.all()._raw_delete("default")  # what earlier workers' timers left behind
    lonely, alike = begun(), [begun("once"), begun("once")]

    async def swept() -> list[int]:
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connector) as running:
            async with running.open_async():
                return await worker.sweep(running.connector)

    assert sorted(asyncio.run(swept())) == [lonely, alike[0]]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [alike[0]])
    waiting = app.configure_task(NAME, queueing_lock="once").defer()
    assert asyncio.run(swept()) == []
    states = dict(ProcrastinateJob.objects.values_list("id", "status"))
    assert states == {lonely: "todo", alike[0]: "failed", alike[1]: "failed", waiting: "todo"}


def test_the_promised_minute_is_kept() -> None:
    """A killed worker was last heard of at its death, is missed after STALLED, seen by the next sweep, and polled for."""
    assert worker.STALLED + worker.SWEEP + worker.POLL < 60
    assert worker.HEARTBEAT * 3 < worker.STALLED, "a worker that is only busy is not taken for dead"
