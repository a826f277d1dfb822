"""Backup and restore: the database and the files in one archive that says what it holds and proves that it is whole."""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from majlis.run import programs

FORMAT = 1
MANIFEST, DUMP, SECRET, FILES = "manifest.json", "database.dump", "secret-key", "media"

Say = Callable[[str], None]


class Refused(Exception):
    """The backup or restore was not begun, or not finished; nothing is half done. The text says why."""


def back_up(*, url: str, data: Path, target: Path, say: Say) -> dict[str, Any]:
    """Write the archive, readable to its owner only, whole or not at all; return its manifest.

    The database is dumped first: a file is stored before the row that names it, so every file of the dump is in the archive.
    """
    if target.exists():
        raise Refused(f"{target} exists already: name a new file.")
    half = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with tempfile.TemporaryDirectory(prefix="majlis-backup-", dir=target.parent) as folder:
            dump = Path(folder) / DUMP
            say("Reading the database…")
            _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
            members = {DUMP: dump} | ({SECRET: data / SECRET} if (data / SECRET).exists() else {})
            media = data / FILES
            for file in sorted(media.rglob("*")) if media.exists() else []:
                if file.is_file() and not file.is_symlink():
                    members[f"{FILES}/{file.relative_to(media)}"] = file
            manifest = {
                "format": FORMAT,
                "made": datetime.now(UTC).isoformat(timespec="seconds"),
                "migrations": _migrations(url),
                "members": {name: _digest(file) for name, file in members.items()},
            }
            say(f"Writing {len(members)} files…")
            (Path(folder) / MANIFEST).write_text(json.dumps(manifest, indent=1))
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
                with tarfile.open(fileobj=output, mode="w|") as archive:
                    for name, file in {MANIFEST: Path(folder) / MANIFEST, **members}.items():
                        archive.add(file, arcname=name, recursive=False)
                output.flush()
                os.fsync(output.fileno())
        half.replace(target)
    except OSError as error:
        raise Refused(f"The backup could not be written to {target}: {error.strerror}. Nothing was changed.") from None
    finally:
        half.unlink(missing_ok=True)
    return manifest


def restore(*, url: str, data: Path, source: Path, known: set[str], say: Say) -> dict[str, Any]:
    """Bring an archive back into an empty database and a data folder without files; return its manifest.

    `known` are the migrations of this program as app.name. Everything is checked before the first change; the database comes
    back in one transaction.
    """
    media = data / FILES
    if tables := _rows(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")[0][0]:
        raise Refused(
            f"The database is not empty ({tables} tables): restore into a fresh folder (MAJLIS_DATA) or database."
        )
    if media.exists() and any(media.iterdir()):
        raise Refused(f"{media} holds files already: restore into a fresh folder (MAJLIS_DATA).")
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=data) as folder:
        unpacked = Path(folder)
        say("Checking the archive…")
        try:
            _unpack(source, unpacked)
            manifest: dict[str, Any] = json.loads((unpacked / MANIFEST).read_text())
        except (tarfile.TarError, OSError, ValueError) as error:
            raise Refused(f"{source} is not a backup of Majlis or is damaged: {error}") from None
        _check(manifest, unpacked, source, known)
        say("Writing the database…")
        # In one transaction: a restore that fails leaves the database as empty as it was.
        _run(
            url,
            "pg_restore",
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            str(unpacked / DUMP),
        )
        if (unpacked / FILES).exists():
            shutil.rmtree(media, ignore_errors=True)
            (unpacked / FILES).rename(media)
        if (unpacked / SECRET).exists() and not (data / SECRET).exists():
            (unpacked / SECRET).chmod(0o600)
            (unpacked / SECRET).rename(data / SECRET)
    return manifest


def _unpack(source: Path, folder: Path) -> None:
    """Unpack plain files that stay inside the folder; ValueError for anything else (3.11.2 has no filter that would do it)."""
    with tarfile.open(source) as archive:
        for member in archive:
            name = PurePosixPath(member.name)
            content = archive.extractfile(member) if member.isreg() else None
            if content is None or name.is_absolute() or ".." in name.parts:
                raise ValueError(f"it holds {member.name!r}, which no backup does")
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with content, target.open("wb") as output:
                shutil.copyfileobj(content, output)


def _check(manifest: dict[str, Any], unpacked: Path, source: Path, known: set[str]) -> None:
    if manifest.get("format") != FORMAT:
        raise Refused(f"{source} has format {manifest.get('format')}; this Majlis reads format {FORMAT}.")
    if newer := sorted(set(manifest["migrations"]) - known):
        raise Refused(
            f"{source} comes from a newer Majlis (it knows {newer[0]}, for one): restore it with that version."
        )
    for name, digest in manifest["members"].items():
        file = unpacked / name
        if not file.is_file() or _digest(file) != digest:
            raise Refused(f"{source} is damaged: {name} is not what it was when the backup was made.")


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _migrations(url: str) -> list[str]:
    return [f"{app}.{name}" for app, name in _rows(url, "SELECT app, name FROM django_migrations ORDER BY app, name")]


def _rows(url: str, query: str) -> list[tuple[Any, ...]]:
    import psycopg

    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def _run(url: str, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the database. The password goes by the environment, never by the command line."""
    parts = urlsplit(url)
    bare = parts._replace(
        netloc=parts.netloc.replace(f":{parts.password}@", "@") if parts.password else parts.netloc
    ).geturl()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    done = subprocess.run(
        [str(programs.installed() / program), f"--dbname={bare}", *arguments],
        env=environment | {"PGPASSWORD": unquote(parts.password or "")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Refused(f"{program} failed: {done.stderr.strip()[-2000:]}")
