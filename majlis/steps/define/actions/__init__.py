"""Acts of the step Define: topics and their ties, their versions, dots and consent, completion."""

from majlis.steps.define.actions.asking import CONSENT, ask_consent, remind
from majlis.steps.define.actions.completing import complete
from majlis.steps.define.actions.consenting import (
    NO_REASON,
    answer,
    answer_objection,
    consent,
    partner_of,
    vote,
)
from majlis.steps.define.actions.proposing import ask_proposal, propose_topics, work_off
from majlis.steps.define.actions.shaping import (
    add_topic,
    merge_topics,
    move_topic,
    order_topics,
    remove_topic,
    rename_topic,
    set_baseline,
    set_ties,
    split_topic,
    tie_statement,
    untie_statement,
)
from majlis.steps.define.actions.versioning import preview, restore

__all__ = [
    "CONSENT", "NO_REASON", "add_topic", "answer", "answer_objection", "ask_consent", "ask_proposal", "complete", "consent",
    "merge_topics", "move_topic", "order_topics", "partner_of", "preview", "propose_topics", "remind", "remove_topic",
    "rename_topic", "restore", "set_baseline", "set_ties", "split_topic", "tie_statement", "untie_statement", "vote",
    "work_off",
]  # fmt: skip
