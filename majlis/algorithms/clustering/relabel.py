"""Numbers for clusters that follow an earlier clustering, so that a new run does not shuffle places, colours and names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from majlis.algorithms.clustering.model import Clustering


def corresponding(now: Sequence[int], former: Sequence[int | None]) -> dict[int, int]:
    """{cluster: the former cluster it continues}, the pairs that share most cities first; None for a city not placed before."""
    shared = Counter((new, old) for new, old in zip(now, former, strict=True) if old is not None)
    found: dict[int, int] = {}
    for (new, old), _cities in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if new not in found and old not in found.values():
            found[new] = old
    return found


def numbered_like(found: Clustering, former: Sequence[int | None]) -> Clustering:
    """The same clustering with its clusters in the order of those that they continue; new ones take what is left."""
    count = len(found.groups)
    order = {new: old for new, old in corresponding(found.assignment, former).items() if old < count}
    free = iter(sorted(set(range(count)) - set(order.values())))
    order |= {cluster: next(free) for cluster in range(count) if cluster not in order}
    groups = sorted(range(count), key=lambda cluster: order[cluster])
    return replace(
        found,
        assignment=tuple(order[cluster] for cluster in found.assignment),
        groups=tuple(found.groups[cluster] for cluster in groups),
        fits=tuple(
            replace(
                fit,
                cluster=order[fit.cluster],
                second_cluster=None if fit.second_cluster is None else order[fit.second_cluster],
            )
            for fit in found.fits
        ),
        violations=tuple(
            each if each.cluster is None else replace(each, cluster=order[each.cluster]) for each in found.violations
        ),
    )
