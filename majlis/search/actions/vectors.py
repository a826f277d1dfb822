"""Writing vectors: what entries mean, and the means of languages that are subtracted so that they can be compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Q
from pgvector import Vector as Written

from majlis.algorithms.concepts import Concepts
from majlis.algorithms.embedding import Embedder, LanguageMeans, Vectors, sentences
from majlis.language.models import LANGUAGES
from majlis.network import terms
from majlis.search.models import Entry, Mean, Passage, Theme, Vector

BATCH = 64
# The themes' names and examples stand for a language of which the network holds few texts yet.
REFERENCE = "themes"
# A building block of two or three words lies near to almost anything.
FEWEST_WORDS = 4
EVERYTHING = ""
# How far a mean may move (vectors have length 1) before everything of its kind is centred anew.
NOTICEABLE = 0.02
# Means are taken again when this share of all vectors is new.
SHARE_OF_NEW = 0.01

Tell = Callable[[int], None]
MakeEmbedder = Callable[[], Embedder]


def missing(embedder: Embedder) -> list[int]:
    """Numbers of entries without a vector by this model in this version."""
    current = Q(vector__model=embedder.name, vector__version=embedder.version)
    return list(Entry.objects.exclude(current).order_by("pk").values_list("pk", flat=True))


def embed(embedder: Embedder, numbers: Sequence[int], tell: Tell) -> None:
    """Make the vectors of these entries and of their sentences, a batch in each transaction."""
    for at in range(0, len(numbers), BATCH):
        entries = list(Entry.objects.filter(pk__in=numbers[at : at + BATCH]).order_by("pk"))
        parts = [passages(entry.body) for entry in entries]
        texts = [entry.body for entry in entries] + [each for several in parts for each in several]
        encoded = embedder.encode(texts)
        with transaction.atomic():
            _write(embedder, entries, encoded[: len(entries)])
            _write_passages(entries, parts, encoded[len(entries) :])
        tell(len(entries))


def passages(body: str) -> list[str]:
    """The sentences among which the best one is looked for; none where the text is one sentence."""
    several = sentences(body)
    return [each for each in several if len(each.split()) >= FEWEST_WORDS] if len(several) > 1 else []


def _write(embedder: Embedder, entries: Sequence[Entry], encoded: Vectors) -> None:
    vectors = [
        Vector(entry=entry, model=embedder.name, version=embedder.version, values=values, centred=None)
        for entry, values in zip(entries, encoded, strict=True)
    ]
    Vector.objects.bulk_create(
        vectors,
        update_conflicts=True,
        unique_fields=["entry"],
        update_fields=["model", "version", "values", "centred"],
    )


def _write_passages(entries: Sequence[Entry], parts: Sequence[Sequence[str]], encoded: Vectors) -> None:
    Passage.objects.filter(entry__in=entries).delete()
    said = [
        (entry, position, body)
        for entry, several in zip(entries, parts, strict=True)
        for position, body in enumerate(several)
    ]
    Passage.objects.bulk_create(
        [
            Passage(entry=entry, position=position, body=body, values=values)
            for (entry, position, body), values in zip(said, encoded, strict=True)
        ]
    )


def is_prepared(embedder: Embedder) -> bool:
    """Whether questions can be asked of this version of the model: its means and themes are known."""
    return Theme.objects.filter(model=embedder.name, version=embedder.version).exists()


def centre(embedder: Embedder, n_new: int) -> None:
    """Subtract each language's mean: from what is new by the means there are, or from everything by new means."""
    if not is_prepared(embedder) or n_new > Vector.objects.count() * SHARE_OF_NEW:
        _take_means(embedder)
    _centre("v.centred IS NULL", {})


def _take_means(embedder: Embedder) -> None:
    """Take the mean of each kind in each language, drawn towards that of all kinds, and that towards the themes' names."""
    reference = _reference(embedder)
    by_kind = _counted_means(embedder)
    everything = LanguageMeans()
    for means in by_kind.values():
        everything = _together(everything, means)
    prior = everything.towards(reference)
    _keep(embedder, EVERYTHING, prior)
    for kind in Entry.Kind.values:
        own = by_kind.get(kind, LanguageMeans()).towards(prior)
        for language in _keep(embedder, kind, own):
            _centre("e.kind = %(kind)s AND e.language = %(language)s", {"kind": kind, "language": language})


