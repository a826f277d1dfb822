"""Peers in environments of their own, so that their pins do not touch ours; made when first asked for, kept in .make/peers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / ".make" / "peers"


@cache
def python(name: str, packages: Sequence[str]) -> Path | None:
    """The interpreter of the environment of this name with these packages; None where they cannot be had."""
    folder = FOLDER / name
    found, mark, wanted = folder / "bin" / "python", folder / "packages", "\n".join(packages)
    if mark.is_file() and mark.read_text() == wanted:
        return found
    shutil.rmtree(folder, ignore_errors=True)
    print(f"Installing {' and '.join(packages)} into an environment of their own…", flush=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    told = subprocess.run([found, "-m", "pip", "install", "-q", *packages], capture_output=True, text=True)
    if told.returncode:
        print(f"They cannot be installed here and are left out: {told.stderr.strip().splitlines()[-1]}")
        return None
    mark.write_text(wanted)
    return found
