"""Calendar objects of a dialogue's sessions (W3): an invitation's five requests, and the whole dialogue as a feed.

Beside ours stands what an export costs when each object adds its own time zone with icalendar's `add_missing_timezones`,
as one does without keeping the zones; and pretalx and Indico (calendar_peers.py), in environments of their own.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.environments import python
from bench.promise import Measured

SESSIONS, ROUNDS = 5, 40
# What the peers need, with the promise: so many times as long as a feed of ours that is asked for again (must, aim).
PEERS = {
    "pretalx": (("pretalx==2025.2.2",), 3, 6),
    "indico": (("indico==3.2.9", "setuptools<80"), 2, 4),
}


def measure() -> list[Measured]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    django.setup()
    from icalendar import Calendar

    from majlis.dialogue.models import Dialogue, Session
    from majlis.language.models import Text
    from majlis.steps.invite.calendars import published, request

    dialogue = Dialogue(
        slug="bench", title=Text("en", "Jobs in cities"), organiser=Text("en", "The network"), zone="Africa/Cairo"
    )
    sessions = [
        Session(pk=number, dialogue=dialogue, code=f"S{number}", title=Text("en", f"Session {number}"), minutes=150,
                agenda="consulting", starts_at=datetime(2026, 10, 26, 9, tzinfo=UTC) + timedelta(days=number))
        for number in range(SESSIONS)
    ]  # fmt: skip

    def invited() -> None:
        for session in sessions:
            request(session, address="head@example.org", name="Head of department", description="Goal\nAgenda")

    def with_zones_each_time() -> None:
        for session in sessions:
            text = request(session, address="head@example.org", name="Head of department", description="Goal\nAgenda")
            calendar = Calendar.from_ical(text)
            calendar.subcomponents = [part for part in calendar.subcomponents if part.name != "VTIMEZONE"]
            calendar.add_missing_timezones()
            calendar.to_ical()

    began = time.process_time()
    invited()
    first = (time.process_time() - began) * 1000
    one = _milliseconds(invited) / SESSIONS
    feed = _milliseconds(lambda: published(sessions, "Goal"))
    turn = itertools.count()
    changed = _milliseconds(lambda: published(sessions, f"Goal {next(turn)}"))
    naive = _milliseconds(with_zones_each_time, 5) / SESSIONS
    return [
        *_beside_peers(feed, changed),
        Measured("W3", "one calendar object with its zone, CPU", one, "ms", 1.0, 0.5),
        Measured("W3", f"a dialogue of {SESSIONS} sessions as a feed, asked for again, CPU", feed, "ms"),
        Measured("W3", f"a dialogue of {SESSIONS} sessions as a feed, each time changed, CPU", changed, "ms"),
        Measured(
            "W3",
            f"the first {SESSIONS} objects of a process, CPU",
            first,
            "ms",
            note="the zone is still to be worked out",
        ),
        Measured(
            "W3", "one object read and written with its zone made anew by icalendar", naive, "ms", note="for comparison"
        ),
    ]


def _beside_peers(feed: float, changed: float) -> list[Measured]:
    """How many times as long the peers take for five sessions; nothing of those that cannot be installed here."""
    found = []
    for name, (packages, must, aim) in PEERS.items():
        if interpreter := python(name, packages):
            script = Path(__file__).with_name("calendar_peers.py")
            told = subprocess.run([interpreter, script, name], capture_output=True, text=True)
            if told.returncode:
                print(f"{name} failed: {(told.stderr.strip() or 'without a word').splitlines()[-1]}")
                continue
            spent = float(told.stdout.splitlines()[-1])  # what the peer says of itself stands before it
            note = f"{spent:.2f} ms; each time changed ours is {spent / changed:.2g} times as fast"
            found.append(
                Measured("W3", f"{name}'s export beside our feed asked for again, CPU", spent / feed, "×", must, aim, note, more=True)
            )  # fmt: skip
    return found


def _milliseconds(act: Callable[[], None] | Callable[[], str], rounds: int = ROUNDS) -> float:
    """The middle of several runs, CPU time of this process: other programs on the machine count as little as can be."""
    spent = []
    for _round in range(rounds):
        began = time.process_time()
        act()
        spent.append((time.process_time() - began) * 1000)
    return median(spent)
