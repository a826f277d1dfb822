"""Tracks: what gathers the taxonomy's main themes, with names in four languages."""

from functools import cache
from pathlib import Path

import yaml

from majlis.network import terms

DATA = Path(__file__).parent / "data"
CROSS_CUTTING = "0"


@cache
def tracks() -> terms.Terms:
    """Tracks 1, 2, 3 and 0 (what serves them all) by code."""
    read = yaml.safe_load((DATA / "tracks.yaml").read_text(encoding="utf-8"))
    return {row["code"]: row for row in read["tracks"]}


def main_theme(code: str) -> str:
    """GRN of GRN.03; a main theme stays what it is."""
    return code.partition(".")[0]


def track(code: str) -> str:
    """The track of a theme code such as GRN.03; cross-cutting ones and unknown ones have track 0."""
    main = terms.main_themes().get(main_theme(code))
    return str(main["track"]) if main else CROSS_CUTTING


@cache
def families() -> dict[str, str]:
    """{theme code: track} of the whole taxonomy, for the algorithms."""
    return {code: track(code) for code in terms.themes()}


def theme_names(code: str) -> dict[str, str]:
    """The sub-theme's name in all languages; an unknown code stands for itself."""
    term = terms.themes().get(code)
    return terms.names(term) if term else {"en": code}


def track_names(code: str) -> dict[str, str]:
    return terms.names(tracks()[code])
