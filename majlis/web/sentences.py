"""Sentences stored as data and read in the reader's language.

A journal entry, a gate's condition or a cluster's reason is written once and read by people with four languages.
So it is kept as its message id and its parameters, and rendered when it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext


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
        return self._template() % {key: spoken(value) for key, value in self._filled().items()}

    def __html__(self) -> SafeString:
        """The sentence as HTML: every parameter is escaped and isolated from the direction around it."""
        template = conditional_escape(self._template())
        return mark_safe(template % {key: _isolated(value) for key, value in self._filled().items()})

    def _template(self) -> str:
        if self.plural and self.count is not None:
            return ngettext(self.message, self.plural, self.count)
        return gettext(self.message)

    def _filled(self) -> dict[str, Any]:
        return dict(self.params) | ({} if self.count is None else {"count": self.count})


def spoken(value: Any) -> str:
    """A parameter in the active language: a text, a number, a {language: text} mapping, or a list of these."""
    if isinstance(value, Mapping):
        language = get_language() or "en"
        return str(value.get(language) or value.get("en") or next(iter(value.values()), ""))
    if isinstance(value, (list, tuple)):
        return gettext(", ").join(spoken(item) for item in value)
    return str(value)


def _isolated(value: Any) -> SafeString:
    if isinstance(value, int):
        return mark_safe(str(value))
    return format_html("<bdi>{}</bdi>", spoken(value))
