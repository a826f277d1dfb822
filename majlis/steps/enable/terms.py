"""Kinds of agenda blocks and the model run of show, read once from data/*.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from majlis.dialogue.terms import block_rows
from majlis.language.models import Text

DATA = Path(__file__).parent / "data"


LEADERS = {
    "host": _("Host"),
    "lead_facilitator": _("Lead facilitator"),
    "room_facilitators": _("Facilitators of the rooms"),
    "tech_producer": _("Technical producer"),
    "evaluation_officer": _("Evaluation officer"),
}
# What to do when a block cannot be held as planned.
PLAN_B = {
    "WELCOME": _("Start without video"),
    "CHECKIN": _("Everybody writes in the chat at once"),
    "PRACTICE": _("Show a card in four languages, or read it later"),
    "C124ALL": _("Alone, then in threes, then all"),
    "CONSULT": _("Consult the case in writing over ten days"),
    "HARVEST": _("Harvest in writing"),
    "GAPS": _("A form after the session"),
    "PULSE": _("A link by message"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of block. Minutes are its allowed range and default; `interaction` is the share of its minutes in which
    participants, not hosts, are active (0–1)."""

    code: str
    name: Text
    shortest: int
    minutes: int
    longest: int
    setting: str
    interaction: float
    artefact: str

    @property
    def plan_b(self) -> str:
        """What to do when it fails, in the reader's language; may be empty."""
        return str(PLAN_B.get(self.code, ""))

    @property
    def is_in_rooms(self) -> bool:
        return self.setting == "rooms"


@dataclass(frozen=True)
class Lead:
    """Who leads a kind of block and who is active in it: keys of the run of show."""

    leads: str
    active: tuple[str, ...]

    @property
    def words(self) -> str:
        """Who leads, in the reader's language; empty for a break."""
        return str(LEADERS.get(self.leads, ""))


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return loaded


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds of blocks by code, in the order of the file."""
    found = {}
    for row in block_rows():
        shortest, minutes, longest = row["minutes"]
        found[row["code"]] = Kind(
            row["code"], Text.of(row["name"]), shortest, minutes, longest,
            row["setting"], float(row["interaction"]), row["artefact"],
        )  # fmt: skip
    return found


@cache
def leads() -> Mapping[str, Lead]:
    """Who leads which kind of block, as the model session has it."""
    rows = _read("run_of_show_session2.yaml")["rows"]
    return {row["block"]: Lead(row["leads"], tuple(row["active"])) for row in reversed(rows)}
