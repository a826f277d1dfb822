"""The run of show as a timeline, a matrix of shades, and bars with their gap.

They are drawn for a phone first: 340 units wide, letters of 14 units. In Arabic they run from right to left.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext, ngettext

from majlis.web import calendar
from majlis.web.pictures.shapes import Bar, Block, Row
from majlis.web.pictures.svg import frame, lines_of, number, shortened, text_width

WIDTH = 340.0
LETTERS = 14.0


def timeline(blocks: Sequence[Block], label: str, zone: str = "") -> SafeString:
    """The run of show from top to bottom, each block as high as it is long, its clock beside it, in `zone` or the reader's."""
    if not blocks:
        return mark_safe("")
    parts, said, y, clock_room = [], [], 8.0, 52.0
    for block in blocks:
        name = lines_of(block.name, LETTERS, WIDTH - clock_room - 76, 2)
        high = max(block.minutes * 1.6, 14.0 + 16 * len(name))
        begin = calendar.in_zone(block.starts_at, zone)
        end = calendar.in_zone(block.starts_at + timedelta(minutes=block.minutes), zone)
        minutes = ngettext("%(count)s min", "%(count)s min", block.minutes) % {"count": block.minutes}
        said.append(f"{calendar.clock(begin)}–{calendar.clock(end)} {block.name}")
        parts.append(_text(calendar.clock(begin), 0, y + 13, "start", "faint"))
        parts.append(_rect(clock_room, y, 6, high - 3, f"f{block.group}"))
        parts.append(_rect(clock_room + 10, y, WIDTH - clock_room - 10, high - 3, "track"))
        for position, line in enumerate(name):
            parts.append(_text(line, clock_room + 20, y + 16 + position * 16, "start"))
        parts.append(_text(minutes, WIDTH - 8, y + 16, "end", "faint"))
        if block.is_round and high > 34:
            parts += [_seat(WIDTH - 14 - seat * 11, y + high - 14, block.group) for seat in range(4)]
        y += high
    last = blocks[-1]
    over = calendar.in_zone(last.starts_at + timedelta(minutes=last.minutes), zone)
    parts.append(_text(calendar.clock(over), 0, y + 12, "start", "faint"))
    return frame(WIDTH, y + 20, label, "; ".join(said), parts)


def matrix(columns: Sequence[str], rows: Sequence[Row], label: str) -> SafeString:
    """Values as shades with their number: who met whom, needs by topic. Shades are relative to the largest value.

    Short column names stand above; with more than eight columns their numbers do, as before the row names.
    """
    if not rows:
        return mark_safe("")
    most = max((value for row in rows for value in row.values if value), default=0)
    cell = 40.0 if len(columns) <= 8 else 18.0
    is_many = len(columns) > 8
    names = [f"{position}  {row.name}" if is_many else row.name for position, row in enumerate(rows, 1)]
    room = min(190.0, max(text_width(name, LETTERS) for name in names) + 10)
    width, head = room + cell * len(columns), 22.0
    parts = []
    for position, column in enumerate(columns):
        words = str(position + 1) if is_many else shortened(column, 11, cell - 2)
        parts.append(_text(words, room + cell * (position + 0.5), 15, "middle", "faint", width, 10 if is_many else 11))
    for line, row in enumerate(rows):
        top = head + line * cell
        parts.append(_text(shortened(names[line], LETTERS, room - 6), 0, top + cell / 2 + 4.5, "start", "", width))
        for position, value in enumerate(row.values):
            parts += _cell(value, most, room + position * cell, top, cell, width)
    return frame(width, head + cell * len(rows) + 2, label, _of_matrix(rows, columns, most), parts)


def bars(items: Sequence[Bar], label: str) -> SafeString:
    """Horizontal bars from the reading side: what is available, and what is missing."""
    if not items:
        return mark_safe("")
    most = max(max(item.needed, item.available) for item in items) or 1
    parts, said, y = [], [], 0.0
    for item in items:
        have, need = min(item.available, item.needed) / most * WIDTH, item.needed / most * WIDTH
        figure = shortened(item.said, LETTERS, WIDTH * 0.55)
        name = shortened(item.name, LETTERS, WIDTH - text_width(figure, LETTERS) - 10)
        parts.append(_text(name, 0, y + 14, "start"))
        parts.append(_text(figure, WIDTH, y + 14, "end", "faint"))
        parts.append(_rect(0, y + 20, WIDTH, 12, "track"))
        if need > have:
            parts.append(_rect(0, y + 20, max(need, 2), 12, "gap-bar"))
        if have:
            parts.append(_rect(0, y + 20, max(have, 2), 12, "have-bar"))
        said.append(f"{item.name}: {item.said}" if item.said else item.name)
        y += 44
    return frame(WIDTH, y, label, "; ".join(said), parts)


def _of_matrix(rows: Sequence[Row], columns: Sequence[str], most: float) -> str:
    size = gettext("%(rows)s rows, %(columns)s columns") % {"rows": len(rows), "columns": len(columns)}
    return f"{size}; " + gettext("largest value %(value)s") % {"value": calendar.number(most)}


def _cell(value: float | None, most: float, x: float, y: float, cell: float, width: float) -> list[SafeString]:
    if value is None:
        return []
    shade = 0 if not value or not most else min(4, max(1, round(value / most * 4)))
    drawn = [_rect(x + 1, y + 1, cell - 2, cell - 2, f"s{shade}", width)]
    if value and cell > 30:
        kind = "on-c" if shade >= 3 else ""
        drawn.append(_text(calendar.number(value), x + cell / 2, y + cell / 2 + 4.5, "middle", kind, width))
    return drawn


def _seat(x: float, y: float, group: int) -> SafeString:
    at = WIDTH - x if get_language_bidi() else x
    return format_html('<circle class="f{}" cx="{}" cy="{}" r="4"/>', group, number(at), number(y))


def _rect(x: float, y: float, width: float, height: float, kind: str, all_of: float = WIDTH) -> SafeString:
    left = all_of - x - width if get_language_bidi() else x
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="3"/>',
        kind, number(left), number(y), number(width), number(height),
    )  # fmt: skip


def _text(
    words: str, x: float, y: float, anchor: str, kind: str = "", all_of: float = WIDTH, size: float = LETTERS
) -> SafeString:
    """Words at a place counted from the reading side."""
    if get_language_bidi():
        x, anchor = all_of - x, {"start": "end", "end": "start"}.get(anchor, anchor)
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}" font-size="{}">{}</text>',
        kind, number(x), number(y), anchor, number(size), words,
    )  # fmt: skip
