"""Words by their letters: character 4-grams and BM25, for names, typing errors and inflected forms.

Within one language 4-grams find more than stemmed full text does (German compounds, Arabic prefixes, misspelt words).
Across languages they find names and nothing else, so only their excess counts: what an entry has above the fifth best
of its own language. This is the plain reference; the search does the same in SQL.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

# The usual constants of BM25 (Robertson): how fast repetition saturates, how much long texts are discounted.
K1, B = 1.2, 0.75
GRAM = 4
# An entry must stand out from the others of its language: the fifth best is what chance brings.
CHANCE_RANK = 5
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]")
_SEATS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ß": "ss", "œ": "oe", "æ": "ae"}
)
_WORDS = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Lower case without accents; alef, ya and hamza seats as one: as people type when they are in a hurry."""
    # Letters of other alphabets' styles (ᴬ, 𝐀, ﬁ) become plain ones before case is folded, so that nothing is left to fold.
    lowered = _MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()
    parts = unicodedata.normalize("NFKD", lowered)
    return "".join(character for character in parts if not unicodedata.combining(character)).translate(_SEATS)


def fold_grams(text: str) -> list[str]:
    """The text's 4-grams, repeated as they occur, each word between blanks: "rue" → " rue", "rue "."""
    grams = []
    for word in _WORDS.findall(fold(text)):
        padded = f" {word} "
        grams += [padded[at : at + GRAM] for at in range(max(1, len(padded) - GRAM + 1))]
    return grams


class Bm25:
    """An index over m texts; `scores` gives 0…1: BM25 over the largest sum a text could reach for the query."""

    def __init__(self, texts: Sequence[str]) -> None:
        counted = [Counter(fold_grams(text)) for text in texts]
        self.size = len(counted)
        self._lengths = np.array([counts.total() for counts in counted], dtype=np.float32)
        self._postings: dict[str, tuple[list[int], list[int]]] = {}
        for number, counts in enumerate(counted):
            for gram, count in counts.items():
                numbers, times = self._postings.setdefault(gram, ([], []))
                numbers.append(number)
                times.append(count)

    def idf(self, gram: str) -> float:
        """ln(1 + (m − n + ½) / (n + ½)) of a gram that n of m texts hold."""
        holding = len(self._postings[gram][0]) if gram in self._postings else 0
        return log(1 + (self.size - holding + 0.5) / (holding + 0.5))

    def scores(self, query: str) -> NDArray[np.float32]:
        """(m,) L of each text: its BM25 sum over the sum of the query grams' idf; zeros for a query without words."""
        found = np.zeros(self.size, dtype=np.float32)
        grams = sorted(set(fold_grams(query)))
        possible = sum(self.idf(gram) for gram in grams)
        if not self.size or not possible:
            return found
        discount = K1 * (1 - B + B * self._lengths / max(float(self._lengths.mean()), 1.0))
        for gram in grams:
            if gram in self._postings:
                numbers, times = self._postings[gram]
                count = np.asarray(times, dtype=np.float32)
                found[numbers] += self.idf(gram) * count * (K1 + 1) / (count + discount[numbers])
        return found / np.float32(possible)


def excess(scores: NDArray[np.float32], languages: Sequence[str]) -> NDArray[np.float32]:
    """(m,) max(0, L − L2): L5 is the fifth best L in that entry's language, 0 where the language has fewer entries."""
    by = np.asarray(languages, dtype=str)
    found = np.zeros(len(scores), dtype=np.float32)
    for language in sorted(set(languages)):
        here = by == language
        best = np.sort(scores[here])[::-1]
        chance = best[CHANCE_RANK - 1] if len(best) >= CHANCE_RANK else 0.0
        found[here] = np.maximum(0, scores[here] - chance)
    return found
