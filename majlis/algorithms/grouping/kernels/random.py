"""Random numbers of the kernels: their own, so that a seed gives the same plan with every version of every library."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Random = NDArray[np.uint64]


def generator(seed: int) -> Random:
    """State of the kernels' own random numbers; equal seeds give equal plans on every machine."""
    return np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1)


@njit(cache=True)
def draw(random):  # type: ignore[no-untyped-def]
    """xorshift64 (Marsaglia, Journal of Statistical Software 8(14), 2003)."""
    x = random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    random[0] = x
    return x


@njit(cache=True)
def below(random, count):  # type: ignore[no-untyped-def]
    """A whole number from 0 to count − 1, count < 2³¹."""
    return np.int64(((draw(random) >> np.uint64(33)) * np.uint64(count)) >> np.uint64(31))


@njit(cache=True)
def accepts(random, gain, heat):  # type: ignore[no-untyped-def]
    """Whether annealing takes a change: gains always, losses with probability exp(gain / heat).

    A loss of more than 16 heats would be taken once in nine million times: it is refused without a draw or a logarithm,
    which is what most changes come to.
    """
    if gain >= 0:
        return True
    if gain < -16 * heat:
        return False
    return gain >= heat * np.log((np.float64(draw(random) >> np.uint64(11)) + 1.0) / 9007199254740992.0)
