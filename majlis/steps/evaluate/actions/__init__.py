"""The acts of the evaluation."""

from majlis.steps.evaluate.actions.commitments import make_commitment, update_commitment
from majlis.steps.evaluate.actions.sharing import complete, open_space, share_results
from majlis.steps.evaluate.actions.surveys import answer_survey, ask_survey, open_survey

__all__ = [
    "answer_survey",
    "ask_survey",
    "complete",
    "make_commitment",
    "open_space",
    "open_survey",
    "share_results",
    "update_commitment",
]
