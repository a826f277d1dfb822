"""Finding plans: a schedule without repeats, made lawful, then annealed by swaps that keep it lawful.

The hard rules (attendance, sizes, classes, locks) hold at every moment, because a swap only exchanges two unlocked
people of one round who belong to the same classes. All else is graded: see `reference.objective`.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from majlis.algorithms.grouping import reference
from majlis.algorithms.grouping.arrays import MET, NOWHERE, Floats, Seating, seating
from majlis.algorithms.grouping.feasible import check
from majlis.algorithms.grouping.heat import heat_for
from majlis.algorithms.grouping.model import Budget, Changes, Groups, Plan, Problem
from majlis.algorithms.grouping.seats import Seated, Seats
from majlis.algorithms.grouping.template import slopes, turned

if TYPE_CHECKING:
    from majlis.algorithms.grouping.kernels.random import Random as Drawn

# A plan of 44 people and 5 rounds is within one part in a hundred of the best after so many steps, a fifth of a second.
BUDGET = Budget(steps=4_000_000)
REBUDGET = Budget(steps=1_000_000)

# Heat is measured in what contacts differ by (the deviation of their usefulness, less likeness): between these two most
# of a plan's order arises. Found on the cases of bench/grouping: hotter wastes the time, colder keeps the first guess.
HOT, COLD = 0.7, 0.33
# Where groups need a language, it must be worth while to come nearer to one: then it begins hotter.
LANGUAGES_HOT, COOLING = 0.5, 20.0
# A plan that is published already must not be shaken: it starts where order has arisen.
# Its heat falls several times within a budget: each time it may find another few seats worth changing.
WARM, WARM_COOLINGS = 0.5, 5
# Where contacts differ in nothing, repeats decide; heat is then what accepts so large a share of sampled swaps.
HOT_SHARE, COLD_SHARE = 0.02, 0.0005
SAMPLES = 4_000
# How many of the changes exchange whole schedules, which makes no repeat where there was none: more where places are so
# scarce that a plan without repeats cannot be found again once it is lost.
EXCHANGES, SCARCE_EXCHANGES = 0.005, 0.6
SCARCE = 0.5
SETTLE = 20_000
# Steps between two looks at the clock: a millisecond or two.
CHUNK = 32_768
# The search for turned starters gives up after so many swaps, about half a second; where people differ in nothing the
# schedule is all there is to find, and unless somebody named the seconds it may take ten times as long.
STARTER_STEPS, PLAIN_STARTER_STEPS = 6_000_000, 60_000_000


def plan(problem: Problem, *, seed: int, budget: Budget = BUDGET) -> Plan:
    """Plan all rounds. The same problem, seed and budget in steps give the same plan.

    Raises BadProblem naming every flaw before anything is solved.
    """
    check(problem)
    rng = Random(seed)  # noqa: S311 - a plan must be repeatable, not secret
    clock = _Clock(budget)
    seats = Seats(problem)
    steps = PLAIN_STARTER_STEPS if _is_plain(problem) and budget.seconds is None else STARTER_STEPS
    for number, wishes in enumerate(_wishes(problem, rng, seed, steps)):
        seats.fill(number, wishes)
    return Plan(problem, _search(problem, seats.groups, None, frozenset(), seed, clock), seed)


def replan(plan: Plan, changes: Changes, *, seed: int, budget: Budget = REBUDGET) -> Plan:
    """Plan again after people dropped out or joined: few published seats change, frozen rounds none.

    A budget of no steps only repairs, within milliseconds. The plan's `churn` names (round, person) of everybody who
    moves. Raises BadProblem if the changes contradict one another; a frozen round must be attended as published.
    """
    problem = changes.apply(plan.problem)
    check(problem)
    clock = _Clock(budget)
    seats = Seats(problem)
    published: Seated = []
    for number, round_ in enumerate(problem.rounds):
        closed = changes.closed.get(number, ())
        published.append([list(group) for place, group in enumerate(plan.groups[number]) if place not in closed])
        if number in changes.frozen:
            seats.keep(number, published[number])
            continue
        here = set(round_.attendees)
        seats.fill(number, [[who for who in group if who in here] for group in published[number]][: round_.groups])
        published[number] += [[]] * (round_.groups - len(published[number]))
    kept = tuple(tuple(map(tuple, round_)) for round_ in published)
    found = _search(problem, seats.groups, kept, changes.frozen, seed, clock)
    return Plan(problem, found, seed, kept)


class _Clock:
    """How much of a budget is spent, 0…1."""

    def __init__(self, budget: Budget) -> None:
        self.budget, self.steps, self.began = budget, 0, perf_counter()

    def spent(self) -> float:
        seconds, steps = self.budget.seconds, self.budget.steps
        if seconds is not None:
            return min(1.0, (perf_counter() - self.began) / seconds) if seconds > 0 else 1.0
        return min(1.0, self.steps / steps) if steps else 1.0


def _wishes(problem: Problem, rng: Random, seed: int, steps: int) -> list[list[list[int]]]:
    """[round][group] ids by a schedule with no or few repeats, if one is found for the commonest number of groups.

    Places are given column by column: first to the people of each class, so that a group gets one of each, then to
    delegations side by side, who then never meet. Absent people leave their place empty.
    """
    counts = [round_.groups for round_ in problem.rounds]
    size = max(set(counts), key=lambda count: (counts.count(count), count))
    alike = [number for number, count in enumerate(counts) if count == size]
    attending = {who for number in alike for who in problem.rounds[number].attendees}
    columns = -(-len(attending) // size)
    found: list[list[list[int]]] = [[[] for _ in range(count)] for count in counts]
    schedule = slopes(size, columns, len(alike))
    if schedule is None:
        schedule = turned(size, columns, len(alike), steps=steps, seed=seed)
    if schedule is None:
        return found
    present = [set(problem.rounds[number].attendees) for number in alike]
    order = _columns(problem, alike, sorted(attending), rng)
    for who, place in zip(order, schedule, strict=False):
        for nth, number in enumerate(alike):
            if who in present[nth]:
                found[number][place[nth]].append(who)
    return found


def _columns(problem: Problem, rounds: Sequence[int], people: Sequence[int], rng: Random) -> list[int]:
    """People in the order of their places, each class in a column of its own where the classes allow it."""
    order: list[int] = []
    for number in rounds:
        for members in problem.rounds[number].classes.values():
            if not set(members) & set(order):
                order += members
    homes = {person.id: person.municipality for person in problem.people}
    chance = {home: rng.random() for home in dict.fromkeys(homes.values())}
    taken = set(order)
    rest = [who for who in people if who not in taken]
    return order + sorted(rest, key=lambda who: (chance[homes[who]], homes[who], who))


def _search(
    problem: Problem,
    groups: Seated,
    published: Groups | None,
    frozen: frozenset[int],
    seed: int,
    clock: _Clock,
) -> Groups:
    """Anneal from lawful groups; the groups of the best plan met, sorted."""
    if clock.spent() < 1 and not _is_perfect(problem, groups, published):
        table = seating(problem, problem.known, groups, published, frozen)
        if table.pools.size:
            groups = _groups(problem, _anneal(problem, table, seed, clock, is_warm=published is not None))
    return tuple(tuple(tuple(sorted(group)) for group in round_) for round_ in groups)


def _groups(problem: Problem, place: NDArray[np.int32]) -> Seated:
    """Groups of ids from places, (R, n)."""
    ids = [person.id for person in problem.people]
    found: Seated = [[[] for _ in range(round_.groups)] for round_ in problem.rounds]
    for number, row in enumerate(place.tolist()):
        for who, group in zip(ids, row, strict=True):
            if group != NOWHERE:
                found[number][group].append(who)
    return found


def _anneal(problem: Problem, table: Seating, seed: int, clock: _Clock, *, is_warm: bool) -> NDArray[np.int32]:
    """The best places, (R, n), met while the heat falls as the budget is spent."""
    from majlis.algorithms.grouping.kernels import rounds
    from majlis.algorithms.grouping.kernels.random import generator

    random = generator(seed)
    sums = np.empty((*table.size.shape, len(problem.people)), np.float32)
    rounds.sum_up(table.pairs, table.place, table.members, table.size, table.is_open, sums)
    hot, cold = _heats(problem, table, sums, random, is_warm=is_warm)
    pairs = len(problem.people) * (len(problem.people) - 1) / 2
    is_scarce = table.pairs[:, :, MET].sum() / 2 > SCARCE * pairs
    is_plain, coolings = _is_plain(problem), WARM_COOLINGS if is_warm else 1
    # Where people differ in nothing, exchanging them changes nothing.
    exchanges = 0.0 if is_plain else SCARCE_EXCHANGES if is_scarce else EXCHANGES
    met_best = np.empty_like(table.place)

    def run(steps: int, share: float, warmer: float, colder: float) -> tuple[float, float]:
        gained, risen = rounds.anneal(
            table.pairs, sums, table.languages, table.costs, table.place, table.members, table.slot, table.size, table.small,
            table.published, table.pools, table.starts, table.pool_round, table.pool_of, table.is_free, table.is_open,
            table.kinds, table.kind_starts, table.kind_of, share, steps, warmer, colder, random, met_best,
        )  # fmt: skip
        clock.steps += steps
        return gained, risen

    if exchanges and is_scarce and table.kinds.size and not is_warm:
        # Delegations are parted by exchanges first: a swap would part them too, but at the price of repeats.
        run(min(SETTLE, clock.budget.steps), 1.0, hot, cold)
    value, best, top = 0.0, table.place.copy(), 0.0
    step = 0.0
    while (spent := clock.spent()) < 1:
        steps = CHUNK if clock.budget.seconds is not None else min(CHUNK, clock.budget.steps - clock.steps)
        part = spent * coolings % 1
        until = min(1.0, part + coolings * (steps / clock.budget.steps if clock.budget.seconds is None else step))
        gained, risen = run(steps, exchanges, hot * (cold / hot) ** part, hot * (cold / hot) ** until)
        step = clock.spent() - spent
        if value + risen > top:
            top, best = value + risen, met_best.copy()
        value += gained
        if is_plain and table.pairs[:, :, MET].max() <= 1:
            break
    return best


def _heats(problem: Problem, table: Seating, sums: Floats, random: Drawn, *, is_warm: bool) -> tuple[float, float]:
    """Heat to begin with and heat of freezing."""
    from majlis.algorithms.grouping.kernels import rounds

    known, weights = problem.known, problem.weights
    ordinary = np.triu(np.abs(known.alike) < weights.rule / 2, 1)
    scale = float((known.useful - known.alike)[ordinary].std()) if ordinary.any() else 0.0
    hot, cold = (WARM if is_warm else HOT) * scale, COLD * scale
    if known.languages.any() and not is_warm:
        hot = max(hot, LANGUAGES_HOT * weights.nearing)
    if hot > 0:
        return hot, cold or hot / COOLING
    gains = np.empty(SAMPLES)
    rounds.sample(
        table.pairs, sums, table.languages, table.costs, table.place, table.members, table.size, table.published,
        table.pools, table.starts, table.pool_round, table.pool_of, random, gains,
    )  # fmt: skip
    losses = -gains[gains < 0]
    if not losses.size:
        return 1.0, 0.01
    return heat_for(losses, COLD_SHARE if is_warm else HOT_SHARE), heat_for(losses, COLD_SHARE)


def _is_perfect(problem: Problem, groups: Seated, published: Groups | None) -> bool:
    """Whether nothing can be gained: all contacts count alike, all are new, and nothing is lost."""
    if published is not None or not _is_plain(problem):
        return False
    return all(count == 1 for count in reference.met_pairs(groups).values())


def _is_plain(problem: Problem) -> bool:
    """Whether contacts differ in nothing but whether they are new."""
    known = problem.known
    return not known.alike.any() and not known.languages.any() and np.ptp(known.useful) == 0


def warm() -> None:
    """Compile every kernel, or load what was compiled before; a worker calls it when it starts."""
    from majlis.algorithms.grouping.diverse import gather
    from majlis.algorithms.grouping.model import Person, Round

    turned(3, 2, 2, steps=1, seed=1)
    people = tuple(Person(number, languages={"en": 6} if number % 2 else {"ar": 6}) for number in range(6))
    plan(Problem(people, (Round(tuple(range(6)), 3),) * 2), seed=1, budget=Budget(steps=1))
    gather(np.ones((4, 4)), (2, 2), (2, 2), seed=1, budget=Budget(steps=1))
