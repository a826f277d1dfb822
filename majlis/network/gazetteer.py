"""Places by name in any script: a shipped extract of GeoNames (CC BY 4.0), see data/README.md."""

from __future__ import annotations

import csv
import gzip
import re
from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt

from majlis.language.folding import fold
from majlis.network import terms

ARTICLE = re.compile(r"^(al|el|ad|ar|as|at|an|az|ash) |^ال")
# Two spots nearer than this are the same town: a municipality's reference point differs by source by some kilometres.
SAME_TOWN = 25.0


@dataclass(frozen=True)
class Place:
    """One place. Latitude in degrees north, longitude in degrees east; population of the place as GeoNames has it."""

    number: int
    country: str
    name: str
    arabic: str
    others: tuple[str, ...]
    latitude: float
    longitude: float
    population: int
    zone: str

    @property
    def size_class(self) -> str:
        return size_class_of(self.population)

    @property
    def names(self) -> dict[str, str]:
        """{language: name} as far as the gazetteer knows the language."""
        return {"en": self.name} | ({"ar": self.arabic} if self.arabic else {})

    def distance(self, latitude: float, longitude: float) -> float:
        """Kilometres to a spot."""
        return distance(self.latitude, self.longitude, latitude, longitude)


def lookup(name: str, country: str) -> list[Place]:
    """Places of this country (ISO 3166-1 alpha-2) that bear this name in any script or spelling, the largest first."""
    by_name = _index().get(country, {})
    folded = fold(name)
    return by_name.get(folded) or by_name.get(_bare(folded)) or []


def suggest(beginning: str, country: str = "", limit: int = 8) -> list[Place]:
    """Places one of whose names begins so, the largest first."""
    folded = fold(beginning)
    if len(folded) < 2:
        return []
    found: dict[int, Place] = {}
    for code in [country] if country else list(_index()):
        for name, places in _index().get(code, {}).items():
            if name.startswith(folded):
                found |= {place.number: place for place in places}
    return sorted(found.values(), key=lambda place: -place.population)[:limit]


@cache
def zones(country: str) -> frozenset[str]:
    """The time zones in use in a country; empty for a country that the gazetteer does not hold."""
    return frozenset(place.zone for place in _places() if place.country == country)


def size_class_of(population: int) -> str:
    """SZ1…SZ6 of a number of inhabitants."""
    for code, term in terms.size_classes().items():
        if term["max"] is None or population <= term["max"]:
            return code
    raise ValueError(population)


def distance(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometres between two spots on a sphere (haversine)."""
    north, east = radians(other_latitude - latitude), radians(other_longitude - longitude)
    part = sin(north / 2) ** 2 + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(east / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(min(1.0, part)))


@cache
def _places() -> tuple[Place, ...]:
    with gzip.open(terms.DATA / "gazetteer.csv.gz", "rt", encoding="utf-8") as file:
        next(file)  # the line that names the source
        return tuple(
            Place(
                int(row["id"]), row["country"], row["name"], row["ar"], tuple(filter(None, row["other"].split("|"))),
                float(row["latitude"]), float(row["longitude"]), int(row["population"]), row["zone"],
            )
            for row in csv.DictReader(file)
        )  # fmt: skip


@cache
def _index() -> dict[str, dict[str, list[Place]]]:
    """{country: {folded name: places, the largest first}}; a name with its article stands there without it too."""
    index: dict[str, dict[str, list[Place]]] = {}
    # The rows are sorted by population, and main names go in before other spellings of larger places.
    for names_of in (lambda p: (p.name, p.arabic), lambda p: p.others):
        for place in _places():
            by_name = index.setdefault(place.country, {})
            for name in filter(None, names_of(place)):
                for key in {fold(name), _bare(fold(name))}:
                    places = by_name.setdefault(key, [])
                    if place not in places:
                        places.append(place)
    return index


def _bare(folded: str) -> str:
    return ARTICLE.sub("", folded) or folded
