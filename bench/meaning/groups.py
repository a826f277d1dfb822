"""S6–S10: names for groups, groups of statements, clusters of cities."""

from collections.abc import Sequence
from itertools import combinations
from statistics import mean

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2

from bench.meaning.data import LANGUAGES, Data
from bench.meaning.measures import mutual_information, rand_index
from bench.meaning.models import Models
from majlis.algorithms.clustering import City, Problem, Weights, solve
from majlis.algorithms.communities import communities
from majlis.algorithms.concepts import Concept, Concepts
from majlis.algorithms.embedding import LanguageMeans, Vectors, centred, standard_scores
from majlis.algorithms.naming import Certainty, name
from majlis.network import terms

SAMPLES = 4


def topics(data: Data, *, with_example: bool) -> list[Concept]:
    """The data's own topics as concepts: their labels, with the solution of each language as the one example or without."""
    return [Concept(row["topic"], row["label"], (row["solution"],) if with_example else ()) for row in data.led]


def statements(data: Data, field: str, models: Models) -> list[Vectors]:
    """For each model (topics · 4, d) centred vectors, four languages of the first topic first."""
    texts, spoken = (
        [row[field][language] for row in data.led for language in LANGUAGES],
        list(LANGUAGES) * len(data.led),
    )
    found = []
    for embedder, concepts in models:
        raw = embedder.encode(texts)
        found.append(centred(raw, spoken, LanguageMeans.of(raw, spoken).towards(concepts.means)))
    return found


def single_needs(data: Data, models: Models, *, with_example: bool) -> float:
    """How often the nearest of the data's topics is a need's own."""
    total = np.zeros((len(data.led) * 4, len(data.led)), dtype=np.float32)
    for (embedder, _concepts), needs in zip(models, statements(data, "need", models), strict=True):
        total += standard_scores(Concepts.of(topics(data, with_example=with_example), embedder).nearness(needs))
    return float((total.argmax(axis=1) == np.repeat(np.arange(len(data.led)), 4)).mean())


def names(data: Data, models: Models) -> tuple[float, float, float]:
    """Groups of eight (needs and solutions of a topic): (right, right and certain, wrong but certain without the topic)."""
    needs, solutions = statements(data, "need", models), statements(data, "solution", models)
    concepts = [Concepts.of(topics(data, with_example=False), embedder) for embedder, _concepts in models]
    right, certain, wrong = [], [], []
    for number, code in enumerate(concepts[0].codes):
        own = slice(number * 4, number * 4 + 4)
        near = [
            each.nearness(np.concatenate([need[own], solution[own]]))
            for each, need, solution in zip(concepts, needs, solutions, strict=True)
        ]
        found = name(near, concepts[0].codes)
        right.append(found.code == code)
        certain.append(found.code == code and found.certainty is Certainty.CERTAIN)
        others = [other for other in concepts[0].codes if other != code]
        without = name([np.delete(rows, number, axis=1) for rows in near], others)
        wrong.append(without.certainty is Certainty.CERTAIN)
    return mean(right), mean(certain), mean(wrong)


def raw_names(data: Data, models: Models) -> tuple[float, float]:
    """By the book, raw vectors against the label in English: (groups of eight, single needs)."""
    embedder = models[0][0]
    labels = embedder.encode([row["label"]["en"] for row in data.led])
    needs = embedder.encode([row["need"][language] for row in data.led for language in LANGUAGES])
    solutions = embedder.encode([row["solution"][language] for row in data.led for language in LANGUAGES])
    count = len(data.led)
    groups = needs.reshape(count, 4, -1).sum(axis=1) + solutions.reshape(count, 4, -1).sum(axis=1)
    single = ((needs @ labels.T).argmax(axis=1) == np.repeat(np.arange(count), 4)).mean()
    return float(((groups @ labels.T).argmax(axis=1) == np.arange(count)).mean()), float(single)


def mixed(data: Data, models: Models, turn: int) -> tuple[Vectors, Vectors, list[str]]:
    """The sentences in one language each: (centred by all models side by side, raw by the first, languages)."""
    spoken = [LANGUAGES[(number + turn) % 4] for number in range(len(data.sib))]
    texts = [row[language] for row, language in zip(data.sib, spoken, strict=True)]
    views = []
    for embedder, concepts in models:
        raw = embedder.encode(texts)
        views.append(centred(raw, spoken, LanguageMeans.of(raw, spoken).towards(concepts.means)))
    return np.hstack(views), models[0][0].encode(texts), spoken


