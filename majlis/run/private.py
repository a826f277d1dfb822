"""Files and folders that nobody else may look into."""

import os
import stat
from pathlib import Path

from majlis.run import programs
from majlis.run.programs import Owner


def make_folder(folder: Path, owner: Owner) -> None:
    """Make a folder for the server's user alone (0700)."""
    folder.mkdir(mode=0o700)
    if owner.is_other:
        os.chown(folder, owner.uid, owner.gid, follow_symlinks=False)


def is_private(folder: Path, owner: Owner) -> bool:
    """Whether this is a real folder (no link) of this user, open to nobody else."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner.uid and stat.S_IMODE(found.st_mode) == 0o700


def can_write(owner: Owner, folder: Path) -> bool:
    """Whether the server's user really gets to this folder and may write there; tried, not computed."""
    trial = ["/bin/sh", "-c", 'cd "$1" && : > .reach && rm .reach', "sh", str(folder)]
    return programs.run(owner, trial).returncode == 0


def write_file(file: Path, text: str, owner: Owner | None = None) -> None:
    """Write a file that only its owner (else we) may read, whole or not at all."""
    half = file.with_name(f"{file.name}.{os.getpid()}")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as output:
        if owner and owner.is_other:
            os.fchown(descriptor, owner.uid, owner.gid)
        output.write(text)
        output.flush()
        os.fsync(output.fileno())
    half.replace(file)
