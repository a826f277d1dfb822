"""Headings: every language, and never two columns by one heading."""

import pytest

from majlis.network.workbook.columns import sheet_of, sheets


@pytest.mark.parametrize("language", ["en", "ar", "de", "fr"])
def test_titles_and_headings_are_known_in(language: str) -> None:
    for sheet in sheets():
        assert sheet_of(sheet.title[language]) == sheet
        for column in sheet.columns:
            assert sheet.column_of(column.title[language]) == column
            assert column.hint is None or column.hint[language]


def test_no_heading_means_two_columns() -> None:
    for sheet in sheets():
        headings = [heading for column in sheet.columns for heading in column.headings]
        assert sorted(headings) == sorted(set(headings)), sheet.key


def test_headings_are_known_however_they_are_typed() -> None:
    cities = sheets()[0]
    for typed, key in (
        ("TIME-ZONE", "zone"),
        ("fuseau  horaire", "zone"),
        ("الإسم", "name_en"),
        ("größe", "size_class"),
    ):
        column = cities.column_of(typed)
        assert column is not None and column.key == key
    assert cities.column_of("Mayor") is None
