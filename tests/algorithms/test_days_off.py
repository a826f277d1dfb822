"""Holidays and Ramadan: what is certain, and what hangs on the moon or on a government."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.algorithms.days_off import Holiday, holiday, holidays_of, ramadan

TEN = ["MA", "DZ", "TN", "LY", "EG", "PS", "JO", "LB", "IQ", "DE"]


def test_a_feast_of_the_moon_is_certain_within_and_in_doubt_at_its_ends() -> None:
    """Eid al-Fitr 2026 in Libya, foretold for 20 to 22 March."""
    found = holidays_of("LY", 2026)
    assert [found.get(date(2026, 3, day)) for day in range(18, 25)] == [
        None, Holiday(("Eid al-Fitr",), "moon"), Holiday(("Eid al-Fitr",), "moon"), Holiday(("Eid al-Fitr",)),
        Holiday(("Eid al-Fitr",), "moon"), Holiday(("Eid al-Fitr",), "moon"), None,
    ]  # fmt: skip


def test_a_holiday_that_meets_a_feast_stays() -> None:
    assert holiday("TN", date(2026, 3, 20)) == Holiday(("Eid al-Fitr", "Independence Day"))


def test_a_day_off_that_the_government_moves_leaves_both_days_in_doubt() -> None:
    assert holiday("EG", date(2026, 10, 6)) == Holiday(("Armed Forces Day",), "moved")
    assert holiday("EG", date(2026, 10, 8)) == Holiday(("Armed Forces Day",), "moved")


def test_an_unknown_country_has_no_holidays() -> None:
    assert holidays_of("XX", 2026) == {}


@pytest.mark.parametrize("country", TEN)
@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_every_country_of_the_founding_dialogue_is_known(country: str, year: int) -> None:
    found = holidays_of(country, year)
    assert list(found) == sorted(found)
    assert all(day.year == year and known.names for day, known in found.items())
    assert found[date(year, 5, 1)].doubt in {"", "moved"}  # the one day that all ten keep


# First and last day by the Umm al-Qura calendar (published tables).
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 2, 18), date(2026, 3, 19)),
        (date(2027, 2, 8), date(2027, 3, 8)),
        (date(2028, 1, 28), date(2028, 2, 25)),
    ],
)
def test_ramadan_is_certain_but_for_its_ends(first: date, last: date) -> None:
    day = timedelta(days=1)
    assert [ramadan(first + number * day) for number in (-2, -1, 0, 1)] == ["", "perhaps", "perhaps", "yes"]
    assert [ramadan(last + number * day) for number in (-1, 0, 1, 2)] == ["yes", "perhaps", "perhaps", ""]


@given(st.dates())
def test_any_day_has_an_answer(day: date) -> None:
    assert ramadan(day) in {"", "perhaps", "yes"}
