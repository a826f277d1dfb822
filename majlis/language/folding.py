"""Folding names to what stays the same however they are typed: case, accents, alef and ya, articles' hyphens."""

import re
import unicodedata
from functools import lru_cache

# Letters that people type for one another in Arabic, and those that Persian and Urdu keyboards give instead.
ARABIC = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ۀ": "ه", "ک": "ك",
        "ڤ": "ف", "گ": "ق", "ء": "", "ـ": "",
    }
)  # fmt: skip
# Latin letters that Unicode does not take apart.
LATIN = str.maketrans({"ß": "ss", "ø": "o", "œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ı": "i", "ə": "a"})
APOSTROPHES = re.compile("[\"'`´’‘ʼʿʾʻ]")
BETWEEN_WORDS = re.compile(r"[\W_]+")
DIGITS = {ord(arabic): str(value) for value in range(10) for arabic in ("٠١٢٣٤٥٦٧٨٩"[value], "۰۱۲۳۴۵۶۷۸۹"[value])}


@lru_cache(maxsize=8192)  # a workbook says the same few hundred words in thousands of cells
def fold(name: str) -> str:
    """The name in small letters without marks, variants, apostrophes or punctuation, words apart by one space."""
    # Marks go before the letters are mapped, so that alef with a separate hamza is met as alef too.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).translate(ARABIC).casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(ARABIC).translate(LATIN)
    return BETWEEN_WORDS.sub(" ", APOSTROPHES.sub("", bare)).strip()


def western_digits(text: str) -> str:
    """Arabic-Indic and Persian digits, decimal and thousands signs as 0–9, point and nothing."""
    return text.translate(DIGITS).replace("٫", ".").replace("٬", "")
