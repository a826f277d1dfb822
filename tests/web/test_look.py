"""The look held by arithmetic: every pair of text and ground has a contrast of 4.5 : 1, light and dark."""

import re
from itertools import product
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "majlis" / "static" / "web"
SHEET = (STATIC / "majlis.css").read_text(encoding="utf-8")
# Which colours letters take, and on which grounds they stand, as the sheet uses them.
GROUNDS = ["sand", "sand-deep", "paper", "petrol-soft", "saffron-soft", "brick-soft", "leaf-soft"]
PAIRS = [
    *product(["ink"], GROUNDS),
    *product(["soft"], ["sand", "sand-deep", "paper", "petrol-soft"]),
    *product(["petrol", "petrol-deep"], ["sand", "paper", "petrol-soft"]),
    *product(["brick"], ["sand", "paper", "brick-soft"]),
    *product(["leaf"], ["sand", "paper", "leaf-soft"]),
    ("on-petrol", "petrol"), ("on-petrol", "petrol-deep"), ("paper", "brick"), ("saffron-ink", "saffron-soft"),
    *((f"c{number}", ground) for number, ground in product(range(1, 9), ["paper", "sand"])),
    *(("on-c", f"c{number}") for number in range(1, 9)),
    ("ink", "land"), ("ink", "sea"),
]  # fmt: skip
# Edges of controls and the ring of focus need 3 : 1.
EDGES = [("edge", "paper"), ("edge", "sand")]


def tokens(dark: bool) -> dict[str, str]:
    """{name: #rrggbb} of the style sheet."""
    blocks = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)[:2]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[0]))
    return found | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[1])) if dark else {})


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's ratio, from 1 to 21."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_every_pair_can_be_read(dark: bool) -> None:
    colours = tokens(dark)
    weak = {
        f"{text} on {ground}": round(ratio, 2)
        for text, ground in PAIRS
        if (ratio := contrast(colours[text], colours[ground])) < 4.5
    }
    weak |= {
        f"{edge} on {ground}": round(ratio, 2)
        for edge, ground in EDGES
        if (ratio := contrast(colours[edge], colours[ground])) < 3
    }
    assert weak == {}


def test_only_our_own_files_are_named() -> None:
    named = re.findall(r'url\("([^"]+)"\)', SHEET)
    assert [name for name in named if not (STATIC / name).is_file()] == []
    assert "@import" not in SHEET


def test_files_of_every_page_are_light() -> None:
    """W5: a page is given 60 kB with everything; these are its fixed part, in Arabic with both Arabic weights."""
    weights = {
        name: (STATIC / name).stat().st_size
        for name in ("majlis.css", "zone.js", "fonts/plex.woff2", "fonts/words.woff2")
    }
    arabic = sum((STATIC / f"fonts/plex-arabic-{weight}.woff2").stat().st_size for weight in (400, 600))
    assert sum(weights.values()) < 70_000 and arabic < 30_000
