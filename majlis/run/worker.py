"""The worker: runs jobs, and sees to it that none is forgotten when a worker was killed."""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

logger = logging.getLogger(__name__)

# A killed worker's jobs run again at the latest after STALLED + SWEEP + POLL seconds (45), which keeps the promised 60.
HEARTBEAT = 5.0
STALLED = 30.0
SWEEP = 10.0
POLL = 5.0
# A job that took its worker down this often is given up, so that it does not take every worker down for ever.
MOST_ATTEMPTS = 8

# The queue of what somebody waits for on a page. It has a lane of its own, so that nobody waits behind a batch of mails.
WAITED_FOR = "waited-for"

# One statement: the row lock and the second look at the condition after waiting for it keep two sweepers from both
# putting back the same job, which would run it twice.
#
# Of jobs that may wait only once (queueing_lock) one is put back, and none if another one waits already: it does the same
# work, and a second one would be refused, and with it the whole sweep.
SWEEP_SQL = """
WITH stalled AS (
    SELECT job.id, job.attempts, job.queueing_lock FROM procrastinate_jobs job
    WHERE job.status = 'doing' AND NOT EXISTS (
        SELECT 1 FROM procrastinate_workers worker
        WHERE worker.id = job.worker_id AND worker.last_heartbeat > now() - make_interval(secs => %(stalled)s)
    )
    FOR UPDATE OF job SKIP LOCKED
), judged AS (
    SELECT id, attempts < %(most)s AND (queueing_lock IS NULL OR (
        row_number() OVER (PARTITION BY queueing_lock ORDER BY id) = 1 AND NOT EXISTS (
            SELECT 1 FROM procrastinate_jobs waiting
            WHERE waiting.status = 'todo' AND waiting.queueing_lock = stalled.queueing_lock
        ))) AS again
    FROM stalled
)
SELECT id, again,
       CASE WHEN again
            THEN procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)
            ELSE procrastinate_finish_job_v1(id, 'failed', false) END
FROM judged
"""


async def sweep(connector: Any, *, stalled: float = STALLED) -> list[int]:
    """Put the jobs of dead workers back into the queue; return their ids. A job that keeps killing its worker is given up."""
    rows = await connector.execute_query_all_async(SWEEP_SQL, stalled=stalled, most=MOST_ATTEMPTS)
    for row in rows:
        logger.warning("Job %s lost its worker: %s", row["id"], "it runs again" if row["again"] else "given up")
    return [row["id"] for row in rows if row["again"]]


async def _sweep_for_ever(connector: Any, *, every: float, stalled: float) -> None:
    """The worker process's own timer: a job in the queue could itself be stalled."""
    while True:
        try:
            await sweep(connector, stalled=stalled)
        except Exception:
            logger.exception("Stalled jobs could not be looked for; trying again")
        await asyncio.sleep(every)


async def _work(concurrency: int, hurry: float, only: str) -> None:
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()) as at_work:  # type: ignore[attr-defined]
        async with at_work.open_async():
            beside = [
                asyncio.create_task(_sweep_for_ever(at_work.connector, every=SWEEP / hurry, stalled=STALLED / hurry))
            ]
            if not only:
                beside.append(asyncio.create_task(_run(at_work, 1, hurry, WAITED_FOR, is_main=False)))
            try:
                await _run(at_work, concurrency, hurry, only)
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)


async def _run(at_work: Any, concurrency: int, hurry: float, only: str, *, is_main: bool = True) -> None:
    """One lane of jobs: those of one queue, or of all of them. The main lane listens for the signals to end."""
    await at_work.run_worker_async(
        queues=[only] if only else None,
        concurrency=concurrency,
        install_signal_handlers=is_main,
        fetch_job_polling_interval=POLL / hurry,
        update_heartbeat_interval=HEARTBEAT / hurry,
        stalled_worker_timeout=STALLED / hurry,
        shutdown_graceful_timeout=10,
        delete_jobs="successful",
    )


def work(
    concurrency: int = 2,
    *,
    with_parent: bool = False,
    hurry: float = 1,
    only: str = "",
    prepare: Callable[[], None] | None = None,
) -> None:
    """Run jobs until told to stop; `with_parent`: also when standard input ends, which it does however the parent dies.
    `only`: the one queue whose jobs are run. `prepare` is called beside the first jobs, to load what later ones need.

    `hurry` divides every waiting time; a test of the sweeper cannot wait for half a minute.
    """
    if with_parent:
        threading.Thread(target=_stop_when_input_ends, daemon=True).start()
    if prepare:
        threading.Thread(target=prepare, daemon=True).start()
    asyncio.run(_work(concurrency, hurry, only))


def _stop_when_input_ends() -> None:
    # Not sys.stdin: a thread waiting inside its buffer would make the interpreter's own end fail.
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
