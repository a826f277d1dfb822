"""Dates, times, zones, numbers and lists as people of four languages write them (CLDR by babel).

Every function speaks the active language. Times stand in the reader's zone (django's current zone) unless `zone` is given.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_timezone_location, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from django.utils import timezone
from django.utils.translation import get_language

# The Levant and Iraq name the months after the Syriac calendar, the Maghreb in its own ways; the others as in the Gulf,
# with the digits 0–9.
ARABIC_OF_ZONE = {
    "Asia/Amman": "ar_JO", "Asia/Beirut": "ar_LB", "Asia/Damascus": "ar_SY", "Asia/Baghdad": "ar_IQ",
    "Asia/Gaza": "ar_PS", "Asia/Hebron": "ar_PS", "Africa/Casablanca": "ar_MA", "Africa/Algiers": "ar_DZ",
    "Africa/Tunis": "ar_TN",
}  # fmt: skip
DAY = {"de": "d. MMMM y"}
WEEKDAY = {"de": "EEE, d. MMM y", "ar": "EEEE d MMMM y"}
SHORT_DAY = {"de": "EEE, d. MMM", "ar": "EEEE d MMMM"}


def locale() -> str:
    """Babel's name of the active language. Arabic has the digits 0–9, and the month names of the reader's zone."""
    language = get_language() or "en"
    if language == "ar":
        return ARABIC_OF_ZONE.get(str(timezone.get_current_timezone()), "ar_AE")
    return {"en": "en_GB"}.get(language, language)


def _pattern(patterns: dict[str, str], otherwise: str) -> str:
    return patterns.get(get_language() or "en", otherwise)


def number(value: float) -> str:
    return _number(value, locale())


@lru_cache(maxsize=4096)  # a page of facets says eighty small numbers
def _number(value: float, language: str) -> str:
    return format_decimal(value, locale=language)


def long_day(value: date) -> str:
    """29 September 2026."""
    return format_date(value, _pattern(DAY, "d MMMM y"), locale=locale())


def week_day(value: date) -> str:
    """Tue 29 Sept 2026."""
    return format_date(value, _pattern(WEEKDAY, "EEE d MMM y"), locale=locale())


def short_day(value: date) -> str:
    """Tue 29 Sept: where the year is said nearby."""
    return format_date(value, _pattern(SHORT_DAY, "EEE d MMM"), locale=locale())


def span_of_days(first: date, last: date) -> str:
    """29 September – 7 October 2026; what both days share is said once."""
    if first == last:
        return long_day(first)
    dot = "." if get_language() == "de" else ""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{dot}–{long_day(last)}"
    if first.year == last.year:
        beginning = format_date(first, f"d{dot} MMMM", locale=locale())
        return f"{beginning} – {long_day(last)}"
    return f"{long_day(first)} – {long_day(last)}"


def in_zone(value: datetime, zone: str = "") -> datetime:
    return value.astimezone(ZoneInfo(zone) if zone else timezone.get_current_timezone())


def clock(value: datetime) -> str:
    """11:00, on a clock of 24 hours: between zones, half the day must not hang on two letters."""
    return f"{value:%H:%M}"


def span_of_hours(starts_at: datetime, minutes: int, zone: str = "") -> str:
    """11:00–13:30, in `zone` or the reader's; true over a change of the clocks."""
    begin = in_zone(starts_at, zone)
    return f"{clock(begin)}–{clock(in_zone(starts_at + timedelta(minutes=minutes), zone))}"


def length(minutes: int) -> str:
    """1 h 30 min, 45 min: a length of time in short."""
    hours, rest = divmod(minutes, 60)
    parts = [format_unit(hours, "duration-hour", length="short", locale=locale())] if hours else []
    if rest or not hours:
        parts.append(format_unit(rest, "duration-minute", length="short", locale=locale()))
    return " ".join(parts)


def zone_place(zone: str) -> str:
    """The place whose clock a zone is: «Berlin», «Tunis»."""
    return get_timezone_location(ZoneInfo(zone), locale=locale(), return_city=True)


def zone_label(value: datetime) -> str:
    """What the zone of an aware time is called: «Berlin, MESZ» or «Tunis, UTC+1»."""
    zone = value.tzinfo
    if zone is None or str(zone) == "UTC":
        return "UTC"
    place = get_timezone_location(zone, locale=locale(), return_city=True)
    return f"{place}{comma()}{_abbreviation(value)}"


def zone_name(zone: str) -> str:
    """«Central European Time» or «Tunisia Time», for lists to choose from."""
    return get_timezone_name(ZoneInfo(zone), locale=locale())


def same_clock(value: datetime, one: tzinfo, other: str) -> bool:
    """Whether two zones show the same time at this moment: then it need not be said twice."""
    return value.astimezone(one).utcoffset() == value.astimezone(ZoneInfo(other)).utcoffset()


def comma() -> str:
    """What stands between the parts of a short list, with its space."""
    return "، " if get_language() == "ar" else ", "


def enumerated(items: Sequence[str]) -> str:
    """«a, b and c», as the language joins a list."""
    if get_language() == "ar":  # CLDR's pattern leaves no room between the word and the next name if that is Latin
        return "، ".join(items[:-1]) + " و" + items[-1] if len(items) > 1 else "".join(items)
    return format_list(list(items), locale=locale())


def language_name(language: str) -> str:
    """The name of a language in the reader's language: German, Deutsch, الألمانية."""
    name = str(Locale.parse(locale()).languages.get(language, language))
    return name[:1].upper() + name[1:]


def _abbreviation(value: datetime) -> str:
    """MESZ where the language knows it, else UTC+1."""
    short = get_timezone_name(value, width="short", locale=locale())
    if short.isalpha() and short.isupper():
        return short
    offset = value.utcoffset() or timedelta()
    minutes = int(offset.total_seconds()) // 60
    sign = "−" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
