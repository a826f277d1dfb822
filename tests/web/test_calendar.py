"""Dates, times and zones in four languages."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone
from django.utils.translation import override

from majlis.web import calendar

OPENING = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)
CLOSING = date(2026, 10, 7)


@pytest.mark.parametrize(
    ("language", "zone", "said"),
    [
        ("en", "Europe/Berlin", "29 September – 7 October 2026"),
        ("de", "Europe/Berlin", "29. September – 7. Oktober 2026"),
        ("fr", "Europe/Berlin", "29 septembre – 7 octobre 2026"),
        ("ar", "Africa/Tunis", "29 سبتمبر – 7 أكتوبر 2026"),
        ("ar", "Asia/Amman", "29 أيلول – 7 تشرين الأول 2026"),
        ("ar", "Africa/Casablanca", "29 شتنبر – 7 أكتوبر 2026"),
    ],
)
def test_period(language: str, zone: str, said: str) -> None:
    with override(language), timezone.override(ZoneInfo(zone)):
        assert calendar.span_of_days(date(2026, 9, 29), CLOSING) == said


def test_what_both_days_share_is_said_once() -> None:
    with override("de"):
        assert calendar.span_of_days(date(2026, 10, 5), CLOSING) == "5.–7. Oktober 2026"
        assert calendar.span_of_days(CLOSING, CLOSING) == "7. Oktober 2026"
        assert calendar.span_of_days(date(2026, 12, 30), date(2027, 1, 2)) == "30. Dezember 2026 – 2. Januar 2027"


def shown(words: str, language: str, zone: str) -> str:
    with override(language), timezone.override(ZoneInfo(zone)):
        return Template(words).render(Context({"at": OPENING}))


def test_moment_names_the_viewers_zone_and_the_events_where_it_differs() -> None:
    tag = '{% moment at event_zone="Africa/Tunis" %}'
    assert shown(tag, "de", "Europe/Berlin") == (
        '<time datetime="2026-09-29T09:00:00+00:00"><bdi>Di., 29. Sept. 2026, 11:00</bdi> <span class="zone">(Berlin, MESZ)</span></time>'
        ' <span class="zone beside">= <bdi>10:00</bdi> (Tunis, MEZ)</span>'
    )
    assert "beside" not in shown('{% moment at event_zone="Europe/Paris" %}', "de", "Europe/Berlin")


def test_hours_and_another_day_at_the_event() -> None:
    assert "11:00–13:30" in shown("{% hours at 150 %}", "en", "Europe/Berlin")
    late = shown('{% hours at 600 event_zone="Pacific/Auckland" %}', "en", "America/New_York")
    assert "05:00–15:00" in late and "22:00–08:00" in late


def test_hours_hold_over_a_change_of_the_clocks() -> None:
    before = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # 01:30 in Berlin, whose clocks go back at 03:00
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert calendar.span_of_hours(before, 120) == "01:30–02:30"


def test_lists_and_languages() -> None:
    with override("en"):
        assert calendar.enumerated(["Sfax", "Irbid", "Zahlé"]) == "Sfax, Irbid and Zahlé"
        assert calendar.language_name("de") == "German"
    with override("ar"):
        assert calendar.enumerated(["صفاقس", "إربد"]) == "صفاقس وإربد"
    with override("fr"):
        assert calendar.language_name("ar") == "Arabe"
        assert calendar.enumerated([]) == ""
