"""Tags for every page."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


def locale() -> str:
    """Babel's name of the active language. Arabic with the digits 0–9, as in the Maghreb."""
    language = get_language() or "en"
    return "ar_TN" if language == "ar" else language


@register.filter
def number(value: float) -> str:
    return format_decimal(value, locale=locale())


@register.filter
def day(value: date | datetime) -> str:
    """29 September 2026, in the reader's language."""
    return format_date(value, format="long", locale=locale())


@register.simple_tag
def moment(value: datetime, zone: str = "") -> SafeString:
    """A time with its date and its zone named, in the viewer's zone (or in `zone`)."""
    shown = value.astimezone(ZoneInfo(zone) if zone else timezone.get_current_timezone())
    name = str(shown.tzinfo)
    return format_html(
        '<time datetime="{}"><bdi>{}, {}</bdi> <span class="zone">({})</span></time>',
        value.isoformat(),
        format_skeleton("yMMMEd", shown, locale=locale()),
        format_time(shown, "short", locale=locale()),
        name,
    )
