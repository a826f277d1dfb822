"""Is that process really the one we mean? A pid file alone is never believed."""

import os
import subprocess
from pathlib import Path

# Above every process id that a system can give out (Linux stops at 2^22), so it is certain that nobody has it.
NOBODY = 2**30


def command_line(pid: int) -> list[str]:
    """Return the words that the process was started with; empty when there is no such process (or only its corpse)."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").rstrip("\0").split("\0")
        except (FileNotFoundError, ProcessLookupError):
            return []
    answer = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.split()


def is_server_of(pid: int, data: Path) -> bool:
    """Whether the live process `pid` is a PostgreSQL server started on this data folder (not one of its children)."""
    words = command_line(pid)
    return len(words) > 2 and Path(words[0]).name == "postgres" and str(data) in words


def server_pid(data: Path) -> int | None:
    """Return the id of the live server of this data folder; None if its pid file is missing, stale or names another program."""
    pid = _written_pid(data)
    return pid if pid and is_server_of(pid, data) else None


def server_status(data: Path) -> str:
    """Return what the server wrote of itself: starting, ready, standby or stopping; '' if nothing."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return ""
    return lines[7].strip() if len(lines) > 7 else ""


def disarm_reused_pid(data: Path) -> None:
    """Make PostgreSQL see that a pid file is stale although another program has meanwhile been given its process id.

    PostgreSQL would refuse to start. The file is not deleted, since its other lines let PostgreSQL see whether processes of the old
    server still hold the shared memory; only the process id is replaced by one that nobody can have.
    """
    pid = _written_pid(data)
    if not pid or is_server_of(pid, data) or not command_line(pid):
        return
    file = data / "postmaster.pid"
    lines = file.read_text().splitlines()
    # The folder belongs to the server's user: never follow a link out of it.
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW), "w") as output:
        output.write("\n".join([str(NOBODY), *lines[1:]]) + "\n")


def _written_pid(data: Path) -> int | None:
    try:
        first = (data / "postmaster.pid").read_text().split("\n", 1)[0]
    except FileNotFoundError:
        return None
    return int(first) if first.strip().isdigit() and int(first) != os.getpid() else None
