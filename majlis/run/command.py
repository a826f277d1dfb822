"""The commands that know no domain: serving, working, the database, backup and restore, and Django's own."""

import argparse
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from majlis.run import assets
from majlis.run.places import CODE, data_folder

# Django's commands that need no database.
WITHOUT_DATABASE = {
    "help",
    "version",
    "--help",
    "-h",
    "--version",
    "check",
    "collectstatic",
    "findstatic",
    "diffsettings",
}


def say(line: str) -> None:
    """Tell the person at the terminal how it goes. It is not the command's output, so it goes to standard error."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def fail(error: object) -> int:
    """Say what went wrong and return the command's exit code."""
    say(f"majlis: {error}")
    return 1


@contextmanager
def database(*, watched: bool = False) -> Iterator[str]:
    """Yield the database's URL: DATABASE_URL if it is set, else the embedded server's, running as long as somebody uses it."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    from majlis.run.postgres import Postgres
    from majlis.run.serving import watch

    server = Postgres(data_folder(), say=say)
    with server.in_use() as url:
        os.environ["DATABASE_URL"] = url
        try:
            with watch(server.revive, say) if watched else nullcontext():
                yield url
        finally:
            del os.environ["DATABASE_URL"]


def set_up_django() -> None:
    """Load Django; only then may models be imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    import django
    from django.conf import settings

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is missing
    django.setup()


def prepare_database() -> None:
    """Bring the tables up to this version of the program; of several machines that start at once, one does it."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('majlis migrate'))")
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            say("Preparing the tables…")
            call_command("migrate", verbosity=0, interactive=False)
        cursor.execute("SELECT pg_advisory_unlock(hashtext('majlis migrate'))")


def serve_on(parser: argparse.ArgumentParser) -> None:
    """Give a command the options of serving."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")


def name_public_url(options: argparse.Namespace) -> None:
    """Links in mails lead to where we listen, unless the operator named a public address. Before settings are loaded."""
    host = "127.0.0.1" if options.host in {"0.0.0.0", "::"} else options.host  # noqa: S104 (compared, not listened on)
    if (host, options.port) != ("127.0.0.1", 8000):
        os.environ.setdefault("MAJLIS_PUBLIC_URL", f"http://{host}:{options.port}")


def up(words: list[str]) -> int:
    """Serve pages, the live room and jobs on this machine."""
    from majlis.run.serving import Busy, listen

    parser = argparse.ArgumentParser(prog="majlis up", description=up.__doc__)
    serve_on(parser)
    parser.add_argument("--no-worker", action="store_true", help="jobs run elsewhere (majlis work)")
    options = parser.parse_args(words)
    name_public_url(options)
    assets.switch_on()
    try:
        listener = listen(options.host, options.port)
    except Busy as busy:
        return fail(busy)
    with database(watched=True):
        set_up_django()
        prepare_database()
        serve_all(listener, with_worker=not options.no_worker)
    return 0


def serve_all(listener: socket.socket, *, with_worker: bool = True) -> None:
    """Serve on the socket with a worker beside it until told to stop. Django is set up and the database prepared."""
    from majlis.run.serving import Worker, serve

    assets.collect()
    worker = Worker(say)
    host, port = listener.getsockname()[:2]

    def started() -> None:
        say(f"Majlis is at http://{host}:{port} (Ctrl-C stops it).")
        if with_worker:
            worker.start()

    try:
        serve(listener, started=started)
    finally:
        worker.stop()


def work(words: list[str], prepare: Callable[[], None] | None = None) -> int:
    """Run jobs; any number of machines may do so on the same DATABASE_URL."""
    from majlis.run.worker import work as run_jobs

    parser = argparse.ArgumentParser(prog="majlis work", description=work.__doc__)
    parser.add_argument("--concurrency", type=int, default=2, help="jobs at once (2)")
    parser.add_argument("--queue", default="", help="run the jobs of this queue only, such as waited-for")
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    with database():
        set_up_django()
        run_jobs(options.concurrency, with_parent=options.with_parent, only=options.queue, prepare=prepare)
    return 0


def backup(words: list[str]) -> int:
    """Write the database and the files into one archive; Majlis may run meanwhile."""
    from majlis.run.backup import Refused, back_up

    parser = argparse.ArgumentParser(prog="majlis backup", description=backup.__doc__)
    parser.add_argument("file", type=Path)
    target = parser.parse_args(words).file.resolve()
    with database() as url:
        try:
            manifest = back_up(url=url, data=data_folder(), target=target, say=say)
        except Refused as refused:
            return fail(refused)
    say(f"{target}: {target.stat().st_size / 2**20:.1f} MB, {len(manifest['members'])} files.")
    return 0


def restore(words: list[str]) -> int:
    """Bring a backup back, into an empty database and a fresh data folder."""
    from majlis.run.backup import Refused
    from majlis.run.backup import restore as bring_back

    parser = argparse.ArgumentParser(prog="majlis restore", description=restore.__doc__)
    parser.add_argument("file", type=Path)
    source = parser.parse_args(words).file.resolve()
    with database() as url:
        try:
            manifest = bring_back(url=url, data=data_folder(), source=source, known=_known_migrations(), say=say)
        except Refused as refused:
            return fail(refused)
        set_up_django()
        prepare_database()
    say(f"Restored what was backed up on {manifest['made']}.")
    return 0


def _known_migrations() -> set[str]:
    """Names of all migrations of this program, read without touching the database (and without making a secret key)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    kept = os.environ.get("MAJLIS_SECRET_KEY")
    os.environ["MAJLIS_SECRET_KEY"] = kept or "only to read the list of migrations"
    try:
        set_up_django()
    finally:
        if kept is None:
            del os.environ["MAJLIS_SECRET_KEY"]
    from django.db.migrations.loader import MigrationLoader

    return {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}


def db(words: list[str]) -> int:
    """The embedded database: url, start (and keep running), stop, status."""
    from majlis.run.postgres import Postgres

    parser = argparse.ArgumentParser(prog="majlis db", description=db.__doc__)
    parser.add_argument("act", choices=["url", "start", "stop", "status"])
    parser.add_argument("--force", action="store_true", help="stop although other commands use it")
    options = parser.parse_args(words)
    if given := os.environ.get("DATABASE_URL"):
        if options.act != "url":
            return fail("DATABASE_URL names the database, so Majlis starts and stops none.")
        sys.stdout.write(given + "\n")
        return 0
    server = Postgres(data_folder(), say=say)
    if options.act == "start":
        server.keep()
        say("The database runs until `majlis db stop`.")
    elif options.act == "stop":
        if not server.stop(force=options.force):
            return fail("Other commands use the database: end them first, or add --force.")
    elif options.act == "url":
        if not server.url():
            return fail("There is no database yet: majlis db start.")
        sys.stdout.write(server.url() + "\n")
        if not server.pid():
            say("It is not running: majlis db start.")
    else:
        pid = server.pid()
        sys.stdout.write(f"running as process {pid}, data in {server.server}\n" if pid else "not running\n")
        return 0 if pid else 3
    return 0


def begin_anew() -> None:
    """Empty the database and the stored files. Only for an embedded database or a demo's: the caller has made sure."""
    import shutil

    from django.conf import settings
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def django_command(words: list[str]) -> int:
    """Run one of Django's commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    from django.core.management import execute_from_command_line

    arguments = [str(CODE), *words]
    if words[0] in WITHOUT_DATABASE:
        execute_from_command_line(arguments)
    else:
        with database():
            execute_from_command_line(arguments)
    return 0


COMMANDS = {"up": up, "work": work, "backup": backup, "restore": restore, "db": db}
