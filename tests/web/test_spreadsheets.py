"""Lists for spreadsheet programs: nothing runs, the same content gives the same bytes."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from majlis.web.spreadsheets import csv_bytes, xlsx


def test_texts_that_would_run() -> None:
    begins = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "'quoted", "plain", -1.5, 3, None]
    rows = list(
        csv.reader(io.StringIO(csv_bytes(["=h"], [[value] for value in begins]).decode("utf-8-sig"), newline=""))
    )
    assert [row[0] for row in rows] == [
        "'=h",
        "'=1+1",
        "'+1",
        "'-1",
        "'@SUM(1)",
        "'\t=1",
        "'\r=1",
        "''quoted",
        "plain",
        "-1.5",
        "3",
        "",
    ]
    book = load_workbook(io.BytesIO(xlsx([("a/b", ["=h"], [[value] for value in begins])])))
    kinds = [cell.data_type for cell in book.worksheets[0]["A"]]
    assert kinds == ["s"] * 9 + ["n", "n"]
    assert (book.sheetnames, book.worksheets[0]["A2"].value) == (["a b"], "=1+1")


def test_same_content_same_bytes() -> None:
    assert xlsx([("t", ["h"], [["x"]])]) == xlsx([("t", ["h"], [["x"]])])


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_any_text_can_be_written(texts: list[str]) -> None:
    load_workbook(io.BytesIO(xlsx([("t", ["h"], [texts])]))).close()
