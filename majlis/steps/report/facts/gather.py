"""Gathering all facts of a dialogue."""

from majlis.dialogue.models import Dialogue
from majlis.steps.report.facts.activities import documented
from majlis.steps.report.facts.evaluation import evaluation
from majlis.steps.report.facts.event import event
from majlis.steps.report.facts.method import method
from majlis.steps.report.facts.outcomes import outcomes
from majlis.steps.report.facts.tables import tables
from majlis.steps.report.facts.tree import Facts


def facts(dialogue: Dialogue) -> Facts:
    """All facts as the records stand now. Reads only; costs some forty queries whatever the dialogue's size."""
    gathered = (event, method, outcomes, evaluation, documented, tables)
    return Facts(fact for part in gathered for fact in part(dialogue))
