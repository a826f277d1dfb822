"""From a file's grids to rows of values by column, with a problem for every cell that cannot be taken over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop as _
from openpyxl.utils import get_column_letter

from majlis.language.typed import cleaned
from majlis.network.workbook import cells
from majlis.network.workbook.columns import Column, Sheet, sheet_of, sheets
from majlis.network.workbook.opening import Formula, Grid
from majlis.web.sentences import Sentence

Row = dict[str, Any]
# More than these would be read by nobody; the count of all is told.
MOST_PROBLEMS = 1000

MISSING_COLUMN = _("The column “%(column)s” is missing. Add it with this heading, in any of the four languages.")
UNKNOWN_COLUMN = _("The heading “%(heading)s” is not known; this column is left out.")
TWICE = _("The heading “%(heading)s” says the same as the one in column %(other)s. Remove one of the two columns.")
EMPTY_CELL = _("“%(column)s” is empty here. Fill the cell.")
NO_HEADINGS = _("This sheet has no headings. Write the headings into its first row.")
MISSING_SHEET = _("The workbook has no sheet “%(sheet)s”. Add it, or rename the sheet that holds it.")
NOTHING_CHANGES = _("The workbook has no sheet “%(sheet)s”; nothing changes there.")
UNKNOWN_SHEET = _("The sheet “%(sheet)s” is not known and is left out. Known are: %(known)s.")
NO_KNOWN_SHEET = _("None of the sheets is known. A workbook holds the sheets %(known)s.")
NO_KNOWN_TABLE = _("The headings fit none of the tables %(known)s. Download the present workbook to see the headings.")
MISNAMED = _("The sheet “%(sheet)s” has the headings of “%(meant)s”. Rename it so, or remove it.")
SAME_SHEET = _("Two sheets are both read as “%(sheet)s”. Remove or rename one of them.")


@dataclass(frozen=True)
class Problem:
    """What is wrong where: `row` 0 stands for the whole sheet, `column` is a letter or nothing.

    An error keeps the workbook from being brought in; a notice only tells.
    """

    sheet: str
    row: int
    column: str
    heading: Mapping[str, str] | str
    sentence: Sentence
    is_error: bool = True

    def as_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet, "row": self.row, "column": self.column, "heading": self.heading,
            "level": "error" if self.is_error else "notice", "sentence": self.sentence.as_json(),
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Problem:
        return cls(
            stored["sheet"], stored["row"], stored["column"], stored["heading"], Sentence.from_json(stored["sentence"]),
            stored["level"] == "error",
        )  # fmt: skip

    @property
    def where(self) -> Sentence:
        """The place in words, e.g. Sheet “Cities”, row 5, column I (Time zone)."""
        place = {"sheet": self.sheet, "row": self.row, "column": self.column, "heading": self.heading}
        if self.column and self.row:
            return Sentence(_("Sheet “%(sheet)s”, row %(row)s, column %(column)s (%(heading)s)"), place)
        if self.row:
            return Sentence(_("Sheet “%(sheet)s”, row %(row)s"), place)
        return Sentence(_("Sheet “%(sheet)s”"), place) if self.sheet else Sentence(_("The whole workbook"))


@dataclass
class Table:
    """One sheet as read: its title in the file, where each column stands (key → letter), its rows with `_row`."""

    sheet: Sheet
    title: str
    columns: dict[str, str]
    rows: list[Row] = field(default_factory=list)

    def problem(self, row: Row | int, key: str, sentence: Sentence, *, is_error: bool = True) -> Problem:
        number = row if isinstance(row, int) else row["_row"]
        heading = dict(self.sheet.column(key).title) if key else ""
        return Problem(self.title, number, self.columns.get(key, ""), heading, sentence, is_error)


@dataclass
class Reading:
    """All tables of one file by sheet key, and what was wrong with them so far."""

    tables: dict[str, Table] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        rows: dict[str, Any] = {key: table.rows for key, table in self.tables.items()}
        rows["_layout"] = {key: {"title": t.title, "columns": t.columns} for key, t in self.tables.items()}
        return rows

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Reading:
        layout = stored["_layout"]
        return cls(
            {each.key: Table(each, layout[each.key]["title"], layout[each.key]["columns"], stored[each.key])
             for each in sheets() if each.key in layout}
        )  # fmt: skip


def read(grids: list[Grid]) -> Reading:
    """Read every known sheet. Problems name sheet, row and column as they stand in the file."""
    reading = Reading()
    for grid in grids:
        sheet = _sheet_of(grid)
        if sheet is None:
            _unknown(reading, grid)
        elif sheet.key in reading.tables:
            reading.problems.append(_about(grid.title, Sentence(SAME_SHEET, {"sheet": dict(sheet.title)})))
        else:
            _read_sheet(reading, grid, sheet)
    _missing_sheets(reading, is_csv=any(grid.is_csv for grid in grids))
    return reading


def _about(title: str, sentence: Sentence, *, is_error: bool = True) -> Problem:
    return Problem(title, 0, "", "", sentence, is_error)


def _known() -> list[dict[str, str]]:
    return [dict(sheet.title) for sheet in sheets()]


def _sheet_of(grid: Grid) -> Sheet | None:
    named = sheet_of(grid.title)
    if named or not grid.is_csv or not grid.rows:
        return named
    # A CSV file may be called anything: its headings say which sheet it is.
    headings = [str(cell) for cell in grid.rows[0][1] if cell is not None]
    fitting = {sheet.key: len({c.key for h in headings if (c := sheet.column_of(h))}) for sheet in sheets()}
    best = max(sheets(), key=lambda sheet: fitting[sheet.key])
    return best if fitting[best.key] >= 2 else None


def _unknown(reading: Reading, grid: Grid) -> None:
    if grid.is_csv:
        reading.problems.append(_about(grid.title, Sentence(NO_KNOWN_TABLE, {"known": _known()})))
    elif meant := _fitting(grid):
        reading.problems.append(
            _about(grid.title, Sentence(MISNAMED, {"sheet": grid.title, "meant": dict(meant.title)}))
        )
    elif grid.rows:
        words = Sentence(UNKNOWN_SHEET, {"sheet": grid.title, "known": _known()})
        reading.problems.append(_about(grid.title, words, is_error=False))


def _fitting(grid: Grid) -> Sheet | None:
    """The sheet whose needed columns all stand in this grid's headings."""
    if not grid.rows:
        return None
    headings = [str(cell) for cell in grid.rows[0][1] if cell is not None]
    for sheet in sheets():
        found = {column.key for heading in headings if (column := sheet.column_of(heading))}
        if len(found) > 1 and {column.key for column in sheet.required} <= found:
            return sheet
    return None


