"""A name for a group of statements, only as certain as it stands out.

The group's mean is compared with the concepts; what counts is how much nearer the nearest is than other texts are to it,
and how far it leads the second. Where a topic is missing from the vocabulary some concept is always nearest, but neither
near nor ahead (docs/decisions/0007-meaning.md). How many of the statements have it as their own nearest is told beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log

import numpy as np

from majlis.algorithms.concepts import Concepts
from majlis.algorithms.embedding import Vectors, unit
from majlis.algorithms.lexical import fold

# Standard deviations by which the nearest concept stands out plus its lead over the second: from 5.35 on the name, from 4 on
# "probably", below keywords. With the theme taken away, about 2 % of groups of the examples still reach 5.35 with two models,
# 2 to 5 % with one; 4 is reached by 5 to 9 % (0007).
CERTAIN, PROBABLE = 5.35, 4.0
# Two statements have something in common by chance too often.
WITNESSES = 3
KEYWORDS = 4
# Shorter words are mostly articles and prepositions in all four languages.
SHORTEST_KEYWORD = 4
_WORDS = re.compile(r"[^\W\d_]+")


class Certainty(StrEnum):
    CERTAIN = "certain"
    PROBABLE = "probable"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Name:
    """code: the nearest concept, "" without any; score: how far it stands out plus its lead, in standard deviations, mean
    over the models; votes, of: how many of the statements have it as their nearest, of how many (with the first model)."""

    code: str
    certainty: Certainty
    score: float
    votes: int
    of: int


NOBODY = Name("", Certainty.UNKNOWN, 0, 0, 0)


def name(views: Sequence[tuple[Vectors, Concepts]]) -> Name:
    """Name one group. views: for each model the members' (m, d) centred vectors and its concepts, the same codes in each.

    Texts without words (zeros) do not count.
    """
    said = [(vectors[np.any(vectors != 0, axis=1)], concepts) for vectors, concepts in views if concepts.codes]
    if not said or not len(said[0][0]):
        return NOBODY
    near = np.mean([concepts.standing_out(unit(vectors.mean(axis=0)[None]))[0] for vectors, concepts in said], axis=0)
    best = int(near.argmax())
    second = float(np.delete(near, best).max()) if len(near) > 1 else 0.0
    score = 2 * float(near[best]) - second
    vectors, concepts = said[0]
    votes = int((concepts.nearness(vectors).argmax(axis=1) == best).sum())
    certainty = Certainty.UNKNOWN
    if len(vectors) >= WITNESSES and score >= PROBABLE:
        certainty = Certainty.CERTAIN if score >= CERTAIN else Certainty.PROBABLE
    return Name(concepts.codes[best], certainty, score, votes, len(vectors))


def keywords(inside: Sequence[str], outside: Sequence[str], *, most: int = KEYWORDS) -> list[str]:
    """Words that texts inside a group use more than those outside, as first written. All texts in the reader's language.

    Weighed by in how many texts inside a word stands, less what is usual outside; a word of one text alone is none.
    """
    here, there = _texts_with(inside), _texts_with(outside)
    spelt: dict[str, str] = {}
    for text in inside:
        for word in _WORDS.findall(text):
            spelt.setdefault(fold(word), word)

    def weight(word: str) -> float:
        return here[word] * log((here[word] + 1) / (len(inside) + 1) * (len(outside) + 1) / (there[word] + 1))

    found = [word for word in here if here[word] > 1 and len(word) >= SHORTEST_KEYWORD and weight(word) > 0]
    return [spelt[word] for word in sorted(found, key=lambda word: (-weight(word), word))[:most]]


def _texts_with(texts: Sequence[str]) -> Counter[str]:
    return Counter(word for text in texts for word in {fold(found) for found in _WORDS.findall(text)})


def central(vectors: Vectors) -> list[int]:
    """The group's members from the most to the least central (cosine with the sum of all); of equals the first."""
    nearness = vectors @ vectors.sum(axis=0)
    return [int(number) for number in np.argsort(-nearness, kind="stable")]
