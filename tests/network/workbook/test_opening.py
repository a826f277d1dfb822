"""What an upload may be: told in words, within two seconds and a hundred megabytes, whatever it is."""

from __future__ import annotations

import io
import resource
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.network.workbook import opening
from majlis.network.workbook.opening import Formula, opened
from majlis.web.refused import Refused
from tests.network.sheets import partners

SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def refused(content: bytes, filename: str = "partners.xlsx") -> str:
    with pytest.raises(Refused) as told:
        opened(filename, content)
    return told.value.sentence.message


def rebuilt(parts: dict[str, bytes]) -> bytes:
    """A good workbook with some of its parts replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(partners())) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bad,
    ):
        for name in good.namelist():
            bad.writestr(name, parts.get(name, good.read(name)))
        for name in parts.keys() - set(good.namelist()):
            bad.writestr(name, parts[name])
    return out.getvalue()


@pytest.fixture
def within_limits() -> Iterator[None]:
    """Abuse case 16: 2 seconds, 100 MB. The memory limit is on what the process had at its peak before."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    yield
    assert time.process_time() - begun < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KB


def test_good_workbook() -> None:
    cities, statements, people = opened("partners.xlsx", partners())
    assert (cities.title, cities.rows[1][0], cities.rows[1][1][2]) == ("Cities", 2, "Gabès")
    assert (len(statements.rows), len(people.rows)) == (2, 2)


OLE = opening.OLE + bytes(600)
NOT_WORKBOOKS = {
    "empty": (b"", opening.EMPTY),
    "blank": (b" \r\n ", opening.EMPTY),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, opening.NOT_A_WORKBOOK),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj << /Type, /Catalog >>\x00", opening.NOT_A_WORKBOOK),
    "prose": (b"Dear colleagues please find below", opening.NOT_A_WORKBOOK),
    "old .xls": (OLE, opening.OLD),
    "with a password": (OLE + "EncryptedPackage".encode("utf-16-le"), opening.LOCKED),
    "torn zip": (partners()[:2000], opening.DAMAGED),
    "only PK": (b"PK\x03\x04", opening.DAMAGED),
    "too large": (b"PK" + bytes(opening.MOST_BYTES), opening.TOO_LARGE),
}


@pytest.mark.parametrize("case", NOT_WORKBOOKS)
def test_not_a_workbook(case: str, within_limits: None) -> None:
    content, message = NOT_WORKBOOKS[case]
    assert refused(content) == message


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def test_other_zips(within_limits: None) -> None:
    assert refused(archive({"word/document.xml": b"<w/>"})) == opening.NOT_A_WORKBOOK
    assert refused(archive({"content.xml": b"<office/>"})) == opening.OTHER_FORMAT
    assert refused(archive({"xl/workbook.bin": b""})) == opening.OTHER_FORMAT
    assert refused(archive({"xl/workbook.xml": b"no xml"})) == opening.DAMAGED


BOMBS = {
    "vast part": (SHEET, HEAD + b"<sheetData>" + b" " * (opening.MOST_UNPACKED + 1), opening.VAST),
    "vast styles": ("xl/styles.xml", HEAD + b" " * (opening.MOST_IN_A_PART + 1), opening.VAST),
    "a million cells": (
        SHEET,
        HEAD + b"<sheetData><row>" + b"<c><v>1</v></c>" * 1_000_000 + b"</row></sheetData></worksheet>",
        opening.TOO_MANY_CELLS,
    ),
    "a million rows": (SHEET, HEAD + b"<sheetData>" + b"<row/>" * 1_000_000 + b"</sheetData></worksheet>", opening.TOO_MANY_ROWS),
    "a million merged cells": (
        SHEET,
        HEAD + b"<sheetData/><mergeCells>" + b'<mergeCell ref="A1:B2"/>' * 1_000_000 + b"</mergeCells></worksheet>",
        opening.TOO_MANY_CELLS,
    ),
    "a cell far below": (
        SHEET,
        HEAD + b'<sheetData><row r="999999999999"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>',
        opening.TOO_LONG,
    ),
    "a cell far beside": (
        SHEET,
        HEAD + b'<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>',
        opening.TOO_WIDE,
    ),
    "a lie about its size": (
        SHEET,
        HEAD + b'<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="GZ1"><v>1</v></c></row></sheetData></worksheet>',
        opening.TOO_WIDE,
    ),
    "entities": (
        SHEET,
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet>&a;</worksheet>',
        opening.DAMAGED,
    ),
    "another encoding": (SHEET, '<?xml version="1.0" encoding="utf-16"?><worksheet/>'.encode("utf-16"), opening.DAMAGED),
    "no xml": (SHEET, HEAD + b"<sheetData><row><c></row>", opening.DAMAGED),
    "an unknown text": (
        SHEET,
        HEAD + b'<sheetData><row r="1"><c r="A1" t="s"><v>99999</v></c></row></sheetData></worksheet>',
        opening.DAMAGED,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def bombs() -> dict[str, tuple[bytes, str]]:
    return {case: (rebuilt({name: content}), message) for case, (name, content, message) in BOMBS.items()}


@pytest.mark.parametrize("case", BOMBS)
def test_bomb(case: str, bombs: dict[str, tuple[bytes, str]], within_limits: None) -> None:
    content, message = bombs[case]
    assert refused(content) == message


def test_many_parts(within_limits: None) -> None:
    assert refused(rebuilt({f"xl/media/{n}.png": b"" for n in range(600)})) == opening.VAST


def test_twenty_thousand_rows_are_read_and_one_more_is_refused() -> None:
    head = "City;Kind\n"
    [grid] = opened("a.csv", (head + "x;need\n" * opening.MOST_ROWS).encode())
    assert len(grid.rows) == opening.MOST_ROWS + 1
    assert refused((head + "x;need\n" * (opening.MOST_ROWS + 1)).encode(), "a.csv") == opening.TOO_MANY_ROWS


def test_csv_in_another_encoding_names_the_line() -> None:
    with pytest.raises(Refused) as told:
        opened("a.csv", "Country;Name\nTN;Sfax\nTN;Gabès\n".encode("latin-1"))
    assert (told.value.sentence.message, told.value.sentence.params) == (opening.BAD_LETTERS, {"line": 3})


def test_csv_as_excel_writes_it() -> None:
    for content in ("Country;Name\r\nTN;Gabès\r\n".encode("utf-8-sig"), "Country\tName\nTN\tGabès".encode("utf-16")):
        [grid] = opened("Cities.csv", content)
        assert grid.rows == [(1, ["Country", "Name"]), (2, ["TN", "Gabès"])]


def test_csv_formula_and_guarded_text() -> None:
    [grid] = opened("a.csv", b"Name;Country\n=1+1;TN\n'=no formula;TN\n''quoted;TN\n-9.6;TN\n")
    assert [row[0] for _number, row in grid.rows[1:]] == [Formula("=1+1"), "=no formula", "'quoted", "-9.6"]


def test_torn_csv_names_the_line() -> None:
    with pytest.raises(Refused) as told:
        opened("a.csv", b'Name;Country\n"Gab\xc3\xa8s"x;TN\n')
    assert (told.value.sentence.message, told.value.sentence.params) == (opening.BAD_TABLE, {"line": 2})


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(Refused):
        opened("file", content)


@given(st.integers(0, len(partners()) - 1), st.binary(min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_damage_is_read_or_refused(place: int, bytes_there: bytes) -> None:
    whole = bytearray(partners())
    whole[place : place + len(bytes_there)] = bytes_there
    with suppress(Refused):
        opened("partners.xlsx", bytes(whole))
