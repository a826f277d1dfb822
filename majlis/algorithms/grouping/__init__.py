"""Who sits with whom, in every round: a weighted social golfer problem with attendance, classes and locks.

The surface is `plan`, `replan`, `bounds`, `measure` and `explain` over frozen dataclasses, and `gather` for one round with
distances. It knows nothing of Majlis; people are any whole numbers. `search.py` tells how plans are found, `reference.py`
by what they are measured. Importing this package is cheap: Numba is loaded when `plan`, `replan` or `gather` first
search, and `warm` compiles all kernels beforehand.
"""

from majlis.algorithms.grouping.bounds import bounds
from majlis.algorithms.grouping.diverse import Gathered, gather
from majlis.algorithms.grouping.feasible import BadProblem, Flaw, Rule, check
from majlis.algorithms.grouping.measure import explain, measure
from majlis.algorithms.grouping.model import (
    WORKING_LEVEL,
    Bounds,
    Budget,
    Changes,
    Interpreted,
    Lock,
    Person,
    Plan,
    Problem,
    Reason,
    Round,
    Violation,
    Weights,
)
from majlis.algorithms.grouping.reference import objective
from majlis.algorithms.grouping.search import plan, replan, warm

__all__ = [
    "WORKING_LEVEL", "BadProblem", "Bounds", "Budget", "Changes", "Flaw", "Gathered", "Interpreted", "Lock", "Person",
    "Plan", "Problem", "Reason", "Round", "Rule", "Violation", "Weights",
    "bounds", "check", "explain", "gather", "measure", "objective", "plan", "replan", "warm",
]  # fmt: skip
