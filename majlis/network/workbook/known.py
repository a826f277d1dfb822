"""What the network knows already, as far as one workbook touches it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from majlis.language.folding import fold
from majlis.network import gazetteer
from majlis.network.models import City, Organisation, Person, Statement
from majlis.network.workbook.reading import Reading, Row

IN_BRACKETS = re.compile(r"\s*\([^)]*\)")


@dataclass
class Known:
    """Cities by code, statements by key, people by address, organisations by their city's code and folded name."""

    cities: dict[str, City] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[tuple[str, str], Organisation] = field(default_factory=dict)


def known_to(reading: Reading) -> Known:
    """Load all cities (a network has hundreds) and of statements and people those of the cities; four queries."""
    cities = {city.slug: city for city in City.objects.all()}
    statements = (
        Statement.objects.select_related("city") if "statements" in reading.tables else Statement.objects.none()
    )
    people = (
        Person.objects.select_related("account", "city", "organisation")
        if "people" in reading.tables
        else Person.objects.none()
    )
    organisations = Organisation.objects.select_related("city") if "people" in reading.tables else []
    return Known(
        cities,
        {each.key: each for each in statements},
        {each.account.email.lower(): each for each in people},
        {(each.city.slug, fold(name)): each for each in organisations for name in each.name.in_all().values()},
    )


def names_of(row: Row) -> dict[str, str]:
    """{language: name} of a row of the sheet of cities."""
    return {language: row[f"name_{language}"] for language in ("en", "ar", "de", "fr") if row.get(f"name_{language}")}


def place_of(names: Iterable[str], country: str) -> gazetteer.Place | None:
    """The place that the gazetteer knows by one of these names; what stands in brackets tells towns apart for people."""
    for name in names:
        for places in (gazetteer.lookup(name, country), gazetteer.lookup(IN_BRACKETS.sub("", name), country)):
            if places:
                return places[0]
    return None


class CityNames:
    """Finds the code of a city by its code or by its name in any script, among those of the network and of the workbook."""

    def __init__(self, known: Known) -> None:
        self._by_name: dict[str, set[str]] = {}
        self._codes: set[str] = set()
        for city in known.cities.values():
            self.add(city.slug, city.name.in_all().values())

    def add(self, code: str, names: Iterable[str]) -> None:
        """Take a city in; without a code as yet, under a stand-in that no row of it keeps."""
        self._codes.add(code)
        for name in names:
            codes = self._by_name.setdefault(fold(name), set())
            codes.discard("")
            if code or not codes:
                codes.add(code)

    def find(self, typed: str) -> set[str]:
        """The codes that this may mean: one, none or several."""
        code = typed.strip().lower()
        return {code} if code in self._codes else self._by_name.get(fold(typed), set())
