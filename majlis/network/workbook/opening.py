"""Opening an uploaded file safely: what it is, whether it may be read at all, and its cells as plain rows.

A small archive can hold a vast workbook. So its parts are measured and looked through before openpyxl sees them, and
reading stops at limits that a real workbook of the network never meets.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext_noop as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from majlis.web.refused import Refused

# The largest workbook that was tried, 20,000 statements of 300 letters, has 8 MB packed and 45 MB unpacked.
MOST_BYTES = 12 * 2**20
MOST_UNPACKED = 64 * 2**20
MOST_IN_A_PART = (
    4 * 2**20
)  # styles, relations, the table of contents: openpyxl holds these as objects, ten times as large
MOST_PARTS = 500
MOST_ROWS = 20_000
MOST_CELLS = 400_000
# Excel keeps formatted empty rows; past this a sheet is a mistake or an attack.
LAST_ROW = 200_000
LAST_COLUMN = 200
MOST_EXTRAS = 20_000  # merged cells, links, rules of validation

TOO_LARGE = _("The file is larger than %(megabytes)s MB. Split it into several workbooks.")
EMPTY = _("The file is empty.")
NOT_A_WORKBOOK = _("This is not a workbook. Save your table as .xlsx or as .csv (UTF-8) and choose that file.")
OLD = _("This is a workbook in the old .xls format. Open it and save it as .xlsx, then choose that file.")
LOCKED = _("This workbook is protected with a password. Save it without a password, then choose it again.")
OTHER_FORMAT = _("This is a spreadsheet in a format other than .xlsx. Save it as .xlsx, then choose that file.")
DAMAGED = _("The workbook is damaged and cannot be read. Open it, save it anew as .xlsx and choose that file.")
VAST = _("Unpacked, this workbook is larger than any table of partners (at most %(megabytes)s MB). "
         "Copy your table into a new workbook and choose that one.")  # fmt: skip
TOO_MANY_ROWS = _("The workbook holds more than %(most)s rows. Split it into several workbooks.")
TOO_MANY_CELLS = _("The workbook holds more than %(most)s cells. Copy only your table into a new workbook.")
TOO_LONG = _(
    "The sheet “%(sheet)s” reaches below row %(last)s. Delete the empty rows under your table, or copy the table into a new workbook."
)
TOO_WIDE = _(
    "The sheet “%(sheet)s” reaches beyond column %(last)s. Delete the empty columns beside your table, or copy the table into a new workbook."
)
BAD_LETTERS = _(
    "The file is not in UTF-8: line %(line)s cannot be read. In Excel choose “CSV UTF-8” when you save it, or save it as .xlsx."
)
BAD_TABLE = _("Line %(line)s of the file cannot be read as a table. Save your table as .xlsx or as .csv (UTF-8).")

GUARDED = frozenset("=+-@\t\r'")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls and of protected .xlsx
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
EXTRAS = re.compile(
    rb"<(mergeCell|hyperlink|dataValidation|cfRule|conditionalFormatting|col|brk|tablePart|sheetView)[ />]"
)
CELLS = re.compile(rb"<(?:\w+:)?c[ />]")
ROWS = re.compile(rb"<(?:\w+:)?row[ />]")
ENCODING = re.compile(rb"encoding=[\"']([^\"']+)[\"']")


@dataclass(frozen=True)
class Formula:
    """A cell that holds a formula instead of a value."""

    text: str


@dataclass(frozen=True)
class Grid:
    """One sheet as it stands in the file: (row number from 1, its cells from column A)."""

    title: str
    rows: list[tuple[int, list[Any]]]
    is_csv: bool = False


def opened(filename: str, content: bytes) -> list[Grid]:
    """The sheets of a workbook or the one table of a CSV file, empty rows left out.

    Raises Refused, in words, for whatever cannot be read: nothing has been written by then.
    """
    if not content.strip():
        raise Refused(EMPTY)
    if len(content) > MOST_BYTES:
        raise Refused(TOO_LARGE, megabytes=MOST_BYTES // 2**20)
    if content.startswith(OLE):
        raise Refused(LOCKED if ENCRYPTED in content else OLD)
    grids = _from_workbook(content) if content.startswith(b"PK") else [_from_csv(filename, content)]
    if sum(len(grid.rows) for grid in grids) > MOST_ROWS + len(grids):
        raise Refused(TOO_MANY_ROWS, most=MOST_ROWS)
    return grids


def _from_workbook(content: bytes) -> list[Grid]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _measure(archive)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            return [_grid(sheet) for sheet in book.worksheets]
        finally:
            book.close()
    except (zipfile.BadZipFile, zlib.error, zipfile.LargeZipFile, InvalidFileException, ParseError, NotImplementedError,
            KeyError, ValueError, TypeError, IndexError, AttributeError, OverflowError, EOFError, OSError) as error:  # fmt: skip
        # openpyxl answers a broken file with whatever it stumbles over.
        raise Refused(DAMAGED) from error


def _measure(archive: zipfile.ZipFile) -> None:
    """Refuse by what the archive declares, then by what its parts hold. zipfile never unpacks more than was declared."""
    parts = {part.filename: part for part in archive.infolist()}
    if "xl/workbook.xml" not in parts:
        spreadsheet = any(name in parts for name in ("xl/workbook.bin", "content.xml"))
        raise Refused(OTHER_FORMAT if spreadsheet else NOT_A_WORKBOOK)
    if any(part.flag_bits & 1 for part in parts.values()):
        raise Refused(LOCKED)
    if len(archive.infolist()) > MOST_PARTS or sum(part.file_size for part in parts.values()) > MOST_UNPACKED:
        raise Refused(VAST, megabytes=MOST_UNPACKED // 2**20)
    cells = rows = 0
    for name, part in parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        is_table = name.startswith("xl/worksheets/") or name == "xl/sharedStrings.xml"
        if part.file_size > MOST_IN_A_PART and not is_table:
            raise Refused(VAST, megabytes=MOST_UNPACKED // 2**20)
        in_part = _look_through(archive, name)
        cells, rows = cells + in_part[0], rows + in_part[1]
        if cells > MOST_CELLS:
            raise Refused(TOO_MANY_CELLS, most=MOST_CELLS)
        if rows > LAST_ROW:
            raise Refused(TOO_MANY_ROWS, most=MOST_ROWS)


def _look_through(archive: zipfile.ZipFile, name: str) -> tuple[int, int]:
    """(cells, rows) of one part, read in pieces; refuses entities and other encodings, which no spreadsheet writes."""
    cells = rows = extras = 0
    with archive.open(name) as part:
        before = b""
        while piece := part.read(2**20):
            if not before:
                declared = ENCODING.search(piece[:200])
                foreign = declared and declared[1].lower() not in {b"utf-8", b"us-ascii"}
                if foreign or b"\0" in piece[:4]:
                    raise Refused(DAMAGED)
            # A tag may lie across two pieces; the overlap is shorter than the shortest that is counted twice.
            window = before[-9:] + piece
            if ENTITIES.search(window):
                raise Refused(DAMAGED)
            overlap = before[-9:]
            cells += len(CELLS.findall(window)) - len(CELLS.findall(overlap))
            rows += len(ROWS.findall(window)) - len(ROWS.findall(overlap))
            extras += len(EXTRAS.findall(window)) - len(EXTRAS.findall(overlap))
            if extras > MOST_EXTRAS or cells > MOST_CELLS:
                raise Refused(TOO_MANY_CELLS, most=MOST_CELLS)
            before = piece
    return cells, rows


def _grid(sheet: Any) -> Grid:
    sheet.reset_dimensions()  # what a file says about its own size is not to be trusted
    rows: list[tuple[int, list[Any]]] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number > LAST_ROW:
            raise Refused(TOO_LONG, sheet=sheet.title, last=LAST_ROW)
        if len(cells) > LAST_COLUMN:
            raise Refused(TOO_WIDE, sheet=sheet.title, last="GR")
        values = [_value(cell) for cell in cells]
        if any(value is not None for value in values):
            rows.append((number, values))
            if len(rows) > MOST_ROWS + 1:
                raise Refused(TOO_MANY_ROWS, most=MOST_ROWS)
    return Grid(sheet.title, rows)


def _value(cell: Any) -> Any:
    if cell.value is None:
        return None
    if cell.data_type == "f":
        return Formula(str(getattr(cell.value, "text", cell.value)))
    if isinstance(cell.value, str):
        return cell.value if cell.value.strip() else None
    return cell.value


def _from_csv(filename: str, content: bytes) -> Grid:
    text = _decoded(content)
    if "\0" in text[:4096] or not any(sign in text for sign in ",;\t"):
        raise Refused(NOT_A_WORKBOOK)
    heading = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    rows: list[tuple[int, list[Any]]] = []
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in _numbered(lines):
            if len(cells) > LAST_COLUMN:
                raise Refused(TOO_WIDE, sheet=filename, last="GR")
            values = [_unguarded(cell) if cell.strip() else None for cell in cells]
            if any(value is not None for value in values):
                rows.append((number, values))
                if len(rows) > MOST_ROWS + 1:
                    raise Refused(TOO_MANY_ROWS, most=MOST_ROWS)
    except csv.Error as error:
        raise Refused(BAD_TABLE, line=lines.line_num) from error
    return Grid(filename.rsplit(".", 1)[0], rows, is_csv=True)


def _numbered(lines: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows as a spreadsheet counts them: a text of several lines in one cell is still one row."""
    yield from enumerate(lines, 1)


def _unguarded(cell: str) -> str | Formula:
    """The text behind the apostrophe by which exports keep a cell from being run; a bare `=` is a formula."""
    if cell.startswith("'") and cell[1:2] in GUARDED:
        return cell[1:]
    return Formula(cell) if cell.startswith("=") else cell


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
        if b"\0" in content[:4096]:
            raise Refused(NOT_A_WORKBOOK)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        # A picture or a PDF is no table in a wrong encoding.
        control = sum(byte < 9 or 13 < byte < 32 for byte in content[:4096])
        if control or encoding == "utf-16":
            raise Refused(NOT_A_WORKBOOK) from error
        raise Refused(BAD_LETTERS, line=content.count(b"\n", 0, error.start) + 1) from error
