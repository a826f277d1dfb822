"""Pages of the step Define: the list, one topic, the answers; and what a partner sees by its link."""

from majlis.steps.define.views.answering import answer, partner
from majlis.steps.define.views.asking import answers, ask, remind, reply
from majlis.steps.define.views.desk import complete, page, proposal, propose
from majlis.steps.define.views.history import restore, versions
from majlis.steps.define.views.naming import baseline, rename, topic
from majlis.steps.define.views.shaping import add, merge, move, order, remove, shape, split
from majlis.steps.define.views.tying import statements, ties

__all__ = [
    "add", "answer", "answers", "ask", "baseline", "complete", "merge", "move", "order", "page", "partner", "proposal",
    "propose", "remind", "remove", "rename", "reply", "restore", "shape", "split", "statements", "ties", "topic", "versions",
]  # fmt: skip
