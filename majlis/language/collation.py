"""Sorting names as a reader's language does (after CLDR), in Python: neither PostgreSQL's ICU nor the system's locale is needed.

Covered is what names in our four languages hold: Latin letters with their marks, Arabic letters, digits. German and French
follow the root order of CLDR (ä beside a, ß as ss); in Arabic, Arabic script comes before Latin and ة beside ت, ى beside ي.
"""

from __future__ import annotations

import unicodedata

Key = tuple[tuple[tuple[int, int], ...], tuple[int, ...], tuple[bool, ...]]

# Primary order of Arabic letters in CLDR; letters of one group differ only in the second level.
GROUPS = ["ء", "اآأٱإ", "ب", "پ", "تة", "ث", "ج", "چ", "ح", "خ", "د", "ذ", "ر", "ز", "ژ", "س", "ش", "ص", "ض", "ط", "ظ", "ع", "غ",
          "ف", "ڤ", "ق", "كک", "گ", "ل", "م", "ن", "ه", "وؤ", "يىئی"]  # fmt: skip
ARABIC = {letter: (place, within) for place, group in enumerate(GROUPS) for within, letter in enumerate(group)}
EXPANDED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
SPACE, DIGIT, FIRST, SECOND = 0, 1, 2, 3


def sort_key(text: str, language: str) -> Key:
    """A key for sorted(): letters first, then their marks, then case. Punctuation counts for nothing."""
    arabic, latin = (FIRST, SECOND) if language == "ar" else (SECOND, FIRST)
    primary: list[tuple[int, int]] = []
    marks: list[int] = []
    for letter in unicodedata.normalize("NFC", text):
        if letter in ARABIC:
            place, within = ARABIC[letter]
            primary.append((arabic, place))
            marks.append(within)
            continue
        for part in unicodedata.normalize("NFKD", letter.casefold().translate(EXPANDED)):
            if unicodedata.combining(part):
                marks.append(ord(part))
            elif part.isdigit():
                primary.append((DIGIT, unicodedata.digit(part, 0)))
            elif part.isalpha():
                primary.append((latin, ord(part)))
            elif part.isspace() and primary and primary[-1][0] != SPACE:
                primary.append((SPACE, 0))
    return tuple(primary), tuple(marks), tuple(letter.isupper() for letter in text)
