"""The newest rules of the world's time zones: the system's, or those of the locked package `tzdata` if they are younger.

Governments change their clocks at a few weeks' notice, as Morocco did on 20 September 2026; a system that is not brought
up to date for a year then shows the wrong hour. Python asks the system first, so it must be told.
"""

from __future__ import annotations

import zoneinfo
from importlib.resources import files
from pathlib import Path

SYSTEM = tuple(zoneinfo.TZPATH)


def use_newest_zones() -> str:
    """Let zoneinfo read from whichever source is younger; return its version, such as «2026f»."""
    system, package = system_version(), package_version()
    zoneinfo.reset_tzpath(SYSTEM if system >= package else ())
    zoneinfo.ZoneInfo.clear_cache()
    return max(system, package)


def system_version(folders: tuple[str, ...] = SYSTEM) -> str:
    """The version of the system's zones, or "" if it has none or does not say."""
    for folder in folders:
        rules = Path(folder) / "tzdata.zi"
        if rules.is_file():
            return _version(rules.read_text(encoding="ascii", errors="replace"))
    return ""


def package_version() -> str:
    return _version((files("tzdata") / "zoneinfo" / "tzdata.zi").read_text(encoding="ascii"))


def _version(rules: str) -> str:
    first = rules.partition("\n")[0]
    return first.removeprefix("# version ").strip() if first.startswith("# version ") else ""
