"""Runs in the peers' own environment: a task as JSON on standard input, the answer on standard output."""

from __future__ import annotations

import json
import sys
import time
from itertools import combinations
from typing import Any


def ortools(task: dict[str, Any]) -> dict[str, Any]:
    """Social golfers by CP-SAT, minimising repeats: one 0/1 variable for each person, round and group."""
    from ortools.sat.python import cp_model  # type: ignore[import-not-found]

    groups, width, rounds = task["groups"], task["width"], task["rounds"]
    model, people = cp_model.CpModel(), range(groups * width)
    seat = {(i, r, g): model.new_bool_var(f"{i} {r} {g}") for i in people for r in range(rounds) for g in range(groups)}
    for r in range(rounds):
        for i in people:
            model.add_exactly_one(seat[i, r, g] for g in range(groups))
        for g in range(groups):
            model.add(sum(seat[i, r, g] for i in people) == width)
    # The first round is given, as everybody is alike.
    for i in people:
        model.add(seat[i, 0, i // width] == 1)
    extra = []
    for i, j in combinations(people, 2):
        meets = []
        for r in range(rounds):
            for g in range(groups):
                both = model.new_bool_var("")
                model.add(both >= seat[i, r, g] + seat[j, r, g] - 1)
                meets.append(both)
        more = model.new_int_var(0, rounds, "")
        model.add(more >= sum(meets) - 1)
        extra.append(more)
    model.minimize(sum(extra))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = task["seconds"]
    solver.parameters.num_workers = 1
    began = time.perf_counter()
    status = solver.solve(model)
    seconds = time.perf_counter() - began
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return {"seconds": seconds, "repeats": int(solver.objective_value) if found else None}


def kmeans(task: dict[str, Any]) -> dict[str, Any]:
    """Equal-size k-means: seconds, and the cluster of each point."""
    import numpy as np
    from k_means_constrained import KMeansConstrained  # type: ignore[import-not-found]

    points, count = np.array(task["points"]), task["clusters"]
    size = len(points) // count
    began = time.perf_counter()
    found = KMeansConstrained(count, size_min=size, size_max=-(-len(points) // count), n_init=10, random_state=1).fit(
        points
    )
    return {"seconds": time.perf_counter() - began, "place": found.labels_.tolist()}


def anticlustering(task: dict[str, Any]) -> dict[str, Any]:
    """One round with distances by exchange: seconds, and the group of each person."""
    import numpy as np
    from anti_clustering import SimulatedAnnealingHeuristicAntiClustering  # type: ignore[import-not-found]

    began = time.perf_counter()
    solver = SimulatedAnnealingHeuristicAntiClustering(random_seed=1)
    # Its public `run` takes columns of features and computes distances; the instances are distances.
    together = solver._solve(np.array(task["distances"]), task["groups"])
    same = np.asarray(together, bool)  # its upper triangle
    same |= same.T | np.eye(len(same), dtype=bool)
    place = np.unique(same, axis=0, return_inverse=True)[1]
    return {"seconds": time.perf_counter() - began, "place": place.ravel().tolist()}


if __name__ == "__main__":
    answer = globals()[sys.argv[1]](json.loads(sys.stdin.read()))
    print(json.dumps(answer))
