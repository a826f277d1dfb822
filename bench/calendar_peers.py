"""What a calendar of five sessions costs in pretalx or Indico, to be held beside calendar_export.py's feed.

    <python of an environment with pretalx> bench/calendar_peers.py pretalx
    <python of an environment with indico and setuptools<80> bench/calendar_peers.py indico

The peers' own functions write it; what they would read from their databases stands ready in plain objects, so that they
are asked for no query, no access check and no link. That favours them. Prints milliseconds of CPU, the middle of many.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from types import SimpleNamespace
from zoneinfo import ZoneInfo

SESSIONS, ROUNDS = 5, 40
STARTS = [datetime(2026, 10, 26, 9, tzinfo=UTC) + timedelta(days=number) for number in range(SESSIONS)]
LENGTH = timedelta(minutes=150)


def pretalx() -> Callable[[], object]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "pretalx.settings"
    import django

    django.setup()
    from pretalx.schedule import ical
    from pretalx.schedule.models import TalkSlot

    zone = ZoneInfo("Africa/Cairo")
    event = SimpleNamespace(slug="bench", tz=zone, custom_domain=None, display_settings={"html_export_url": ""})
    public = SimpleNamespace(public=SimpleNamespace(full=lambda: "https://example.org/bench/talk/1/"))
    slots = [
        SimpleNamespace(
            start=start, local_start=start.astimezone(zone), local_end=(start + LENGTH).astimezone(zone), event=event,
            room=SimpleNamespace(name="Online"), id_suffix="",
            submission=SimpleNamespace(
                title=f"Session {number}", display_speaker_names="The network", code=f"S{number}", abstract="Goal\nAgenda",
                event=event, urls=public,
            ),
        )
        for number, start in enumerate(STARTS)
    ]  # fmt: skip
    for slot in slots:
        slot.build_ical = TalkSlot.build_ical.__get__(slot)
    return lambda: ical.get_slots_ical(event, slots).serialize()


def indico() -> Callable[[], object]:
    import icalendar
    import indico.modules.events.contributions  # noqa: F401  its modules import one another in a ring; this one may be first
    from indico.modules.events.ical import generate_basic_component

    events = [
        SimpleNamespace(
            title=f"Session {number}", start_dt=start, end_dt=start + LENGTH, external_url="https://example.org/event/1/",
            room_name="Online", venue_name="", person_links=[], description="Goal\nAgenda",
        )
        for number, start in enumerate(STARTS)
    ]  # fmt: skip

    def export() -> object:
        calendar = icalendar.Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", "-//CERN//INDICO//EN")
        for number, event in enumerate(events):
            calendar.add_component(generate_basic_component(event, f"indico-event-{number}@example.org"))
        return calendar.to_ical()

    return export


def middle(act: Callable[[], object]) -> float:
    spent = []
    act()
    for _round in range(ROUNDS):
        began = time.process_time()
        act()
        spent.append((time.process_time() - began) * 1000)
    return median(spent)


if __name__ == "__main__":
    sys.stdout.write(f"{middle({'pretalx': pretalx, 'indico': indico}[sys.argv[1]]()):.4f}\n")
