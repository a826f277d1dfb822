"""What waits for one person, over all dialogues and steps."""

from collections.abc import Callable

from majlis.accounts.models import Account
from majlis.steps.cluster import queries as cluster
from majlis.steps.define import queries as define
from majlis.steps.enable import queries as enable
from majlis.steps.evaluate import queries as evaluate
from majlis.steps.invite import queries as invite
from majlis.steps.report import queries as report
from majlis.web.waiting import NextAction

# Each step says itself what waits for somebody; they are asked in the order of the method.
SOURCES: list[Callable[[Account], list[NextAction]]] = [
    cluster.waiting,
    define.waiting,
    invite.waiting,
    enable.waiting,
    evaluate.waiting,
    report.waiting,
]


def waiting(account: Account) -> list[NextAction]:
    """The next acts of this person, those of the earlier steps first."""
    return [action for source in SOURCES for action in source(account)]
