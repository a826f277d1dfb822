"""Themes first: what a text is about in terms of named concepts, each with examples in several languages.

A concept is the mean of its names and examples in all languages: one example says more than a name, and the mean of
several is nearer to what people write than the nearest single one (docs/decisions/0007-meaning.md). A person confirms or
corrects what is proposed here; a concept that somebody adds works at once, from its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from majlis.algorithms.embedding import Embedder, LanguageMeans, Vectors, centred, standard_scores, unit

Shares = NDArray[np.float32]
# How sharply a profile prefers near concepts: the softmax's temperature in standard deviations over the concepts. Below
# .5 one concept takes all and search suffers, above 1 all profiles look alike.
TEMPERATURE = 0.7
# Assigned is what is this near (centred cosine) and nearly as near as the nearest: on the illustrative dialogue three of
# four statements get a proposal, half of the proposals are what the secretariat chose; of texts about sports or science
# one in ten gets one.
NEAR_ENOUGH = 0.25
NEARLY = 0.1
SEVERAL = 3


@dataclass(frozen=True)
class Concept:
    """A theme, need type, resource type or goal. names: {language: name}; examples: {language: sentence} each."""

    code: str
    names: Mapping[str, str]
    examples: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Assigned:
    """A concept proposed for a text. score: centred cosine; because: the concept's name or example that is nearest."""

    code: str
    score: float
    because: str


@dataclass(frozen=True)
class Concepts:
    """The vocabulary as centred vectors of one model.

    texts, owners, vectors: each name and example, the number of its concept, (t, d); centres: (c, d) the concepts;
    means: the languages' means over the texts, a prior for any collection (`LanguageMeans.towards`).
    """

    codes: tuple[str, ...]
    texts: tuple[str, ...]
    owners: NDArray[np.intp]
    vectors: Vectors
    centres: Vectors
    means: LanguageMeans

    @classmethod
    def of(cls, concepts: Sequence[Concept], embedder: Embedder) -> Concepts:
        """Encode all names and examples: about sixteen sentences a concept, once in a process."""
        rows = [
            (number, language, text)
            for number, concept in enumerate(concepts)
            for said in (concept.names, *concept.examples)
            for language, text in sorted(said.items())
        ]
        languages = [language for _number, language, _text in rows]
        raw = embedder.encode([text for _number, _language, text in rows])
        means = LanguageMeans.of(raw, languages)
        vectors, owners = centred(raw, languages, means), np.array([number for number, *_ in rows], dtype=np.intp)
        centres = np.zeros((len(concepts), embedder.dimensions), dtype=np.float32)
        np.add.at(centres, owners, vectors)
        texts = tuple(text for _number, _language, text in rows)
        return cls(tuple(concept.code for concept in concepts), texts, owners, vectors, unit(centres), means)

    def nearness(self, vectors: Vectors) -> Shares:
        """(n, c) cosine of each centred vector with each concept."""
        near: Shares = vectors @ self.centres.T
        return near

    def profiles(self, vectors: Vectors) -> Shares:
        """(n, c) each text's shares in the concepts, as square roots: rows of length 1, so that the product of two is
        their Bhattacharyya coefficient, 0 for nothing shared and 1 for the same. Zeros for a text without words."""
        if not self.codes:
            return np.zeros((len(vectors), 0), dtype=np.float32)
        near = standard_scores(self.nearness(vectors)) / TEMPERATURE
        shares = np.exp(near - near.max(axis=1, keepdims=True))
        roots: Shares = np.sqrt(shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
        roots[~np.any(vectors != 0, axis=1)] = 0
        return roots

    def assign(
        self, vectors: Vectors, *, near_enough: float = NEAR_ENOUGH, most: int = SEVERAL
    ) -> list[list[Assigned]]:
        """Each text's concepts, the nearest first: at most `most`, none where nothing is near enough."""
        found = []
        for vector, near in zip(vectors, self.nearness(vectors), strict=True):
            order = [int(number) for number in np.argsort(-near, kind="stable")[:most]]
            floor = max(near_enough, float(near[order[0]]) - NEARLY) if order else 0.0
            chosen = [number for number in order if near[number] >= floor]
            found.append([Assigned(self.codes[n], float(near[n]), self._nearest_text(vector, n)) for n in chosen])
        return found

    def _nearest_text(self, vector: Vectors, number: int) -> str:
        own = np.flatnonzero(self.owners == number)
        return self.texts[int(own[np.argmax(self.vectors[own] @ vector)])]


def shared(one: Sequence[Assigned], other: Sequence[Assigned]) -> tuple[str, ...]:
    """The codes that both texts were assigned, strongest first: the reason that people understand."""
    theirs = {each.code: each.score for each in other}
    both = [(each.score + theirs[each.code], each.code) for each in one if each.code in theirs]
    return tuple(code for _score, code in sorted(both, key=lambda pair: (-pair[0], pair[1])))
