"""Groups of statements that no theme covers: consensus of Leiden communities on a language-balanced neighbour graph.

Each run leaves out a tenth of the statements and looks at another number of neighbours; two statements belong together
as often as runs put them together. So one run's chance decides nothing, and each statement tells in what share of runs it
stayed. Leiden: Traag, Waltman, van Eck 2019; consensus: Lancichinetti, Fortunato 2012.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import igraph
import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from majlis.algorithms.embedding import Vectors

Matrix = NDArray[np.float32]
# With forty runs two samples of nine tenths agree to .83, with eighty or more to .87; leaving out a fifth instead
# of a tenth, to .80 to .83 however many there are (statements of SIB, eight samples; agreement with its topics stays .44).
RUNS, LEFT_OUT = 120, 0.1
# Nobody knows the right number of neighbours; around sixteen the groups hardly change, so the runs take turns.
NEIGHBOURS = (12, 16, 20, 24)
# Leiden's resolution: at .9 and above groups split by wording and change with the sample, at .5 half of the topics merge.
RESOLUTION = 0.8
# Below this there is nothing to tell apart: everything is one group.
FEWEST = 8


@dataclass(frozen=True)
class Communities:
    """labels: (n,) 0, 1, … the largest group first, −1 for a text without words; stayed: (n,) in what share of the runs
    the statement was with most of its group, 0…1."""

    labels: NDArray[np.intp]
    stayed: Matrix

    @property
    def number(self) -> int:
        return int(self.labels.max()) + 1 if len(self.labels) else 0


def communities(vectors: Vectors, languages: Sequence[str], keys: Sequence[str], *, seed: int = 0) -> Communities:
    """Group (n, d) centred vectors. keys: sorted by, so that the order in which statements come changes nothing.

    A second model's vectors may be set beside the first's, each at length 1: cosines then add up.
    """
    said = np.flatnonzero(np.any(vectors != 0, axis=1)) if len(vectors) else np.zeros(0, dtype=np.intp)
    order = np.array(sorted(said.tolist(), key=lambda number: keys[number]), dtype=np.intp)
    labels, stayed = np.full(len(vectors), -1, dtype=np.intp), np.zeros(len(vectors), dtype=np.float32)
    if len(order) < FEWEST:
        labels[order], stayed[order] = 0, 1
        return Communities(labels, stayed)
    rows = vectors[order]
    together, number = _consensus(rows @ rows.T, np.asarray(languages, dtype=str)[order], seed)
    groups = _by_size(_cut(together, number))
    own = groups[:, None] == groups[None, :]
    # With itself a statement always is: that tells nothing.
    np.fill_diagonal(own, False)
    labels[order] = groups
    stayed[order] = np.where(own.sum(1) > 0, (together * own).sum(1) / np.maximum(own.sum(1), 1), 1)
    return Communities(labels, stayed)


def _consensus(cosines: Matrix, languages: NDArray[np.str_], seed: int) -> tuple[Matrix, int]:
    """(n, n) in what share of the runs with both each pair was together, and the usual number of groups."""
    count = len(cosines)
    together, both = np.zeros((count, count), dtype=np.float32), np.zeros((count, count), dtype=np.float32)
    numbers = []
    for run in range(RUNS):
        draw = np.random.default_rng([seed, run])
        kept = np.sort(draw.choice(count, max(FEWEST, round(count * (1 - LEFT_OUT))), replace=False))
        pairs = np.ix_(kept, kept)
        groups = _leiden(_neighbours(cosines[pairs], languages[kept], NEIGHBOURS[run % len(NEIGHBOURS)]), seed + run)
        numbers.append(int(groups.max()) + 1)
        together[pairs] += groups[:, None] == groups[None, :]
        both[pairs] += 1
    return (together / np.maximum(both, 1)).astype(np.float32), int(np.median(numbers))


def _neighbours(cosines: Matrix, languages: NDArray[np.str_], neighbours: int) -> Matrix:
    """(n, n) symmetric weights: each text's nearest ones, the same number from every language.

    Without this, what is left of the language in a vector is enough to make groups of one language.
    """
    count = len(cosines)
    weights = np.zeros((count, count), dtype=np.float32)
    present = sorted(set(languages.tolist()))
    each = max(1, round(neighbours / len(present)))
    # One is never one's own neighbour.
    others = cosines - 4 * np.eye(count, dtype=np.float32)
    for language in present:
        columns = np.flatnonzero(languages == language)
        nearest = columns[np.argsort(-others[:, columns], axis=1, kind="stable")[:, :each]]
        np.put_along_axis(weights, nearest, np.take_along_axis(others, nearest, axis=1), axis=1)
    np.maximum(weights, 0, out=weights)
    symmetric: Matrix = np.maximum(weights, weights.T)
    return symmetric


def _leiden(weights: Matrix, seed: int) -> NDArray[np.intp]:
    one, other = np.nonzero(np.triu(weights, 1))
    graph = igraph.Graph(n=len(weights), edges=np.column_stack([one, other]).tolist())
    # The library draws from one generator of the whole process: ours, from a fixed seed, for this call only.
    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311
    try:
        found = graph.community_leiden(
            objective_function="modularity",
            weights=weights[one, other].tolist(),
            resolution=RESOLUTION,
            n_iterations=4,
        )
    finally:
        igraph.set_random_number_generator(random)
    return np.array(found.membership, dtype=np.intp)


def _cut(together: Matrix, number: int) -> NDArray[np.intp]:
    """At most `number` groups by average linkage of how often pairs were together."""
    distances = 1 - together
    np.fill_diagonal(distances, 0)
    groups: NDArray[np.intp] = fcluster(linkage(squareform(distances, checks=False), "average"), number, "maxclust")
    return groups


def _by_size(groups: NDArray[np.intp]) -> NDArray[np.intp]:
    """Renumbered 0, 1, …: the largest first, of equal ones that with the first member."""
    labels, first, sizes = np.unique(groups, return_index=True, return_counts=True)
    order = sorted(range(len(labels)), key=lambda at: (-sizes[at], first[at]))
    new = {int(labels[at]): number for number, at in enumerate(order)}
    return np.array([new[int(label)] for label in groups], dtype=np.intp)
