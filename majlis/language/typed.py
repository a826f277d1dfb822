"""What people typed, made fit to keep: tidied up, and as the next version of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from majlis.language.models import Text

# Signs that change what others see: direction overrides and isolates, and control characters but for line breaks.
UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\ufeff\u2028\u2029\ufffe\uffff\ud800-\udfff]"
)


def cleaned(value: Any) -> str:
    """What was typed, as one text: NFC, without unseen signs, 12.0 as 12."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    # NFC could make a new sign out of two only where the unseen one between them is gone.
    text = UNSEEN.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return unicodedata.normalize("NFC", text).strip()


def brought_up(there: Text | None, language: str, body: str, translations: Mapping[str, str]) -> Text:
    """The text as a row has it: a new original makes older translations stale, what is given replaces what was there."""
    text = there or Text(language, body)
    if text.language != language:
        kept = {lang: item for lang, item in text.translations.items() if lang != language}
        text = replace(text, language=language, body=body, version=text.version + 1, translations=kept)
    text = text.rewritten(body)
    for lang, translation in translations.items():
        present = text.translations.get(lang)
        if lang != language and (present is None or present.body != translation or present.origin != "human"):
            text = text.translated(lang, translation, "human")
    return text
