"""What people are asked when they register, read once from data/rsvp_fields.yaml: each with who may see the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.language.models import LANGUAGES
from majlis.network import terms as network_terms
from majlis.projects.terms import support_types
from majlis.web.calendar import comma, language_name
from majlis.web.sentences import spoken

FILE = Path(__file__).parent / "data" / "rsvp_fields.yaml"
PARTICIPANTS, ORGANISERS, SENSITIVE = "P1", "P2", "P3"
# The answer, its sessions and contribution are asked on a page before; who somebody is, is known from the delegation.
KNOWN = {
    "attending", "sessions", "municipality", "role_title", "email", "seat", "contribution", "timezone",
}  # fmt: skip
LONGEST = 500

SEEN_BY: dict[str, Promise] = {
    PARTICIPANTS: _("seen by everybody who takes part"), ORGANISERS: _("seen by the organisers only"),
    SENSITIVE: _("seen by the secretariat only, and deleted after the dialogue"),
}  # fmt: skip
LABELS: dict[str, tuple[Promise | str, Promise | str]] = {
    "display_name": (_("Shown name"), _("May be your role title or another name.")),
    "department": (_("Department"), ""),
    "actor_type": (_("Whom you work for"), ""),
    "languages_speak": (_("Languages that you can work in"), ""),
    "interpreting": (_("Interpreting that you need"), ""),
    "case_title": (_("Your challenge as a short title"), _("Such as “Jobs for young people in the old town”.")),
    "theme_codes": (_("Themes"), _("At most three that fit you best.")),
    "can_offer": (_("What you could offer other cities"), ""),
    "role_willing": (_("What you would take on in a group"), ""),
    "expectation": (_("What do you hope to take home?"), _("At most 300 characters.")),
    "accessibility": (_("What you need to take part well"), _("Such as captions, sign language, breaks.")),
    "connection": (_("Your connection"), ""),
    "gender": (_("Gender"), _("Only for statistics, never shown for a person.")),
    "superior_consent": (_("My superior agrees that I take part"), ""),
    "consent_contact_list": (_("May your role and city stand in the list of participants?"), ""),
    "consent_recording": (_("If a plenary is recorded: may you be heard in it?"), _("Consultations are never recorded.")),
    "consent_code_of_conduct": (_("I have read the code of conduct and keep to it"), ""),
}  # fmt: skip
WORDS: dict[str, Promise] = {
    "none": _("none"), "sign_language": _("sign language"), "case_giver": _("bring a case"), "facilitator": _("facilitate"),
    "note_taker": _("take notes"), "observer": _("observe"), "good": _("good"), "unstable": _("unstable"),
    "phone_only": _("by phone only"), "woman": _("woman"), "man": _("man"), "other": _("another"), "no_answer": _("no answer"),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One field: kind is enum, multi, text or bool; values {value: label} of enum and multi; most: how many may be chosen."""

    key: str
    kind: str
    privacy: str
    is_required: bool
    is_for_challenges: bool
    longest: int
    most: int

    @property
    def label(self) -> str:
        return str(LABELS[self.key][0])

    @property
    def help_text(self) -> str:
        return str(LABELS[self.key][1])

    @property
    def seen_by(self) -> str:
        return str(SEEN_BY[self.privacy])

    @property
    def values(self) -> dict[str, str]:
        return {value: _value_label(self.key, value) for value in _values(self.key)}

    def shown(self, answer: Any) -> str:
        """An answer in words, in the active language."""
        if self.kind == "bool":
            return str(_("yes") if answer else _("no"))
        if self.kind == "text":
            return str(answer)
        chosen = answer if isinstance(answer, list) else [answer]
        return comma().join(_value_label(self.key, value) for value in chosen)


@cache
def _rows() -> Mapping[str, Mapping[str, Any]]:
    fields = yaml.safe_load(FILE.read_text(encoding="utf-8"))["fields"]
    return {field["key"]: field for field in fields}


@cache
def asked() -> Mapping[str, Asked]:
    """{key: field} of everything that the page asks, in the order of the file."""
    kinds = {"code": "enum"}
    return {
        key: Asked(
            key, kinds.get(row["type"], row["type"]), row["privacy"], bool(row.get("required")), "required_if" in row,
            int(row.get("max_chars", LONGEST)), int(row.get("max", 99)),
        )
        for key, row in _rows().items()
        if key not in KNOWN
    }  # fmt: skip


def _values(key: str) -> Sequence[str]:
    if key == "actor_type":
        return list(network_terms.actor_types())
    if key == "theme_codes":
        return list(network_terms.themes())
    if key == "can_offer":
        return list(support_types())
    if key == "languages_speak":
        return LANGUAGES
    return [str(value) for value in _rows()[key].get("values", ())]


def _value_label(key: str, value: str) -> str:
    named: dict[str, Callable[[], network_terms.Terms]] = {
        "actor_type": network_terms.actor_types, "theme_codes": network_terms.themes, "can_offer": support_types,
    }  # fmt: skip
    if key in named:
        known = named[key]()
        return spoken(network_terms.names(known[value])) if value in known else value
    if value in WORDS:
        return str(WORDS[value])
    return " – ".join(language_name(each) for each in value.split("_"))
