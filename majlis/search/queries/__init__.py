"""Reads of the index: what fits a question, and what a text means."""

from majlis.search.queries.finding import FACETS, LONGEST, ask, dialogues, search, similar, the_state
from majlis.search.queries.meaning import Reading, known_themes, readings
from majlis.search.queries.results import Found, Hit

__all__ = [
    "FACETS", "LONGEST", "Found", "Hit", "Reading", "ask", "dialogues", "known_themes", "readings", "search", "similar", "the_state",
]  # fmt: skip
