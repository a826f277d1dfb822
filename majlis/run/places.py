"""Where Majlis keeps what it must not lose."""

import os
from pathlib import Path

CODE = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """Return the folder of everything a machine must keep: MAJLIS_DATA, else `var` beside the program. It need not exist yet."""
    return Path(os.environ.get("MAJLIS_DATA") or CODE.parent / "var").resolve()
