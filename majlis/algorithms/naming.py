"""A name for a group of statements, only as certain as its members agree.

Each statement votes for its nearest concept; the concept with most votes names the group. Where a topic is missing from
the vocabulary its statements scatter, and no name is shown as certain. The share of votes tells missing from present
better than any cosine (docs/decisions/0007-meaning.md), and anybody can check it: "five of eight statements say so".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log

import numpy as np

from majlis.algorithms.concepts import Shares
from majlis.algorithms.embedding import Vectors
from majlis.algorithms.lexical import fold

# At least half of the votes: the name. At least two in five: "probably". Below: keywords.
CERTAIN, PROBABLE = 0.5, 0.4
# Two statements agree by chance too often.
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
    """code: the concept with most votes, "" without any; share: its part of the votes, 0…1; votes: how many."""

    code: str
    certainty: Certainty
    share: float
    votes: int


def name(nearness: Sequence[Shares], codes: Sequence[str]) -> Name:
    """Name one group. nearness: for each model the (members, concepts) cosines of `Concepts.nearness`; with two models
    each statement has two votes. Equal votes: the concept with the greater mean cosine. Texts without words do not vote.
    """
    if not codes:
        return Name("", Certainty.UNKNOWN, 0, 0)
    voting = [rows[np.any(rows != 0, axis=1)] for rows in nearness]
    nearest = [int(choice) for rows in voting for choice in rows.argmax(axis=1)]
    if not nearest:
        return Name("", Certainty.UNKNOWN, 0, 0)
    votes = Counter(nearest)
    means = sum(rows.mean(axis=0) for rows in voting if len(rows))
    # Rounded: the order in which members are added up must not decide.
    best = max(votes, key=lambda number: (votes[number], round(float(means[number]), 5), -number))
    share = votes[best] / len(nearest)
    # With two models the same statement's two votes are one witness.
    witnesses = max(int((rows.argmax(axis=1) == best).sum()) for rows in voting if len(rows))
    certainty = Certainty.UNKNOWN
    if witnesses >= WITNESSES and share >= PROBABLE:
        certainty = Certainty.CERTAIN if share >= CERTAIN else Certainty.PROBABLE
    return Name(codes[best], certainty, share, votes[best])


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
