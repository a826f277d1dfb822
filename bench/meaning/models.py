"""The models and concepts under test, each text encoded once, also over several runs: the second model takes minutes."""

import hashlib
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from majlis.algorithms.concepts import Concept, Concepts
from majlis.algorithms.embedding import Embedder, Vectors, default_embedder, second_embedder
from majlis.network import terms


class Remembering:
    """An embedder that keeps what it has encoded, in a file of its name and version beside the benchmarks' database."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.version, self.dimensions = embedder.name, embedder.version, embedder.dimensions
        self._embedder = embedder
        self._file = Path(os.environ["MAJLIS_DATA"]) / f"vectors-{self.name}-{self.version}.npz"
        self._known: dict[str, Vectors] = {}
        if self._file.exists():
            with np.load(self._file) as kept:
                self._known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        keys = [hashlib.sha256(f"{query}{text}".encode()).hexdigest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if new:
            self._known.update(zip(new, self._embedder.encode(list(new.values()), query=query), strict=True))
        return np.array([self._known[key] for key in keys], dtype=np.float32).reshape(-1, self.dimensions)

    def keep(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(self._file, keys=np.array(list(self._known)), vectors=np.array(list(self._known.values())))


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


def keep() -> None:
    """Keep what was encoded for the next run."""
    for embedder, _concepts in both():
        assert isinstance(embedder, Remembering)
        embedder.keep()
