"""Takes the land of the world out of the npm package world-atlas (Natural Earth, public domain; ISC licence) into majlis/web/land.json.

    npm pack world-atlas && tar xf world-atlas-*.tgz
    python frontend/look/land.py package/land-50m.json

Coast lines are simplified to a tenth of a degree and small islands dropped: enough for a map the width of a page.
Borders are left out on purpose: the map shows where cities lie, not where states end.
"""

import json
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "majlis" / "web" / "land.json"
SCALE = 20  # stored whole numbers per degree
TOLERANCE = 0.09  # degrees
SMALLEST = 0.12  # square degrees
Point = tuple[float, float]


def lines(topology: dict) -> list[list[Point]]:
    """The arcs of a TopoJSON in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        decoded.append(points)
    return decoded


def rings(topology: dict) -> list[list[Point]]:
    """Outer and inner rings of the land."""
    arcs = lines(topology)
    found = []
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            for ring in polygon:
                points: list[Point] = []
                for index in ring:
                    arc = arcs[index] if index >= 0 else arcs[~index][::-1]
                    points += arc[1:] if points else arc
                found.append(points)
    return found


def simplified(points: list[Point]) -> list[Point]:
    """Douglas and Peucker's line simplification, without recursion."""
    keep = [False] * len(points)
    keep[0] = keep[-1] = True
    open_parts = [(0, len(points) - 1)]
    while open_parts:
        first, last = open_parts.pop()
        (ax, ay), (bx, by) = points[first], points[last]
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
        farthest, far = 0.0, None
        for index in range(first + 1, last):
            px, py = points[index]
            off = (
                abs((bx - ax) * (ay - py) - (ax - px) * (by - ay)) / length
                if length
                else ((px - ax) ** 2 + (py - ay) ** 2) ** 0.5
            )
            if off > farthest:
                farthest, far = off, index
        if far is not None and farthest > TOLERANCE:
            keep[far] = True
            open_parts += [(first, far), (far, last)]
    return [point for point, is_kept in zip(points, keep, strict=True) if is_kept]


def area(points: list[Point]) -> float:
    """Square degrees (shoelace formula)."""
    around = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in around)) / 2


def main() -> None:
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    stored = []
    for ring in rings(topology):
        small = simplified(ring)
        if area(small) < SMALLEST or len(small) < 4 or max(y for _x, y in small) < -60:
            continue
        flat, before = [], (0, 0)
        for x, y in small[:-1]:
            here = (round(x * SCALE), round(y * SCALE))
            flat += [here[0] - before[0], here[1] - before[1]]
            before = here
        stored.append(flat)
    words = {"source": "Natural Earth by world-atlas", "scale": SCALE, "rings": stored}
    TARGET.write_text(json.dumps(words, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
