"""The shipped methods of peer consulting, read once from data/method_templates.yaml with types.

A method is a row of timed phases; each says who speaks, who listens, who is silent, and what comes out of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from majlis.language.models import Text
from majlis.room.models import Member

DATA = Path(__file__).parent / "data" / "method_templates.yaml"
MINUTES_PER_DAY = 24 * 60

# Other methods call some of our seats by names of their own.
SEATS = {"receiving_team": Member.Role.CASE_GIVER, "previous_case_giver": Member.Role.CASE_GIVER}


@dataclass(frozen=True)
class Phase:
    """One phase. `position` counts from 1 as in Room.phase; `shortest` and `longest` are the allowed minutes.

    `artefact` names what is written in it (question_log, advice_cards …): it decides which cards may be written.
    """

    position: int
    key: str
    name: Text
    prompt: Text
    minutes: int
    shortest: int
    longest: int
    speaks: frozenset[Member.Role]
    listens: frozenset[Member.Role]
    silent: frozenset[Member.Role]
    artefact: str


@dataclass(frozen=True)
class Method:
    """A method by its code, e.g. KB60, with its phases in order and the group size it is made for."""

    code: str
    name: Text
    basis: str
    phases: tuple[Phase, ...]
    roles: frozenset[Member.Role]
    smallest_group: int
    ideal_group: int
    largest_group: int
    is_written: bool = False

    @property
    def minutes(self) -> int:
        return sum(phase.minutes for phase in self.phases)

    def phase(self, position: int) -> Phase | None:
        """The phase at a position (from 1); None before the first and after the last."""
        return self.phases[position - 1] if 0 < position <= len(self.phases) else None

    def position_of(self, artefact: str) -> int:
        """The position of the first phase with this artefact; 0 if the method has none."""
        return next((phase.position for phase in self.phases if phase.artefact == artefact), 0)


# A plain room has no method: everybody with a seat but observers and interpreters may write notes.
PLAIN = Method("", Text("en", ""), "", (), frozenset(Member.Role), 1, 8, 500)


@cache
def methods() -> Mapping[str, Method]:
    """All shipped methods by code, in the order of the file."""
    rows = yaml.safe_load(DATA.read_text(encoding="utf-8"))["methods"]
    return {row["code"]: _method(row) for row in rows}


def method(code: str) -> Method:
    """The method with this code; a plain room's for an empty one. KeyError for an unknown code."""
    return methods()[code] if code else PLAIN


def _method(row: Mapping[str, Any]) -> Method:
    group = row["group"]
    return Method(
        code=row["code"],
        name=Text.of(row["name"]),
        basis=row["basis"],
        phases=tuple(_phase(position, each) for position, each in enumerate(row["phases"], 1)),
        roles=_roles(row["roles"]),
        smallest_group=group["min"],
        ideal_group=group["ideal"],
        largest_group=group["max"],
        is_written="total_days" in row,
    )


def _phase(position: int, row: Mapping[str, Any]) -> Phase:
    minutes = row["minutes"] if "minutes" in row else _minutes_of_days(*row["days"])
    return Phase(
        position=position,
        key=row["key"],
        name=Text.of(row.get("name") or {"en": row["key"].replace("_", " ").capitalize()}),
        prompt=Text.of(row["prompt"]),
        minutes=minutes,
        shortest=row.get("min", minutes),
        longest=row.get("max", minutes),
        speaks=_roles(row["speaks"]),
        listens=_roles(row["listens"]),
        silent=_roles(row.get("silent", [])),
        artefact=row["artefact"],
    )


def _minutes_of_days(first: int, last: int) -> int:
    return (last - first + 1) * MINUTES_PER_DAY


def _roles(names: list[str]) -> frozenset[Member.Role]:
    return frozenset(SEATS.get(name) or Member.Role(name) for name in names)
