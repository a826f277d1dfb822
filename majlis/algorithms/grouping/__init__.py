"""Who sits with whom, in every round: a weighted social golfer problem with attendance, classes and locks.

The surface is `plan`, `replan`, `bounds` and `explain` over frozen dataclasses. It knows nothing of Majlis; people
are any hashable ids. See `search.py` for how plans are found and `objective.py` for what they are measured by.
"""

from majlis.algorithms.grouping.model import (
    BadProblem,
    Bounds,
    Flaw,
    Lock,
    Person,
    Plan,
    Problem,
    Reason,
    Round,
    Violation,
    Weights,
)
from majlis.algorithms.grouping.objective import bounds, explain, measure, objective
from majlis.algorithms.grouping.search import plan, replan

__all__ = [
    "BadProblem", "Bounds", "Flaw", "Lock", "Person", "Plan", "Problem", "Reason", "Round", "Violation", "Weights",
    "bounds", "explain", "measure", "objective", "plan", "replan",
]  # fmt: skip
