"""The tests' database: DATABASE_URL's server if it is set, else an embedded server of this run's own.

The tables are made once, into a template named after all migrations; every test process copies it, which takes a moment.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from majlis.run.database import settings_from_url
from majlis.run.postgres import Postgres

ROOT = Path(__file__).resolve().parent.parent
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "max_wal_size": "2GB",
}


class Server:
    """The run's own embedded server, stopped and deleted at the end."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="majlis-tests-", dir="/tmp"))
        self.folder.chmod(0o711)  # as root: the server's user walks through to its private folder inside
        self.postgres = Postgres(self.folder, options=FAST)

    def start(self) -> None:
        os.environ["DATABASE_URL"] = url = self.postgres.keep()
        # Django has read its settings before any conftest; no connection is open yet.
        connection.settings_dict.update(settings_from_url(url))

    def stop(self) -> None:
        connection.close()
        server = self.postgres.server
        self.postgres.stop(force=True)
        shutil.rmtree(server, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def test_database(*, anew: bool) -> Iterator[None]:
    """Give this process a fresh copy of the template as Django's database; `anew`: make the template again."""
    base = connection.settings_dict["NAME"]
    own = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    template = f"template_{base}_{_state_of_migrations()}"
    with _administration() as server:
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])
        if anew:
            _drop(server, template)
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            _make_template(server, template, base)
        _drop(server, own)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(own), sql.Identifier(template)))
    _use(own)
    try:
        yield
    finally:
        _use(base)
        with _administration() as server:
            _drop(server, own)


def _make_template(server: psycopg.Connection, template: str, base: str) -> None:
    for (old,) in server.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"template\\_{base}\\_%"]
    ).fetchall():
        _drop(server, old)
    half = f"{template}_half"
    _drop(server, half)
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(half)))
    _use(half)
    call_command("migrate", verbosity=0, interactive=False)
    _use(base)
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(template)))


def _state_of_migrations() -> str:
    digest = sha256()
    for file in sorted((ROOT / "majlis").rglob("migrations/*.py")):
        digest.update(file.read_bytes())
    digest.update((ROOT / "requirements.lock").read_bytes())
    return digest.hexdigest()[:12]


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _administration() -> psycopg.Connection:
    wanted = connection.settings_dict | {"NAME": "postgres"}
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return psycopg.connect(autocommit=True, **{key: wanted[name] for name, key in names.items() if wanted[name]})


def _drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def url_of(name: str) -> str:
    """Return the URL of a database on the tests' server, for another process or for PostgreSQL's programs."""
    kept = connection.settings_dict
    login = quote(kept["USER"]) + (f":{quote(kept['PASSWORD'])}" if kept["PASSWORD"] else "")
    options = urlencode({"host": kept["HOST"]} | ({"port": kept["PORT"]} if kept["PORT"] else {}))
    return f"postgresql://{login}@/{name}?{options}"


@contextmanager
def empty_database() -> Iterator[str]:
    """Yield the URL of a new empty database on the tests' server."""
    name = f"{connection.settings_dict['NAME']}_empty"
    with _administration() as server:
        _drop(server, name)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield url_of(name)
        _drop(server, name)
