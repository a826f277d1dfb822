"""Lists that a spreadsheet opens, .xlsx and .csv. Nothing in them runs: every text is a text cell."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

# What a spreadsheet program takes for the beginning of a formula.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CONTROLS = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]")
BEGINNING = datetime(2026, 1, 1)  # noqa: DTZ001 - a file's date without zone: the same content gives the same bytes
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"

Table = tuple[str, Sequence[str], Iterable[Sequence[Any]]]


def xlsx(tables: Sequence[Table], *, widths: Sequence[Sequence[int]] = (), is_rtl: bool = False) -> bytes:
    """An .xlsx of (title, headings, rows). Every text is a text cell, whatever it begins with."""
    book = Workbook(write_only=True)
    book.properties.creator = "Majlis"
    book.properties.created = book.properties.modified = BEGINNING
    for number, (title, headings, rows) in enumerate(tables):
        sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:31])
        sheet.freeze_panes = "A2"
        sheet.sheet_view.rightToLeft = is_rtl
        wide = widths[number] if widths else [24] * len(headings)
        for index, width in enumerate(wide, 1):
            sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.append([_heading(sheet, heading) for heading in headings])
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return _undated(out.getvalue())


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A .csv in UTF-8 with the mark by which Excel knows it. A text that would run begins with an apostrophe."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow([_guarded(heading) for heading in headings])
    lines.writerows([_guarded(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _heading(sheet: Any, heading: str) -> Any:
    cell = _cell(sheet, heading)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="E3EEF0")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell: Any = WriteOnlyCell(sheet, "")
    # Set behind openpyxl's back, which would take a text that begins with = for a formula.
    cell._value, cell.data_type = CONTROLS.sub("", value), "s"
    if value.startswith(DANGEROUS):
        cell.quotePrefix = True  # Excel leaves it a text when somebody edits the cell
    cell.alignment = Alignment(wrap_text=len(value) > 40, vertical="top")
    return cell


def _guarded(value: Any) -> Any:
    if isinstance(value, str) and value.startswith((*DANGEROUS, "'")):
        return "'" + value
    return "" if value is None else value


def _undated(content: bytes) -> bytes:
    """The same archive without the moment of its writing, so that the same tables give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            data = source.read(part.filename)
            if part.filename == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-01-01T00:00:00Z", data)
            target.writestr(zipfile.ZipInfo(part.filename, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
