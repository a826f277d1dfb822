"""The measurement itself; prints its figures as JSON.

The server (server.py) is another process on loopback and counts by Message-ID. The worker is Majlis' own (`majlis work`),
killed with SIGKILL at a third and at two thirds of the mails (BENCH_KILLS: more often, evenly) and started again at once, as `majlis up` does.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from bench.promise import Measured

ROOT = Path(__file__).resolve().parents[2]
COUNT = int(os.environ.get("BENCH_COUNT", "10000"))
KILLS = int(os.environ.get("BENCH_KILLS", "2"))
PATIENCE = 900  # seconds until the measurement is given up


def main() -> None:
    from majlis.run import command

    with command.database(), server() as (url, received):
        os.environ["MAJLIS_SMTP_URL"] = url
        command.set_up_django()
        command.begin_anew()
        command.prepare_database()
        from django.db import connections

        try:
            print(json.dumps([asdict(figure) for figure in measured(received)]))
        finally:
            connections.close_all()


def measured(received: Path) -> list[Measured]:
    from bench.outbox.world import dialogue_with
    from majlis.outbox.models import Mail
    from majlis.steps.invite import actions as invitations

    secretariat, dialogue = dialogue_with(COUNT)
    began, cpu = time.perf_counter(), time.process_time()
    batch = invitations.draft_invitations(by=secretariat, dialogue=dialogue)
    drafted, drafting_cpu = time.perf_counter() - began, time.process_time() - cpu
    began = time.perf_counter()
    invitations.send_invitations(by=secretariat, dialogue=dialogue)
    kills = _worked_through(received, batch.pk)
    sent = time.perf_counter() - began
    counted = Counter(received.read_text().split())
    mails = Mail.objects.filter(batch=batch)
    expected, states = set(mails.values_list("message_id", flat=True)), Counter(mails.values_list("state", flat=True))
    lost, twice = len(expected - set(counted)), sum(count - 1 for count in counted.values())
    unclear = set(mails.filter(state="unclear").values_list("message_id", flat=True))
    arrived = len(unclear & set(counted))
    note = (
        f"worker killed {kills} times; {states['sent']} sent, {len(unclear)} unclear, {arrived} of them at the server"
    )
    unsettled = COUNT - states["sent"] - states["unclear"]
    return [
        Measured("W11", f"{COUNT:,} invitations drafted and handed over", drafted + sent, "s", 180, 90, note),
        Measured("W11", "invitations lost, counted at the server", lost, "", 0, 0),
        Measured("W11", "invitations that came twice, by Message-ID", twice, "", 0, 0),
        Measured("W11", "invitations neither sent nor unclear", unsettled, "", 0, 0),
        Measured(
            "W11", "drafting", drafted, "s", note=f"{drafting_cpu / COUNT * 1000:.2f} ms CPU each, 5 calendar objects"
        ),
        Measured("W11", "handing over", sent, "s", note=f"{COUNT / sent:.0f} mails a second"),
    ]


@contextmanager
def server() -> Iterator[tuple[str, Path]]:
    """A mail server of its own process; yield its URL and the file in which it writes each Message-ID that it accepted."""
    received = Path(os.environ["MAJLIS_DATA"]) / "received.txt"
    received.parent.mkdir(parents=True, exist_ok=True)
    received.write_text("")
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.outbox.server", str(received)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        yield f"smtp://127.0.0.1:{int(process.stdout.readline())}", received
    finally:
        process.terminate()
        process.wait()


def _worked_through(received: Path, batch: int) -> int:
    """Let workers hand everything over, killing two of them on the way; return how many were killed."""
    from majlis.outbox.models import Mail

    kill_at, kills = [COUNT * number // (KILLS + 1) for number in range(1, KILLS + 1)], 0
    ends = time.monotonic() + PATIENCE
    worker = _worker()
    try:
        while time.monotonic() < ends:
            time.sleep(0.1)
            count = received.stat().st_size // _line(received)
            if kills < len(kill_at) and count >= kill_at[kills]:
                worker.send_signal(signal.SIGKILL)
                worker.wait()
                kills += 1
                worker = _worker()
            open_ones = Mail.objects.filter(batch=batch).exclude(state__in=["sent", "unclear"])
            if count >= COUNT - kills and not open_ones.exists():
                return kills
        raise SystemExit("W11: the mails did not all leave in time")
    finally:
        worker.terminate()
        worker.wait(20)


def _line(received: Path) -> int:
    """Bytes of one line; every Message-ID is as long as the next."""
    with received.open("rb") as file:
        return len(file.readline()) or 1


def _worker() -> subprocess.Popen[bytes]:
    # What it says of itself must not stand among the figures.
    return subprocess.Popen([sys.executable, "-m", "majlis", "work"], cwd=ROOT, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
