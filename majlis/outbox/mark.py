"""How far the last dot of a mail had come: a few bytes in a file of the worker's machine, written around the dot itself.

PostgreSQL's answer to a commit takes a millisecond, in which a process can be killed; a write into a file takes a
microsecond and outlives the process. So after a kill the file tells whether the dot was said, and what was answered. It
does not outlive the machine: a file from before its last start proves nothing.
"""

from __future__ import annotations

import fcntl
import logging
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection

logger = logging.getLogger(__name__)

BOOT = Path("/proc/sys/kernel/random/boot_id")  # Linux; elsewhere no file proves anything and such a mail is unclear
BOOT_LENGTH, NUMBER_LENGTH, LONGEST_ANSWER = 40, 8, 1000
REACHED_AT = BOOT_LENGTH
ANSWER_AT = REACHED_AT + 1 + NUMBER_LENGTH
OLD = 24 * 3600  # seconds; no run lasts that long


class Reached(IntEnum):
    """How far the last dot came, as the worker wrote down itself."""

    NOTHING = 0  # not said: the server forgets the mail
    SAYING = 1  # about to be said, or said just now
    SAID = 2  # in the hands of the machine, which sends it whatever becomes of the process
    ANSWERED = 3


@dataclass(frozen=True)
class Left:
    """What a run left behind: the mail it had in hand, how far that came, the server's answer ("250 …") if it was heard."""

    mail: int
    reached: Reached
    answer: str


class Mark:
    """The file of a living run. While it is open it is locked, so that others see that the process lives.

    Where no file can be kept nothing is proven, and a mail in hand at a kill is unclear: mails leave all the same.
    """

    def __init__(self, run: int) -> None:
        self._path, self._file = path_of(run), -1
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._put(boot().encode().ljust(BOOT_LENGTH), 0)
        except OSError as fault:
            logger.warning(
                "No file for the mail in hand at %s (%s): after a kill it will be unclear", self._path, fault
            )
            self.close()

    def begin(self, mail: int) -> None:
        """This mail comes next; its dot is not said. OSError if that cannot be written: then it must not be said either."""
        self._put(bytes([Reached.NOTHING]) + mail.to_bytes(NUMBER_LENGTH), REACHED_AT)

    def saying(self) -> None:
        """The dot follows at once. OSError as in `begin`."""
        self._put(bytes([Reached.SAYING]), REACHED_AT)

    def said(self) -> None:
        """The dot has left the process."""
        with suppress(OSError):  # what stands there already claims less
            self._put(bytes([Reached.SAID]), REACHED_AT)

    def heard(self, answer: str) -> None:
        """The server's answer to the dot, its code first."""
        with suppress(OSError):
            self._put(answer.encode()[:LONGEST_ANSWER].ljust(LONGEST_ANSWER), ANSWER_AT)
            self._put(bytes([Reached.ANSWERED]), REACHED_AT)

    def close(self) -> None:
        """Let go of the file and leave it for whoever settles what was in hand."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1

    def forget(self) -> None:
        """Nothing is in hand any more."""
        if self._file >= 0:
            forget(self._path)
        self.close()

    def _put(self, content: bytes, at: int) -> None:
        if self._file >= 0:
            os.pwrite(self._file, content, at)


def path_of(run: int) -> Path:
    return _folder() / f"{connection.settings_dict['NAME']}.{run}"


def _folder() -> Path:
    folder: Path = settings.OUTBOX_MARKS
    return folder


@cache
def boot() -> str:
    """This start of the machine; empty where it cannot be told from another one."""
    return BOOT.read_text().strip() if BOOT.exists() else ""


def is_alive(run: int) -> bool:
    """Whether a process of this machine holds the run's file, even if PostgreSQL has lost sight of it."""
    try:
        with path_of(run).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def left_by(run: int) -> Left | None:
    """What a dead run left behind; None if its file is not on this machine, or from before its last start."""
    try:
        content = path_of(run).read_bytes()
    except OSError:
        return None
    if len(content) < ANSWER_AT or not boot() or content[:BOOT_LENGTH].strip() != boot().encode():
        return None
    number = int.from_bytes(content[REACHED_AT + 1 : ANSWER_AT])
    return Left(number, Reached(content[REACHED_AT]), content[ANSWER_AT:].decode(errors="replace").strip())


def forget(path: Path) -> None:
    with suppress(OSError):  # it may be gone already; what stays is deleted when it is old
        path.unlink()


def forget_old() -> None:
    """Delete files of runs that were killed with nothing in hand."""
    for path in _folder().glob(f"{connection.settings_dict['NAME']}.*"):
        try:
            if path.stat().st_mtime < time.time() - OLD:
                forget(path)
        except FileNotFoundError:
            continue
