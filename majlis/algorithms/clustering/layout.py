"""Cities as points on paper: near where they are alike. Classical scaling, then stress majorisation (SMACOF)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from majlis.algorithms.clustering.measure import Matrix

# Few points settle within some dozen rounds; what comes after moves them by less than a letter's width.
ROUNDS = 150


@dataclass(frozen=True)
class Layout:
    """(x, y) of each city, both 0…1, and how much of the differences the picture shows: r² of the distances, 0…1."""

    points: tuple[tuple[float, float], ...]
    shown: float


def layout(matrix: Matrix) -> Layout:
    """Points whose distances follow the (n, n) matrix as well as two dimensions can; the same matrix, the same points."""
    count = len(matrix)
    if count < 2:
        return Layout(((0.5, 0.5),) * count, 1.0)
    points = _settled(matrix, _scaled(matrix))
    upper = np.triu_indices(count, 1)
    given, drawn = matrix[upper], _distances(points)[upper]
    tells = count > 2 and given.std() > 0 and drawn.std() > 0
    shown = float(np.corrcoef(given, drawn)[0, 1] ** 2) if tells else 1.0
    low, high = points.min(axis=0), points.max(axis=0)
    # One scale for both directions, so that a distance means the same across and down.
    span = max(float((high - low).max()), 1e-9)
    placed = 0.5 + (points - (low + high) / 2) / span
    return Layout(tuple((float(x), float(y)) for x, y in placed), shown)


def _scaled(matrix: Matrix) -> Matrix:
    """(n, 2) by classical scaling; each axis points to where its largest coordinate is positive, so that signs are sure."""
    count = len(matrix)
    centring = np.eye(count) - 1 / count
    values, vectors = np.linalg.eigh(-0.5 * centring @ (matrix**2) @ centring)
    axes: Matrix = vectors[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 0))
    if axes.shape[1] < 2:
        axes = np.column_stack([axes, np.zeros(count)])
    farthest = axes[np.abs(np.round(axes, 9)).argmax(axis=0), [0, 1]]
    signed: Matrix = axes * np.where(farthest < 0, -1.0, 1.0)
    return signed


def _settled(matrix: Matrix, points: Matrix) -> Matrix:
    count = len(matrix)
    for _round in range(ROUNDS):
        drawn = _distances(points)
        ratio: NDArray[np.float64] = np.divide(matrix, drawn, out=np.zeros_like(matrix), where=drawn > 1e-12)
        pull = -ratio
        np.fill_diagonal(pull, ratio.sum(axis=1))
        points = pull @ points / count
    return points


def _distances(points: Matrix) -> Matrix:
    difference: Matrix = np.linalg.norm(points[:, None, :] - points[None, :, :], axis=2)
    return difference
