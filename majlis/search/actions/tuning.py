"""Exact or approximate: switched by how much there is, and checked.

Below twenty thousand vectors comparing with all of them takes milliseconds, finds everything, and filters just work.
Above, an HNSW index finds most of the nearest; how many, a nightly check measures.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Avg
from django.utils import timezone

from majlis.search.models import DIMENSIONS, Entry, State, Vector
from majlis.search.queries import the_state

EXACT_UP_TO = 20_000
# Not the same number, or a network that stands at it would build and drop the index every day.
EXACT_AGAIN_BELOW = 15_000
INDEX = "search_vector_near"
NEAREST = 10
ASKED = 50
GOOD_RECALL = 0.95
MOST_EFFORT = 800
SAME_DISTANCE = 1e-6  # of cosines between 16-bit floats


def count() -> State:
    """Count what there is, and switch between exact and approximate search if it is time."""
    state = the_state()
    summed = Entry.objects.aggregate(mean=Avg("length"))
    state.entries, state.length = Entry.objects.count(), max(summed["mean"] or 1, 1)
    vectors = Vector.objects.filter(centred__isnull=False).count()
    if not state.is_approximate and vectors > EXACT_UP_TO:
        _build()
        state.is_approximate, state.recall = True, None
    elif state.is_approximate and vectors < EXACT_AGAIN_BELOW:
        _drop()
        state.is_approximate, state.recall = False, None
    state.refreshed_at = timezone.now()
    state.save()
    return state


def _build() -> None:
    """Only jobs write vectors, so the lock on writing that this takes disturbs nobody."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {INDEX} ON search_vector USING hnsw (centred halfvec_cosine_ops)")
        cursor.execute("ANALYZE search_vector")


def _drop() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")


def check_recall() -> float | None:
    """Compare the HNSW index with the truth on fifty entries; look harder from now on if it misses too much.

    Returns the share of the true ten nearest that it finds; None while search is exact.
    """
    state = the_state()
    if not state.is_approximate:
        return None
    asked = list(Vector.objects.filter(centred__isnull=False).order_by("?").values_list("centred", flat=True)[:ASKED])
    state.recall = _recall(asked, state.effort)
    while state.recall < GOOD_RECALL and state.effort < MOST_EFFORT:
        state.effort = min(state.effort * 2, MOST_EFFORT)
        state.recall = _recall(asked, state.effort)
    state.checked_at = timezone.now()
    state.save()
    return state.recall


def _recall(asked: list[Any], effort: int) -> float:
    """What share of the nearest is found. What lies as near as the last of the true ones counts, whichever it is: in a
    network many people have the same role, and so the same vector."""
    found = []
    for values in asked:
        near, true = _nearest(values, effort), _nearest(values, None)
        furthest = max(true, default=0.0) + SAME_DISTANCE
        found.append(sum(distance <= furthest for distance in near) / max(len(true), 1))
    return float(np.mean(found)) if found else 1.0


def _nearest(values: list[float], effort: int | None) -> list[float]:
    """Distances of the ten nearest entries: by the index with this effort, or (None) by comparing with all."""
    written = "[" + ",".join(map(str, values)) + "]"
    with transaction.atomic(), connection.cursor() as cursor:
        if effort is None:
            cursor.execute("SET LOCAL enable_indexscan = off")
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"SET LOCAL hnsw.ef_search = {effort:d}")
        nearness = f"centred <=> %s::halfvec({DIMENSIONS})"
        cursor.execute(
            f"SELECT {nearness} FROM search_vector WHERE centred IS NOT NULL ORDER BY {nearness} LIMIT {NEAREST}",
            [written, written],
        )
        return [distance for (distance,) in cursor.fetchall()]
