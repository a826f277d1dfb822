"""Kinds of resources, needs and support, read once from data/resources_needs_support.yaml."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

Terms = dict[str, dict[str, Any]]
FILE = Path(__file__).parent / "data" / "resources_needs_support.yaml"


@cache
def _all() -> dict[str, Terms]:
    loaded = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {kind: {row["code"]: row for row in rows} for kind, rows in loaded.items()}


def resource_types() -> Terms:
    """RES.FIN … {code: {"code", "en", "ar", "de", "fr"}}."""
    return _all()["resource_types"]


def need_types() -> Terms:
    return _all()["need_types"]


def support_types() -> Terms:
    """SUP.ADVICE …"""
    return _all()["support_types"]


# Units are free words; the usual ones are read in the reader's language.
UNITS = {
    "days": _("days"),
    "months": _("months"),
    "pieces": _("pieces"),
    "partners": _("partners"),
    "councils": _("councils"),
    "people": _("people"),
    "m²": "m²",
}


def unit_name(unit: str) -> str:
    """A unit in the reader's language where it is a usual one, else as it was written."""
    return str(UNITS.get(unit, unit))
