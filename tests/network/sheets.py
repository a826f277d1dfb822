"""Small workbooks for tests, as a secretariat would type them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

CITIES = ["Code", "Country", "Name (English)", "Name (Arabic)", "Latitude", "Longitude", "Time zone", "Size"]
STATEMENTS = ["City", "Kind", "No.", "Language", "Text", "Themes", "Translation (English)"]
PEOPLE = ["City", "Seat", "E-mail", "Role", "Languages", "Focal point"]

GABES = ["tn-gabes", "TN", "Gabès", "قابس", 33.88, 10.1, "Africa/Tunis", "SZ4"]
SFAX = ["tn-sfax", "TN", "Sfax", "صفاقس", 34.74, 10.76, "Africa/Tunis", "SZ4"]
NEED = ["tn-gabes", "need", 1, "ar", "نحتاج إلى خطة", "GRN.11, GRN.08", "We need a plan"]
FOCAL = ["tn-gabes", 1, "gabes.1@example.org", "رئيس دائرة البيئة", "ar, en", "yes"]

Rows = Sequence[Sequence[Any]]


def book(tables: Mapping[str, tuple[Sequence[str], Rows]]) -> bytes:
    """An .xlsx as openpyxl writes it: a text that begins with = becomes a formula there."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, (headings, rows) in tables.items():
        sheet = workbook.create_sheet(title)
        sheet.append(list(headings))
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def partners(cities: Rows = (GABES,), statements: Rows = (NEED,), people: Rows = (FOCAL,)) -> bytes:
    return book({"Cities": (CITIES, cities), "Statements": (STATEMENTS, statements), "People": (PEOPLE, people)})


def changed(row: Sequence[Any], **at: Any) -> list[Any]:
    """The row with other values, e.g. changed(GABES, c6="Africa/Nowhere"): c0 is the first column."""
    copy = list(row)
    for place, value in at.items():
        copy[int(place[1:])] = value
    return copy
