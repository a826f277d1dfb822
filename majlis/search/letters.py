"""A text's 4-grams as numbers."""

from zlib import crc32

from majlis.algorithms.lexical import fold_grams

# PostgreSQL's integer is signed.
HALF = 2**31


def gram_number(gram: str) -> int:
    """The CRC-32 of a gram as a signed 32-bit number: four bytes instead of up to twelve, twelve million times."""
    return crc32(gram.encode()) - HALF


def gram_numbers(text: str) -> list[int]:
    """The 4-grams of a text, repeated as they occur."""
    return [gram_number(gram) for gram in fold_grams(text)]
