"""Form fields that other folders' forms use too."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from majlis.language.folding import fold
from majlis.network import terms
from majlis.network.queries import reader

CODE = re.compile(r"^\s*([A-Za-z]{3}\.\d{2})\b")


def theme_code(typed: str) -> str:
    """The code that begins what was typed, or whose name it is in any language; raises ValidationError."""
    found = CODE.match(typed)
    if found and found[1].upper() in terms.themes():
        return found[1].upper()
    wanted = fold(typed)
    for code, term in terms.themes().items():
        if wanted in map(fold, terms.names(term).values()):
            return code
    raise forms.ValidationError(
        _("“%(typed)s” is not a theme of the list. Choose one that is offered while you type."), params={"typed": typed}
    )


class ThemeField(forms.CharField):
    """A theme, typed by code or name; the page offers them in <datalist id="themes">."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"list": "themes", "autocomplete": "off", "dir": "auto"})
        super().__init__(required=False, max_length=200, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        return theme_code(typed) if typed else ""

    def prepare_value(self, value: Any) -> Any:
        if value in terms.themes():
            return f"{value} {terms.themes()[value][reader()]}"
        return value
