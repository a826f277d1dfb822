"""What no plan can exceed: pairs and repeats by counting, benefit by a linear program, interpreters by an integer one."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from majlis.algorithms.grouping.model import Bounds, Problem, Round, sizes

# Above so many people the linear program takes seconds; the sum of everybody's best contacts takes milliseconds and
# lies a few parts in a hundred higher.
LP_MOST = 150


def bounds(problem: Problem) -> Bounds:
    """Bounds over all rounds; each is valid by itself, no plan need reach all of them at once."""
    people = {each for round_ in problem.rounds for each in round_.attendees}
    possible = len(people) * (len(people) - 1) // 2
    seated = sum(size * (size - 1) // 2 for round_ in problem.rounds for size in _sizes(round_))
    return Bounds(
        distinct_pairs=min(possible, seated),
        possible_pairs=possible,
        repeats=max(seated - possible, _forced(problem), 0),
        benefit=_benefit(problem),
        interpreters=sum(_interpreters(problem, number) for number in range(len(problem.rounds))),
    )


def _sizes(round_: Round) -> list[int]:
    return sizes(len(round_.attendees), round_.groups)


def _forced(problem: Problem) -> int:
    """Repeats that two rounds with the same people force: a group larger than the other round's number of groups must
    send two of its people to the same group again (the largest such number: pairs of rounds may share repeats)."""
    most = 0
    for one, other in combinations(problem.rounds, 2):
        if set(one.attendees) != set(other.attendees):
            continue
        for first, second in ((one, other), (other, one)):
            forced = 0
            for size in _sizes(first):
                each, more = divmod(size, second.groups)
                forced += (second.groups - more) * each * (each - 1) // 2 + more * (each + 1) * each // 2
            most = max(most, forced)
    return most


def _benefit(problem: Problem) -> float:
    useful = problem.known.useful.astype(np.float64)
    np.fill_diagonal(useful, 0)
    if len(problem.people) <= LP_MOST:
        return _linear(problem, useful)
    return _best_contacts(problem, useful)


def _best_contacts(problem: Problem, useful: NDArray[np.float64]) -> float:
    """Half the sum of everybody's most useful contacts, as many as they have seats beside them."""
    seats: Counter[int] = Counter()
    for round_ in problem.rounds:
        for who in round_.attendees:
            seats[problem.index[who]] += _sizes(round_)[0] - 1
    ranked = -np.sort(-useful, axis=1)
    return float(sum(ranked[who, :count].sum() for who, count in seats.items()) / 2)


