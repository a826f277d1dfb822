"""Kinds of agenda blocks, and agendas that a session can begin from; read once from data/*.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from majlis.language.models import Text

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class AgendaTemplate:
    """An agenda to begin from. blocks: (code of a kind of block, minutes) in order."""

    code: str
    kind: str
    name: Text
    blocks: tuple[tuple[str, int], ...]

    @property
    def minutes(self) -> int:
        return sum(minutes for _code, minutes in self.blocks)


def block_rows() -> list[dict[str, Any]]:
    """The rows of agenda_blocks.yaml as they stand there; the step Enable makes its kinds of them."""
    return _read("agenda_blocks.yaml", "blocks")


@cache
def block_names() -> Mapping[str, Text]:
    """{code of a kind of block: its name}."""
    return {row["code"]: Text.of(row["name"]) for row in block_rows()}


@cache
def agenda_templates() -> Mapping[str, AgendaTemplate]:
    """All agendas to begin from by code, in the order of the file."""
    rows = _read("agenda_templates.yaml", "templates")
    made = [
        AgendaTemplate(
            row["code"], row["kind"], Text.of(row["name"]), tuple((code, minutes) for code, minutes in row["blocks"])
        )
        for row in rows
    ]
    return {template.code: template for template in made}


def _read(name: str, key: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))[key]
    return loaded
