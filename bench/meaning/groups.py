"""S6–S10: names for groups, groups of statements, clusters of cities."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from statistics import mean

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2
from scipy.optimize import linear_sum_assignment

from bench.meaning.data import LANGUAGES, Data
from bench.meaning.measures import mutual_information, rand_index
from bench.meaning.models import Models
from majlis.algorithms.clustering import City, Problem, solve
from majlis.algorithms.communities import communities
from majlis.algorithms.concepts import Concept, Concepts
from majlis.algorithms.embedding import LanguageMeans, Vectors, centred, standard_scores, unit
from majlis.algorithms.naming import Certainty, name

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
    own = topics(data, with_example=with_example)
    for (embedder, concepts), needs in zip(models, statements(data, "need", models), strict=True):
        total += standard_scores(Concepts.of(own, embedder, beside=concepts).nearness(needs))
    return float((total.argmax(axis=1) == np.repeat(np.arange(len(data.led)), 4)).mean())


def names(data: Data, models: Models) -> tuple[float, float, float]:
    """Groups of eight (needs and solutions of a topic): (right, right and certain, wrong but certain without the topic)."""
    needs, solutions = statements(data, "need", models), statements(data, "solution", models)
    right, certain, wrong = [], [], []
    labels = topics(data, with_example=False)
    whole = [Concepts.of(labels, embedder, beside=concepts) for embedder, concepts in models]
    for number, label in enumerate(labels):
        own = slice(number * 4, number * 4 + 4)
        members = [np.concatenate([need[own], solution[own]]) for need, solution in zip(needs, solutions, strict=True)]
        found = name(list(zip(members, whole, strict=True)))
        right.append(found.code == label.code)
        certain.append(found.code == label.code and found.certainty is Certainty.CERTAIN)
        others = [other for other in labels if other is not label]
        without = [Concepts.of(others, embedder, beside=concepts) for embedder, concepts in models]
        wrong.append(name(list(zip(members, without, strict=True))).certainty is Certainty.CERTAIN)
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


def planted_cities(data: Data, models: Models, worlds: int = 10) -> tuple[float, float, float]:
    """24 cities in three groups of 7, 8 and 9, each group with fields of its own; a city says two needs and two visions
    in its language, one in ten taken from anywhere. Adjusted Rand index of the clusters within the sizes 7 to 9: ours by
    the scores of statements that carry no theme; ours if people had given each its topic; by the book, k-means with seats
    on the means of raw vectors. Regions do not help: all are the same."""
    embedder, concepts = models[0]
    ours, given, book = [], [], []
    for world in range(worlds):
        said, topics_said, spoken, planted = _cities(data, np.random.default_rng(world))
        raw = embedder.encode(said)
        vectors = centred(raw, spoken, LanguageMeans.of(raw, spoken).towards(concepts.means))
        ours.append(rand_index(_solved(concepts.scores(vectors), None, data), planted))
        given.append(rand_index(_solved(None, topics_said, data), planted))
        book.append(rand_index(_sized(unit(raw.reshape(len(planted), 4, -1).mean(axis=1)), 3, 7, 9, world), planted))
    return mean(ours), mean(given), mean(book)


def _solved(scores: Vectors | None, codes: Sequence[str] | None, data: Data) -> tuple[int, ...]:
    """What the step would propose for statements, four a city: two needs, two visions, with scores or with themes."""
    cities = []
    for number in range(24):
        needs, visions = slice(number * 4, number * 4 + 2), slice(number * 4 + 2, number * 4 + 4)
        city = City(str(number), str(number), "")
        if codes is not None:
            city = replace(city, needs=frozenset(codes[needs]), visions=frozenset(codes[visions]))
        if scores is not None:
            means = [tuple(scores[part].mean(axis=0).tolist()) for part in (needs, visions)]
            city = replace(city, need_scores=means[0], vision_scores=means[1])
        cities.append(city)
    families = {row["topic"]: row["theme"] for row in data.led}
    problem = Problem(tuple(cities), 3, 7, 9, families=families, by_scores=0.0 if scores is None else 1.0)
    return solve(problem, seed=1, perturbed_runs=0).assignment


def _cities(data: Data, draw: np.random.Generator) -> tuple[list[str], list[str], list[str], list[int]]:
    """(statements, four a city; their topics; their languages; the planted group of each city)."""
    fields = draw.permutation(sorted({row["theme"] for row in data.led})).tolist()
    planted = [group for group, size in enumerate((7, 8, 9)) for _ in range(size)]
    said, topics_said, spoken = [], [], []
    for number, group in enumerate(planted):
        language = LANGUAGES[number % 4]
        own = [row for row in data.led if fields.index(row["theme"]) % 3 == group]
        chosen = [own[at] for at in draw.permutation(len(own)).tolist()]
        for turn in range(4):
            anywhere = draw.random() < 0.1
            row = data.led[int(draw.integers(len(data.led)))] if anywhere else chosen[turn % len(chosen)]
            said.append(row["need" if turn < 2 else "solution"][language])
            topics_said.append(row["topic"])
            spoken.append(language)
    return said, topics_said, spoken, planted


def _sized(vectors: Vectors, count: int, smallest: int, largest: int, seed: int) -> list[int]:
    """Spherical k-means whose assignment fills seats: the first `smallest` of a cluster come before all others."""
    best: tuple[float, list[int]] = (-np.inf, [])
    first_seats = np.tile(np.where(np.arange(largest) < smallest, -10.0, 0.0), count)
    for start in range(20):
        draw = np.random.default_rng([seed, start])
        centres = vectors[draw.choice(len(vectors), count, replace=False)]
        for _step in range(30):
            near = vectors @ centres.T
            seats = linear_sum_assignment(np.repeat(-near, largest, axis=1) + first_seats)[1] // largest
            centres = unit(np.array([vectors[seats == number].mean(axis=0) for number in range(count)]))
        best = max(best, (float(near[np.arange(len(near)), seats].sum()), seats.tolist()))
    return best[1]
