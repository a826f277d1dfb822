"""Days on which a country does not work, and the month in which it works shorter.

Public holidays come from the library `holidays`, Ramadan from the Umm al-Qura calendar (`hijridate`). What hangs on the
moon is foretold: where it is decided by sighting, it may fall a day earlier or later, and the days beside it are marked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from hijridate import Gregorian, Hijri

DAY = timedelta(days=1)
RAMADAN = 9  # the ninth month
# Feasts of the lunar year, as the library names them in English.
LUNAR = re.compile(r"^(Eid |Islamic New Year|Prophet|Isra|Ashura|Day of Arafah)")
# What the library adds in brackets: «(estimated)», «(observed, estimated)».
ADDED = re.compile(r"\s*\([^)]*\)$")


@dataclass(frozen=True)
class Holiday:
    """A public holiday: its names in English, as the library has them.

    doubt: "" when it is certain; "moon" when the sighting may put it a day earlier or later; "moved" when the government
    may give the day off on another day than the feast.
    """

    names: tuple[str, ...]
    doubt: str = ""


@lru_cache(maxsize=256)
def holidays_of(country: str, year: int) -> Mapping[date, Holiday]:
    """{day: holiday} of a country (ISO 3166-1 alpha-2) in a year; empty for a country that the library does not know.

    The day before and the day after a feast of the lunar year stand there too, and both days of one that is moved.
    """
    # The year before and after too: the day beside a feast may lie across the turn of the year.
    kept, proper = _known(country, year, observed=True), _known(country, year, observed=False)
    found = {day: Holiday(names) for day, names in kept.items()}
    for day in kept.keys() ^ proper.keys():
        found[day] = Holiday(kept.get(day) or proper[day], "moved")
    # An independence day that meets a feast is a day off whatever the moon does.
    lunar = {day: names for day, names in kept.items() if all(LUNAR.match(name) for name in names)}
    feasts = {day for day, names in kept.items() if any(LUNAR.match(name) for name in names)}
    for day, names in lunar.items():
        # The days within a feast are off however it shifts by one.
        if not (day - DAY in feasts and day + DAY in feasts):
            found[day] = Holiday(names, "moon")
    for day in feasts:
        for beside in (day - DAY, day + DAY):
            found.setdefault(beside, Holiday(tuple(name for name in kept[day] if LUNAR.match(name)), "moon"))
    return {day: found[day] for day in sorted(found) if day.year == year}


def _known(country: str, year: int, *, observed: bool) -> dict[date, tuple[str, ...]]:
    try:
        known = holidays.country_holidays(country, years=range(year - 1, year + 2), observed=observed, language="en_US")
    except NotImplementedError:
        return {}
    return {day: tuple(ADDED.sub("", name) for name in said.split("; ")) for day, said in known.items()}


def holiday(country: str, day: date) -> Holiday | None:
    return holidays_of(country, day.year).get(day)


@lru_cache(maxsize=4096)
def ramadan(day: date) -> str:
    """ "yes" when `day` lies in Ramadan, "perhaps" when the moon decides it, "" when not or when nobody can say (before 1924, after 2077)."""
    try:
        year = Gregorian.fromdate(day).to_hijri().year
        first = Hijri(year, RAMADAN, 1)
        begins = first.to_gregorian()
        ends = begins + timedelta(days=first.month_length() - 1)
    except (OverflowError, ValueError):
        return ""
    if begins + DAY <= day <= ends - DAY:
        return "yes"
    return "perhaps" if begins - DAY <= day <= ends + DAY else ""
