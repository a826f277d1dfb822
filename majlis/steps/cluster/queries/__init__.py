"""Reads of the step Cluster."""

from majlis.steps.cluster.queries.board import (
    Balance,
    Board,
    Seat,
    board,
    most_alike,
    pairs_of,
    percent,
    themes_by_cluster,
    unplaced,
    warnings,
    what_moved,
)
from majlis.steps.cluster.queries.comparing import Difference, Trial, differences, trial
from majlis.steps.cluster.queries.problem import Input, Wish, algorithm_input, alike, key, problem_of, question
from majlis.steps.cluster.queries.proposals import (
    NO_PROPOSAL,
    adopted,
    cluster_of,
    latest,
    proposals,
    shown_proposal,
    version_there,
)
from majlis.steps.cluster.queries.requests import request_there, trial_of, without_version
from majlis.steps.cluster.queries.waiting import missing, next_action, waiting

__all__ = [
    "NO_PROPOSAL", "Balance", "Board", "Difference", "Input", "Seat", "Trial", "Wish", "adopted", "algorithm_input", "alike",
    "board", "cluster_of", "differences", "key", "latest", "missing", "most_alike", "next_action", "pairs_of", "percent", "problem_of",
    "proposals", "question", "request_there", "shown_proposal", "themes_by_cluster", "trial", "trial_of", "unplaced", "version_there", "waiting",
    "warnings", "what_moved", "without_version",
]  # fmt: skip
