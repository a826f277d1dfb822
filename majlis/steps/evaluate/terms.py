"""The ready-made surveys, read once from data/surveys.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from majlis.language.models import LANGUAGES, Text

FILE = Path(__file__).parent / "data" / "surveys.yaml"
Kind = Literal["scale", "matrix", "yes_no", "text", "solutions", "ties", "other"]
KINDS: dict[str, Kind] = {"bool": "yes_no", "ref_multi": "solutions", "tie_roster": "ties"}


@dataclass(frozen=True)
class Scale:
    """Whole numbers from `lowest` to `highest`; `labels` name the ends."""

    lowest: int
    highest: int
    labels: Mapping[int, Text]

    @property
    def steps(self) -> range:
        return range(self.lowest, self.highest + 1)


@dataclass(frozen=True)
class Item:
    """One question. A matrix asks the same for each of `rows` {key: text}; ties ask for each of `kinds` {key: text}."""

    key: str
    kind: Kind
    question: Text
    level: str = ""
    is_required: bool = False
    scale: Scale | None = None
    rows: tuple[tuple[str, Text], ...] = ()
    kinds: tuple[tuple[str, Text], ...] = ()
    longest: int = 500


@dataclass(frozen=True)
class Questionnaire:
    code: str
    name: Text
    items: tuple[Item, ...]

    def item(self, key: str) -> Item:
        return next(item for item in self.items if item.key == key)


@cache
def questionnaires() -> dict[str, Questionnaire]:
    """The surveys SV0 … SV4 by code."""
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        row["code"]: Questionnaire(row["code"], _text(row["name"]), tuple(_item(read, item) for item in row["items"]))
        for row in read["surveys"]
    }


def _item(read: dict[str, Any], row: dict[str, Any]) -> Item:
    scale = dict(read["scales"].get(row.get("scale", ""), {})) or row
    numbers = scale.get("type") in {"likert", "int"}
    rows = tuple((each["key"], _text(each)) for each in read[row["matrix"]]) if "matrix" in row else ()
    kinds = tuple((kind, _text(read["tie_kinds"].get(kind, {"en": kind}))) for kind in row.get("kinds", ()))
    kind: Kind = "matrix" if rows else "scale" if numbers else KINDS.get(row.get("type", ""), "other")
    return Item(
        key=row["key"],
        kind="text" if row.get("scale") == "text" else kind,
        question=_text(row),
        level=row.get("level", ""),
        is_required=row.get("required", False),
        scale=_scale(scale) if numbers else None,
        rows=rows,
        kinds=kinds,
        longest=scale.get("max", 500) if row.get("scale") == "text" else 500,
    )


def _scale(row: dict[str, Any]) -> Scale:
    return Scale(row["min"], row["max"], {step: _text(names) for step, names in row.get("labels", {}).items()})


def _text(names: Mapping[str, Any]) -> Text:
    return Text.of({language: names[language] for language in LANGUAGES if language in names} or {"en": ""})
