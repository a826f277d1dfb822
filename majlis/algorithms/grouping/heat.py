"""Heat of annealing from sampled losses, so that no constant is tuned to one instance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

HALVINGS = 50  # of an interval of twelve orders of magnitude: far finer than the sample


def heat_for(losses: NDArray[np.float64], share: float) -> float:
    """The heat T at which the mean of exp(−loss / T) is `share`. losses: positive, (m,)."""
    low, high = float(losses.max()) * 1e-9, float(losses.max()) * 1e3
    for _halving in range(HALVINGS):
        middle = (low * high) ** 0.5
        if np.exp(-losses / middle).mean() < share:
            low = middle
        else:
            high = middle
    return float((low * high) ** 0.5)
