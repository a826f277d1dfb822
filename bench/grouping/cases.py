"""The problems that grouping is measured on: social golfers, the founding dialogue, drop-outs, languages, MDGLIB."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import yaml
from numpy.typing import NDArray

from majlis.algorithms.grouping import Person, Problem, Round

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "demo"
# Published instances lie beside the checkout, or where this says.
DATA = Path(os.environ.get("MAJLIS_BENCH_DATA", HERE.parents[2] / "shared" / "data"))


def golfers(case: str) -> Problem:
    """'11-4-5': 11 groups of 4 in 5 rounds, people who differ in nothing."""
    groups, width, rounds = map(int, case.split("-"))
    ids = tuple(range(groups * width))
    return Problem(tuple(map(Person, ids)), (Round(ids, groups),) * rounds)


def founding(groups: int = 11) -> Problem:
    """The illustrative dialogue of the demo: 44 people of 22 delegations from 10 countries, five rounds; what their
    cities need and hope for, what they have published, in which languages they work. In the three middle rounds one
    case giver a group, the first seats of as many delegations."""
    read = {
        name: yaml.safe_load((DEMO / f"demo_{name}.yaml").read_text())
        for name in ("municipalities", "participants", "solutions")
    }
    cities = {each["id"]: each for each in read["municipalities"]["municipalities"]}
    offers: dict[str, set[str]] = {}
    for solution in read["solutions"]["solutions"]:
        offers.setdefault(solution["m"], set()).update(solution["codes"])
    people = []
    for number, each in enumerate(read["participants"]["participants"]):
        city = cities[each["m"]]
        people.append(
            Person(
                id=number, municipality=each["m"], country=city["iso2"], size_class=city["size"], role="practitioner",
                languages={each["lang"]: 6, "en": 5},
                needs=frozenset(city["need"]["codes"]) | frozenset(city["vision"]["codes"]),
                offers=frozenset(offers.get(each["m"], ())),
            )
        )  # fmt: skip
    ids = tuple(range(len(people)))
    first = ids[::2]
    rounds = [Round(ids, groups)]
    for turn in range(3):
        givers = [first[(turn * groups + nth) % len(first)] for nth in range(groups)]
        rounds.append(Round(ids, groups, {"case_giver": tuple(givers)}))
    return Problem(tuple(people), (*rounds, Round(ids, groups)))


def weighted(case: str, seed: int) -> Problem:
    """Social golfers who need and offer something: two needs and two offers each, of twelve themes."""
    plain, chance = golfers(case), Random(seed)
    themes = [f"T{number:02d}" for number in range(12)]
    people = tuple(
        Person(each.id, needs=frozenset(chance.sample(themes, 2)), offers=frozenset(chance.sample(themes, 2)))
        for each in plain.people
    )
    return Problem(people, plain.rounds)


def delegations(count: int, groups: int, seed: int) -> Problem:
    """A larger dialogue: delegations of two from ten countries, needs and offers, five rounds."""
    chance = Random(seed)
    themes = [f"T{number:02d}" for number in range(24)]
    people = tuple(
        Person(
            number, municipality=f"m{number // 2}", country=f"c{number // 2 % 10}", size_class=f"s{number // 2 % 5}",
            needs=frozenset(chance.sample(themes, 3)), offers=frozenset(chance.sample(themes, 3)),
        )
        for number in range(count)
    )  # fmt: skip
    return Problem(people, (Round(tuple(range(count)), groups),) * 5)


def speakers(count: int, seed: int) -> Problem:
    """Everybody works in Arabic, French or German; four in five in English too. Groups of five, five rounds."""
    chance = Random(seed)
    english = set(chance.sample(range(count), count * 4 // 5))
    people = tuple(
        Person(number, languages={chance.choice(("ar", "ar", "fr", "de")): 6} | ({"en": 5} if number in english else {}))
        for number in range(count)
    )  # fmt: skip
    return Problem(people, (Round(tuple(range(count)), count // 5),) * 5)


@dataclass(frozen=True)
class Instance:
    """One instance of MDGLIB with the best value published (Yang et al., EJOR 302, 2022)."""

    name: str
    distances: NDArray[np.float64]
    lower: tuple[int, ...]
    upper: tuple[int, ...]
    best: float


def mdglib(kind: str, count: int, rule: str, numbers: range) -> list[Instance]:
    """kind: Geo, RanInt or RanReal; rule: ss (equal sizes) or ds (different). Raises FileNotFoundError without the data."""
    arrays = np.load(DATA / "mdglib" / "mdglib_n120_n240.npz")
    known = json.loads((DATA / "mdglib" / "best_known.json").read_text())
    found = []
    for number in numbers:
        told = known[f"{kind}_n{count}_{rule}_{number:02d}"]
        distances = np.zeros((count, count))
        distances[np.triu_indices(count, 1)] = arrays[f"{kind}_n{count}_{number:02d}"] / 1000
        name = f"{kind} n={count} {rule} {number}"
        found.append(Instance(name, distances + distances.T, tuple(told["lb"]), tuple(told["ub"]), told["tpsdp_best"]))
    return found


def points(count: int, seed: int) -> NDArray[np.float64]:
    """Cities as points: eight dimensions, a few centres, as needs and visions give them."""
    chance = np.random.default_rng(seed)
    centres = chance.normal(0, 1, (max(3, count // 40), 8))
    return np.asarray(centres[chance.integers(len(centres), size=count)] + chance.normal(0, 0.8, (count, 8)))
