"""Which solution answers a need, which cities share it, and why: pure functions over prepared entries.

The score is the search's (`ranking.score`); each match names the concepts both have, the sentence that fits best and the
language it was written in, so that nobody has to trust a number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from majlis.algorithms import embedding
from majlis.algorithms.concepts import Assigned, Concepts, Shares, shared
from majlis.algorithms.embedding import Embedder, LanguageMeans, Vectors
from majlis.algorithms.lexical import Bm25
from majlis.algorithms.ranking import Scores, meaning, score

# Longer texts tell no more about the topic, and each sentence costs 3 ms.
MOST_SENTENCES = 40


@dataclass(frozen=True)
class Item:
    """A need, vision, offer or solution. key: unique; owner: its city; language: of the original; codes: what people
    confirmed (or nothing, then what was assigned counts)."""

    key: str
    owner: str
    language: str
    text: str
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class View:
    """The items as one model sees them. whole: (n, d) centred; sentences: (s, d) centred with the items they belong to
    (owners: (s,)); profiles: (n, c)."""

    whole: Vectors
    sentences: Vectors
    owners: NDArray[np.intp]
    profiles: Shares

    def best_sentences(self, query: Vectors) -> tuple[Scores, NDArray[np.intp]]:
        """(n,) the best sentence's cosine with a (d,) query, and its number in `sentences`, −1 for an item without any."""
        cosines = self.sentences @ query
        best = np.full(len(self.whole), -np.inf, dtype=np.float32)
        np.maximum.at(best, self.owners, cosines)
        numbers = np.full(len(self.whole), -1, dtype=np.intp)
        hits = np.flatnonzero(cosines == best[self.owners])[::-1]
        numbers[self.owners[hits]] = hits
        return np.where(numbers >= 0, best, 0).astype(np.float32), numbers


@dataclass(frozen=True)
class Prepared:
    """Items ready for matching, seen by one or two models."""

    items: tuple[Item, ...]
    sentences: tuple[str, ...]
    views: tuple[View, ...]
    assigned: tuple[tuple[Assigned, ...], ...]
    letters: Bm25


@dataclass(frozen=True)
class Match:
    """item: the number in the prepared items; codes: concepts that both have; sentence: the item's best matching one,
    in `language`, the language of the original."""

    item: int
    key: str
    score: float
    codes: tuple[str, ...]
    sentence: str
    language: str


def prepare(items: Sequence[Item], models: Sequence[tuple[Embedder, Concepts]], *, query: bool = False) -> Prepared:
    """Encode items (in a worker: 3 ms a sentence) with one or two models, each with its concepts."""
    texts = [item.text for item in items]
    languages = [embedding.language_of(item.text, item.language) for item in items]
    parts = [embedding.sentences(text)[:MOST_SENTENCES] for text in texts]
    owners = np.array([number for number, own in enumerate(parts) for _ in own], dtype=np.intp)
    sentences = tuple(sentence for own in parts for sentence in own)
    views = []
    for embedder, concepts in models:
        raw = embedder.encode(texts, query=query)
        means = LanguageMeans.of(raw, languages).towards(concepts.means)
        whole = embedding.centred(raw, languages, means)
        said = embedder.encode(sentences, query=query)
        inside = embedding.centred(said, [languages[owner] for owner in owners], means)
        views.append(View(whole, inside, owners, concepts.profiles(whole)))
    found = models[0][1].assign(views[0].whole) if models else [[] for _ in items]
    return Prepared(tuple(items), sentences, tuple(views), tuple(tuple(each) for each in found), Bm25(texts))


def match(
    query: Prepared,
    number: int,
    among: Prepared,
    *,
    allowed: Callable[[Item], bool] = lambda item: True,
    most: int = 5,
) -> list[Match]:
    """The best items of `among` for one item of `query`, best first. Never the item itself, nor one of the same owner
    (a city is not its own peer), nor what `allowed` refuses; z is taken over those that remain."""
    asked = query.items[number]
    if not any(np.any(view.whole[number]) for view in query.views):
        return []
    open_ = [
        at
        for at, item in enumerate(among.items)
        if item.key != asked.key and (not asked.owner or item.owner != asked.owner) and allowed(item)
    ]
    if not open_:
        return []
    scores, best = scored(query, number, among, np.array(open_, dtype=np.intp))
    ranked = [open_[at] for at in np.argsort(-scores, kind="stable")[:most]]
    by_item = dict(zip(open_, scores, strict=True))
    return [_match(query, number, among, item, float(by_item[item]), int(best[item])) for item in ranked]


def scored(query: Prepared, number: int, among: Prepared, open_: NDArray[np.intp]) -> tuple[Scores, NDArray[np.intp]]:
    """(open,) scores of the candidates `open_`, and (n,) the number of each item's best sentence by the first model."""
    cosines, profiles, best = [], [], np.full(len(among.items), -1, dtype=np.intp)
    for at, (asking, view) in enumerate(zip(query.views, among.views, strict=True)):
        sentence, numbers = view.best_sentences(asking.whole[number])
        whole = view.whole @ asking.whole[number]
        cosines.append(meaning(whole, np.where(numbers >= 0, sentence, whole))[open_])
        profiles.append((view.profiles @ asking.profiles[number])[open_])
        best = numbers if at == 0 else best
    two = len(cosines) > 1
    found = score(
        cosines[0],
        [among.items[at].language for at in open_],
        concepts=profiles[0],
        second=cosines[1] if two else None,
        second_concepts=profiles[1] if two else None,
        lexical=None if two else among.letters.scores(query.items[number].text)[open_],
    )
    return found, best


def _match(query: Prepared, number: int, among: Prepared, item: int, value: float, sentence: int) -> Match:
    asked, found = query.items[number], among.items[item]
    codes = shared(query.assigned[number], among.assigned[item])
    if asked.codes and found.codes:
        codes = tuple(sorted(asked.codes & found.codes))
    text = among.sentences[sentence] if sentence >= 0 else found.text
    return Match(item, found.key, value, codes, text, found.language)


def complementary(wants: Shares, gives: Shares) -> Scores:
    """(n, n) how well each row's needs (wants: (n, c) profiles) are answered by each column's offers and solutions, for
    seats in groups: a city should sit with one that has tried what it needs. 0…1; the diagonal is 0."""
    found: Scores = (wants @ gives.T).astype(np.float32)
    np.fill_diagonal(found, 0)
    return found
