"""Pages do not wait for a worker here: the tests do its work themselves, see `setting.carry_out_all`."""

import pytest

from majlis.steps.enable.views import reading


@pytest.fixture(autouse=True)
def _without_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PATIENCE", 0)
