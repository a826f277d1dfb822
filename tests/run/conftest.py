"""Real servers in folders of their own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from majlis.run.postgres import Postgres

FAST = {"fsync": "off", "max_connections": "20", "shared_buffers": "16MB"}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that the server's user can reach when the tests run as root (pytest's own are private)."""
    made = Path(tempfile.mkdtemp(prefix="majlis-run-", dir="/tmp"))
    made.chmod(0o711)
    yield made
    server = Postgres(made)
    if server.home.exists():
        server.stop(force=True)
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """A data folder with a database made once for the module; whoever uses it leaves it stopped."""
    made = Path(tempfile.mkdtemp(prefix="majlis-run-", dir="/tmp"))
    made.chmod(0o711)
    with Postgres(made, options=FAST).in_use():
        pass
    yield made
    Postgres(made).stop(force=True)
    shutil.rmtree(made)