def grouped(vectors: Vectors, spoken: Sequence[str], numbers: Sequence[int]) -> NDArray[np.intp]:
    return communities(vectors[numbers], [spoken[n] for n in numbers], [f"{n:05}" for n in numbers]).labels


def by_the_book(vectors: Vectors, numbers: Sequence[int], seed: int) -> NDArray[np.intp]:
    """k-means on raw vectors with the true number of groups: more than one could know."""
    return np.asarray(kmeans2(vectors[numbers], 7, minit="++", rng=seed)[1], dtype=np.intp)


def found_topics(data: Data, models: Models) -> dict[str, float]:
    """S8 over two ways of dealing out the languages, and S9 on samples of 90 % of the first."""
    truth, everything = [row["category"] for row in data.sib], list(range(len(data.sib)))
    ours: list[tuple[float, float, int]] = []
    book: list[tuple[float, float, int]] = []
    for turn in (0, 1):
        vectors, raw, spoken = mixed(data, models, turn)
        for kept, labels in ((ours, grouped(vectors, spoken, everything)), (book, by_the_book(raw, everything, turn))):
            kept.append(
                (rand_index(labels.tolist(), truth), mutual_information(labels.tolist(), spoken), int(labels.max()) + 1)
            )
    vectors, raw, spoken = mixed(data, models, 0)
    samples = [
        np.sort(np.random.default_rng(seed).choice(len(truth), round(len(truth) * 0.9), replace=False)).tolist()
        for seed in range(SAMPLES)
    ]
    return {
        "rand": mean(each[0] for each in ours),
        "language": mean(each[1] for each in ours),
        "groups": mean(each[2] for each in ours),
        "book rand": mean(each[0] for each in book),
        "book language": mean(each[1] for each in book),
        "stability": _stability([dict(zip(s, grouped(vectors, spoken, s).tolist(), strict=True)) for s in samples]),
        "book stability": _stability(
            [dict(zip(s, by_the_book(raw, s, seed).tolist(), strict=True)) for seed, s in enumerate(samples)]
        ),
    }


def _stability(samples: Sequence[dict[int, int]]) -> float:
    """Mean agreement of two samples on the statements that both hold."""
    agreements = []
    for one, other in combinations(samples, 2):
        shared = sorted(one.keys() & other.keys())
        agreements.append(rand_index([one[n] for n in shared], [other[n] for n in shared]))
    return mean(agreements)


def planted_cities(data: Data, models: Models, worlds: int = 5) -> tuple[float, float]:
    """24 cities in three groups of 7, 8 and 9, each group with topics of its own; a city says four things in its
    language, one in ten taken from anywhere. Adjusted Rand index of (our clusters from assigned themes, k-means on the
    mean of a city's raw vectors)."""
    embedder, _concepts = models[0]
    themes = Concepts.of(terms.concepts(terms.themes()), embedder)
    ours, book = [], []
    for world in range(worlds):
        draw = np.random.default_rng(world)
        order = draw.permutation(len(data.led))
        # Topics of one field stay in one group: nobody plants groups that cannot be told apart.
        fields = sorted(
            {row["theme"] for row in data.led}, key=lambda field: [data.led[n]["theme"] for n in order].index(field)
        )
        share = {field: number % 3 for number, field in enumerate(fields)}
        planted = [group for group, size in enumerate((7, 8, 9)) for _ in range(size)]
        said, spoken = [], []
        for number, group in enumerate(planted):
            own = [row for row in data.led if share[row["theme"]] == group]
            language = LANGUAGES[number % 4]
            for turn in range(4):
                pool = data.led if draw.random() < 0.1 else own
                said.append(pool[int(draw.integers(len(pool)))]["need" if turn < 2 else "solution"][language])
                spoken.append(language)
        raw = embedder.encode(said)
        vectors = centred(raw, spoken, LanguageMeans.of(raw, spoken).towards(themes.means))
        codes = [frozenset(each.code for each in found) for found in themes.assign(vectors, near_enough=0.15)]
        cities = tuple(
            City(f"{n:02}", str(n % 5), "", codes[n * 4] | codes[n * 4 + 1], codes[n * 4 + 2] | codes[n * 4 + 3])
            for n in range(24)
        )
        found = solve(Problem(cities, 3, 7, 9, Weights(0, 0.55, 0.45), countries=1), seed=world)
        ours.append(rand_index(found.assignment, planted))
        book.append(rand_index(kmeans2(raw.reshape(24, 4, -1).mean(axis=1), 3, minit="++", rng=world)[1], planted))
    return mean(ours), mean(book)
