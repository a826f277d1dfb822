"""VTIMEZONE of a zone for the years it is needed, written once in a process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@lru_cache(maxsize=256)
def vtimezone(name: str, first: int, last: int) -> str:
    """The zone's rules from 1 January of the first year to 31 January after the last, as text; "" for UTC.

    Each change of the clocks stands by itself, in the local time before it (RFC 5545, 3.6.5): governments announce them
    one by one, and a rule for ever would be wrong as soon as they do.
    """
    if name == "UTC":
        return ""
    zone = ZoneInfo(name)
    begins, ends = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 2, 1, tzinfo=UTC)
    component = Timezone()
    component.add("tzid", name)
    component.add_component(_observance(zone, begins, begins))
    moment = begins
    while moment < ends:
        if _kind(zone, moment + HOUR) != _kind(zone, moment):
            component.add_component(_observance(zone, _change(zone, moment), moment))
        moment += HOUR
    return str(component.to_ical(), "utf-8")


def _observance(zone: tzinfo, change: datetime, before: datetime) -> TimezoneStandard | TimezoneDaylight:
    """What holds from `change` on; its beginning is told on the clock that held `before`."""
    offset, since = _kind(zone, before)[0], change.astimezone(zone)
    part = TimezoneDaylight() if since.dst() else TimezoneStandard()
    part.add("dtstart", change.replace(tzinfo=None) + offset)
    part.add("tzname", since.tzname())
    part.add("tzoffsetfrom", offset)
    part.add("tzoffsetto", since.utcoffset())
    return part


def _change(zone: tzinfo, after: datetime) -> datetime:
    """The minute of the next hour at which the clocks change."""
    return next(
        after + number * MINUTE for number in range(1, 61) if _kind(zone, after + number * MINUTE) != _kind(zone, after)
    )


def _kind(zone: tzinfo, moment: datetime) -> tuple[timedelta, str | None]:
    local = moment.astimezone(zone)
    return local.utcoffset() or timedelta(), local.tzname()
