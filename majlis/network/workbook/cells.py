"""Reading one cell: a value out of what a person typed, or a sentence that says what is wrong and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import isfinite
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_noop as _

from majlis.language.folding import fold, western_digits
from majlis.language.typed import cleaned
from majlis.network import terms
from majlis.network.gazetteer import size_class_of
from majlis.network.workbook.columns import Column, meaning
from majlis.web.sentences import Sentence

MOST_THEMES = 5
ZONES = frozenset(available_timezones())

FORMULA = _("This cell holds a formula. Copy the cell and paste it as a value.")
TOO_LONG = _("This text has %(length)s characters; at most %(most)s fit. Shorten it.")
NOT_A_COUNTRY = _("“%(typed)s” is not a country of the network. Write its name or its two-letter code, e.g. TN.")
NOT_A_ZONE = _(
    "“%(typed)s” is not a time zone. Write one such as Africa/Tunis or Europe/Berlin, or leave the cell empty."
)
NOT_A_NUMBER = _("“%(typed)s” is not a number. Write degrees such as 33.88.")
OUT_OF_RANGE = _("%(typed)s lies outside %(least)s to %(most)s degrees.")
NOT_A_SIZE = _("“%(typed)s” is not a size. Write SZ1 to SZ6 or the number of inhabitants, or leave the cell empty.")
NOT_A_LANGUAGE = _("“%(typed)s” is not one of the languages ar, de, en, fr.")
NOT_A_KIND = _("“%(typed)s” is none of need, vision, offer.")
NOT_YES_OR_NO = _("“%(typed)s” is neither yes nor no.")
NOT_A_GENDER = _("“%(typed)s” is none of woman, man, other; the cell may stay empty.")
NOT_A_SEAT = _("“%(typed)s” is not a seat. Write 1, 2 or 3.")
NOT_A_THEME = _("“%(typed)s” is not the code of a theme. Codes look like GRN.01; the page “Themes” lists them all.")
TOO_MANY_THEMES = _("A statement bears at most %(most)s themes; here are %(count)s.")
NOT_AN_ACTOR = _("“%(typed)s” is not a kind of organisation. Write one such as %(examples)s.")
NOT_AN_ADDRESS = _("“%(typed)s” is not an e-mail address.")
NOT_A_CODE = _("“%(typed)s” cannot be a code. Use small letters a–z, digits and hyphens, e.g. tn-gabes.")
NOT_A_MARK = _("“%(typed)s” cannot be a number. Use digits or letters, e.g. 1 or W2.")

SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
MARK = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.-]*$")
DEGREES = re.compile(r"^([+-]?\d+(?:[.,]\d+)?)\s*°?\s*([NSEWOنسشغ]?)$", re.IGNORECASE)


class NotReadable(Exception):
    """A cell that cannot be taken over, and why."""

    def __init__(self, message: str, **params: object) -> None:
        self.sentence = Sentence(message, params)
        super().__init__(message)


def parsed(column: Column, value: Any) -> Any:
    """The value of a filled cell as JSON can hold it; raises NotReadable.

    slug, line, paragraph, mark, zone, email, country (ISO code), size (SZ code), language, statement_kind and gender give
    text; latitude, longitude a float; seat an int; yes_no a bool; themes and languages a list of codes.
    """
    typed = cleaned(value)
    if column.max and len(typed) > column.max:
        raise NotReadable(TOO_LONG, length=len(typed), most=column.max)
    return READERS[column.kind](typed)


def line(typed: str) -> str:
    return " ".join(typed.split())


def slug(typed: str) -> str:
    code = typed.lower()
    if not SLUG.match(code):
        raise NotReadable(NOT_A_CODE, typed=typed)
    return code


def mark(typed: str) -> str:
    """The number of a statement within its city and kind: 1, 2, …, or W1 for one written on the web."""
    number = western_digits(typed)
    if not MARK.match(number):
        raise NotReadable(NOT_A_MARK, typed=typed)
    return number


def country(typed: str) -> str:
    if typed.upper() in terms.countries():
        return typed.upper()
    wanted = fold(typed)
    for code, term in terms.countries().items():
        if wanted and wanted in map(fold, terms.names(term).values()):
            return code
    raise NotReadable(NOT_A_COUNTRY, typed=typed)


def zone(typed: str) -> str:
    # "Africa/Tunis" however it is written; CET and Etc/GMT+1 are in the list too, but say no place.
    found = next((name for name in ZONES if name.lower() == typed.replace(" ", "_").lower() and "/" in name), None)
    if found is None or found.startswith("Etc/"):
        raise NotReadable(NOT_A_ZONE, typed=typed)
    return found


def degrees(most: int) -> Callable[[str], float]:
    """A reader of degrees with point or comma, in any digits, with N, S, E, W or a sign."""

    def read(typed: str) -> float:
        found = DEGREES.match(western_digits(typed).replace("−", "-"))
        if found is None:
            raise NotReadable(NOT_A_NUMBER, typed=typed)
        number = float(found[1].replace(",", "."))
        if found[2].upper() in {"S", "W", "O"} and number > 0:
            # French «O» is west; German «O» is east: nobody can tell, so it is asked.
            if found[2].upper() == "O":
                raise NotReadable(NOT_A_NUMBER, typed=typed)
            number = -number
        if not isfinite(number) or not -most <= number <= most:
            raise NotReadable(OUT_OF_RANGE, typed=typed, least=-most, most=most)
        return number

    return read


def size(typed: str) -> str:
    """A size class by its code, or from a number of inhabitants with or without thousands' signs."""
    if typed.upper() in terms.size_classes():
        return typed.upper()
    digits = re.sub(r"[ \u00a0\u202f.,'’]", "", western_digits(typed))
    if not digits.isascii() or not digits.isdigit() or len(digits) > 8:
        raise NotReadable(NOT_A_SIZE, typed=typed)
    return size_class_of(int(digits))


