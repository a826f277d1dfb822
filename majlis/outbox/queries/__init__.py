"""Reads of the outbox."""

from majlis.outbox.queries.batches import (
    batches,
    mails,
    preview,
    scope_title,
    scope_titles,
    scopes,
    stopped_scopes,
    tallies,
    visible_batch,
    visible_mail,
    who_stopped,
)
from majlis.outbox.queries.bounces import advice, bounce, bounces, not_taken, open_bounces
from majlis.outbox.queries.texts import kinds_of, languages_own, own_words, recipients_of, values_for

__all__ = [
    "advice", "batches", "bounce", "bounces", "kinds_of", "languages_own", "mails", "not_taken", "open_bounces", "own_words",
    "preview", "recipients_of", "scope_title", "scope_titles", "scopes", "stopped_scopes", "tallies", "values_for",
    "visible_batch", "visible_mail", "who_stopped",
]  # fmt: skip
