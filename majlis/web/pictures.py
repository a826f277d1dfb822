"""Pictures drawn on the server as SVG: a map of cities, a run of show, who met whom, gaps as bars.

Pure functions: plain data in, one safe string out. Colours come from the style sheet by class, so a picture follows the
dark mode and prints; every picture has a title and a description, and the page puts its table beside it
({% include "web/picture.html" %}).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Point:
    """A city on the map. `group` 1…8 is its cluster's colour, 0 none."""

    name: str
    latitude: float
    longitude: float
    group: int = 0
    note: str = ""  # shown on hover and read aloud after the name


@dataclass(frozen=True)
class Block:
    """A part of a run of show. `group` 1…8 is the colour of its kind."""

    name: str
    starts_at: datetime
    minutes: int
    group: int = 1
    is_round: bool = False  # people sit in groups
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


def city_map(points: Sequence[Point], label: str, groups: Sequence[str] = ()) -> SafeString:
    """Cities on land, coloured by group; every name stands where it fits or is joined by a thread."""
    raise NotImplementedError


def timeline(blocks: Sequence[Block], label: str, zone: str = "") -> SafeString:
    """The run of show as one line per block over a clock, in `zone` or the reader's."""
    raise NotImplementedError


def matrix(columns: Sequence[str], rows: Sequence[Row], label: str) -> SafeString:
    """Values as shades with their number: who met whom, needs by topic. Shades are relative to the largest value."""
    raise NotImplementedError


def bars(items: Sequence[Bar], label: str) -> SafeString:
    """Horizontal bars from the reading side: what is available, and what is missing."""
    raise NotImplementedError
