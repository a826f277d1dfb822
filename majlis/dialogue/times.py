"""The fair-time finder for one dialogue: the clocks of its partners, and in words what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.algorithms.fair_times import Day, FairTimes, Hours, Place, Reason, Slot, Wish
from majlis.dialogue.holidays import holiday_names
from majlis.dialogue.models import Dialogue, Session
from majlis.network.models import City
from majlis.network.queries import country_name
from majlis.web.calendar import zone_place
from majlis.web.sentences import Sentence, spoken

DATA = Path(__file__).parent / "data"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SATURDAY_AND_SUNDAY = frozenset({5, 6})
AHEAD = timedelta(weeks=8)  # invitations go out seven weeks before the first session; a week to agree
MINUTES, SESSIONS = 150, 5


@cache
def rules() -> dict[str, Any]:
    """Working weeks and Ramadan hours by country, from calendar_rules.yaml."""
    loaded: dict[str, Any] = yaml.safe_load((DATA / "calendar_rules.yaml").read_text(encoding="utf-8"))
    return loaded


def weekend(country: str) -> frozenset[int]:
    """Days of the week off in a country, 0 = Monday."""
    named = rules()["weekends"].get(country)
    return frozenset(WEEKDAYS.index(day) for day in named) if named else SATURDAY_AND_SUNDAY


def places(dialogue: Dialogue) -> list[Place]:
    """One place for each zone in each country of the partners, from west to east, with the numbers of its cities."""
    cities: dict[tuple[str, str], list[City]] = {}
    for city in City.objects.filter(partnerships__dialogue=dialogue).order_by("longitude"):
        cities.setdefault((city.country, city.zone), []).append(city)
    return [
        Place(country, zone, weekend(country), country in rules()["shorter_in_ramadan"], tuple(str(c.pk) for c in here))
        for (country, zone), here in cities.items()
    ]


def blocked_days(dialogue: Dialogue) -> dict[date, str]:
    """{day: why} for each day on which the organisers cannot."""
    found = {}
    for span in dialogue.blocked_days.all():
        for number in range((span.last - span.first).days + 1):
            found[span.first + timedelta(days=number)] = span.reason
    return found


def first_wish(dialogue: Dialogue) -> dict[str, Any]:
    """What the form begins with: as many sessions as are planned, as long as the first of them, around their dates."""
    planned = [session for session in dialogue.sessions.all() if session.state == Session.State.PLANNED]
    first = timezone.localdate() + AHEAD
    length = timedelta(weeks=3)
    if planned:
        begins = planned[0].starts_at.date()
        first = max(begins, timezone.localdate() + timedelta(days=1))
        length = max(length, planned[-1].starts_at.date() - begins)
    return {
        "first": first, "last": first + length, "sessions": len(planned) or SESSIONS,
        "minutes": planned[0].minutes if planned else MINUTES, "days_between": 1,
        "opens": Wish.opens, "closes": Wish.closes, "earliest": Wish.earliest, "latest": Wish.latest,
    }  # fmt: skip


def wish_of(dialogue: Dialogue, **wished: Any) -> Wish:
    return Wish(zone=dialogue.zone, blocked=blocked_days(dialogue), **wished)


@dataclass(frozen=True)
class Row:
    """One clock in the table of hours: who lives by it, the hours of each session, the minutes borne in all."""

    country: str
    zone_place: str
    cities: Sequence[City]
    hours: Sequence[Hours]
    is_viewers: bool

    @property
    def total(self) -> int:
        return sum(each.burden for each in self.hours)


@dataclass(frozen=True)
class OutDay:
    """A day with what speaks against it."""

    day: date
    reasons: Sequence[Sentence]
    is_allowed: bool


@dataclass(frozen=True)
class Shown:
    """What the page shows: the times, who sits at which hour, and the days that are out."""

    slots: Sequence[Slot]
    rows: Sequence[Row]
    out: Sequence[OutDay]
    days: int
    missing: int

    @property
    def burdened(self) -> list[Row]:
        return [row for row in self.rows if row.total]

    @property
    def cities(self) -> int:
        return sum(len(row.cities) for row in self.rows)


def shown(dialogue: Dialogue, found: FairTimes, wish: Wish) -> Shown:
    """The finding in words, the cities by their names, in one query."""
    cities = {str(city.pk): city for city in City.objects.filter(partnerships__dialogue=dialogue)}
    rows = [
        Row(
            spoken(country_name(place.country)), zone_place(place.zone), [cities[key] for key in place.keys],
            [slot.hours[number] for slot in found.slots], place.zone == str(timezone.get_current_timezone()),
        )
        for number, place in enumerate(found.places)
    ]  # fmt: skip
    rows.sort(key=lambda row: not row.is_viewers)  # whose clock is the reader's stand first
    countries = {place.country for place in found.places}
    out = [_out_day(day, len(countries)) for day in found.days if day.reasons]
    return Shown(found.slots, rows, out, len(found.days), wish.sessions - len(found.slots))


def _out_day(day: Day, countries: int) -> OutDay:
    return OutDay(day.day, [reason_in_words(reason, countries) for reason in day.reasons], not day.is_out)


WORDS = {
    ("weekend", ""): _("weekend in %(countries)s"),
    ("holiday", ""): _("%(holiday)s in %(countries)s"),
    ("holiday", "moon"): _("%(holiday)s in %(countries)s: by the moon a day earlier or later"),
    ("holiday", "moved"): _("%(holiday)s in %(countries)s: the day off may be moved"),
    ("ramadan", ""): _("Ramadan in %(countries)s"),
    ("ramadan", "moon"): _("Ramadan in %(countries)s: by the moon it begins or ends about this day"),
}
IN_ALL = {
    ("weekend", ""): _("weekend in all countries"),
    ("holiday", ""): _("%(holiday)s in all countries"),
    ("ramadan", ""): _("Ramadan in all countries"),
}


def reason_in_words(reason: Reason, countries: int) -> Sentence:
    """Why a day is out; countries: how many there are in all."""
    if reason.kind == "blocked":
        said = reason.names[0] if reason.names else ""
        return (
            Sentence(_("the organisers cannot: %(reason)s"), {"reason": said})
            if said
            else Sentence(_("the organisers cannot"))
        )
    if reason.kind == "hours":
        return Sentence(_("no hour is tolerable for everybody"))
    params: dict[str, Any] = {"countries": [country_name(code) for code in reason.countries]}
    if reason.kind == "holiday":
        named = {names["en"]: names for names in map(holiday_names, reason.names)}  # a feast of several days once
        params["holiday"] = list(named.values())
    everywhere = IN_ALL.get((reason.kind, reason.doubt)) if len(reason.countries) == countries > 1 else None
    return Sentence(everywhere or WORDS[reason.kind, reason.doubt], params)
