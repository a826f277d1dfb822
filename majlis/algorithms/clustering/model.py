"""What goes in and what comes out: frozen, without units other than shares in 0…1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal


class BadProblem(ValueError):
    """The problem contradicts itself; `problems` lists all of what is wrong."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problems))


@dataclass(frozen=True)
class City:
    """One city: `region` is any label that neighbours share; needs and visions are sets of theme codes such as GRN.03;
    `hours` is how far its clocks are ahead of UTC. need_scores, vision_scores: what its statements say in numbers, as long in
    every city (the mean of their `Concepts.scores`), () where nothing is known. read: themes that a machine reads in statements
    to which nobody has given one: they decide nothing, but a reason may name them.
    """

    key: str
    country: str
    region: str
    needs: frozenset[str] = frozenset()
    visions: frozenset[str] = frozenset()
    hours: float = 0.0
    need_scores: tuple[float, ...] = ()
    vision_scores: tuple[float, ...] = ()
    read: frozenset[str] = frozenset()

    @property
    def themes(self) -> frozenset[str]:
        """All that it speaks of, given by people or read."""
        return self.needs | self.visions | self.read


@dataclass(frozen=True)
class Weights:
    """How much region, needs, vision and, if wished, time zones count; any non-negative numbers, used as shares of
    their sum. Where time zones do not count, they are no criterion at all.
    """

    region: float = 0.20
    needs: float = 0.45
    vision: float = 0.35
    zones: float = 0.0

    @property
    def numbers(self) -> tuple[float, ...]:
        """What counts, in the order region, needs, vision and, only where it counts, zones."""
        return (self.region, self.needs, self.vision, *((self.zones,) if self.zones else ()))

    @property
    def shares(self) -> tuple[float, ...]:
        total = sum(self.numbers)
        return tuple(number / total for number in self.numbers)


@dataclass(frozen=True)
class Problem:
    """Cities to be put into `count` clusters of `smallest` to `largest` members.

    together: sets of keys that must share a cluster. apart: pairs of keys that must not. locks: key → cluster index.
    countries: how many a cluster should at least have (where the cities allow it). families: theme code → the main theme
    it belongs to; a code without one belongs to what stands before its dot. by_scores: 0…1, how much the cities' scores
    decide in place of their theme codes: the part of the statements to which nobody has given a theme.
    """

    cities: tuple[City, ...]
    count: int
    smallest: int
    largest: int
    weights: Weights = Weights()
    together: tuple[frozenset[str], ...] = ()
    apart: tuple[frozenset[str], ...] = ()
    locks: Mapping[str, int] = field(default_factory=dict)
    countries: int = 2
    families: Mapping[str, str] = field(default_factory=dict)
    by_scores: float = 0.0

    @cached_property
    def index(self) -> dict[str, int]:
        return {city.key: number for number, city in enumerate(self.cities)}

    def family(self, code: str) -> str:
        return self.families.get(code) or code.partition(".")[0]

    def check(self) -> None:
        """Raise BadProblem with everything that is wrong."""
        wrong = []
        if len(self.index) != len(self.cities):
            wrong.append("two cities have the same key")
        numbers = self.weights.numbers
        if min(numbers) < 0 or sum(numbers) <= 0:
            wrong.append("weights must not be negative and not all be zero")
        if not self.count * self.smallest <= len(self.cities) <= self.count * self.largest or self.count < 1:
            wrong.append(
                f"{len(self.cities)} cities do not fit into {self.count} clusters of {self.smallest} to {self.largest}"
            )
        named = {key for group in (*self.together, *self.apart) for key in group} | set(self.locks)
        wrong += [f"unknown city {key}" for key in sorted(named - set(self.index))]
        wrong += [
            f"{key} is locked to cluster {number}, which does not exist"
            for key, number in sorted(self.locks.items())
            if not 0 <= number < self.count
        ]
        if wrong:
            raise BadProblem(wrong)


@dataclass(frozen=True)
class Violation:
    """A rule that could not be kept: the cluster (or None) and the cities concerned."""

    kind: Literal["size", "countries", "apart"]
    cluster: int | None
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Shared:
    """A theme that a city shares with some members of its cluster, in the order of `cities`."""

    theme: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Fit:
    """Why one city sits where it sits.

    read: themes of any of its statements and of its mates', where at least one side was read by a machine.
    own, second: mean similarity (0…1) with its own and with the next best cluster; `second_cluster` is None when there is
    only one. silhouette: −1…1. stability: share of perturbed runs in which it kept its place, None when not asked for.
    """

    key: str
    cluster: int
    own: float
    second: float
    second_cluster: int | None
    silhouette: float
    needs: tuple[Shared, ...]
    visions: tuple[Shared, ...]
    read: tuple[Shared, ...]
    families: tuple[Shared, ...]
    region: tuple[str, ...]
    stability: float | None = None


@dataclass(frozen=True)
class Group:
    """One cluster: its members, how alike they are (0…1), and its themes with the number of members that name them.

    themes: most shared first; is_read: some were read by a machine. characteristic: sub-themes, and families: main themes, ranked by how much more frequent
    they are here than elsewhere (share of members here minus share outside).
    """

    keys: tuple[str, ...]
    cohesion: float
    countries: tuple[str, ...]
    regions: tuple[str, ...]
    themes: tuple[tuple[str, int], ...]
    characteristic: tuple[tuple[str, float], ...]
    families: tuple[tuple[str, float], ...]
    is_read: bool = False


@dataclass(frozen=True)
class Clustering:
    """An assignment (cluster index by city, in the order of the problem's cities) with its quality and reasons.

    cohesion: mean similarity of a city with its cluster; separation: mean distance between cities of different clusters;
    silhouette: −1…1; stability: mean over the cities. All but the silhouette in 0…1.
    """

    assignment: tuple[int, ...]
    cohesion: float
    separation: float
    silhouette: float
    groups: tuple[Group, ...]
    fits: tuple[Fit, ...]
    violations: tuple[Violation, ...]
    stability: float | None = None


def number_of_clusters(cities: int, smallest: int, largest: int) -> int:
    """How many clusters of `smallest` to `largest` members suit this many cities: the mean size lies nearest the middle.

    Fewer cities than `smallest` make one cluster. Raises BadProblem when no number fits.
    """
    if not 1 <= smallest <= largest:
        raise BadProblem([f"sizes from {smallest} to {largest} make no range"])
    if cities < 1:
        raise BadProblem(["there are no cities"])
    if cities <= smallest:
        return 1
    possible = range(-(-cities // largest), cities // smallest + 1)
    if not possible:
        raise BadProblem([f"{cities} cities cannot be put into clusters of {smallest} to {largest}"])
    middle = (smallest + largest) / 2
    return min(possible, key=lambda number: (abs(cities / number - middle), number))
