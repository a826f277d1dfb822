"""The program as `majlis up` runs it: real processes on a real port."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from majlis.run.places import CODE
from majlis.run.process import command_line
from majlis.run.serving import Busy, listen
from tests.database import url_of
from tests.run.test_worker import until


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def children(pid: int, name: str) -> list[int]:
    """Process ids of the children whose command line holds this word."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir() if listed.exists() else []:
        found += [int(child) for child in (task / "children").read_text().split()]
    return [child for child in found if name in command_line(child)]


@pytest.fixture
def running(transactional_db: None, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`majlis up` on the tests' database, and its address."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
        "MAJLIS_DATA": str(tmp_path),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "majlis", "up", "--port", str(port)], cwd=CODE.parent, env=environment
    )
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: process.poll() is None and status(f"{url}/static/web/majlis.css") == 200)
        yield process, url
    finally:
        process.kill()
        process.wait()


def test_one_command_serves_and_works_and_ends_in_order(running: tuple[subprocess.Popen[bytes], str]) -> None:
    process, url = running
    assert status(f"{url}/nothing-here/") == 404
    until(lambda: len(children(process.pid, "work")) == 1)
    (worker,) = children(process.pid, "work")
    os.kill(worker, signal.SIGKILL)
    until(lambda: children(process.pid, "work") not in ([], [worker]))
    (next_worker,) = children(process.pid, "work")
    process.send_signal(signal.SIGINT)
    assert process.wait(20) in (0, 130)
    assert command_line(next_worker) == []
    assert status(url) == 0


def test_static_files_are_named_by_content_and_compressed(running: tuple[subprocess.Popen[bytes], str]) -> None:
    """Also shown: every file that a style names is there, or collecting them would have failed."""
    _, url = running
    with urllib.request.urlopen(f"{url}/accounts/login/") as answer:
        named = re.findall(r'href="(/static/web/majlis\.[0-9a-f]{12}\.css)"', answer.read().decode())
    request = urllib.request.Request(f"{url}{named[0]}", headers={"Accept-Encoding": "br, gzip"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Encoding"] == "br"
        assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    request = urllib.request.Request(f"{url}/accounts/login/", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"


def test_the_worker_does_not_outlive_a_killed_server(running: tuple[subprocess.Popen[bytes], str]) -> None:
    process, _ = running
    until(lambda: len(children(process.pid, "work")) == 1)
    (worker,) = children(process.pid, "work")
    process.kill()
    until(lambda: "work" not in command_line(worker))


def test_a_taken_port_names_a_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Busy, match=rf"Port {port} is used by another program. Port \d+ is free: add --port \d+\."):
            listen("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_said() -> None:
    with pytest.raises(Busy, match="cannot be listened on"):
        listen("192.0.2.1", 8000)
