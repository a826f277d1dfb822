"""Names beside points: none clipped, none over another or over a point; far ones are joined by a thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin

from majlis.web.pictures.svg import text_width

# Where a name is tried, from its point outwards: beside it first, then farther off on a thread.
DISTANCES = (0.0, 10.0, 20.0, 32.0, 46.0, 62.0, 80.0, 100.0)
# Right and left read best, then above and below, then the slanting ones (in sixteenths of a turn from the right).
DIRECTIONS = (0, 8, 12, 4, 15, 1, 7, 9, 13, 3, 11, 5, 14, 2, 10, 6)


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def is_crossed(self, x1: float, y1: float, x2: float, y2: float) -> bool:
        """Whether a straight thread passes through (looked at in twelve places, close enough for short threads)."""
        steps = [step / 11 for step in range(12)]
        return any(
            self.left < x1 + (x2 - x1) * t < self.right and self.top < y1 + (y2 - y1) * t < self.bottom for t in steps
        )


@dataclass(frozen=True)
class Label:
    """A name with the left end of its base line, its box, and the thread to its point if it stands far off."""

    index: int
    x: float
    y: float
    box: Box
    thread: tuple[float, float, float, float] | None


@dataclass(frozen=True)
class Spot:
    x: float
    y: float
    words: str


def place(
    spots: Sequence[Spot], *, width: float, height: float, size: float, radius: float, reach: float
) -> list[Label]:
    """Labels for as many spots as have room, the most crowded first. `size` is the height of the letters, `radius` that
    of the points, `reach` how far a name may stand off; all in the picture's units. The same input gives the same places."""
    around = radius + 1.5
    points = [Box(spot.x - around, spot.y - around, spot.x + around, spot.y + around) for spot in spots]
    placed: list[Label] = []
    for index in sorted(range(len(spots)), key=lambda index: (-_crowd(spots, index, size), index)):
        found = _first_free(index, spots, points, placed, width, height, size, radius, reach)
        if found:
            placed.append(found)
    return placed


def _crowd(spots: Sequence[Spot], index: int, size: float) -> int:
    here = spots[index]
    return sum(hypot(spot.x - here.x, spot.y - here.y) < size * 5 for spot in spots)


def _first_free(
    index: int, spots: Sequence[Spot], points: Sequence[Box], placed: Sequence[Label],
    width: float, height: float, size: float, radius: float, reach: float,
) -> Label | None:  # fmt: skip
    spot = spots[index]
    long, high = text_width(spot.words, size), size * 1.15
    for distance in DISTANCES:
        if distance > reach:
            break
        for direction in DIRECTIONS:
            angle = direction * pi / 8
            dx, dy = cos(angle), sin(angle)
            x, y = spot.x + dx * (radius + 3 + distance), spot.y + dy * (radius + 3 + distance)
            left = x if dx > 0.3 else x - long if dx < -0.3 else x - long / 2
            top = y - high / 2 + (high / 2 * dy if abs(dx) <= 0.3 else high / 4 * dy)
            box = Box(left - 1.5, top, left + long + 1.5, top + high)
            thread = (spot.x + dx * radius, spot.y + dy * radius, x, y) if distance else None
            if _is_free(box, thread, index, points, placed, width, height):
                return Label(index, left, top + high * 0.78, box, thread)
    return None


def _is_free(
    box: Box, thread: tuple[float, float, float, float] | None, index: int,
    points: Sequence[Box], placed: Sequence[Label], width: float, height: float,
) -> bool:  # fmt: skip
    if box.left < 2 or box.top < 2 or box.right > width - 2 or box.bottom > height - 2:
        return False
    if any(box.meets(point) for point in points) or any(box.meets(other.box) for other in placed):
        return False
    if any(other.thread and box.is_crossed(*other.thread) for other in placed):
        return False
    if thread is None:
        return True
    # A point that lies under the own one cannot be avoided.
    own = points[index]
    others = (point for number, point in enumerate(points) if number != index and not point.meets(own))
    return not any(other.box.is_crossed(*thread) for other in placed) and not any(
        point.is_crossed(*thread) for point in others
    )
