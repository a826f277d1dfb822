"""Reads of the step Enable that pages, reports and other folders use."""

from majlis.steps.enable.queries.agenda import agenda, drift, following, running
from majlis.steps.enable.queries.meetings import (
    attendance,
    city_matrix,
    consultations,
    interaction,
    meetings,
)
from majlis.steps.enable.queries.waiting import next_action, waiting

__all__ = [
    "agenda", "attendance", "city_matrix", "consultations", "drift", "following", "interaction", "meetings",
    "next_action", "running", "waiting",
]  # fmt: skip
