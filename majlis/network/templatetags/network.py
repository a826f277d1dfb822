"""Showing codes by their names, and what a cell of a workbook holds."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext

from majlis.network import queries
from majlis.web.sentences import spoken as in_my_language

register = template.Library()


@register.simple_tag
def term(kind: str, code: str) -> str:
    """The name of a code in the reader's language; kind: country, subregion, theme, language, size."""
    return in_my_language(queries.NAMES[kind](code))


@register.filter
def spoken(names: Any) -> str:
    """A {language: name} in the reader's language."""
    return in_my_language(names) if names else ""


@register.filter
def cell(value: Any) -> str:
    """A value of the preview as a person would write it into a cell."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, Mapping):
        return str(value.get("text", ""))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