def language(typed: str) -> str:
    found = meaning(typed, ("ar", "de", "en", "fr"))
    if found is None:
        raise NotReadable(NOT_A_LANGUAGE, typed=typed)
    return found


def languages(typed: str) -> list[str]:
    return list(dict.fromkeys(language(word) for word in re.split(r"[,;،/+\s]+", typed) if word))


def themes(typed: str) -> list[str]:
    codes = [code.upper() for code in re.split(r"[,;،\s]+", typed) if code]
    for code in codes:
        if code not in terms.themes():
            raise NotReadable(NOT_A_THEME, typed=code)
    if len(codes) > MOST_THEMES:
        raise NotReadable(TOO_MANY_THEMES, most=MOST_THEMES, count=len(codes))
    return list(dict.fromkeys(codes))


def statement_kind(typed: str) -> str:
    found = meaning(typed, ("need", "vision", "offer"))
    if found is None:
        raise NotReadable(NOT_A_KIND, typed=typed)
    return found


def yes_no(typed: str) -> bool:
    found = meaning(typed, ("yes", "no"))
    if found is None:
        raise NotReadable(NOT_YES_OR_NO, typed=typed)
    return found == "yes"


def actor_type(typed: str) -> str:
    if typed.upper() in terms.actor_types():
        return typed.upper()
    wanted = fold(typed)
    for code, term in terms.actor_types().items():
        if wanted and wanted in map(fold, terms.names(term).values()):
            return code
    examples = [terms.names(term) for term in list(terms.actor_types().values())[:3]]
    raise NotReadable(NOT_AN_ACTOR, typed=typed, examples=examples)


def gender(typed: str) -> str:
    found = meaning(typed, ("woman", "man", "other"))
    if found is None:
        raise NotReadable(NOT_A_GENDER, typed=typed)
    return found


def seat(typed: str) -> int:
    number = western_digits(typed)
    if number not in {"1", "2", "3"}:
        raise NotReadable(NOT_A_SEAT, typed=typed)
    return int(number)


def email(typed: str) -> str:
    address = typed.removeprefix("mailto:").lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise NotReadable(NOT_AN_ADDRESS, typed=typed) from error
    return address


READERS: dict[str, Callable[[str], Any]] = {
    "line": line, "paragraph": str, "slug": slug, "mark": mark, "country": country, "actor_type": actor_type, "zone": zone, "latitude": degrees(90),
    "longitude": degrees(180), "size": size, "language": language, "languages": languages, "themes": themes,
    "statement_kind": statement_kind, "yes_no": yes_no, "gender": gender, "seat": seat, "email": email,
}  # fmt: skip
