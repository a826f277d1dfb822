"""The measures, the plain way: nDCG@10, adjusted Rand index, normalised mutual information."""

from collections.abc import Collection, Sequence
from math import comb, log2

import numpy as np
from numpy.typing import NDArray


def ndcg(ranking: Sequence[int], answers: Collection[int], at: int = 10) -> float:
    """0…1 for the first `at` of a ranking; each answer counts the same."""
    gained = sum(1 / log2(place + 2) for place, entry in enumerate(ranking[:at]) if entry in answers)
    return gained / sum(1 / log2(place + 2) for place in range(min(at, len(answers))))


def _table(one: Sequence[object], other: Sequence[object]) -> NDArray[np.int64]:
    rows = np.unique(np.asarray(one, dtype=str), return_inverse=True)[1]
    columns = np.unique(np.asarray(other, dtype=str), return_inverse=True)[1]
    table = np.zeros((rows.max() + 1, columns.max() + 1), dtype=np.int64)
    np.add.at(table, (rows, columns), 1)
    return table


def rand_index(one: Sequence[object], other: Sequence[object]) -> float:
    """Adjusted Rand index (Hubert, Arabie 1985): 1 the same groups, 0 what chance gives."""
    table = _table(one, other)
    together = sum(comb(int(count), 2) for count in table.ravel())
    rows = sum(comb(int(count), 2) for count in table.sum(axis=1))
    columns = sum(comb(int(count), 2) for count in table.sum(axis=0))
    expected = rows * columns / comb(int(table.sum()), 2)
    return float((together - expected) / ((rows + columns) / 2 - expected))


def mutual_information(one: Sequence[object], other: Sequence[object]) -> float:
    """Normalised by the mean entropy: 0 nothing in common, 1 the same."""
    shares = _table(one, other) / len(one)
    rows, columns = shares.sum(axis=1, keepdims=True), shares.sum(axis=0, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        information = np.nansum(shares * np.log(shares / (rows * columns)))
    return float(information / ((_entropy(rows) + _entropy(columns)) / 2))


def _entropy(shares: NDArray[np.float64]) -> float:
    kept = shares[shares > 0]
    return float(-(kept * np.log(kept)).sum())
