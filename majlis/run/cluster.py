"""Making a database cluster, and a new password for one whose password is lost."""

import secrets
import shutil
from pathlib import Path

from majlis.run import private, programs
from majlis.run.process import disarm_reused_pid
from majlis.run.programs import Owner, Unusable

ROLE = "majlis"


def new_password() -> str:
    """Return a password that needs no quoting anywhere."""
    return secrets.token_urlsafe(24)


def make(owner: Owner, binaries: Path, half: Path, password: str, *, is_throwaway: bool) -> None:
    """Make a cluster in the folder `half`, which the caller then gives its name: it appears whole or not at all."""
    shutil.rmtree(half, ignore_errors=True)
    pwfile = half.with_name("password.new")
    private.write_file(pwfile, password, owner)
    # PostgreSQL's builtin C.UTF-8 (17 and later) knows upper and lower case of every script without the system's locales;
    # names are sorted in Python by CLDR, so no other collation is needed.
    builtin = ["--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"]
    command = [
        str(binaries / "initdb"),
        "-D",
        str(half),
        "-U",
        ROLE,
        f"--pwfile={pwfile}",
        "--auth=scram-sha-256",
        "-E",
        "UTF8",
    ]
    command += builtin if programs.major(owner, binaries) >= 17 else ["--locale=C.UTF-8"]
    made = programs.run(owner, [*command, "--no-sync"] if is_throwaway else command)
    pwfile.unlink(missing_ok=True)
    if made.returncode != 0:
        raise Unusable(f"PostgreSQL could not make its data folder {half}:\n{made.stdout.strip()}")


def set_password(owner: Owner, binaries: Path, data: Path, password: str) -> None:
    """Give the role a new password while the server stands still."""
    disarm_reused_pid(data)
    single = [str(binaries / "postgres"), "--single", "-D", str(data), "postgres"]
    done = programs.run(owner, single, f"ALTER ROLE {ROLE} PASSWORD '{password}'\n")
    if done.returncode != 0:
        raise Unusable(f"The database's password is lost and could not be renewed:\n{done.stdout.strip()}")


def check_version(owner: Owner, binaries: Path, data: Path) -> None:
    """Refuse a cluster that another major version of PostgreSQL made."""
    kept, version = (data / "PG_VERSION").read_text().strip(), programs.major(owner, binaries)
    if kept != str(version):
        raise Unusable(
            f"The database was made by PostgreSQL {kept}, but {binaries} holds version {version}. Back up with the "
            "old version (majlis backup) and restore into a fresh folder with the new one; see docs/operators.md."
        )
