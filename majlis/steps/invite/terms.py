"""The fields of a concept note and who they are for, read once from data/concept_note_template.yaml."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEMPLATE = Path(__file__).parent / "data" / "concept_note_template.yaml"

# Title, sub-topics, programme and languages are known from the dialogue itself and never typed twice.
LABELS: dict[str, tuple[Promise, Promise]] = {
    "context": (_("Context"), _("Why now and for whom; two to four facts with their source.")),
    "objectives": (_("Objectives"), _("Two to five, each on its own line.")),
    "audience": (_("Who takes part"), _("Roles, not names: two practitioners per municipality and one partner seat.")),
    "method": (_("Method"), _("How people will work together.")),
    "preparation": (_("Preparation"), _("What each participant does before, during and after.")),
    "technical": (_("Technical needs"), _("What is needed to take part, and what to do when the line fails.")),
    "inclusion": (_("Inclusion"), _("Women's participation, accessibility, low bandwidth.")),
    "data_protection": (_("Data protection"), _("What is stored, for how long, who sees it, whether anything is recorded.")),
    "conduct": (_("Code of conduct"), _("How participants treat each other and what is said in confidence.")),
    "evaluation": (_("Evaluation"), _("How results are looked at.")),
    "follow_up": (_("Follow-up"), _("What happens after three weeks, three months and six months.")),
    "partners": (_("Partner organisations"), _("Who supports the dialogue.")),
    "budget": (_("Cost"), _("What it costs the participants; leave empty if nothing.")),
    "contact": (_("Contact"), _("Role and address that answers questions.")),
}  # fmt: skip

TERM_LABELS: dict[str, Promise] = {
    "goal": _("Goal"), "expected_outcome": _("Expected outcome"), "roles": _("Roles and responsibilities"),
}  # fmt: skip
# Known from the dialogue itself.
KNOWN_LABELS: dict[str, Promise] = {
    "title": _("Title"), "subtopics": _("Sub-topics"), "programme": _("Programme"), "languages": _("Languages"),
}  # fmt: skip

# What a partner can take on, and how it is involved (R, A, C, I of a responsibility chart, in plain words).
RESPONSIBILITIES: dict[str, Promise] = {
    "case": _("Bring a case"), "practice": _("Bring a practice"), "facilitate": _("Facilitate a room"),
    "interpret": _("Interpret"), "write_up": _("Write up results"), "host_follow_up": _("Host the follow-up"),
    "share": _("Share the results at home"),
}  # fmt: skip
INVOLVED: dict[str, Promise] = {"R": _("does it"), "A": _("answers for it"), "C": _("is asked"), "I": _("is told")}


@cache
def template() -> tuple[tuple[str, bool], ...]:
    """The fields of a concept note in their order, each with whether it is required; ours stand behind "inclusion"."""
    fields: list[dict[str, Any]] = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))["fields"]
    rows = [(str(field["key"]), bool(field["required"])) for field in fields]
    place = [key for key, _required in rows].index("inclusion")
    return (*rows[:place], ("technical", False), *rows[place:], ("conduct", False))


@cache
def longest(key: str) -> int:
    """The most characters that a field may have."""
    fields: list[dict[str, Any]] = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))["fields"]
    return next((int(field["max_chars"]) for field in fields if field["key"] == key and "max_chars" in field), 2000)
