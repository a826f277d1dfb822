"""Sentences stored as data and read in the reader's language.

A journal entry, a gate's condition or a cluster's reason is written once and read by people with four languages.
So it is kept as its message id and its parameters, and rendered when it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, get_language_bidi, gettext, ngettext


@dataclass(frozen=True)
class Sentence:
    """A message id (marked with gettext_noop where it is written) and what fills its named placeholders.

    With `plural` and `count` the right plural form of the reader's language is taken; `%(count)s` is filled by itself.
    A parameter may be a text, a number, a `{language: text}` mapping, or a list of any of these.
    """

    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    plural: str = ""
    count: int | None = None

    def as_json(self) -> dict[str, Any]:
        stored: dict[str, Any] = {"message": self.message}
        if self.params:
            stored["params"] = dict(self.params)
        if self.plural:
            stored |= {"plural": self.plural, "count": self.count}
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Sentence:
        return cls(stored["message"], stored.get("params", {}), stored.get("plural", ""), stored.get("count"))

    def __str__(self) -> str:
        """The sentence as plain text in the active language."""
        return self._template() % {key: _isolated(value) for key, value in self._filled().items()}

    def _template(self) -> str:
        if self.plural and self.count is not None:
            return ngettext(self.message, self.plural, self.count)
        return gettext(self.message)

    def _filled(self) -> dict[str, Any]:
        return dict(self.params) | ({} if self.count is None else {"count": self.count})


RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
LEFT_TO_RIGHT = re.compile(r"[A-Za-z\u00c0-\u024f]")


def spoken(value: Any) -> str:
    """A parameter in the active language: a text, a number, a {language: text} mapping, or a list of these."""
    if isinstance(value, Mapping):
        language = get_language() or "en"
        return str(value.get(language) or value.get("en") or next(iter(value.values()), ""))
    if isinstance(value, (list, tuple)):
        return gettext(", ").join(_isolated(item) for item in value)
    return str(value)


def _isolated(value: Any) -> str:
    """A parameter isolated where its script runs against the sentence around it.

    The isolates (U+2068, U+2069) are characters, so that they hold in pages, mails and documents alike.
    """
    words = spoken(value)
    foreign = LEFT_TO_RIGHT if get_language_bidi() else RIGHT_TO_LEFT
    return f"\u2068{words}\u2069" if foreign.search(words) and not isinstance(value, (list, tuple)) else words
