"""python -m bench [name…]: measure what was promised, print a table, keep the figures as JSON under bench/results/."""

import argparse
import importlib
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.promise import Measured, machine

HERE = Path(__file__).parent
# In this order: the cheap ones first.
NAMES = [
    "pages",
    "grouping",
    "outbox",
    "calendar_export",
    "report_time",
    "import_time",
    "demo_time",
    "meaning",
    "search_scale",
]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"one or more of {', '.join(NAMES)}; all of them without a name"
    )
    wanted = parser.parse_args().names or NAMES
    if unknown := set(wanted) - set(NAMES):
        parser.error(f"there is no {', '.join(sorted(unknown))}: choose from {', '.join(NAMES)}")
    # The figures must not depend on somebody's own data, nor change it.
    os.environ.pop("DATABASE_URL", None)
    os.environ["MAJLIS_DATA"] = str(HERE.parent / ".make" / "bench")
    os.environ["MAJLIS_DEMO"] = "1"
    figures: list[Measured] = []
    for name in wanted:
        found = importlib.import_module(f"bench.{name}").measure()
        figures += found
        keep(name, found)
    show(figures)
    return 1 if any(figure.verdict == "BROKEN" for figure in figures) else 0


def keep(name: str, figures: list[Measured]) -> None:
    """Store one measurement for comparison with later ones."""
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    content = {
        "at": now.isoformat(timespec="seconds"),
        "machine": machine(),
        "figures": [figure.as_json() for figure in figures],
    }
    (folder / f"{name}-{now:%Y%m%d-%H%M%S}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def show(figures: list[Measured]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("", "What", "Measured", "Must", "Aim", "", title="Promises")
    for figure in figures:
        limits = [f"{limit:g}" if limit is not None else "" for limit in (figure.must, figure.aim)]
        colour = {"BROKEN": "red", "aim met": "green"}.get(figure.verdict, "")
        what = f"{figure.what} [dim]{figure.note}[/dim]" if figure.note else figure.what
        verdict = f"[{colour}]{figure.verdict}[/{colour}]" if colour else figure.verdict
        table.add_row(figure.promise, what, f"{figure.value:.4g} {figure.unit}", *limits, verdict)
    Console(width=None if sys.stdout.isatty() else 120).print(table)


if __name__ == "__main__":
    sys.exit(main())
