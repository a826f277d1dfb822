"""The illustrative dialogue, played once into a data folder of the benchmarks' own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from majlis.run import assets, command


@contextmanager
def tables() -> Iterator[None]:
    """The database of the benchmarks' own, running and with its tables."""
    assets.switch_on()
    with command.database():
        command.set_up_django()
        command.prepare_database()
        assets.collect()
        from django.db import connections

        try:
            yield
        finally:
            connections.close_all()


@contextmanager
def dialogue() -> Iterator[Any]:
    """Yield the played dialogue with the database running; playing it takes a minute, the first time only."""
    with tables():
        from demo.run import run
        from majlis.dialogue.models import Dialogue, StepRecord

        played = Dialogue.objects.filter(steps__step="report", steps__state=StepRecord.State.DONE).first()
        if played is None:
            run(out=Path(__file__).parent / "results" / "out")
            played = Dialogue.objects.get()
        yield played
