"""Sentences in four languages: plurals, numbers as words, dates, and what is dropped."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.language.models import LANGUAGES
from majlis.steps.report.facts import Fact, Facts, Records
from majlis.steps.report.terms import labels, sections, templates, words
from majlis.steps.report.wording import SLOT, Months, Voice

by_key = {template.key: template for template in templates()}


def counted(key: str, value: int) -> Fact:
    return Fact(key, value, "count", Records("city", tuple(range(value))))


def said(language: str, key: str, *facts: Fact) -> str:
    line = Voice(language).line(by_key[key], Facts([Fact("mode", "virtual", "mode"), *facts]))
    assert line is not None
    return str(line)


def days(*, last: str = "2026-10-07") -> list[Fact]:
    return [Fact("sessions.first", "2026-09-29", "day"), Fact("sessions.last", last, "day")]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "الحضور: شخص واحد من بلدية واحدة."),
        (2, "الحضور: شخصان من بلديتين."),
        (3, "الحضور: 3 أشخاص من 3 بلديات."),
        (10, "الحضور: 10 أشخاص من 10 بلديات."),
        (11, "الحضور: 11 شخصًا من 11 بلدية."),
        (22, "الحضور: 22 شخصًا من 22 بلدية."),
        (100, "الحضور: 100 شخص من 100 بلدية."),
        (103, "الحضور: 103 أشخاص من 103 بلديات."),
    ],
)
def test_arabic_says_each_count_in_its_own_form(count: int, expected: str) -> None:
    assert said("ar", "session_people", counted("present", count), counted("present.cities", count)) == expected


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "Present: one person from one municipality.", "Present: 22 people from 22 municipalities."),
        ("de", "Anwesend: eine Person aus einer Kommune.", "Anwesend: 22 Personen aus 22 Kommunen."),
        ("fr", "Présence : une personne d’une commune.", "Présence : 22 personnes de 22 communes."),
    ],
)
def test_one_and_many(language: str, one: str, many: str) -> None:
    for count, expected in ((1, one), (22, many)):
        facts = counted("present", count), counted("present.cities", count)
        assert said(language, "session_people", *facts) == expected


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("de", 5, "Die Veranstaltung bestand aus fünf virtuellen Sitzungen zwischen dem 29. September und 7. Oktober."),
        ("de", 12, "Die Veranstaltung bestand aus zwölf virtuellen Sitzungen zwischen dem 29. September und 7. Oktober."),
        ("de", 13, "Die Veranstaltung bestand aus 13 virtuellen Sitzungen zwischen dem 29. September und 7. Oktober."),
        ("en", 5, "The event consisted of five virtual sessions held between 29 September and 7 October."),
        ("fr", 5, "L’événement comptait cinq sessions virtuelles entre le 29 septembre et le 7 octobre."),
        ("ar", 5, "تألفت الفعالية من خمس جلسات افتراضية عُقدت بين 29 أيلول/سبتمبر و7 تشرين الأول/أكتوبر."),
        ("ar", 2, "تألفت الفعالية من جلستين افتراضيتين عُقدتا بين 29 أيلول/سبتمبر و7 تشرين الأول/أكتوبر."),
    ],
)  # fmt: skip
def test_sessions_and_their_days(language: str, count: int, expected: str) -> None:
    assert said(language, "sessions", counted("sessions", count), *days()) == expected


def test_the_mode_changes_the_words() -> None:
    facts = Facts([Fact("mode", "on_site", "mode"), counted("sessions", 3), *days()])
    line = Voice("de").line(by_key["sessions"], facts)
    assert str(line).startswith("Die Veranstaltung bestand aus drei Sitzungen vor Ort zwischen")


def test_the_year_stands_where_two_years_are_meant() -> None:
    assert "29. September 2026 und 12. Januar 2027" in said(
        "de", "sessions", counted("sessions", 5), *days(last="2027-01-12")
    )


def test_one_day_has_its_own_sentence() -> None:
    facts = counted("sessions", 1), Fact("sessions.day", "2026-10-01", "day")
    assert said("fr", "sessions_one_day", *facts) == "L’événement comptait une session virtuelle le 1er octobre."
    assert (
        said("de", "sessions_one_day", *facts)
        == "Die Veranstaltung bestand aus einer virtuellen Sitzung am 1. Oktober."
    )


def test_months_by_country() -> None:
    day = date(2026, 9, 29)
    names = {months: Voice("ar", months).day(day) for months in get_args(Months)}
    assert names == {"both": "29 أيلول/سبتمبر", "levant": "29 أيلول", "egypt": "29 سبتمبر", "morocco": "29 شتنبر"}


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, "1"), (8, "8"), (10, "10"), (11, "Mehr als 10"), (40, "40"), (44, "Mehr als 40"), (1234, "Mehr als 1.230")],
)
def test_more_than_only_where_it_is_true(count: int, expected: str) -> None:
    assert Voice("de").over(count) == expected


@given(st.integers(min_value=1, max_value=100_000))
def test_more_than_never_claims_more_than_there_is(count: int) -> None:
    shown = Voice("en").over(count)
    number = int(shown.removeprefix("More than ").replace(",", ""))
    assert number == count or (shown.startswith("More than") and count - 10 < number < count)


def test_a_sentence_with_missing_data_is_dropped() -> None:
    full = [counted("present", 4), counted("present.cities", 2)]
    for missing in full:
        left = Facts(fact for fact in full if fact is not missing)
        assert Voice("en").line(by_key["session_people"], left) is None
    zero = Facts([counted("present", 4), counted("present.cities", 0)])
    assert Voice("en").line(by_key["session_people"], zero) is None


def test_fewer_gaps_have_their_own_sentence() -> None:
    gaps = [
        Fact("gap.1", {"en": "Funding"}, "name"), counted("gap.1.n", 3),
        Fact("gap.2", {"en": "Data"}, "name"), counted("gap.2.n", 1),
    ]  # fmt: skip
    lines = {line.key: str(line) for line in Voice("en").lines(Facts(gaps), "gaps")}
    assert lines == {"gaps_two": "Most often missing were Funding (3 projects) and Data (1)."}


def test_every_number_knows_its_fact() -> None:
    line = Voice("de").line(
        by_key["sessions"], Facts([Fact("mode", "virtual", "mode"), counted("sessions", 5), *days()])
    )
    assert line is not None
    assert [(piece.text, piece.fact) for piece in line.pieces if piece.fact] == [
        ("fünf", "sessions"), ("29. September", "sessions.first"), ("7. Oktober", "sessions.last"),
    ]  # fmt: skip


def test_a_name_without_translation_keeps_its_language() -> None:
    spaces = Fact("spaces.names", [{"fr": "Café des villes"}, {"de": "Runde"}], "names")
    line = Voice("de").line(by_key["spaces"], Facts([spaces]))
    assert line is not None
    named = [(piece.text, piece.language) for piece in line.pieces if piece.text not in "„“"]
    assert named[1:4] == [
        ("Café des villes", "fr"),
        (" und ", ""),
        ("Runde", ""),
    ]


def test_regions_join_a_label_and_the_countries_outside() -> None:
    fact = Fact("regions", {"group": "mena", "countries": ["DE"]}, "regions")
    texts = {
        language: "".join(p.text for p in Voice(language)._shown(fact, "", Facts([fact]))) for language in LANGUAGES
    }
    assert texts == {
        "en": "the MENA region and Germany", "de": "der MENA-Region und Deutschland",
        "fr": "de la région MENA et d’Allemagne", "ar": "منطقة الشرق الأوسط وشمال أفريقيا وألمانيا",
    }  # fmt: skip


def test_every_text_exists_in_every_language_and_uses_known_words() -> None:
    forms = words()["forms"]
    for template in templates():
        slots = set()
        for language in LANGUAGES:
            text = template.texts[language]
            for each in [text] if isinstance(text, str) else text.values():
                slots.add(frozenset(match.group(1) for match in SLOT.finditer(each)))
                for match in SLOT.finditer(each):
                    assert match.group(2) in {None, "day", "list", "quote", *forms}, (template.key, match.group(0))
        assert len(slots) == 1, f"{template.key} says different facts in different languages"
    for name, form in forms.items():
        assert set(form) == set(LANGUAGES), name
    assert all(set(row) == set(LANGUAGES) for row in [*labels().values(), *sections().values()])
