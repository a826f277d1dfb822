"""The map of cities by cluster, on land from Natural Earth (frontend/look/land.py)."""

import json
from collections.abc import Sequence
from functools import cache, lru_cache
from math import asinh, degrees, radians, tan
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from majlis.web.calendar import enumerated
from majlis.web.pictures.labels import Spot, place
from majlis.web.pictures.shapes import Point
from majlis.web.pictures.svg import frame, number

WIDTH = 640.0
LOWEST, HIGHEST = 260.0, 460.0  # a map neither a strip nor a tower
MARGIN = 46.0  # room for names outside the outermost points
RADIUS = 5.0
LETTERS, PHONE_LETTERS = 12.5, 25.0  # a phone shows the picture at less than half its size
FILE = Path(__file__).parent.parent / "land.json"
Ring = tuple[tuple[float, float], ...]
Window = tuple[float, float, float, float]  # west, south, east, north; degrees, the latter two projected


def city_map(points: Sequence[Point], label: str, groups: Sequence[str] = ()) -> SafeString:
    """Cities on land, coloured by group; every name stands where it fits or is joined by a thread.

    `groups` are the names of the groups 1, 2 …, for the description. Without points there is an empty string.
    """
    if not points:
        return mark_safe("")
    window, height = _window(points)
    spots = [
        Spot(*_on_paper(point.longitude, _mercator(point.latitude), window, height), point.name) for point in points
    ]
    wide = place(spots, width=WIDTH, height=height, size=LETTERS, radius=RADIUS, reach=100)
    narrow = place(spots, width=WIDTH, height=height, size=PHONE_LETTERS, radius=RADIUS * 1.6, reach=0)
    parts = [format_html('<rect class="sea" width="{}" height="{}" rx="10"/>', number(WIDTH), number(height))]
    parts.append(format_html('<path class="land" d="{}"/>', _land(window, height)))
    for found in wide:
        if found.thread:
            ends = [number(value) for value in found.thread]
            parts.append(format_html('<path class="thread wide-only" d="M{} {}L{} {}"/>', *ends))
    for spot, point in zip(spots, points, strict=True):
        parts.append(_dot(spot, point))
    parts += [_name(found.x, found.y, points[found.index].name, LETTERS, "wide-only") for found in wide]
    parts += [_name(found.x, found.y, points[found.index].name, PHONE_LETTERS, "narrow-only") for found in narrow]
    return frame(WIDTH, height, label, _description(points, groups), parts)


def _dot(spot: Spot, point: Point) -> SafeString:
    said = f"{point.name} – {point.note}" if point.note else point.name
    return format_html(
        '<circle class="ring f{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>',
        point.group, number(spot.x), number(spot.y), number(RADIUS), said,
    )  # fmt: skip


def _name(x: float, y: float, words: str, size: float, kind: str) -> SafeString:
    return format_html(
        '<text class="halo {}" x="{}" y="{}" font-size="{}">{}</text>', kind, number(x), number(y), number(size), words
    )


def _description(points: Sequence[Point], groups: Sequence[str]) -> str:
    said = [ngettext("%(count)s city", "%(count)s cities", len(points)) % {"count": len(points)}]
    for position, group in enumerate(groups, 1):
        members = [point.name for point in points if point.group == position]
        if members:
            said.append(f"{group}: {enumerated(members)}")
    return ". ".join(said) + "."


def _mercator(latitude: float) -> float:
    """Degrees of latitude stretched so that shapes stay true."""
    return degrees(asinh(tan(radians(max(-75.0, min(75.0, latitude))))))


def _window(points: Sequence[Point]) -> tuple[Window, float]:
    """The part of the world to show and the height of the picture for it."""
    west, east = min(point.longitude for point in points), max(point.longitude for point in points)
    heights = [_mercator(point.latitude) for point in points]
    south, north = min(heights), max(heights)
    scale = (WIDTH - 2 * MARGIN) / max(east - west, 4.0)
    scale = min(scale, (HIGHEST - 2 * MARGIN) / max(north - south, 2.0))
    height = min(HIGHEST, max(LOWEST, (north - south) * scale + 2 * MARGIN))
    middle, level = (west + east) / 2, (south + north) / 2
    half, rise = WIDTH / scale / 2, height / scale / 2
    # Whole tenths of a degree, so that the land of a dialogue is drawn once for all its pages.
    return (round(middle - half, 1), round(level - rise, 1), round(middle + half, 1), round(level + rise, 1)), round(
        height
    )


def _on_paper(x: float, y: float, window: Window, height: float) -> tuple[float, float]:
    west, south, east, north = window
    return (x - west) / (east - west) * WIDTH, (north - y) / (north - south) * height


@cache
def _world() -> list[Ring]:
    """Rings of land as (longitude, projected latitude)."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    scale, found = stored["scale"], []
    for flat in stored["rings"]:
        x = y = 0
        ring = []
        for dx, dy in zip(flat[::2], flat[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x / scale, _mercator(y / scale)))
        found.append(tuple(ring))
    return found


@lru_cache(maxsize=64)
def _land(window: Window, height: float) -> SafeString:
    """The land inside the window as one path in the picture's units; points closer than 1.5 units are left out."""
    path = []
    beyond = 4 / WIDTH * (window[2] - window[0])  # the cut edge and its line lie outside the picture
    for ring in _world():
        inside = _clipped(ring, (window[0] - beyond, window[1] - beyond, window[2] + beyond, window[3] + beyond))
        drawn: list[tuple[float, float]] = []
        for x, y in inside:
            here = _on_paper(x, y, window, height)
            if not drawn or abs(here[0] - drawn[-1][0]) + abs(here[1] - drawn[-1][1]) > 2:
                drawn.append(here)
        if len(drawn) > 2:
            path.append("M" + "L".join(f"{round(x)} {round(y)}" for x, y in drawn) + "Z")
    return mark_safe("".join(path))


def _clipped(ring: Ring, window: Window) -> list[tuple[float, float]]:
    """The part of a ring inside the window (Sutherland and Hodgman, one edge after the other)."""
    points = list(ring)
    for axis, bound, sign in ((0, window[0], 1), (0, window[2], -1), (1, window[1], 1), (1, window[3], -1)):
        kept: list[tuple[float, float]] = []
        for before, here in zip(points[-1:] + points[:-1], points, strict=True):
            was_in, is_in = (before[axis] - bound) * sign >= 0, (here[axis] - bound) * sign >= 0
            if was_in != is_in:
                part = (bound - before[axis]) / (here[axis] - before[axis])
                kept.append((before[0] + part * (here[0] - before[0]), before[1] + part * (here[1] - before[1])))
            if is_in:
                kept.append(here)
        points = kept
    return points
