"""What a city agreed to, and what has changed between two wordings, word by word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from majlis.language.models import Text, direction
from majlis.room.methods import methods
from majlis.steps.invite.models import ConceptNote, RoleAgreement
from majlis.steps.invite.terms import INVOLVED, LABELS, RESPONSIBILITIES, TERM_LABELS

WORD = re.compile(r"\S+\s*")
LISTED = {
    "responsibilities": _("Who does what"), "effort_hours": _("Hours for each person"), "methods": _("Methods"),
    "own_role": _("For your city in particular"),
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """Some words of a text that are in both wordings (same), only in the newer (added), or only in the older (removed)."""

    kind: str
    words: str


@dataclass(frozen=True)
class Change:
    """One thing that differs: its label, both wordings in the language they are shown in, and the parts that differ."""

    key: str
    label: str
    language: str
    before: str
    after: str

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def parts(self) -> list[Part]:
        return compared(self.before, self.after)


def compared(before: str, after: str) -> list[Part]:
    """Both wordings as one row of parts; the same and added parts together are the newer one, word for word."""
    old, new = WORD.findall(before), WORD.findall(after)
    parts: list[Part] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(Part("same", "".join(new[j1:j2])))
            continue
        if i2 > i1:
            parts.append(Part("removed", "".join(old[i1:i2])))
        if j2 > j1:
            parts.append(Part("added", "".join(new[j1:j2])))
    return parts


def terms_of(note: ConceptNote, agreement: RoleAgreement | None) -> dict[str, Any]:
    """What one city is asked to agree to: {goal, expected_outcome, roles, own_role: Text.as_json, responsibilities, effort_hours}."""
    own = agreement or RoleAgreement()
    return {
        "goal": note.goal.as_json(), "expected_outcome": note.expected_outcome.as_json(), "roles": note.roles.as_json(),
        "own_role": own.own_role.as_json(), "responsibilities": own.own_responsibilities or note.responsibilities,
        "effort_hours": own.own_hours if own.own_hours is not None else note.effort_hours,
    }  # fmt: skip


def is_same(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether two terms say the same in the originals; translations ask nobody again."""
    return bool(before) and all(_original(before.get(key)) == _original(value) for key, value in after.items())


def _original(value: Any) -> Any:
    return value.get("body") if isinstance(value, Mapping) and "body" in value else value


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs between two terms or two versions of a note, for the reader, in the order of the note."""
    labels = {**TERM_LABELS, **LISTED, **LABELS}
    found = []
    for key, label in labels.items():
        language, old, new = _both(before.get(key), after.get(key))
        if old != new:
            found.append(Change(key, str(label), language, old, new))
    return found


def _both(before: Any, after: Any) -> tuple[str, str, str]:
    """Both wordings in one language: the reader's if both are up to date in it, else the original's."""
    reader = get_language() or "en"
    if _is_text(before) or _is_text(after):
        old, new = _text(before), _text(after)
        if all(_is_fresh(text, reader) for text in (old, new) if text):
            return reader, old.shown(reader).body, new.shown(reader).body
        return new.language, old.body, new.body
    return reader, "\n".join(listed(before)), "\n".join(listed(after))


def _is_text(value: Any) -> bool:
    return isinstance(value, Mapping) and "body" in value


def _text(value: Any) -> Text:
    return Text.from_json(value) if _is_text(value) else Text()


def _is_fresh(text: Text, language: str) -> bool:
    shown = text.shown(language)
    return shown.language == language and not shown.is_stale


def listed(value: Any) -> Sequence[str]:
    """Responsibilities, hours or methods in words, one a line, in the active language."""
    if isinstance(value, Mapping):  # PostgreSQL keeps the keys of JSON in an order of its own
        return [f"{label}: {INVOLVED[value[key]]}" for key, label in RESPONSIBILITIES.items() if key in value]
    if isinstance(value, list):
        return [str(known[code].name) for code in value if code in (known := methods())]
    return [str(value)] if value else []
