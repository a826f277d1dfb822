"""A fresh clone to the running demo (W7), start to first page (W8), and the memory of what runs (W6).

The clone is of what is committed. Downloads are included, but come from whatever cache or mirror this machine has.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench.promise import Measured

ROOT = Path(__file__).resolve().parent.parent
PORT = 8791


def measure() -> list[Measured]:
    # Below /var/tmp, not /tmp: that may lie in memory, and a database's time is also its disk's.
    with tempfile.TemporaryDirectory(prefix="majlis-bench-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)  # as root: the database's user walks through
        clone = Path(folder) / "majlis"
        subprocess.run(["git", "clone", "--quiet", "--depth=1", f"file://{ROOT}", str(clone)], check=True)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("MAJLIS_") and name != "DATABASE_URL"
        }
        environment = kept | {"PATH": os.environ["PATH"].replace(f"{ROOT}/.venv/bin:", "")}
        began = time.perf_counter()
        done = subprocess.run(
            ["make", "demo", "SERVE=0"], cwd=clone, env=environment, capture_output=True, text=True, check=False
        )
        took = time.perf_counter() - began
        if done.returncode:
            sys.stderr.write(done.stdout[-2000:] + done.stderr[-4000:])
            raise SystemExit("make demo failed in a fresh clone")
        again_began = time.perf_counter()
        subprocess.run(["make", "demo", "SERVE=0"], cwd=clone, env=environment, capture_output=True, check=True)
        again = time.perf_counter() - again_began
        python = clone / ".venv/bin/python"
        fresh, _ = first_page(python, clone, environment | {"MAJLIS_DATA": str(Path(folder) / "fresh")})
        second, memory = first_page(python, clone, environment | {"MAJLIS_DATA": str(Path(folder) / "fresh")})
    return [
        Measured("W7", "fresh clone to the demo's reports", took, "s", 240, 150, "make demo SERVE=0"),
        Measured("W7", "the same again", again, "s", note="starts from what is there"),
        Measured("W8", "start to first page, fresh folder", fresh, "s", 20, 12),
        Measured("W8", "start to first page, again", second, "s", 5, 3),
        Measured("W6", "memory of web, live room and worker", memory, "MB", 350, 250, "after a few pages"),
    ]


def first_page(python: Path, folder: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Start everything; return the seconds until the start page is answered, and the memory in MB a little later."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(python), "-m", "majlis", "up", "--port", str(PORT)], cwd=folder, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        while not answered("/"):
            if process.poll() is not None:
                raise SystemExit("majlis up ended by itself")
            time.sleep(0.02)
        took = time.perf_counter() - began
        for path in ("/", "/dialogues/", "/solutions/", "/network/") * 3:
            answered(path)
        time.sleep(4)
        return took, sum(resident(pid) for pid in [process.pid, *children(process.pid)])
    finally:
        process.terminate()
        process.wait(30)


def answered(path: str) -> bool:
    """Whether the page came; a page that is refused or broken is no first page."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=30):
            return True
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{path} answered {error.code}") from None
    except OSError:
        return False


def children(pid: int) -> list[int]:
    """Processes that Majlis started, the database not among them."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return [child for child in found if "python" in Path(f"/proc/{child}/cmdline").read_text()]


def resident(pid: int) -> float:
    """Memory in MB that this process has for itself, shared pages counted in part."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0
