"""Text that knows its language, and its translations that know where they come from.

A text is stored in one JSON column of the table it belongs to, so that showing a hundred of them costs no join.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from django.db import models
from django.utils.translation import get_language

LANGUAGES = ("en", "ar", "de", "fr")
Origin = Literal["human", "machine"]


def direction(language: str) -> str:
    """rtl or ltr."""
    return "rtl" if language == "ar" else "ltr"


@dataclass(frozen=True)
class Translation:
    body: str
    origin: Origin = "human"
    of_version: int = 1


@dataclass(frozen=True)
class Shown:
    """A text as one reader sees it."""

    body: str
    language: str
    kind: Literal["original", "human", "machine"]
    is_stale: bool = False

    @property
    def direction(self) -> str:
        return direction(self.language)


@dataclass(frozen=True)
class Text:
    """An original in its language (`en`, `ar`, `de`, `fr`) with its version and translations by language."""

    language: str = "en"
    body: str = ""
    version: int = 1
    translations: Mapping[str, Translation] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Mapping[str, str], original: str = "en") -> Text:
        """A text that people wrote in several languages at once: {language: body}."""
        others = {lang: Translation(body) for lang, body in names.items() if lang != original and body}
        return cls(original, names[original], 1, others)

    def __bool__(self) -> bool:
        return bool(self.body)

    def __str__(self) -> str:
        return self.shown().body

    def shown(self, language: str | None = None) -> Shown:
        """The text for a reader: the original if it is theirs, else its translation, else the original."""
        wanted = language or get_language() or "en"
        translation = self.translations.get(wanted)
        if wanted == self.language or translation is None:
            return Shown(self.body, self.language, "original")
        return Shown(translation.body, wanted, translation.origin, translation.of_version < self.version)

    def in_all(self) -> dict[str, str]:
        """{language: body} of the original and all translations, for sentences and reports."""
        return {self.language: self.body} | {lang: item.body for lang, item in self.translations.items()}

    def translated(self, language: str, body: str, origin: Origin) -> Text:
        """The same text with one more translation of its present version."""
        added = {language: Translation(body, origin, self.version)}
        return replace(self, translations=dict(self.translations) | added)

    def rewritten(self, body: str) -> Text:
        """The same text with a new original; its translations stay and count as stale."""
        return self if body == self.body else replace(self, body=body, version=self.version + 1)

    def as_json(self) -> dict[str, Any]:
        return {
            "language": self.language,
            "body": self.body,
            "version": self.version,
            "translations": {lang: vars(item) for lang, item in self.translations.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Text:
        translations = {lang: Translation(**item) for lang, item in stored.get("translations", {}).items()}
        return cls(stored["language"], stored["body"], stored.get("version", 1), translations)


class TextField(models.JSONField):
    """A column holding a `Text`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", Text)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        stored = super().from_db_value(value, expression, connection)
        return Text.from_json(stored) if isinstance(stored, dict) and "body" in stored else stored

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(value.as_json() if isinstance(value, Text) else value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(value.as_json() if isinstance(value, Text) else value, connection, prepared)

    def to_python(self, value: Any) -> Any:
        return Text.from_json(value) if isinstance(value, dict) and "body" in value else value

    def value_to_string(self, obj: models.Model) -> Any:
        return self.value_from_object(obj).as_json()
