"""Writing the partners' workbook, so that it can come in again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from majlis.network.workbook.columns import Sheet
from majlis.web.spreadsheets import csv_bytes, xlsx

WIDE = {"paragraph": 60, "line": 28, "email": 30, "slug": 20, "themes": 22, "zone": 22}

Rows = Iterable[dict[str, Any]]


def workbook(tables: Iterable[tuple[Sheet, Rows]], language: str) -> bytes:
    """An .xlsx with one sheet each and headings in this language; rows are {column key: value}."""
    tables = list(tables)
    return xlsx(
        [
            (sheet.title[language], [column.title[language] for column in sheet.columns], _lines(sheet, rows))
            for sheet, rows in tables
        ],
        widths=[[WIDE.get(column.kind, 14) for column in sheet.columns] for sheet, _rows in tables],
        is_rtl=language == "ar",
    )


def csv_table(sheet: Sheet, rows: Rows, language: str) -> bytes:
    """One sheet as .csv."""
    headings = [column.title[language] for column in sheet.columns]
    return csv_bytes(headings, _lines(sheet, rows))


def _lines(sheet: Sheet, rows: Rows) -> Iterator[list[Any]]:
    for row in rows:
        yield [_typed(row.get(column.key)) for column in sheet.columns]


def _typed(value: Any) -> Any:
    """A value as a person would type it: lists apart by commas, yes and no in words that any language reads."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return value
