"""Reads of the evaluation."""

from majlis.steps.evaluate.queries.commitments import commitments, commitments_of
from majlis.steps.evaluate.queries.deliveries import DeliveryRow, delivery_log, focal_points
from majlis.steps.evaluate.queries.results import Class, Figure, Results, results
from majlis.steps.evaluate.queries.surveys import asked, choices, open_links, survey_batch, unanswered
from majlis.steps.evaluate.queries.turns import next_action, waiting

__all__ = [
    "Class",
    "DeliveryRow",
    "Figure",
    "Results",
    "asked",
    "choices",
    "commitments",
    "commitments_of",
    "delivery_log",
    "focal_points",
    "next_action",
    "open_links",
    "results",
    "survey_batch",
    "unanswered",
    "waiting",
]
