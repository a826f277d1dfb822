"""Acts of the step Define: topics and their ties, dots and consent, completion."""

from majlis.steps.define.actions.completing import complete
from majlis.steps.define.actions.consenting import (
    CONSENT,
    NO_REASON,
    answer,
    answer_objection,
    ask_consent,
    consent,
    remind,
    vote,
)
from majlis.steps.define.actions.shaping import (
    add_topic,
    merge_topics,
    propose_topics,
    remove_topic,
    rename_topic,
    set_baseline,
    set_ties,
    split_topic,
    tie_statement,
    untie_statement,
)

__all__ = [
    "CONSENT", "NO_REASON", "add_topic", "answer", "answer_objection", "ask_consent", "complete", "consent", "merge_topics",
    "propose_topics", "remind", "remove_topic", "rename_topic", "set_baseline", "set_ties", "split_topic",
    "tie_statement", "untie_statement", "vote",
]  # fmt: skip
