"""Tags for every page: dates, times, numbers, icons, and what marks the page one is on."""

from collections.abc import Iterable
from datetime import date, datetime

from django import template
from django.template.context import RequestContext
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from majlis.web import calendar, icons
from majlis.web.calendar import locale as locale  # other folders' tags take it from here
from majlis.web.sentences import spoken

register = template.Library()
# The journal keeps the role a person acted in by this name (journal.models.Entry.role).
ROLES = {
    "secretariat": _("Secretariat"), "facilitator": _("Facilitator"), "focal_point": _("Focal point"),
    "practitioner": _("Practitioner"), "observer": _("Observer"), "majlis": "Majlis",
}  # fmt: skip
register.simple_tag(icons.icon, name="icon")


@register.filter
def number(value: float) -> str:
    """1,234.5 in the reader's language."""
    return calendar.number(value)


@register.filter
def day(value: date | datetime) -> str:
    """29 September 2026, in the reader's language (a moment: on the day it is in the reader's zone)."""
    return calendar.long_day(calendar.in_zone(value) if isinstance(value, datetime) else value)


@register.filter
def short_day(value: date | datetime) -> str:
    """Tue 29 Sept."""
    return calendar.short_day(calendar.in_zone(value) if isinstance(value, datetime) else value)


@register.filter
def clock(value: datetime) -> str:
    """11:00, on its own clock."""
    return calendar.clock(value)


@register.filter
def minutes(value: int) -> str:
    """1 h 30 min."""
    return calendar.length(value)


@register.filter
def language_name(value: str) -> str:
    return calendar.language_name(value)


@register.filter
def language_names(codes: Iterable[str]) -> str:
    """Arabic, German, French."""
    return calendar.comma().join(calendar.language_name(code) for code in codes)


@register.filter
def role_name(value: str) -> str:
    """The role in which somebody acted, as the journal keeps it."""
    return str(ROLES.get(value, value))


@register.filter
def zone_name(value: str) -> str:
    """Central European Time."""
    return calendar.zone_name(value)


@register.filter
def enumerated(items: Iterable[object]) -> str:
    """a, b and c. An item may be a {language: name} as sentences keep them."""
    return calendar.enumerated([spoken(item) for item in items])


@register.simple_tag
def moment(value: datetime, zone: str = "", event_zone: str = "") -> SafeString:
    """A time with its date and its zone named, in the viewer's zone (or in `zone`); the event's beside it where they differ."""
    shown = calendar.in_zone(value, zone)
    beside = _beside(value, shown, event_zone, clock=None)
    return format_html(
        '<time datetime="{}"><bdi>{}{}{}</bdi> <span class="zone">({})</span></time>{}',
        value.isoformat(), calendar.week_day(shown), gettext(", "), calendar.clock(shown), calendar.zone_label(shown), beside,
    )  # fmt: skip


@register.simple_tag
def hours(starts_at: datetime, minutes: int, event_zone: str = "") -> SafeString:
    """11:00–13:30 (Berlin, CEST) in the viewer's zone; the event's beside it where they differ."""
    shown = calendar.in_zone(starts_at)
    span = calendar.span_of_hours(starts_at, minutes)
    there = calendar.span_of_hours(starts_at, minutes, event_zone) if event_zone else ""
    return format_html(
        '<time datetime="{}"><bdi>{}</bdi> <span class="zone">({})</span></time>{}',
        starts_at.isoformat(), span, calendar.zone_label(shown), _beside(starts_at, shown, event_zone, there),
    )  # fmt: skip


@register.simple_tag
def period(first: date | datetime, last: date | datetime) -> SafeString:
    """29 September – 7 October 2026."""
    days = [calendar.in_zone(value).date() if isinstance(value, datetime) else value for value in (first, last)]
    return format_html("<bdi>{}</bdi>", calendar.span_of_days(days[0], days[1]))


@register.simple_tag
def my_zone() -> str:
    """What the viewer's zone is called now."""
    return calendar.zone_label(timezone.localtime())


@register.simple_tag
def names(values: Iterable[object]) -> SafeString:
    """Names in a list, each isolated from the direction around it."""
    return format_html_join(calendar.comma(), "<bdi>{}</bdi>", ((value,) for value in values))


@register.simple_tag(takes_context=True)
def here(context: RequestContext, path: str) -> SafeString:
    """aria-current for a link in the navigation: the page itself, or the part of the site it belongs to."""
    request = context.get("request")
    at = request.path if request else ""
    if at == path:
        return mark_safe(' aria-current="page"')
    return mark_safe(' aria-current="true"') if path != "/" and at.startswith(path) else mark_safe("")


def _beside(value: datetime, shown: datetime, event_zone: str, clock: str | None) -> SafeString:
    """The same time at the event's place, when its clock shows something else than the viewer's."""
    zone = shown.tzinfo
    if not event_zone or zone is None or calendar.same_clock(value, zone, event_zone):
        return mark_safe("")
    there = calendar.in_zone(value, event_zone)
    said = clock or calendar.clock(there)
    if there.date() != shown.date():
        said = f"{calendar.short_day(there)}{gettext(', ')}{said}"
    return format_html(' <span class="zone beside">= <bdi>{}</bdi> ({})</span>', said, calendar.zone_label(there))
