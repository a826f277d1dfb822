"""The models and concepts under test, each text encoded once however often it is asked for."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from majlis.algorithms.concepts import Concept, Concepts
from majlis.algorithms.embedding import Embedder, Vectors, default_embedder, second_embedder
from majlis.network import terms


class Remembering:
    """An embedder that keeps what it has encoded."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.version, self.dimensions = embedder.name, embedder.version, embedder.dimensions
        self._embedder = embedder
        self._known: dict[tuple[str, bool], Vectors] = {}

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        new = sorted({text for text in texts if (text, query) not in self._known})
        for text, vector in zip(new, self._embedder.encode(new, query=query), strict=True):
            self._known[text, query] = vector
        return np.array([self._known[text, query] for text in texts], dtype=np.float32).reshape(-1, self.dimensions)


Models = tuple[tuple[Embedder, Concepts], ...]


@cache
def vocabulary() -> tuple[Concept, ...]:
    """What the search compares with: sub-themes and goals, with their examples."""
    return (*terms.concepts(terms.themes()), *terms.concepts(terms.sdgs()))


@cache
def first() -> Models:
    """The default embedder alone."""
    embedder = Remembering(default_embedder())
    return ((embedder, Concepts.of(vocabulary(), embedder)),)


@cache
def both() -> Models:
    """With the second model where it is installed, else the first alone."""
    second = second_embedder()
    if second is None:
        return first()
    embedder = Remembering(second)
    return (*first(), (embedder, Concepts.of(vocabulary(), embedder)))
