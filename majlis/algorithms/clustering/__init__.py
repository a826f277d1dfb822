"""Clustering of cities by region, needs and vision, within size limits: pure, deterministic for a seed.

`solve` proposes, `describe` explains any assignment (also one that a person changed), `cost` is the plain reference of
what is minimised. Method: docs of the field's practice in 2.11 (distance from shared theme codes with visible weights).
"""

from majlis.algorithms.clustering.explain import describe
from majlis.algorithms.clustering.measure import cost, distances, similarity, violations
from majlis.algorithms.clustering.model import (
    BadProblem,
    City,
    Clustering,
    Fit,
    Group,
    Problem,
    Shared,
    Violation,
    Weights,
    number_of_clusters,
)
from majlis.algorithms.clustering.search import solve

__all__ = [
    "BadProblem",
    "City",
    "Clustering",
    "Fit",
    "Group",
    "Problem",
    "Shared",
    "Violation",
    "Weights",
    "cost",
    "describe",
    "distances",
    "number_of_clusters",
    "similarity",
    "solve",
    "violations",
]
