"""Indicators that a sub-topic can be measured by, with names in four languages."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"


@cache
def indicators() -> dict[str, dict[str, Any]]:
    """{code: {code, level, en, ar, de, fr, unit, formula, target}}; unit: a key of `units()`."""
    return {row["code"]: row for row in _read()["indicators"]}


@cache
def levels() -> dict[str, dict[str, str]]:
    """What indicators speak of: {level: {language: name}}."""
    found: dict[str, dict[str, str]] = _read()["levels"]
    return found


@cache
def units() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = _read()["units"]
    return found


@cache
def _read() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DATA / "indicators.yaml").read_text(encoding="utf-8"))
    return read
