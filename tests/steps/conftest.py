"""Pages do not wait for a worker here: the tests do its work themselves."""

import pytest

from majlis.web import asked


@pytest.fixture(autouse=True)
def _without_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "PATIENCE", 0)
