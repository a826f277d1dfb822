"""The data that pictures are drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Point:
    """A city on the map. `group` 1…8 is its cluster's colour, 0 none."""

    name: str
    latitude: float
    longitude: float
    group: int = 0
    note: str = ""  # shown on hover after the name


@dataclass(frozen=True)
class Dot:
    """Something on a plane where only distances count; x and y in one unit. `group` 1…8 is its colour, 0 none."""

    name: str
    x: float
    y: float
    group: int = 0
    note: str = ""  # shown on hover after the name


@dataclass(frozen=True)
class Block:
    """A part of a run of show. `group` 1…8 is the colour of its kind, 0 a quiet one."""

    name: str
    starts_at: datetime
    minutes: int
    group: int = 1
    is_round: bool = False  # people sit in groups: drawn with seats
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a matrix: one value per column, None where a cell makes no sense (a person with themselves)."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Bar:
    """One bar: what is there of what is needed; the rest is the gap. `said` is the figure in words, with its unit."""

    name: str
    needed: float
    available: float = 0
    said: str = ""


@dataclass(frozen=True)
class Table:
    """The same facts as a table: a heading per column, and rows whose first cell heads the row."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    numbers: Sequence[int] = ()  # columns that hold figures, from 0
