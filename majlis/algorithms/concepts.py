"""Themes first: what a text is about in terms of named concepts, each with examples in several languages.

A concept is the mean of its names and examples in all languages: one example says more than a name, and the mean of
several is nearer to what people write than the nearest single one (docs/decisions/0007-meaning.md). A person confirms or
corrects what is proposed here; a concept that somebody adds works at once, from its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
# The spread of a concept's cosines with texts of other things, and how many such texts it takes to know it better.
USUAL_SPREAD, ENOUGH_TEXTS = 0.09, 40


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
    means: the languages' means over the texts, a prior for any collection (`LanguageMeans.towards`); of_names: over the
    names alone. usual: (2, c) mean and standard deviation of each concept's cosine with texts that speak of others, None
    where it was not taken.
    """

    codes: tuple[str, ...]
    texts: tuple[str, ...]
    owners: NDArray[np.intp]
    vectors: Vectors
    centres: Vectors
    means: LanguageMeans
    of_names: LanguageMeans = field(default_factory=LanguageMeans)
    usual: Shares | None = None

    @classmethod
    def of(cls, concepts: Sequence[Concept], embedder: Embedder, *, beside: Concepts | None = None) -> Concepts:
        """Encode all names and examples: about sixteen sentences a concept, once in a process.

        beside: a larger vocabulary of the same model, from which a small one learns what names and texts are usually like.
        """
        rows = [
            (number, language, text, kind)
            for number, concept in enumerate(concepts)
            for kind, said in enumerate((concept.names, *concept.examples))
            for language, text in sorted(said.items())
        ]
        owners, texts = np.array([row[0] for row in rows], dtype=np.intp), tuple(row[2] for row in rows)
        languages, is_name = [row[1] for row in rows], np.array([row[3] == 0 for row in rows], dtype=bool)
        raw, vectors = embedder.encode(texts), np.zeros((len(rows), embedder.dimensions), dtype=np.float32)
        # Names are not written like sentences: each are centred by their own.
        of_names = _means(raw, languages, is_name, beside.of_names if beside else None)
        means = _means(raw, languages, ~is_name, beside.means if beside else None)
        for own, kind in ((is_name, of_names), (~is_name, means)):
            vectors[own] = centred(raw[own], [languages[at] for at in np.flatnonzero(own).tolist()], kind)
        centres = np.zeros((len(concepts), embedder.dimensions), dtype=np.float32)
        np.add.at(centres, owners, vectors)
        centres = unit(centres)
        around, of = (beside.vectors, np.full(len(beside.owners), -1)) if beside else (vectors, owners)
        codes = tuple(concept.code for concept in concepts)
        prior, usual = means if means.means else of_names, _usual(centres, around, of)
        return cls(codes, texts, owners, vectors, centres, prior, of_names, usual)

    def nearness(self, vectors: Vectors) -> Shares:
        """(n, c) cosine of each centred vector with each concept."""
        near: Shares = vectors @ self.centres.T
        return near

    def standing_out(self, vectors: Vectors) -> Shares:
        """(n, c) how many standard deviations each centred vector is nearer to a concept than other texts are: some
        concepts are near to everything, others to little."""
        mean, spread = self.usual if self.usual is not None else (0.0, USUAL_SPREAD)
        scores: Shares = ((self.nearness(vectors) - mean) / spread).astype(np.float32)
        return scores

    def profiles(self, vectors: Vectors) -> Shares:
        """(n, c) each text's shares in the concepts, as square roots: rows of length 1, so that the product of two is
        their Bhattacharyya coefficient, 0 for nothing shared and 1 for the same. Zeros for a text without words."""
        if not self.codes:
            return np.zeros((len(vectors), 0), dtype=np.float32)
        near = standard_scores(self.standing_out(vectors)) / TEMPERATURE
        shares = np.exp(near - near.max(axis=1, keepdims=True))
        roots: Shares = np.sqrt(shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
        roots[~np.any(vectors != 0, axis=1)] = 0
        return roots

    def scores(self, vectors: Vectors) -> Shares:
        """(n, c + d) what a text says in numbers, for `clustering.City`: its shares in the concepts, and its centred vector
        for what the concepts do not tell."""
        return np.hstack([self.profiles(vectors), vectors]).astype(np.float32)

    def assign(
        self, vectors: Vectors, *, near_enough: float = NEAR_ENOUGH, most: int = SEVERAL
    ) -> list[list[Assigned]]:
        """Each text's concepts, the nearest first: at most `most`, none where nothing is near enough."""
        chosen = self.near(vectors, near_enough=near_enough, most=most)
        return [
            [Assigned(self.codes[n], score, self._nearest_text(vector, n)) for n, score in of.items()]
            for vector, of in zip(vectors, chosen, strict=True)
        ]

    def near(
        self, vectors: Vectors, *, near_enough: float = NEAR_ENOUGH, most: int = SEVERAL
    ) -> list[dict[int, float]]:
        """{number of a concept: cosine} of each text's concepts, as `assign` has them, without saying why."""
        found = []
        for near in self.nearness(vectors):
            order = [int(number) for number in np.argsort(-near, kind="stable")[:most]]
            floor = max(near_enough, float(near[order[0]]) - NEARLY) if order else 0.0
            found.append({number: float(near[number]) for number in order if near[number] >= floor})
        return found

    def _nearest_text(self, vector: Vectors, number: int) -> str:
        own = np.flatnonzero(self.owners == number)
        return self.texts[int(own[np.argmax(self.vectors[own] @ vector)])]


def _means(
    raw: Vectors, languages: Sequence[str], chosen: NDArray[np.bool_], prior: LanguageMeans | None
) -> LanguageMeans:
    own = LanguageMeans.of(raw[chosen], [languages[at] for at in np.flatnonzero(chosen).tolist()])
    return own.towards(prior) if prior else own


def _usual(centres: Vectors, texts: Vectors, owners: NDArray[np.intp]) -> Shares | None:
    """(2, c) mean and standard deviation of each concept's cosines with the (t, d) texts that others own."""
    found = []
    for number, centre in enumerate(centres):
        cosines = texts[owners != number] @ centre
        if len(cosines) < ENOUGH_TEXTS:
            return None
        found.append((cosines.mean(), max(float(cosines.std()), USUAL_SPREAD / 2)))
    return np.array(found, dtype=np.float32).T if found else None


def shared(one: Sequence[Assigned], other: Sequence[Assigned]) -> tuple[str, ...]:
    """The codes that both texts were assigned, strongest first: the reason that people understand."""
    theirs = {each.code: each.score for each in other}
    both = [(each.score + theirs[each.code], each.code) for each in one if each.code in theirs]
    return tuple(code for _score, code in sorted(both, key=lambda pair: (-pair[0], pair[1])))
