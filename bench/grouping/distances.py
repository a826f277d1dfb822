"""Goals of one round with distances: MDGLIB beside the published best and anti-clustering, and equal-size clusters."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from statistics import mean, median

import numpy as np
from numpy.typing import NDArray

from bench.grouping import peers
from bench.grouping.cases import DATA, Instance, mdglib, points
from bench.promise import Measured
from majlis.algorithms import grouping
from majlis.algorithms.grouping import Budget, gather

# (kind, n, seconds, goal: mean gap to the published best in per cent)
EQUAL = [
    ("Geo", 120, 1, 0.0), ("Geo", 240, 1, 0.0), ("RanInt", 120, 3, 0.05), ("RanReal", 120, 3, 0.05),
    ("RanInt", 240, 10, 0.10), ("RanReal", 240, 10, 0.10),
]  # fmt: skip
DIFFERENT = [(kind, count, 10, 0.4) for kind in ("Geo", "RanInt", "RanReal") for count in (120, 240)]
RUNS = (1, 2, 3)


def measure_all() -> Iterator[Measured]:
    if (DATA / "mdglib").is_dir():
        yield from library("G5", "ss", EQUAL, range(1, 11), RUNS)
        # Different sizes are reported only: the first three instances of each kind, once.
        yield from library("G6", "ds", DIFFERENT, range(1, 4), (1,))
    else:
        print(f"MDGLIB is not measured: there is no {DATA / 'mdglib'}. MAJLIS_BENCH_DATA names the folder it lies in.")
    yield from clusters()


def library(
    promise: str, rule: str, table: list[tuple[str, int, int, float]], numbers: range, runs: tuple[int, ...]
) -> Iterator[Measured]:
    """Mean gap over the instances in per cent, negative where ours is better; the median of the runs. One process a
    core, each instance on one core."""
    with ProcessPoolExecutor(2, initializer=grouping.warm) as pool:
        for kind, count, seconds, goal in table:
            instances = mdglib(kind, count, rule, numbers)
            tasks = [(each, seed, seconds) for seed in runs for each in instances]
            gaps = list(pool.map(gap, tasks))
            each_run = [mean(gaps[nth : nth + len(instances)]) for nth in range(0, len(gaps), len(instances))]
            note = f"{len(instances)} instances, seeds {', '.join(map(str, runs))}: {', '.join(f'{each:.3f}' for each in each_run)}"
            if count == 120 and rule == "ss":
                note += f"; anti-clustering {peer_gap(instances[0])}"
            must = goal if promise == "G5" else None
            yield Measured(promise, f"{kind} n = {count} {rule}: mean gap to the best published in {seconds} s", round(median(each_run), 4), "%", must, goal, note)  # fmt: skip


def gap(task: tuple[Instance, int, int]) -> float:
    instance, seed, seconds = task
    found = gather(instance.distances, instance.lower, instance.upper, seed=seed, budget=Budget(seconds=seconds))
    return 100 * (instance.best - total(instance.distances, found.place)) / instance.best


def total(distances: NDArray[np.float64], place: tuple[int, ...] | list[int]) -> float:
    """Sum of distances within groups, recomputed."""
    return sum(
        float(distances[one, other])
        for one in range(len(place)) for other in range(one) if place[one] == place[other]
    )  # fmt: skip


def peer_gap(instance: Instance) -> str:
    answer = peers.ask("anticlustering", distances=instance.distances.tolist(), groups=len(instance.lower))
    if answer is None:
        return "not there"
    percent = 100 * (instance.best - total(instance.distances, answer["place"])) / instance.best
    return f"{percent:.2f} % in {answer['seconds']:.1f} s (first instance)"


def clusters() -> Iterator[Measured]:
    """G10: the sum of squared distances to the clusters' centres, beside k-means-constrained, in a part of its time."""
    for count, number, part in ((120, 10, 1 / 2), (480, 20, 1 / 5), (1000, 40, 1 / 5)):
        table = points(count, 1)
        answer = peers.ask("kmeans", points=table.tolist(), clusters=number)
        if answer is None:
            continue
        squared = ((table[:, None, :] - table[None, :, :]) ** 2).sum(axis=-1)
        size = count // number
        seconds = part * answer["seconds"]
        ratios = []
        for seed in RUNS:
            found = gather(squared, [size] * number, [size] * number, seed=seed, budget=Budget(seconds=seconds), is_alike=True)  # fmt: skip
            ratios.append(inertia(table, found.place) / inertia(table, answer["place"]))
        note = f"k-means-constrained {answer['seconds']:.2f} s, ours {seconds:.2f} s; seeds 1–3: {', '.join(f'{each:.3f}' for each in ratios)}"
        yield Measured("G10", f"n = {count}, {number} clusters: inertia beside k-means-constrained in {part:.1f} of its time", round(median(ratios), 4), "×", 1, 1, note)  # fmt: skip


def inertia(table: NDArray[np.float64], place: tuple[int, ...] | list[int]) -> float:
    names = np.array(place)
    return sum(float(((table[names == name] - table[names == name].mean(axis=0)) ** 2).sum()) for name in set(place))