def _linear(problem: Problem, useful: NDArray[np.float64]) -> float:
    """x[i, j, r]: whether i and j share a group in round r; each pair counts once.

    In a round nobody has more mates than the largest group allows, all together as many pairs as the sizes give; two of
    one class, of one municipality or kept apart do not meet there; everybody outside a class meets exactly one of it.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    columns: list[tuple[int, int, int]] = []
    for number, round_ in enumerate(problem.rounds):
        columns += [(number, one, other) for one, other in _meetable(problem, round_)]
    if not columns:
        return 0.0
    table = np.array(columns)
    number, one, other = table.T
    count, width = len(problem.people), len(columns)
    most = np.array([_sizes(round_)[0] - 1 for round_ in problem.rounds])
    pairs = np.array([sum(size * (size - 1) // 2 for size in _sizes(round_)) for round_ in problem.rounds])
    _names, pair = np.unique(one * count + other, return_inverse=True)
    span = np.arange(width)
    at_most = [
        (pair, span, np.ones(pair.max() + 1)),
        (number, span, pairs),
        (np.concatenate([number * count + one, number * count + other]), np.tile(span, 2), np.repeat(most, count)),
    ]
    rows, cells, limits, start = [], [], [], 0
    for row, cell, limit in at_most:
        rows.append(row + start)
        cells.append(cell)
        limits.append(limit)
        start += len(limit)
    matrix = csr_array((np.ones(sum(map(len, rows))), (np.concatenate(rows), np.concatenate(cells))), (start, width))
    exact = _class_rows(problem, table, count)
    equal = csr_array((np.ones(len(exact[0])), exact[:2]), (exact[2], width)) if exact[2] else None
    found = linprog(
        -useful[one, other], A_ub=matrix, b_ub=np.concatenate(limits), A_eq=equal,
        b_eq=np.ones(exact[2]) if exact[2] else None, bounds=(0, 1), method="highs",
    )  # fmt: skip
    return -float(found.fun) if found.success else _best_contacts(problem, useful)


def _meetable(problem: Problem, round_: Round) -> list[tuple[int, int]]:
    """Pairs of people, smaller index first, who can share a group in a round."""
    classes = {who: name for name, members in round_.classes.items() for who in members}
    apart = set(problem.apart)
    homes = Counter(problem.people[problem.index[who]].municipality for who in round_.attendees)
    found = []
    for one, other in combinations(sorted(round_.attendees, key=lambda who: problem.index[who]), 2):
        home = problem.people[problem.index[one]].municipality
        # A delegation larger than the number of groups must share some; then nothing is left out.
        is_parted = home and home == problem.people[problem.index[other]].municipality and homes[home] <= round_.groups
        is_same_class = one in classes and classes[one] == classes.get(other)
        if not is_parted and not is_same_class and frozenset((one, other)) not in apart:
            found.append((problem.index[one], problem.index[other]))
    return found


def _class_rows(problem: Problem, table: NDArray[np.int64], count: int) -> tuple[list[int], list[int], int]:
    """Rows and columns of: everybody outside a class meets exactly one of it. Left out where a rule forbids a meeting,
    because then the one they meet may be none of those that are left to them."""
    rows: list[int] = []
    cells: list[int] = []
    names: dict[tuple[int, int, str], int] = {}
    for column, (number, one, other) in enumerate(table.tolist()):
        round_ = problem.rounds[number]
        for name, members in round_.classes.items():
            inside = {problem.index[who] for who in members}
            for who, mate in ((one, other), (other, one)):
                if mate in inside and who not in inside:
                    rows.append(names.setdefault((number, who, name), len(names)))
                    cells.append(column)
    return rows, cells, len(names)


def _interpreters(problem: Problem, number: int) -> int:
    """The fewest interpreters a round needs, whatever its groups: people of one set of languages are alike, a group is
    alike to another that is covered by the same languages; so a small integer program decides exactly."""
    from scipy.optimize import Bounds as Limits
    from scipy.optimize import LinearConstraint, milp

    round_ = problem.rounds[number]
    known, index = problem.known, problem.index
    classes = {who: name for name, members in round_.classes.items() for who in members}
    kinds = Counter((int(known.languages[index[who]]), classes.get(who, "")) for who in round_.attendees)
    spoken = sorted({language for language, _name in kinds if language})
    every = 0
    for languages in spoken:
        every |= languages
    if not every or any(all(languages >> bit & 1 for languages in spoken) for bit in range(every.bit_length())):
        return 0
    covers = [chosen for chosen in range(1, every + 1) if chosen & ~every == 0 and chosen.bit_count() <= MOST_LANGUAGES]
    size = _sizes(round_)
    people = list(kinds)
    # Columns: how many groups have each cover, then how many people of each kind sit in groups of it.
    width = len(covers) * (1 + len(people))
    rows, low, high = [], [], []

    def require(terms: dict[int, float], least: float, most: float) -> None:
        row = np.zeros(width)
        row[list(terms)] = list(terms.values())
        rows.append(row)
        low.append(least)
        high.append(most)

    def seats(kind: int, cover: int) -> int:
        return len(covers) * (1 + kind) + cover

    upper = np.full(width, float(len(round_.attendees)))
    for nth, (languages, _name) in enumerate(people):
        require({seats(nth, cover): 1 for cover in range(len(covers))}, kinds[people[nth]], kinds[people[nth]])
        for cover, chosen in enumerate(covers):
            if languages and not languages & chosen:
                upper[seats(nth, cover)] = 0
    require(dict.fromkeys(range(len(covers)), 1), round_.groups, round_.groups)
    for cover in range(len(covers)):
        inside = {seats(nth, cover): 1.0 for nth in range(len(people))}
        require({**inside, cover: -size[0]}, -np.inf, 0)
        require({**inside, cover: -size[-1]}, 0, np.inf)
        for name in round_.classes:
            mine = {seats(nth, cover): 1.0 for nth, kind in enumerate(people) if kind[1] == name}
            require({**mine, cover: -1}, 0, 0)
    cost = np.zeros(width)
    cost[: len(covers)] = [chosen.bit_count() - 1 for chosen in covers]
    found = milp(
        cost, constraints=LinearConstraint(np.array(rows), low, high), bounds=Limits(0, upper),
        integrality=np.ones(width), options={"time_limit": 2.0},
    )  # fmt: skip
    # The dual bound is proved even where time ran out.
    proved = found.get("mip_dual_bound", 0.0) if found.status != 2 else 0.0
    return max(0, int(np.ceil((proved or 0.0) - 1e-6)))


# Groups that need more languages than this are never the cheapest: three interpreters in a group of five to eight.
MOST_LANGUAGES = 4
