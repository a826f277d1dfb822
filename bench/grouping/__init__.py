"""Grouping (G1–G11 of the design paper), beside its peers in the same run: make bench BENCH=grouping.

One core, kernels warm, seeds printed in the notes. Every figure of a plan is recomputed by the plain reference from its
groups, never taken from a kernel. `aim` is the goal; `must` stands beside it where missing the goal shall fail the run
(G1–G3, G5, G7, G8, G10, G11), and is empty where the paper asks for as far as it goes (G4, G6, G9).
MAJLIS_BENCH_DATA names the folder with mdglib/; GOOD_ENOUGH_GOLFERS a checkout with lodash to measure it here.
"""

from itertools import chain

from bench.grouping import distances, rounds
from bench.promise import Measured
from majlis.algorithms import grouping


def measure() -> list[Measured]:
    grouping.warm()
    figures = []
    for each in chain(rounds.measure_all(), distances.measure_all()):
        # A quarter of an hour is long to wait for a table.
        print(f"{each.promise} {each.what}: {each.value:.4g} {each.unit}", flush=True)
        figures.append(each)
    return figures
