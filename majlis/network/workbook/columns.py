"""Sheets and columns of the partners' workbook, recognised by their headings in any of the four languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import yaml

from majlis.language.folding import fold
from majlis.network.terms import DATA


@dataclass(frozen=True)
class Column:
    """One column: `kind` says how its cells are read, `title` holds {language: heading}."""

    key: str
    kind: str
    title: Mapping[str, str]
    also: tuple[str, ...] = ()
    required: bool = False
    max: int = 0
    hint: Mapping[str, str] | None = None

    @cached_property
    def headings(self) -> frozenset[str]:
        return frozenset(map(fold, [self.key, *self.title.values(), *self.also]))

    @property
    def is_number(self) -> bool:
        return self.kind in {"latitude", "longitude", "seat"}


@dataclass(frozen=True)
class Sheet:
    key: str
    title: Mapping[str, str]
    also: tuple[str, ...]
    columns: tuple[Column, ...]

    @cached_property
    def titles(self) -> frozenset[str]:
        return frozenset(map(fold, [self.key, *self.title.values(), *self.also]))

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    def column_of(self, heading: str) -> Column | None:
        """The column that bears this heading. What a person wrote in their own language goes before other spellings."""
        folded = fold(heading)
        return next((column for column in self.columns if folded in column.headings), None)

    @property
    def required(self) -> list[Column]:
        return [column for column in self.columns if column.required]


def _column(row: dict[str, Any]) -> Column:
    return Column(**(row | {"also": tuple(row.get("also", ()))}))


@cache
def _file() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATA / "workbook.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def sheets() -> tuple[Sheet, ...]:
    """Cities, statements, people: in the order in which they are read, since the later refer to the earlier."""
    return tuple(
        Sheet(row["key"], row["title"], tuple(row["also"]), tuple(map(_column, row["columns"])))
        for row in _file()["sheets"]
    )


def sheet(key: str) -> Sheet:
    return next(each for each in sheets() if each.key == key)


def sheet_of(title: str) -> Sheet | None:
    """The sheet that bears this title in any language."""
    folded = fold(title)
    return next((each for each in sheets() if folded in each.titles), None)


@cache
def words() -> Mapping[str, frozenset[str]]:
    """{meaning: folded words of any language that say it}, e.g. yes, need, woman, ar."""
    return {meaning: frozenset(fold(str(word)) for word in said) for meaning, said in _file()["words"].items()}


def meaning(word: str, among: tuple[str, ...]) -> str | None:
    """Which of these meanings a word of any language has."""
    folded = fold(word)
    return next((each for each in among if folded in words()[each]), None)
