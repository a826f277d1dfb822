"""From facts to sentences in one language: pieces of text, of which each number knows the fact that it shows.

No sentence is guessed: where a fact is missing or zero, the sentence is dropped.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal

from majlis.language.models import direction
from majlis.network.terms import countries
from majlis.steps.report.facts import Fact, Facts
from majlis.steps.report.terms import Template, owns_first, templates, words

Months = Literal["both", "levant", "egypt", "morocco"]
SLOT = re.compile(r"\{([\w.]+)(?:\|(\w+))?\}")
NUMBER = re.compile(r"\{(n|word|over)\}")
# From this number on, a count that is not a multiple of ten may be said as "more than …".
ROUND = 10


@dataclass(frozen=True)
class Piece:
    """A part of a sentence. `fact` is the key of the fact it shows, or nothing; `language` only where it differs.

    `activity` is set where the fact is one of an activity entry, whose records are its own.
    """

    text: str
    fact: str = ""
    language: str = ""
    activity: str = ""

    @property
    def direction(self) -> str:
        if self.language == "und":
            return "auto"
        return direction(self.language) if self.language else ""


@dataclass(frozen=True)
class Line:
    """One sentence of the report."""

    key: str
    pieces: tuple[Piece, ...]
    opens: bool = False

    def __str__(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Voice:
    """The language a report is written in, and how it names the months in Arabic."""

    language: str
    months: Months = "both"

    def lines(self, facts: Facts, section: str) -> list[Line]:
        """The sentences of a section that the facts carry, in their order."""
        chosen = [template for template in templates() if section in {template.section, template.also}]
        if section in owns_first():
            chosen.sort(key=lambda template: template.section != section)
        lines = [self.line(template, facts) for template in chosen]
        return [line for line in lines if line]

    def line(self, template: Template, facts: Facts) -> Line | None:
        """The sentence filled with facts, or None where one of them is missing."""
        pattern = self._pattern(template, facts)
        slots = [match.group(1) for match in SLOT.finditer(pattern)]
        if any(not facts.has(key) for key in slots) or any(facts.has(key) for key in template.unless):
            return None
        return Line(template.key, tuple(self._pieces(pattern, facts)), template.opens)

    def number(self, value: float) -> str:
        """Digits 0–9 in every language, grouped as the language does."""
        return str(format_decimal(value, locale="ar_TN" if self.language == "ar" else self.language))

    def over(self, count: int) -> str:
        """“More than 40” for 44; “40” for 40, where more would not be true; “8” for 8."""
        if count <= ROUND or count % ROUND == 0:
            return self.number(count)
        rounded: str = words()["over"][self.language].format(n10=self.number(count // ROUND * ROUND))
        return rounded

    def word(self, count: int) -> str:
        """The number as a word from two to twelve, in digits beyond."""
        listed = words()["number_words"][self.language]
        return str(listed[count - 2]) if 2 <= count <= len(listed) + 1 else self.number(count)

    def day(self, value: date, *, with_year: bool = False) -> str:
        """29. September, 29 September, 29 septembre, 29 أيلول/سبتمبر; with the year where asked."""
        ways = words()["days"][self.language]
        number = ways["first"] if value.day == 1 and "first" in ways else str(value.day)
        form: str = ways["dated" if with_year else "plain"]
        return form.format(d=number, month=self._month(value.month), year=value.year)

    def listed(self, items: Sequence[str]) -> str:
        return str(format_list(list(items), locale=self.language))

    def name(self, names: Mapping[str, str]) -> Piece:
        """A name in this language; where there is none, in the one it has, marked as such."""
        if self.language in names:
            return Piece(names[self.language])
        language = "en" if "en" in names else next(iter(names), "")
        return Piece(names.get(language, ""), language=language)

    def _month(self, month: int) -> str:
        if self.language == "ar":
            return str(words()["months"][self.months][month - 1])
        return str(Locale(self.language).months["format"]["wide"][month])

    def _pattern(self, template: Template, facts: Facts) -> str:
        text = template.texts[self.language]
        if isinstance(text, str):
            return text
        return _by_plural(text, int(facts.value(template.by) or 0), self.language)

    def _pieces(self, pattern: str, facts: Facts) -> Iterator[Piece]:
        end = 0
        for match in SLOT.finditer(pattern):
            if pattern[end : match.start()]:
                yield Piece(pattern[end : match.start()])
            yield from self._shown(facts[match.group(1)], match.group(2) or "", facts)
            end = match.end()
        if pattern[end:]:
            yield Piece(pattern[end:])

    def _shown(self, fact: Fact, form: str, facts: Facts) -> Iterator[Piece]:
        if form == "day":
            yield Piece(self.day(date.fromisoformat(fact.value), with_year=_years_differ(facts)), fact.key)
        elif form == "list":
            yield from self._list(fact)
        elif form == "quote":
            opening, closing = words()["quotes"][self.language]
            said = self.name(fact.value)
            yield from (Piece(opening), Piece(said.text, fact.key, said.language), Piece(closing))
        elif form:
            yield from self._formed(fact, words()["forms"][form][self.language], facts)
        elif fact.kind == "regions":
            yield Piece(self._regions(fact.value), fact.key)
        elif fact.kind == "name":
            said = self.name(fact.value)
            yield Piece(said.text, "", said.language)
        else:
            yield Piece(self.number(fact.value), fact.key)

    def _list(self, fact: Fact) -> Iterator[Piece]:
        """Names joined as the language does, each a piece of its own so that it can carry its own language."""
        opening, closing = words()["quotes"][self.language]
        names = [self.name(names) for names in fact.value]
        marks = [f"\x00{place}\x00" for place in range(len(names))]
        for part in re.split("(\x00\\d+\x00)", self.listed(marks)):
            if part.startswith("\x00"):
                # Quoted: a name may hold an "and" of its own.
                yield from (Piece(opening), names[int(part.strip("\x00"))], Piece(closing))
            elif part:
                yield Piece(part)

    def _formed(self, fact: Fact, form: Any, facts: Facts) -> Iterator[Piece]:
        if fact.kind == "mode":
            yield Piece(form[fact.value])
            return
        if "virtual" in form:
            form = form[facts.value("mode") or "virtual"]
        count = int(fact.value)
        text = _by_plural(form, count, self.language)
        ways = {"n": self.number(count), "word": self.word(count), "over": self.over(count)}
        if not NUMBER.search(text):
            yield Piece(text, fact.key)
            return
        for place, part in enumerate(NUMBER.split(text)):
            if part:
                yield Piece(ways[part], fact.key) if place % 2 else Piece(part)

    def _regions(self, value: Mapping[str, Any]) -> str:
        phrases = words()["regions"][self.language]
        named = [phrases["mena"]] if value["group"] else []
        for code in value["countries"]:
            name = countries().get(code, {}).get(self.language, code)
            named.append(phrases.get(code, phrases["other"]).format(name=name))
        return self.listed(named)


def _by_plural(forms: Mapping[str, str], count: int, language: str) -> str:
    """The form for a count by CLDR's rules. Arabic tells zero, one, two, few (3–10), many (11–99) and other apart."""
    category = _plural(language)(count)
    return forms.get(category, forms["other"])


@cache
def _plural(language: str) -> Any:
    return Locale(language).plural_form


def _years_differ(facts: Facts) -> bool:
    """A year is said only where the days do not share one; the table of facts always has it."""
    first, last = facts.value("sessions.first"), facts.value("sessions.last")
    return bool(first and last and first[:4] != last[:4])
