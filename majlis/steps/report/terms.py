"""The report's sentences and words, read once from data/*.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from majlis.language.models import LANGUAGES

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Template:
    """One sentence. `texts` is {language: text, or {plural category of the fact `by`: text}}; it stands in `section`,
    and once more in the section `also`; `opens` begins a new paragraph. It is dropped when a fact in `unless` has something to say."""

    key: str
    section: str
    texts: Mapping[str, Any]
    also: str = ""
    by: str = ""
    unless: tuple[str, ...] = ()
    opens: bool = False


@cache
def templates() -> tuple[Template, ...]:
    return tuple(
        Template(
            row["key"], row["section"], {language: row[language] for language in LANGUAGES},
            row.get("also", ""), row.get("by", ""), tuple(row.get("unless", ())), row.get("opens", False),
        )
        for row in _read("sentences.yaml")["sentences"]
    )  # fmt: skip


@cache
def sections() -> dict[str, Mapping[str, str]]:
    """{key: {language: title}} in the order of the report."""
    return {
        row["key"]: {language: row[language] for language in LANGUAGES} for row in _read("sentences.yaml")["sections"]
    }


@cache
def owns_first() -> frozenset[str]:
    """Sections whose own sentences stand before those they repeat."""
    return frozenset(row["key"] for row in _read("sentences.yaml")["sections"] if row.get("own_first"))


@cache
def labels() -> Mapping[str, Mapping[str, str]]:
    """Headings of tables and the like: {key: {language: words}}."""
    found: Mapping[str, Mapping[str, str]] = _read("labels.yaml")
    return found


@cache
def words() -> Mapping[str, Any]:
    return _read("words.yaml")


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return loaded
