"""A worker with one job that takes its time, for the test that kills it: python -m tests.run.jobs FILE."""

import sys
import time
from pathlib import Path

from majlis.run.command import set_up_django
from majlis.run.worker import work

NAME = "tests.run.slow"

if __name__ == "__main__":
    set_up_django()
    from procrastinate.contrib.django import app

    file = Path(sys.argv[1])

    @app.task(name=NAME)
    def slow() -> None:
        is_first = not file.exists()
        with file.open("a") as log:
            log.write("begun\n")
        if is_first:
            time.sleep(600)
        with file.open("a") as log:
            log.write("done\n")

    work(1, hurry=20)