def _missing_sheets(reading: Reading, *, is_csv: bool) -> None:
    if is_csv:
        return
    misnamed = [
        problem.sentence.params["meant"] for problem in reading.problems if problem.sentence.message == MISNAMED
    ]
    if not reading.tables and not misnamed:
        reading.problems.append(_about("", Sentence(NO_KNOWN_SHEET, {"known": _known()})))
        return
    for sheet in sheets():
        if sheet.key in reading.tables or dict(sheet.title) in misnamed:
            continue
        is_error = sheet.key == "cities"
        message = MISSING_SHEET if is_error else NOTHING_CHANGES
        # The title of a sheet that is not there is told in the sentence, in the reader's language.
        reading.problems.append(_about("", Sentence(message, {"sheet": dict(sheet.title)}), is_error=is_error))


def _read_sheet(reading: Reading, grid: Grid, sheet: Sheet) -> None:
    table = Table(sheet, grid.title, {})
    reading.tables[sheet.key] = table
    if not grid.rows:
        reading.problems.append(_about(grid.title, Sentence(NO_HEADINGS)))
        return
    heading_row, headings = grid.rows[0]
    places = _headings(reading, table, heading_row, headings)
    missing = [column for column in sheet.required if column.key not in table.columns]
    for column in missing:
        words = Sentence(MISSING_COLUMN, {"column": dict(column.title)})
        reading.problems.append(Problem(grid.title, heading_row, "", "", words))
    if missing:
        return
    for number, values in grid.rows[1:]:
        row = _read_row(reading, table, number, [(c, values[i] if i < len(values) else None) for i, c in places])
        table.rows.append(row)


def _headings(reading: Reading, table: Table, row: int, headings: list[Any]) -> list[tuple[int, Column]]:
    """[(index, column)] of the known headings."""
    places: list[tuple[int, Column]] = []
    for index, heading in enumerate(headings):
        letter = get_column_letter(index + 1)
        if heading is None:
            continue
        typed = cleaned(heading.text if isinstance(heading, Formula) else heading)[:80]
        column = table.sheet.column_of(typed)
        if column is None:
            words = Sentence(UNKNOWN_COLUMN, {"heading": typed})
            reading.problems.append(Problem(table.title, row, letter, typed, words, False))
        elif column.key in table.columns:
            words = Sentence(TWICE, {"heading": typed, "other": table.columns[column.key]})
            reading.problems.append(Problem(table.title, row, letter, typed, words))
        else:
            table.columns[column.key] = letter
            places.append((index, column))
    return places


def _read_row(reading: Reading, table: Table, number: int, values: list[tuple[Column, Any]]) -> Row:
    """The row's filled and readable cells; `_broken` names those that could not be read."""
    row: Row = {"_row": number}
    broken: list[str] = []
    for column, value in values:
        try:
            if isinstance(value, Formula):
                raise cells.NotReadable(cells.FORMULA)
            if value is not None and cleaned(value):
                row[column.key] = cells.parsed(column, value)
            elif column.required:
                raise cells.NotReadable(EMPTY_CELL, column=dict(column.title))
        except cells.NotReadable as wrong:
            broken.append(column.key)
            reading.problems.append(table.problem(number, column.key, wrong.sentence))
    if broken:
        row["_broken"] = broken
    return row