def _reference(embedder: Embedder) -> LanguageMeans:
    """The means of what the themes are called and of their examples; encoded once for each version of the model."""
    kept = list(Mean.objects.filter(model=embedder.name, version=embedder.version, kind=REFERENCE))
    if not kept:
        concepts = _concepts(embedder)
        means = concepts.means
        for language in LANGUAGES:
            _put(embedder, REFERENCE, language, means.counts[language], means.means[language])
        Theme.objects.all().delete()
        Theme.objects.bulk_create(
            Theme(code=code, model=embedder.name, version=embedder.version, centre=centre)
            for code, centre in zip(concepts.codes, concepts.centres, strict=True)
        )
        return means
    return LanguageMeans(
        {mean.language: np.asarray(mean.shift, dtype=np.float32) for mean in kept},
        {mean.language: mean.counted for mean in kept},
    )


_known: dict[tuple[str, str], Concepts] = {}


def _concepts(embedder: Embedder) -> Concepts:
    """The themes as vectors of this model. Kept by its name: the model itself must not be held on to."""
    key = (embedder.name, embedder.version)
    if key not in _known:
        _known[key] = Concepts.of(terms.concepts(terms.themes()), embedder)
    return _known[key]


def _counted_means(embedder: Embedder) -> dict[str, LanguageMeans]:
    """{kind: means}, taken inside the database."""
    sql = (
        "SELECT e.kind, e.language, count(*), avg(v.values)::text FROM search_vector v"
        " JOIN search_entry e ON e.id = v.entry_id"
        " WHERE v.model = %s AND v.version = %s AND vector_norm(v.values) > 0 GROUP BY e.kind, e.language"
    )
    found: dict[str, tuple[dict[str, Vectors], dict[str, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [embedder.name, embedder.version])
        for kind, language, counted, mean in cursor.fetchall():
            means, counts = found.setdefault(kind, ({}, {}))
            means[language] = np.asarray(Written.from_text(mean).to_list(), dtype=np.float32)
            counts[language] = counted
    return {kind: LanguageMeans(means, counts) for kind, (means, counts) in found.items()}


def _together(one: LanguageMeans, other: LanguageMeans) -> LanguageMeans:
    """The means of both sets of texts as one."""
    means, counts = dict(one.means), dict(one.counts)
    for language, mean in other.means.items():
        n, m = counts.get(language, 0), other.counts[language]
        means[language] = ((means[language] * n + mean * m) / (n + m)).astype(np.float32) if n else mean
        counts[language] = n + m
    return LanguageMeans(means, counts)


def _keep(embedder: Embedder, kind: str, means: LanguageMeans) -> list[str]:
    """Store what is subtracted; return the languages in which it moved noticeably, or whose model is another."""
    stored = {mean.language: mean for mean in Mean.objects.filter(kind=kind)}
    moved = []
    for language in LANGUAGES:
        shift = means.shift(language)
        assert shift is not None  # the themes are named in every language
        old = stored.get(language)
        is_same_model = old is not None and (old.model, old.version) == (embedder.name, embedder.version)
        if old and is_same_model and float(np.linalg.norm(np.asarray(old.shift) - shift)) < NOTICEABLE:
            continue
        _put(embedder, kind, language, means.counts[language], shift)
        moved.append(language)
    return moved


def _put(embedder: Embedder, kind: str, language: str, counted: int, shift: Vectors) -> None:
    values: dict[str, Any] = {
        "model": embedder.name, "version": embedder.version, "counted": counted, "shift": shift,
    }  # fmt: skip
    Mean.objects.update_or_create(kind=kind, language=language, defaults=values)


def _centre(condition: str, parameters: dict[str, Any]) -> None:
    """A vector of zeros, a text without words, stays empty: it is like nothing."""
    sql = (
        "UPDATE search_vector v SET centred = l2_normalize(v.values - m.shift)::halfvec FROM search_entry e, search_mean m"
        " WHERE e.id = v.entry_id AND m.kind = e.kind AND m.language = e.language AND m.model = v.model"
        f" AND m.version = v.version AND vector_norm(v.values) > 0 AND {condition}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
