"""VTIMEZONE says the same as the rules it was made from, to the minute, in a parser that knows no zones of its own."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Timezone

from majlis.steps.invite.calendars.zones import vtimezone
from tests.run.test_zones import CHANGES
from tests.steps.invite.clients import ical_js

ODD = ["Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Asia/Gaza", "Africa/El_Aaiun"]
ORGANISER = "ORGANIZER:mailto:majlis@example.org"


def at(zone: str, moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y%m%dT%H%M%S}"


def is_clear(zone: str, moment: datetime) -> bool:
    """Not in the hour that comes twice when clocks go back: there the local time alone does not tell which one is meant."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset()


def calendar(zone: str, moments: list[datetime]) -> str:
    events = [
        f"BEGIN:VEVENT\r\nUID:{number}\r\nSUMMARY:x\r\n{ORGANISER}\r\nDTSTAMP:20260101T000000Z\r\n"
        f"DTSTART;TZID={zone}:{at(zone, moment)}\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
        for number, moment in enumerate(moments)
    ]
    rules = vtimezone(zone, 2026, 2028)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:PUBLISH\r\n{rules}{''.join(events)}END:VCALENDAR\r\n"


def around_changes(zone: str) -> list[datetime]:
    """Moments about every change of the clocks from 2026 to 2028, and one in the middle of each month."""
    moments = [datetime(year, month, 15, 9, tzinfo=UTC) for year in (2026, 2027, 2028) for month in range(1, 13)]
    tz, moment = ZoneInfo(zone), datetime(2026, 1, 2, tzinfo=UTC)
    while moment < datetime(2029, 1, 1, tzinfo=UTC):
        following = moment + timedelta(hours=1)
        if moment.astimezone(tz).utcoffset() != following.astimezone(tz).utcoffset():
            moments += [
                moment + timedelta(minutes=number)
                for number in (-1500, -61, -1, 0, 1, 29, 30, 31, 59, 60, 61, 180, 1500)
            ]
        moment = following
    return [moment for moment in moments if is_clear(zone, moment)]


@pytest.mark.parametrize("zone", [*CHANGES, *ODD])
def test_another_parser_reads_every_hour_as_it_was_meant(zone: str) -> None:
    moments = around_changes(zone)
    read = ical_js(calendar(zone, moments))[0]["events"]
    assert [event["starts_at"] for event in read] == [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in moments]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([*CHANGES, *ODD]), st.integers(0, 1126 * 1440))
def test_the_rules_written_are_the_rules_that_hold(zone: str, minute: int) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    if not is_clear(zone, moment):
        return
    written = Timezone.from_ical(vtimezone(zone, 2026, 2028)).to_tz(lookup_tzid=False)  # type: ignore[attr-defined]
    local = moment.astimezone(ZoneInfo(zone))
    assert local.replace(tzinfo=written).utcoffset() == local.utcoffset()


def test_utc_needs_no_rules() -> None:
    assert vtimezone("UTC", 2026, 2027) == ""
