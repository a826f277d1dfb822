"""Writing the journal."""

from typing import Any, Protocol

from django.db import connection, models

from majlis.journal.models import Entry
from majlis.web.sentences import Sentence


class Actor(Protocol):
    """Whoever acts: an account, which the journal does not know."""

    pk: Any

    @property
    def role_name(self) -> str: ...


def record(
    *,
    act: str,
    by: Actor | None,
    scope: str,
    sentence: Sentence,
    subject: models.Model | None = None,
    facts: dict[str, Any] | None = None,
) -> Entry:
    """Write one entry in the transaction of the act itself; refuses to run outside one.

    act: folder.verb, e.g. "cluster.adopt". by: None when Majlis itself acts. scope: e.g. "dialogue:led-mena-2026".
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{act} must write its journal entry inside its own transaction")
    return Entry.objects.create(
        act=act,
        actor=by.pk if by else None,
        role=by.role_name if by else "majlis",
        scope=scope,
        subject=f"{subject._meta.model_name}:{subject.pk}" if subject else "",
        sentence=sentence.as_json(),
        facts=facts or {},
    )
