"""Goals over several rounds: social golfers, the founding dialogue, drop-outs, languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random
from statistics import median
from time import perf_counter

from bench.grouping import peers
from bench.grouping.cases import delegations, founding, golfers, speakers, weighted
from bench.promise import Measured
from majlis.algorithms.grouping import Budget, Changes, Plan, Problem, Round, bounds, measure, objective, plan, replan

EASY = ["5-4-5", "8-4-5", "10-4-5", "11-4-5", "20-5-5"]
LADDER = [
    "5-3-7",
    "6-3-8",
    "6-4-6",
    "6-5-5",
    "7-3-9",
    "7-4-7",
    "7-6-4",
    "7-7-4",
    "8-3-10",
    "8-4-8",
    "8-5-6",
    "8-6-5",
    "9-3-11",
    "9-4-9",
    "9-5-7",
    "9-6-6",
    "9-7-5",
    "10-3-13",
    "10-4-9",
    "10-5-7",
    "10-6-6",
    "11-4-11",
    "12-4-11",
    "20-5-15",
]
STRETCH = ["9-3-12", "10-4-10", "10-5-8", "10-6-7", "7-5-6", "8-5-7", "8-4-10"]
SEEDS = range(1, 101)
THREE = (1, 2, 3)
PEER_SECONDS = 25.0


def timed(problem: Problem, seed: int, budget: Budget | None = None) -> tuple[Plan, float]:
    began = perf_counter()
    found = plan(problem, seed=seed, budget=budget) if budget else plan(problem, seed=seed)
    return found, perf_counter() - began


def measure_all() -> Iterator[Measured]:
    yield from easy()
    yield from thousand()
    yield from ladder()
    yield from founded()
    yield from again()
    yield from spoken()


def easy() -> Iterator[Measured]:
    """G1 and G11, with random grouping, OR-Tools and Good-Enough Golfers beside."""
    middle: dict[str, float] = {}
    for case in EASY:
        runs = [timed(golfers(case), seed) for seed in SEEDS]
        times = [1000 * seconds for _plan, seconds in runs]
        middle[case] = median(times)
        note = f"seeds 1–100; random {by_chance(case)}"
        if case in ("5-4-5", "10-4-5", "11-4-5"):
            note += f"; OR-Tools {cp_sat(case)}"
        repeats = max(found.repeats for found, _seconds in runs)
        yield Measured("G1", f"{case}: repeats, worst", repeats, "", 0, 0, note)
        yield Measured("G1", f"{case}: median", middle[case], "ms", 15, 15)
        yield Measured("G1", f"{case}: worst", max(times), "ms", 100, 100)
    for case, published in peers.GOLFERS_PUBLISHED.items():
        answer = peers.good_enough_golfers(case)
        seconds = answer["seconds"] if answer else published
        note = f"{answer['repeats']} repeats, measured" if answer else "no repeat, time as published"
        yield Measured(
            "G11", f"{case}: times as fast as Good-Enough Golfers ({seconds:.1f} s, {note})",
            1000 * seconds / middle[case], "×", 50, 50, more=True,
        )  # fmt: skip


def by_chance(case: str) -> int:
    problem, chance = golfers(case), Random(1)
    groups = []
    for round_ in problem.rounds:
        order = list(round_.attendees)
        chance.shuffle(order)
        groups.append([order[place :: round_.groups] for place in range(round_.groups)])
    return measure(problem, groups, seed=1).repeats


def cp_sat(case: str) -> str:
    groups, width, rounds = map(int, case.split("-"))
    answer = peers.ask("ortools", groups=groups, width=width, rounds=rounds, seconds=PEER_SECONDS)
    if answer is None:
        return "not there"
    left = "no plan" if answer["repeats"] is None else f"{answer['repeats']} repeats"
    return f"{left} in {answer['seconds']:.1f} s"


def thousand() -> Iterator[Measured]:
    """G2."""
    runs = [timed(golfers("200-5-5"), seed) for seed in THREE]
    yield Measured(
        "G2", "200-5-5: repeats, worst", max(found.repeats for found, _seconds in runs), "", 0, 0, "seeds 1–3"
    )
    yield Measured("G2", "200-5-5: median", 1000 * median(seconds for _plan, seconds in runs), "ms", 100, 100)
    problem = weighted("200-5-5", 1)
    most = bounds(problem).benefit
    parts = [plan(problem, seed=seed, budget=Budget(seconds=5)).benefit / most for seed in THREE]
    yield Measured("G2", "200-5-5 weighted: of the top-k bound in 5 s", 100 * median(parts), "%", 85, 85, more=True)


def ladder() -> Iterator[Measured]:
    """G3 and G4."""
    for promise, cases, limit in (("G3", LADDER, 5), ("G4", STRETCH, 60)):
        runs = {case: [timed(golfers(case), seed) for seed in THREE] for case in cases}
        left = {case: median(found.repeats for found, _seconds in each) for case, each in runs.items()}
        slow = {case: median(seconds for _plan, seconds in each) for case, each in runs.items()}
        open_ = ", ".join(f"{case}: {count:g}" for case, count in left.items() if count) or "none left"
        last = max(slow, key=lambda case: slow[case])
        must = 0 if promise == "G3" else None
        yield Measured(promise, f"{len(cases)} cases without a repeat: those with some", sum(map(bool, left.values())), "", must, 0, f"median of seeds 1–3; {open_}")  # fmt: skip
        yield Measured(promise, f"slowest case ({last})", slow[last], "s", limit if promise == "G3" else None, limit)


def founded() -> Iterator[Measured]:
    """G7, and the same people in seven groups as the demo seats them."""
    problem = founding()
    most = bounds(problem).benefit
    for seconds, goal in ((0.1, 94), (1.0, 95)):
        plans = [plan(problem, seed=seed, budget=Budget(seconds=seconds)) for seed in range(1, 6)]
        parts = [100 * found.benefit / most for found in plans]
        note = f"seeds 1–5: {min(parts):.1f}…{max(parts):.1f}"
        yield Measured("G7", f"11-4-5 weighted: of the LP bound in {seconds:g} s", median(parts), "%", goal, goal, note, more=True)  # fmt: skip
        yield Measured("G7", f"… repeats and broken rules in {seconds:g} s, worst", max(found.repeats + len(found.violations) for found in plans), "", 0, 0)  # fmt: skip
    seven = [plan(founding(7), seed=seed) for seed in THREE]
    parts = [100 * found.benefit / found.bounds.benefit for found in seven]
    yield Measured("G7", "seven groups: repeats and broken rules, worst", max(found.repeats + len(found.violations) for found in seven), "", 0, 0, f"default budget; {median(parts):.1f} % of the bound")  # fmt: skip


def again() -> Iterator[Measured]:
    """G8: some drop out and as many come who were not expected, 5 % of all."""
    for count, groups in ((44, 11), (100, 20), (1000, 200)):
        everybody = founding() if count == 44 else delegations(count, groups, 1)
        tied = {who for round_ in everybody.rounds for members in round_.classes.values() for who in members}
        free = [person.id for person in everybody.people if person.id not in tied]
        moving = Random(1).sample(free, max(2, count // 20))
        late, gone = set(moving[::2]), set(moving[1::2])
        before = replace(everybody, rounds=without(everybody, late))
        changes = Changes(dict(enumerate(without(everybody, gone))))
        # One plan may happen to be better than another by half a percent: three are published, three made anew.
        published = [plan(before, seed=seed, budget=Budget(seconds=3)) for seed in THREE]
        fresh = (plan(changes.apply(before), seed=seed, budget=Budget(seconds=3)) for seed in THREE)
        cold = median(each.objective for each in fresh)
        for seconds, lost in ((0.0, None), (0.1, 1.0), (1.0, 0.5)):
            budget = Budget(steps=0) if not seconds else Budget(seconds=seconds)
            runs = []
            for told, seed in product(published, THREE):
                began = perf_counter()
                found = replan(told, changes, seed=seed, budget=budget)
                runs.append((perf_counter() - began, found))
            worth = median(100 * (1 - objective(each.problem, each.groups) / cold) for _seconds, each in runs)
            churn = median(len(each.churn) for _seconds, each in runs)
            broken = max(len(each.violations) for _seconds, each in runs)
            repeats = max(each.repeats for _seconds, each in runs)
            note = f"churn {churn:g} of {sum(len(r.attendees) for r in before.rounds)} seats, {repeats} repeats and {broken} broken rules at worst"
            if lost is None:
                yield Measured("G8", f"n = {count}: repaired, median", 1000 * median(each for each, _plan in runs), "ms", 10, 10, f"{worth:.1f} % below cold; {note}")  # fmt: skip
            else:
                yield Measured("G8", f"n = {count}: below a cold solve of 3 s after {seconds:g} s", worth, "%", lost, lost, note)  # fmt: skip


def without(problem: Problem, absent: set[int]) -> tuple[Round, ...]:
    return tuple(
        replace(round_, attendees=tuple(who for who in round_.attendees if who not in absent))
        for round_ in problem.rounds
    )


def spoken() -> Iterator[Measured]:
    """G9: where no bound is proved to be reached, the figure says how many interpreters are above it."""
    for count, seconds in ((100, 1.0), (1000, 5.0)):
        above, repeats = [], []
        for seed in THREE:
            problem = speakers(count, seed)
            found = plan(problem, seed=seed, budget=Budget(seconds=seconds))
            needed = sum(len(each.interpreted) for each in found.interpreters)
            above.append(needed - found.bounds.interpreters)
            repeats.append(found.repeats)
        note = f"seeds 1–3: {', '.join(map(str, above))}; repeats {', '.join(map(str, repeats))}"
        yield Measured("G9", f"n = {count}: interpreters above the proved minimum in {seconds:g} s", median(above), "", None, 0, note)  # fmt: skip
