"""Rules that cannot hold together in a round: proved by a small integer program, and the fewest of them that clash.

Only people who are locked, paired or in a class matter; everybody else fills seats. x[p, g] says whether p sits in
group g. HiGHS (through scipy) says whether the rules can hold; leaving out one rule after the other, and keeping out each
that is not needed for the contradiction, leaves a smallest set (deletion filter: Chinneck, Feasibility and
Infeasibility in Optimization, 2008).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from majlis.algorithms.grouping.feasible import Flaw, Rule
from majlis.algorithms.grouping.model import Problem, sizes

# A contradiction among more people than this is left to the search, which names broken pairs as violations.
MOST = 400


def contradictions(problem: Problem) -> Iterator[Flaw]:
    """Kind: contradiction, one for each round whose rules clash, with `rules` and their people."""
    if not problem.together and not problem.apart:
        return
    seen: dict[tuple[Rule, ...], tuple[Rule, ...] | None] = {}
    for number, round_ in enumerate(problem.rounds):
        rules = _rules(problem, number)
        size = sizes(len(round_.attendees), round_.groups)
        people = {who for rule in rules for who in rule.people}
        if not any(rule.kind in ("together", "apart") for rule in rules) or len(people) * round_.groups > MOST * 20:
            continue
        key = (*rules, Rule("size", tuple(size)))
        if key not in seen:
            seen[key] = None if _can_hold(rules, size) else _fewest(rules, size)
        if clash := seen[key]:
            concerned = tuple(sorted({who for rule in clash for who in rule.people}))
            yield Flaw("contradiction", number, concerned, found=len(concerned), wanted=size[0], rules=clash)


def _rules(problem: Problem, number: int) -> tuple[Rule, ...]:
    round_ = problem.rounds[number]
    here = set(round_.attendees)
    rules = [Rule("lock", (lock.person,), lock.group) for lock in problem.locks if lock.round == number]
    for kind, pairs in (("together", problem.together), ("apart", problem.apart)):
        rules += [Rule(kind, tuple(sorted(pair))) for pair in dict.fromkeys(pairs) if pair <= here]
    return (*rules, *(Rule("class", tuple(members), name=name) for name, members in round_.classes.items()))


def _fewest(rules: tuple[Rule, ...], size: list[int]) -> tuple[Rule, ...]:
    kept = list(rules)
    for rule in rules:
        rest = [each for each in kept if each != rule]
        if not _can_hold(rest, size):
            kept = rest
    return tuple(kept)


def _can_hold(rules: Sequence[Rule], size: list[int]) -> bool:
    """Whether everybody concerned can be seated in groups of these sizes (largest first)."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    people = sorted({who for rule in rules for who in rule.people})
    groups, index = len(size), {who: row for row, who in enumerate(people)}
    cells: list[tuple[int, int, float]] = []
    limits: list[tuple[float, float]] = []

    def require(terms: Sequence[tuple[int, float]], low: float, high: float) -> None:
        cells.extend((len(limits), column, factor) for column, factor in terms)
        limits.append((low, high))

    def seat(who: int, group: int) -> int:
        return index[who] * groups + group

    for who in people:
        require([(seat(who, group), 1) for group in range(groups)], 1, 1)
    # Which group is large is free; only so many are. The last columns say which.
    large = sum(each > size[-1] for each in size)
    first = len(people) * groups
    require([(first + group, 1) for group in range(groups)], 0, large)
    for group in range(groups):
        require([(seat(who, group), 1) for who in people] + [(first + group, -1)], -1, size[-1])
    for rule in rules:
        if rule.kind == "lock" and rule.group is not None:
            require([(seat(rule.people[0], rule.group), 1)], 1, 1)
        for group in range(groups):
            if rule.kind == "together":
                for one, other in pairwise(rule.people):
                    require([(seat(one, group), 1), (seat(other, group), -1)], 0, 0)
            elif rule.kind in ("apart", "class"):
                require([(seat(who, group), 1) for who in rule.people], 0, 1)
    rows, columns, factors = zip(*cells, strict=True)
    matrix = csr_array((factors, (rows, columns)), shape=(len(limits), first + groups))
    low, high = np.array(limits).T
    found = milp(
        np.zeros(first + groups), constraints=LinearConstraint(matrix, low, high), bounds=Bounds(0, 1),
        integrality=np.ones(first + groups), options={"time_limit": 1.0},
    )  # fmt: skip
    # Status 2: proved infeasible. Out of time counts as possible: the search then tries.
    return bool(found.status != 2)
