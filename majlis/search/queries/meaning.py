"""What the index reads in texts: the themes' centres, and what statements say in numbers and themes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import F

from majlis.algorithms import embedding
from majlis.algorithms.concepts import Concepts
from majlis.algorithms.embedding import LanguageMeans, Vectors
from majlis.search.models import DIMENSIONS, Theme, Vector

_themes: dict[tuple[str, str], Concepts] = {}


def known_themes() -> Concepts | None:
    """The themes' centres for this model, read once in a process; None before the first round of the index."""
    embedder = embedding.default_embedder()
    key = (embedder.name, embedder.version)
    if key not in _themes:
        kept = list(Theme.objects.filter(model=key[0], version=key[1]).order_by("code"))
        if not kept:
            return None
        centres = np.array([theme.centre for theme in kept], dtype=np.float32)
        codes = tuple(theme.code for theme in kept)
        _themes[key] = Concepts(
            codes, (), np.zeros(0, dtype=np.intp), np.zeros((0, DIMENSIONS), np.float32), centres, LanguageMeans()
        )
    return _themes[key]


@dataclass(frozen=True)
class Reading:
    """What one statement says as the index reads it. scores: `Concepts.scores`; themes: codes, the nearest first."""

    scores: Vectors
    themes: tuple[str, ...]


def readings(statements: Sequence[int]) -> dict[int, Reading]:
    """{number of a statement: what it says}, of those that the index has read. Two queries."""
    themes = known_themes()
    if themes is None:
        return {}
    found = Vector.objects.filter(
        entry__statement__in=statements, entry__language=F("entry__original_language"), centred__isnull=False
    )
    read = list(found.order_by("pk").values_list("entry__statement_id", "centred"))
    vectors = np.array([vector for _number, vector in read], dtype=np.float32).reshape(-1, DIMENSIONS)
    rows = zip(read, themes.scores(vectors), themes.near(vectors), strict=True)
    return {
        number: Reading(scores, tuple(themes.codes[each] for each in near)) for (number, _vector), scores, near in rows
    }
