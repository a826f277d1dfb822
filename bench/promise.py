"""What is measured against what was promised."""

import os
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Measured:
    """One promise (the goals W1…W12 and S1…S11) and what was measured; less is better unless `more` says otherwise."""

    promise: str
    what: str
    value: float
    unit: str
    must: float | None = None
    aim: float | None = None
    note: str = ""
    more: bool = False

    @property
    def verdict(self) -> str:
        if self.must is None:
            return ""
        if self.aim is not None and self._reaches(self.aim):
            return "aim met"
        return "kept" if self._reaches(self.must) else "BROKEN"

    def _reaches(self, limit: float) -> bool:
        return self.value >= limit if self.more else self.value <= limit

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"verdict": self.verdict}


def machine() -> dict[str, Any]:
    """What the figures were measured on: absolute figures mean nothing without it."""
    model = ""
    if os.path.exists("/proc/cpuinfo"):  # noqa: PTH110
        with open("/proc/cpuinfo") as info:  # noqa: PTH123
            model = next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), "")
    return {
        "cores": os.cpu_count(),
        "cpu": model,
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def middle(act: Callable[[], float], times: int) -> float:
    """The median of several runs: one disturbed run does not count."""
    return median(act() for _ in range(times))
