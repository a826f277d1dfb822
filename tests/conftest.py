"""What every test may lean on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from tests.encoding import guarded
from tests.world import World


def pytest_configure(config: pytest.Config) -> None:
    """Start the run's own database unless DATABASE_URL names one; with xdist the first process does, and its workers inherit it."""
    from django.conf import settings

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is missing
    if os.environ.get("DATABASE_URL") or hasattr(config, "workerinput") or config.option.collectonly:
        return
    from tests.database import Server

    server = Server()
    config.add_cleanup(server.stop)
    server.start()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last, the longest first: Playwright's event loop stays in its process, where others need their own."""
    items.sort(key=lambda item: (item.path.parent.name == "e2e", item.path.name != "test_every_page.py"))


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """A database for this process, copied from one template (instead of running every migration in every process)."""
    from tests.database import test_database

    with django_db_blocker.unblock(), test_database(anew=request.config.getoption("create_db")):
        yield


@pytest.fixture
def world(db: None) -> World:
    """A small network to act in: see tests/world.py."""
    return World()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Every test begins in English, whatever language the one before it spoke last in this thread."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def waited(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """No page waits for an embedding but one that asks a question: see tests/encoding.py."""
    with guarded(monkeypatch) as found:
        yield found
    assert found == []
