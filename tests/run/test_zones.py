"""Zones come from the younger of two sources, and are right for the ten countries of the founding dialogue."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from majlis.run.zones import package_version, system_version

# When the clocks change from 2026 to 2028, in UTC, and to what; general knowledge checked against the governments' notices
# in the time zone database 2026f. Morocco stays on UTC+0 since 20 September 2026; before, it went back in Ramadan.
CHANGES: dict[str, tuple[float, list[tuple[str, float]]]] = {
    "Africa/Casablanca": (1, [("2026-02-15T02:00", 0), ("2026-03-22T02:00", 1), ("2026-09-20T01:00", 0)]),
    "Africa/Algiers": (1, []),
    "Africa/Tunis": (1, []),
    "Africa/Tripoli": (2, []),
    "Africa/Cairo": (
        2,
        [("2026-04-23T22:00", 3), ("2026-10-29T21:00", 2), ("2027-04-29T22:00", 3), ("2027-10-28T21:00", 2),
         ("2028-04-27T22:00", 3), ("2028-10-26T21:00", 2)],
    ),
    "Asia/Hebron": (
        2,
        [("2026-03-28T00:00", 3), ("2026-10-23T23:00", 2), ("2027-03-27T00:00", 3), ("2027-10-29T23:00", 2),
         ("2028-03-25T00:00", 3), ("2028-10-27T23:00", 2)],
    ),
    "Asia/Amman": (3, []),
    "Asia/Beirut": (
        2,
        [("2026-03-28T22:00", 3), ("2026-10-24T21:00", 2), ("2027-03-27T22:00", 3), ("2027-10-30T21:00", 2),
         ("2028-03-25T22:00", 3), ("2028-10-28T21:00", 2)],
    ),
    "Asia/Baghdad": (3, []),
    "Europe/Berlin": (
        1,
        [("2026-03-29T01:00", 2), ("2026-10-25T01:00", 1), ("2027-03-28T01:00", 2), ("2027-10-31T01:00", 1),
         ("2028-03-26T01:00", 2), ("2028-10-29T01:00", 1)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("zone", CHANGES)
def test_the_clocks_of_ten_countries_from_2026_to_2028(zone: str) -> None:
    offset, changes = CHANGES[zone]
    tz = ZoneInfo(zone)
    moment, found = datetime(2026, 1, 1, tzinfo=UTC), []
    while moment < datetime(2029, 1, 1, tzinfo=UTC):
        now = (moment.astimezone(tz).utcoffset() or timedelta()) / timedelta(hours=1)
        if now != offset:
            found.append((f"{moment:%Y-%m-%dT%H:%M}", now))
            offset = now
        moment += timedelta(minutes=30)
    assert found == changes


def test_the_younger_source_is_taken() -> None:
    assert settings.ZONES_VERSION == max(system_version(), package_version()) >= "2026f"


def test_a_system_without_zones_or_without_their_version_is_older_than_any(tmp_path: Path) -> None:
    assert system_version(()) == system_version((str(tmp_path),)) == ""
    (tmp_path / "tzdata.zi").write_text("R A 1916 o - Jun 14 23s 1 S\n")
    assert system_version((str(tmp_path),)) == ""
    (tmp_path / "tzdata.zi").write_text("# version 2031a\nR A 1916 o - Jun 14 23s 1 S\n")
    assert system_version((str(tmp_path),)) == "2031a"
