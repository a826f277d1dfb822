"""Pages do not wait for a worker here: the tests do its work themselves."""

import pytest

from majlis.dialogue import queries


@pytest.fixture(autouse=True)
def _without_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PATIENCE", 0)
