"""The room of sub-topics: the secretariat's desk, and the page by which a partner answers."""

from majlis.steps.define.views.answering import answer, partner
from majlis.steps.define.views.desk import (
    add,
    ask,
    baseline,
    complete,
    merge,
    page,
    propose,
    remind,
    remove,
    rename,
    reply,
    split,
    ties,
)

__all__ = [
    "add", "answer", "ask", "baseline", "complete", "merge", "page", "partner", "propose", "remind", "remove", "rename",
    "reply", "split", "ties",
]  # fmt: skip
