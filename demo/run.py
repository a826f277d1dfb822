"""The illustrative dialogue, from the spreadsheet to the report, through the same actions that people use.

Every act goes through permissions, gates, journal and mails; nothing inserts rows. A fixed seed makes it repeatable,
and a run that finds a dialogue half way goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from demo import enabling, following, preparing
from demo.story import Story
from majlis.dialogue.models import StepRecord

HERE = Path(__file__).parent
OUT = Path("out")

# What each bar shows, and the acts behind it: a generator that says in advance how much it will do, then ticks.
STEPS: list[tuple[str, Callable[[Story], Iterator[int]]]] = [
    ("Network: cities, people, statements, solutions", preparing.network),
    ("1 Cluster", preparing.cluster),
    ("2 Define", preparing.define),
    ("3 Invite", preparing.invite),
    ("4 Enable: five sessions, 22 consultations", enabling.enable),
    ("  Change projects and their gaps", following.projects),
    ("5 Evaluate and follow up", following.evaluate),
    ("6 Report", following.report),
    ("Search: everything can be found", following.search),
]


def run(*, workbook: Path = HERE / "partners.xlsx", out: Path = OUT, console: Console | None = None) -> Story:
    """Play the whole dialogue from `workbook` and write the reports to `out`; return what was played."""
    console = console or Console()
    story = Story(workbook=workbook, out=out)
    columns = (TextColumn("{task.description:<50}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        for label, play in STEPS:
            ticks = play(story)
            bar = progress.add_task(label, total=next(ticks))
            for done in ticks:
                progress.advance(bar, done)
            progress.update(bar, completed=progress.tasks[bar].total)
    console.print(numbers(story))
    return story


def ways_in(story: Story) -> str:
    """How to sign in as each role, once the demo is served."""
    focal = story.dialogue.participants.select_related("person__account").filter(person__is_focal_point=True)[0]
    other = story.dialogue.participants.select_related("person__account").filter(person__seat=2)[0]
    people = {
        "secretariat": story.secretariat, "facilitator": story.facilitator, "focal point": focal.person.account,
        "practitioner": other.person.account, "observer": story.observer,
    }  # fmt: skip
    lines = [f"  {role:<12} {account.email}" for role, account in people.items()]
    page = f"{settings.PUBLIC_URL}{reverse('accounts:request_code')}"
    return "\n".join([f"Sign in at {page} with one click, or by the code that comes to /outbox/:", *lines])


def numbers(story: Story) -> Table:
    """What the run did, counted from the records."""
    dialogue = story.dialogue
    table = Table("What", "How many", title=str(dialogue.title), title_justify="left")
    for what, how_many in story.counted():
        table.add_row(what, str(how_many))
    done = dialogue.steps.filter(state=StepRecord.State.DONE).count()
    table.add_row("Steps done", f"{done} of 6")
    return table
