"""The command `majlis` (python -m majlis). What needs to know the domain stands here, the rest in `run/command.py`.

Every command imports what it needs itself, so that `majlis db url` does not pay for Django.
"""

import argparse
import os
import sys
from pathlib import Path

from majlis.run import assets, command
from majlis.run.command import database, fail, say, set_up_django
from majlis.run.places import CODE
from majlis.run.programs import Unusable


def demo(words: list[str]) -> int:
    """Run the illustrative dialogue through all six steps, write its report to out/, then serve it."""
    from majlis.run.serving import Busy, listen

    parser = argparse.ArgumentParser(prog="majlis demo", description=demo.__doc__)
    command.serve_on(parser)
    parser.add_argument("--fresh", action="store_true", help="begin anew: everything in the demo's database is deleted")
    parser.add_argument("--no-serve", action="store_true", help="stop after the report")
    options = parser.parse_args(words)
    is_said = os.environ.get("MAJLIS_DEMO") == "1"
    if options.fresh and os.environ.get("DATABASE_URL") and not is_said:
        return fail("--fresh would empty the database that DATABASE_URL names. Set MAJLIS_DEMO=1 if it is a demo's.")
    os.environ["MAJLIS_DEMO"] = "1"
    command.name_public_url(options)
    assets.switch_on()
    try:
        listener = None if options.no_serve else listen(options.host, options.port)
    except Busy as busy:
        return fail(busy)
    with database(watched=True):
        set_up_django()
        if options.fresh:
            command.begin_anew()
        command.prepare_database()
        sys.path.insert(0, str(CODE.parent))
        from demo.run import run, ways_in

        story = run()
        if listener:
            say(ways_in(story))
            command.serve_all(listener)
    return 0


def bring_in(words: list[str]) -> int:
    """Import a workbook of cities, people and statements: shows what it would do, then does it unless a row is wrong."""
    parser = argparse.ArgumentParser(prog="majlis import", description=bring_in.__doc__)
    parser.add_argument("workbook", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="only show what it would do")
    options = parser.parse_args(words)
    try:
        content = options.workbook.read_bytes()
    except OSError as error:
        return fail(f"{options.workbook} cannot be read: {error.strerror}.")
    with database():
        set_up_django()
        command.prepare_database()
        from majlis.network.actions import imports
        from majlis.network.workbook.reading import Problem
        from majlis.web.refused import Refused

        try:
            # by=None: whoever may run this command owns the machine; the journal says that Majlis itself did it.
            read = imports.preview_workbook(by=None, filename=options.workbook.name, content=content)
            for problem in map(Problem.from_json, read.problems):
                print(f"{problem.where}: {problem.sentence}")
            for sheet, change in read.changes.items():
                print(f"{sheet}: " + ", ".join(f"{change[what]} {what}" for what in ("new", "changed", "unchanged")))
            if not options.dry_run:
                imports.bring_in(by=None, workbook_import=read)
        except Refused as refused:
            return fail(refused)
        say("Nothing was changed." if options.dry_run else "Brought in.")
    return 0


def report(words: list[str]) -> int:
    """Write the summary report of a dialogue in four languages as PDF, DOCX, HTML and JSON."""
    parser = argparse.ArgumentParser(prog="majlis report", description=report.__doc__)
    parser.add_argument("dialogue", help="the dialogue's name in its address (/dialogues/<name>/)")
    parser.add_argument("--folder", type=Path, default=Path("out"))
    parser.add_argument("--by", metavar="EMAIL", help="who writes it (the first secretariat's account)")
    options = parser.parse_args(words)
    with database():
        set_up_django()
        from majlis.accounts.models import Account, Role
        from majlis.dialogue.models import Dialogue
        from majlis.steps.report.actions import write_files
        from majlis.web.refused import Refused

        dialogue = Dialogue.objects.filter(slug=options.dialogue).first()
        if dialogue is None:
            known = ", ".join(Dialogue.objects.values_list("slug", flat=True)) or "none yet"
            return fail(f"There is no dialogue {options.dialogue} (there are: {known}).")
        wanted = {"email": options.by.lower()} if options.by else {"role": Role.SECRETARIAT, "is_active": True}
        account = Account.objects.filter(**wanted).order_by("pk").first()
        if account is None:
            return fail(
                f"There is no account {options.by}." if options.by else "There is no secretariat yet: majlis account."
            )
        options.folder.mkdir(parents=True, exist_ok=True)
        try:
            for file in write_files(by=account, dialogue=dialogue, folder=options.folder):
                print(file)
        except Refused as refused:
            return fail(refused)
    return 0


