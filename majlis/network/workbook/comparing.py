"""What bringing a workbook in would do: which rows are new, which change what, which change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from majlis.language.folding import fold
from majlis.language.models import LANGUAGES, Text
from majlis.language.typed import brought_up
from majlis.network.models import City, Person, Statement
from majlis.network.workbook.known import Known, names_of
from majlis.network.workbook.reading import Reading, Row

# The preview shows so many changes of a sheet one by one, and counts the rest.
MOST_SHOWN = 200


@dataclass(frozen=True)
class Change:
    """One row that is new or changes something: the values to write by field, and what was there before.

    A city stands in the values by its code, an organisation by its name, with its kind and language in `aside`.
    """

    row: int
    key: str
    name: Mapping[str, str] | str
    values: dict[str, Any]
    before: dict[str, Any] | None = None
    aside: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.before is None

    def as_json(self) -> dict[str, Any]:
        fields = {name: [_shown((self.before or {}).get(name)), _shown(value)] for name, value in self.values.items()}
        return {"row": self.row, "key": self.key, "name": self.name, "is_new": self.is_new, "fields": fields}


@dataclass
class Comparison:
    """One sheet against the network. `absent` are names of what the network has and the sheet has not: it stays."""

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    absent: list[Mapping[str, str] | str] = field(default_factory=list)
    filled: int = 0

    @property
    def new(self) -> int:
        return sum(change.is_new for change in self.changes)

    def as_json(self) -> dict[str, Any]:
        return {
            "new": self.new, "changed": len(self.changes) - self.new, "unchanged": self.unchanged, "filled": self.filled,
            "absent": self.absent[:MOST_SHOWN], "absent_count": len(self.absent),
            "shown": [change.as_json() for change in self.changes[:MOST_SHOWN]],
        }  # fmt: skip


def compare(reading: Reading, known: Known) -> dict[str, Comparison]:
    """{sheet: comparison}. Only for a reading without errors: every row is complete."""
    comparisons = {}
    if table := reading.tables.get("cities"):
        comparisons["cities"] = _compare(table.rows, known.cities, "code", _city, _city_name)
        comparisons["cities"].filled = sum(len(row.get("_filled", ())) for row in table.rows)
    if table := reading.tables.get("statements"):
        for row in table.rows:
            row["key"] = statement_key(row["city"], row["kind"], row["number"])
        comparisons["statements"] = _compare(table.rows, known.statements, "key", _statement, lambda s: s.key)
    if table := reading.tables.get("people"):
        comparisons["people"] = _compare(table.rows, known.people, "email", _person, lambda p: p.account.email)
    return comparisons


def statement_key(city: str, kind: str, number: str) -> str:
    """Where a statement came from: a re-import finds it again by this."""
    return f"{city}:{kind}:{number}"


def _compare(rows: list[Row], known: Mapping[str, Any], key: str, values_of: Any, name_of: Any) -> Comparison:
    comparison = Comparison()
    for row in rows:
        there = known.get(row[key])
        values = values_of(row, there)
        name = names_of(row) or row[key]
        if there is None:
            comparison.changes.append(Change(row["_row"], row[key], name, values, None, _aside(row)))
            continue
        changed = {field: value for field, value in values.items() if _present(there, field) != value}
        if changed:
            before = {field: _present(there, field) for field in changed}
            comparison.changes.append(Change(row["_row"], row[key], name, changed, before, _aside(row)))
        else:
            comparison.unchanged += 1
    listed = {row[key] for row in rows}
    comparison.absent = [name_of(thing) for each, thing in known.items() if each not in listed]
    return comparison


def _aside(row: Row) -> dict[str, str]:
    """What making the row's organisation takes."""
    if "organisation" not in row:
        return {}
    language = row.get("role_language") or row["languages"][0]
    return {"city": row["city"], "actor_type": row.get("actor_type", ""), "language": language}


def _present(thing: Any, field: str) -> Any:
    """The value as a row has it: a city by its code."""
    if field == "city":
        return thing.city.slug if thing.city else ""
    if field == "organisation":
        return str(thing.organisation.name) if thing.organisation else ""
    return getattr(thing, field)


def _city_name(city: City) -> Mapping[str, str]:
    name: Mapping[str, str] = city.name.in_all()
    return name


def _city(row: Row, there: City | None) -> dict[str, Any]:
    plain = ("country", "latitude", "longitude", "zone", "size_class", "is_illustrative")
    values = {key: row[key] for key in plain if key in row}
    names = names_of(row)
    if there is None:
        original = "en" if "en" in names else next(iter(names))
        return values | {"name": Text.of(names, original)}
    # Names in four languages stand side by side: none is stale because another was corrected.
    if any(there.name.in_all().get(language) != name for language, name in names.items()):
        values["name"] = Text.of(there.name.in_all() | names, there.name.language)
    return values


def _statement(row: Row, there: Statement | None) -> dict[str, Any]:
    values: dict[str, Any] = {"city": row["city"], "kind": row["kind"]}
    translations = {lang: row[f"text_{lang}"] for lang in LANGUAGES if row.get(f"text_{lang}")}
    values["text"] = brought_up(there.text if there else None, row["language"], row["text"], translations)
    if "themes" in row or there is None:
        values["themes"] = row.get("themes", [])
    return values


def _person(row: Row, there: Person | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        key: row[key] for key in ("city", "languages", "seat", "gender", "is_focal_point") if key in row
    }
    if row.get("organisation") and not (
        there
        and there.organisation
        and fold(row["organisation"]) in map(fold, there.organisation.name.in_all().values())
    ):
        values["organisation"] = row["organisation"]
    language = row.get("role_language") or (there.role_title.language if there else row["languages"][0])
    translations = {lang: row[f"role_title_{lang}"] for lang in LANGUAGES if row.get(f"role_title_{lang}")}
    values["role_title"] = brought_up(there.role_title if there else None, language, row["role_title"], translations)
    # Whether to stand in the directory is the person's own to change once they are there; a sheet may only take it back.
    if "is_listed" in row and (there is None or not row["is_listed"]):
        values["is_listed"] = row["is_listed"]
    return values


def _shown(value: Any) -> Any:
    """A value for the preview: a text as what a reader would see of it in each language."""
    if isinstance(value, Text):
        return {"text": value.body, "language": value.language, "others": sorted(value.translations)}
    return value
