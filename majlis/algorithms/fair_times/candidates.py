"""Every day of a period with the hours that a session could have on it, or the reasons why it is out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from majlis.algorithms.days_off import Holiday, holiday, ramadan

STEP = timedelta(minutes=30)  # sessions begin on the full or the half hour of the event's clock
# Public offices keep about 9–14 or 10–15 o'clock in Ramadan; after that people go home to prepare the evening.
RAMADAN_DAY = (time(9, 30), time(14, 30))
RAMADAN_LATEST = time(16)


@dataclass(frozen=True)
class Place:
    """Who sits at one clock: a zone in a country. weekend: days of the week off, 0 = Monday. keys: the cities, by any name."""

    country: str
    zone: str
    weekend: frozenset[int]
    keeps_ramadan: bool = False
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wish:
    """What is looked for: `sessions` of `minutes` between two days (both included), on the clock of the event's zone.

    opens, closes: the working day on everybody's own clock, outside of which a session is a burden; earliest, latest:
    outside of which it is not held at all. days_between: 1 for successive days, 7 for once a week. shorter_in_ramadan:
    hold sessions in Ramadan, with its shorter working day; otherwise those days are out. allowed: days that are taken
    although a country or the organisers are off.
    """

    first: date
    last: date
    sessions: int
    minutes: int
    zone: str
    opens: time = time(9)
    closes: time = time(16)
    earliest: time = time(7)
    latest: time = time(21)
    days_between: int = 1
    shorter_in_ramadan: bool = False
    blocked: Mapping[date, str] = field(default_factory=dict)
    allowed: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Reason:
    """Why a day is out, or what to know of it. kind: weekend, holiday, ramadan, blocked or hours (none fits everybody).

    countries: where; names: the holiday's in English, or the organisers' words. doubt: see days_off.Holiday.
    """

    kind: str
    countries: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    doubt: str = ""


@dataclass(frozen=True)
class Hours:
    """A session at one clock: aware local times; minutes before and after its working day."""

    place: Place
    starts_at: datetime
    ends_at: datetime
    early: int
    late: int

    @property
    def burden(self) -> int:
        return self.early + self.late


@dataclass(frozen=True)
class Slot:
    """One possible time of a session: its beginning (aware, on the event's clock), and what it means at each clock, in the order of the places."""

    starts_at: datetime
    hours: tuple[Hours, ...]

    @property
    def burdens(self) -> tuple[int, ...]:
        return tuple(each.burden for each in self.hours)

    @property
    def burden(self) -> int:
        return sum(self.burdens)


@dataclass(frozen=True)
class Day:
    """One day of the period: the times it offers, or why it offers none. Reasons of a day that is allowed all the same stand beside its times."""

    day: date
    slots: tuple[Slot, ...]
    reasons: tuple[Reason, ...]

    @property
    def is_out(self) -> bool:
        return not self.slots


def days(places: Sequence[Place], wish: Wish) -> list[Day]:
    """Every day of the period in order."""
    length = (wish.last - wish.first).days + 1
    return [_day(wish.first + timedelta(days=number), places, wish) for number in range(length)]


def _day(day: date, places: Sequence[Place], wish: Wish) -> Day:
    fitting: list[Slot] = []
    refused: list[tuple[Reason, ...]] = []
    for start in _starts(day, wish.zone):
        slot = _tolerable(start, places, wish)
        if slot is None:
            continue
        reasons = _reasons(day, slot, wish)
        if reasons and day not in wish.allowed:
            refused.append(reasons)
        else:
            fitting.append(slot)
    if fitting:
        return Day(day, tuple(fitting), _reasons(day, fitting[0], wish))
    if refused:
        return Day(day, (), min(refused, key=len))
    return Day(day, (), (Reason("hours"),))


def _tolerable(start: datetime, places: Sequence[Place], wish: Wish) -> Slot | None:
    """The session at this time, None if it is out of the question for anybody."""
    every = []
    for place in places:
        hours = _hours(place, start, wish)
        if not _is_tolerable(hours, wish):
            return None
        every.append(hours)
    return Slot(start, tuple(every))


def _starts(day: date, zone: str) -> Iterator[datetime]:
    """Each half hour of a day on the clock of `zone`; when clocks are changed some hours do not exist and some come twice."""
    tz = ZoneInfo(zone)
    moment = datetime.combine(day, time(), tzinfo=tz).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=tz).astimezone(UTC)
    while moment < end:
        yield moment.astimezone(tz)
        moment += STEP


def _hours(place: Place, start: datetime, wish: Wish) -> Hours:
    tz = ZoneInfo(place.zone)
    # By way of UTC: adding minutes to a local time would pass over a change of the clocks.
    begins = start.astimezone(UTC)
    starts_at, ends_at = begins.astimezone(tz), (begins + timedelta(minutes=wish.minutes)).astimezone(tz)
    opens, closes = _working_day(place, starts_at.date(), wish)
    early = max(0, _minute(opens) - _minute(starts_at.time()))
    late = max(0, _minute(ends_at.time()) - _minute(closes))
    if ends_at.date() != starts_at.date():
        late += 24 * 60
    return Hours(place, starts_at, ends_at, early, late)


def _working_day(place: Place, day: date, wish: Wish) -> tuple[time, time]:
    if place.keeps_ramadan and ramadan(day):
        return max(wish.opens, RAMADAN_DAY[0]), min(wish.closes, RAMADAN_DAY[1])
    return wish.opens, wish.closes


def _is_tolerable(hours: Hours, wish: Wish) -> bool:
    """Within earliest and latest, on one day. In Ramadan people go home earlier."""
    day = hours.starts_at.date()
    latest = min(wish.latest, RAMADAN_LATEST) if hours.place.keeps_ramadan and ramadan(day) else wish.latest
    return hours.starts_at.time() >= wish.earliest and hours.ends_at.time() <= latest and hours.ends_at.date() == day


def _reasons(day: date, slot: Slot, wish: Wish) -> tuple[Reason, ...]:
    """What speaks against this day at this time: each clock may have another date."""
    found = [Reason("blocked", names=(wish.blocked[day],))] if day in wish.blocked else []
    local = [(hours.place, hours.starts_at.date()) for hours in slot.hours]
    at_weekend = {place.country for place, on in local if on.weekday() in place.weekend}
    if at_weekend:
        found.append(Reason("weekend", tuple(sorted(at_weekend))))
    off: dict[Holiday, set[str]] = {}
    for place, on in local:
        if known := holiday(place.country, on):
            off.setdefault(known, set()).add(place.country)
    found += [Reason("holiday", tuple(sorted(who)), known.names, known.doubt) for known, who in off.items()]
    if not wish.shorter_in_ramadan:
        fasting = {place.country: ramadan(on) for place, on in local if place.keeps_ramadan and ramadan(on)}
        if fasting:
            found.append(Reason("ramadan", tuple(sorted(fasting)), doubt="" if "yes" in fasting.values() else "moon"))
    return tuple(found)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