def index(words: list[str]) -> int:
    """Bring what search finds up to date at once; the worker does it every half minute."""
    parser = argparse.ArgumentParser(prog="majlis index", description=index.__doc__)
    parser.add_argument("--anew", action="store_true", help="write every entry again")
    parser.add_argument("--check", action="store_true", help="also count anew and measure what the vector index misses")
    options = parser.parse_args(words)
    with database():
        set_up_django()
        command.prepare_database()
        from rich.progress import Progress, TextColumn, TimeElapsedColumn

        from majlis.search import actions

        if options.anew:
            actions.rebuild()
        columns = (TextColumn("{task.description:<10}"), TextColumn("{task.completed}"), TimeElapsedColumn())
        with Progress(*columns) as progress:
            bars = {what: progress.add_task(what, total=None) for what in ("entries", "vectors")}
            done = actions.refresh(tell=lambda what, n, of: progress.update(bars[what], completed=n, total=of or None))
        if done is None:
            return fail("Another process is writing the index just now; it will be up to date in a moment.")
        say(f"{done.changed} things were new, changed or gone; {done.embedded} entries were given their meaning.")
        if options.check:
            recall = actions.check()
            say(
                "Vectors are searched exactly."
                if recall is None
                else f"The vector index finds {recall:.1%} of the nearest."
            )
    return 0


def account(words: list[str]) -> int:
    """Make an account, such as the first secretariat's; its owner signs in by a code in a mail."""
    parser = argparse.ArgumentParser(prog="majlis account", description=account.__doc__)
    parser.add_argument("email")
    parser.add_argument(
        "--role", choices=["secretariat", "facilitator", "observer", "practitioner"], default="secretariat"
    )
    parser.add_argument("--name", default="", help="a name or role title")
    parser.add_argument("--language", choices=["en", "ar", "de", "fr"], default="en")
    parser.add_argument("--zone", default="", help="time zone, such as Africa/Tunis")
    options = parser.parse_args(words)
    with database():
        set_up_django()
        command.prepare_database()
        from majlis.accounts.actions import ensure_account

        made = ensure_account(
            by=None, email=options.email, name=options.name, language=options.language, zone=options.zone, role=options.role
        )  # fmt: skip
        print(f"{made.email}: {made.role}")
    return 0 if made.role == options.role else fail("The account was there already and keeps its role.")


def work(words: list[str]) -> int:
    """Run jobs; any number of machines may do so on the same DATABASE_URL."""
    return command.work(words, prepare=load_planning)


def load_planning() -> None:
    """Load, or compile once, what planning groups needs, so that the first facilitator does not wait for it."""
    from majlis.algorithms import grouping

    grouping.warm()
    people = tuple(grouping.Person(number) for number in range(4))
    grouping.bounds(grouping.Problem(people, (grouping.Round((0, 1, 2, 3), 2),)))


def messages(words: list[str]) -> int:
    """Gather, fill and compile the message catalogues."""
    set_up_django()
    from majlis.language import catalogues

    catalogues.main(words)
    return 0


OWN = {
    "demo": demo, "account": account, "import": bring_in, "index": index, "report": report, "messages": messages,
} | command.COMMANDS | {"work": work}  # fmt: skip


def usage() -> str:
    """Say which commands there are."""
    lines = [f"  {name:10} {(act.__doc__ or '').splitlines()[0]}" for name, act in OWN.items()]
    return "\n".join(["majlis <command>", "", *lines, "", "Django's own commands work too: majlis help."])


def main() -> int:
    """Run the command named on the command line; return its exit code."""
    words = sys.argv[1:]
    if not words or words[0] in {"-h", "--help"}:
        print(usage())
        return 0
    try:
        return OWN[words[0]](words[1:]) if words[0] in OWN else command.django_command(words)
    except Unusable as unusable:
        return fail(unusable)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
