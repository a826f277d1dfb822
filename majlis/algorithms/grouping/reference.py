"""What a plan is worth, recomputed from nothing in plain words: every kernel and every benchmark is held against this."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

from majlis.algorithms.grouping.model import Person, Problem, Weights

Seating = Sequence[Sequence[Sequence[int]]]


# What an offer of the same main theme (GRN of GRN.03) is worth beside one of the very same theme.
PART_FOR_MAIN_THEME = 0.5


def usefulness(one: Person, other: Person, floor: float) -> float:
    """w_ij in [floor, 1]: how much two people have to give each other; every new contact counts at least `floor`."""
    return floor + (1 - floor) * (helped(one, other) + helped(other, one)) / 2


def helped(one: Person, by: Person) -> float:
    """How well somebody's offers meet another's needs: 1 for the very theme, a part for its main theme only, else 0."""
    if one.needs & by.offers:
        return 1.0
    return PART_FOR_MAIN_THEME if main_themes(one.needs) & main_themes(by.offers) else 0.0


def main_themes(codes: Iterable[str]) -> set[str]:
    """GRN of GRN.03: what stands before the dot."""
    return {code.partition(".")[0] for code in codes}


def sameness(one: Person, other: Person, weights: Weights) -> float:
    """What it costs that these two sit together once, because they are too much alike."""
    cost = 0.0
    if one.municipality and one.municipality == other.municipality:
        cost += weights.rule
    elif one.country and one.country == other.country:
        cost += weights.country
    if one.size_class and one.size_class == other.size_class:
        cost += weights.size_class
    if one.role and one.role == other.role:
        cost += weights.role
    return cost


def uncovered(people: Iterable[Person]) -> tuple[str, list[int]]:
    """The language that most of a group work in (ties: first by name), and the ids of those who do not.

    People of whom no language is known are left out; without any the language is empty.
    """
    speaking = [(person.id, person.works_in) for person in people if person.works_in]
    counts = Counter(language for _id, languages in speaking for language in languages)
    if not counts:
        return "", []
    common = min(counts, key=lambda language: (-counts[language], language))
    return common, [each for each, languages in speaking if common not in languages]


def interpreted(people: Iterable[Person]) -> tuple[str, ...]:
    """The fewest languages besides the commonest that cover a whole group (ties: first by name); empty if it does alone.

    Their number is the number of interpreters the group needs.
    """
    speaking = [person.works_in for person in people if person.works_in]
    every = sorted({language for languages in speaking for language in languages})
    counts = Counter(language for languages in speaking for language in languages)
    for number in range(len(every) + 1):
        covering = [
            chosen for chosen in combinations(every, number) if all(languages & set(chosen) for languages in speaking)
        ]
        if covering:
            chosen = max(covering, key=lambda languages: max((counts[each] for each in languages), default=0))
            common = max(chosen, key=lambda language: counts[language], default="")
            return tuple(language for language in chosen if language != common)
    return ()


def language_cost(people: Sequence[Person], weights: Weights) -> float:
    """What a group costs that no one language serves, 0 for others."""
    missing = len(uncovered(people)[1])
    if not missing:
        return 0.0
    speaking = [person.works_in for person in people if person.works_in]
    counts = sorted(Counter(language for languages in speaking for language in languages).values())
    second = counts[-2] if len(counts) > 1 else 0
    cost = weights.uncovered * missing + weights.interpreter * len(interpreted(people))
    return cost + weights.nearing * (len(speaking) - second)


def met_pairs(groups: Seating) -> Counter[tuple[int, int]]:
    """{(smaller id, larger id): how often they sat together}."""
    return Counter(pair for round_ in groups for group in round_ for pair in combinations(sorted(group), 2))


def benefit(problem: Problem, groups: Seating) -> float:
    """Σ w over the pairs that meet, each once."""
    person = {each.id: each for each in problem.people}
    return sum(usefulness(person[a], person[b], problem.weights.floor) for a, b in met_pairs(groups))


def objective(problem: Problem, groups: Seating, published: Seating | None = None) -> float:
    """Σ w·[met] − repeat·Σ C(m, 2) − Σ m·sameness − rules − languages − churn, recomputed from nothing."""
    person = {each.id: each for each in problem.people}
    weights = problem.weights
    met = met_pairs(groups)
    bound = set(problem.together)
    value = benefit(problem, groups)
    value -= weights.repeat * sum(n * (n - 1) / 2 for pair, n in met.items() if frozenset(pair) not in bound)
    value -= sum(count * sameness(person[a], person[b], weights) for (a, b), count in met.items())
    value -= weights.rule * sum(met[_ordered(pair)] for pair in set(problem.apart))
    for pair in bound:
        both = sum(pair <= {each for group in round_ for each in group} for round_ in groups)
        value -= weights.rule * (both - met[_ordered(pair)])
    for round_ in groups:
        for group in round_:
            people = [person[each] for each in group]
            value -= language_cost(people, weights)
    return value - weights.churn * len(changed(groups, published))


def changed(groups: Seating, published: Seating | None) -> list[tuple[int, int]]:
    """(round, person) of everybody whose published seat is another one now."""
    if published is None:
        return []
    found = []
    for number, (now, before) in enumerate(zip(groups, published, strict=True)):
        seats = {each: place for place, group in enumerate(before) for each in group}
        found += [
            (number, each) for place, group in enumerate(now) for each in group if seats.get(each, place) != place
        ]
    return found


def _ordered(pair: frozenset[int]) -> tuple[int, int]:
    one, other = sorted(pair)
    return one, other
