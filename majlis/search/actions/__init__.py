"""Keeping the index: what changed is written, given its meaning, and centred. Majlis itself does it, in the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from majlis.algorithms import embedding
from majlis.search.actions import entries, tuning, vectors
from majlis.search.models import Entry

LOCK = "majlis search index"

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Refreshed:
    """How many things were drafted anew, and how many entries were given a vector."""

    changed: int
    embedded: int


def refresh(*, tell: Tell = lambda _what, _done, _of: None) -> Refreshed | None:
    """Bring the index up to date; None if another process is at it. Can be stopped and begun again at any moment.

    tell(what, done, of): progress; what is "entries" (of: 0, not known beforehand) or "vectors".
    """
    with _alone() as is_ours:
        if not is_ours:
            return None
        written = _Count(lambda done: tell("entries", done, 0))
        changed = entries.write_changed(written.add)
        embedder = embedding.default_embedder()
        missing = vectors.missing(embedder)
        if missing:
            done = _Count(lambda n: tell("vectors", n, len(missing)))
            vectors.embed(embedder, missing, done.add)
        if missing or not vectors.is_prepared(embedder):
            vectors.centre(embedder, len(missing))
        if changed or missing:
            tuning.count()
        return Refreshed(changed, len(missing))


def refresh_and_forget() -> Refreshed | None:
    """`refresh` for a process that waits most of the time: the model's 120 MB are given back when there was work."""
    done = refresh()
    if done and done.embedded:
        embedding.default_embedder.cache_clear()
    return done


def rebuild() -> None:
    """Forget every entry; the next `refresh` writes all anew. What was found keeps being found until it is written again."""
    Entry.objects.update(stamp="")


def check() -> float | None:
    """The nightly look: grams counted anew, and what the approximate index finds (None while search is exact)."""
    entries.recount_grams()
    tuning.count()
    return tuning.check_recall()


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether this process may write the index: two at once would write everything twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [LOCK])
        (is_ours,) = cursor.fetchone()
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [LOCK])


class _Count:
    """Adds up what is done and tells it."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self.done, self._tell = 0, tell

    def add(self, more: int) -> None:
        self.done += more
        self._tell(self.done)
