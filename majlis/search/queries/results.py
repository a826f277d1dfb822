"""What was found, as a page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from majlis.language.models import Shown, Text
from majlis.language.words import in_all_languages
from majlis.network.models import City
from majlis.network.queries import Option
from majlis.search.models import Entry
from majlis.search.retrieval import Candidate

# Nearer than this (centred cosine of the encoder) is said to be similar: unrelated texts of the demo reach .15 to .2, what
# answers a question lies at .2 to .6. Letters count alone from this excess on (algorithms.lexical), or if no word is missing.
NEAR, LETTERS_SUFFICE = 0.18, 0.4


@dataclass(frozen=True)
class Ranked:
    """A candidate with its score. near: centred cosine of its whole and its best sentence; excess: of its letters, 0…1."""

    candidate: Candidate
    score: float
    near: float
    excess: float

    @property
    def is_relevant(self) -> bool:
        of = self.candidate
        return of.holds_all_words or self.excess >= LETTERS_SUFFICE or self.near >= NEAR

    def values(self, facet: str) -> set[str]:
        of = self.candidate
        if facet == "theme":
            return set(of.themes)
        return {getattr(of, "original_language" if facet == "language" else facet)} - {""}


@dataclass(frozen=True)
class Hit:
    """One thing found, with the sentence that fits best where it is not the title."""

    entry: Entry
    score: float
    sentence: str = ""

    @property
    def title(self) -> Text:
        entry = self.entry
        if entry.person:
            title: Text = entry.person.role_title
        elif entry.solution:
            title = entry.solution.title
        elif entry.statement:
            title = entry.statement.text
        elif entry.project:
            title = entry.project.title
        else:
            assert entry.city is not None
            title = entry.city.name
        return title

    @property
    def shown(self) -> Shown:
        """The title in the reader's language if it is there."""
        return self.title.shown()

    @property
    def quote(self) -> str:
        """The best sentence, unless the title as shown says it already."""
        sentence = self.sentence.rstrip(";؛")
        return "" if sentence in self.shown.body else sentence

    @property
    def place(self) -> City | None:
        """The city it belongs to, unless it is one."""
        return None if self.entry.kind == Entry.Kind.CITY else self.entry.city

    @property
    def url(self) -> str:
        """Addresses of other folders are written out: a result must not fail because a page was renamed."""
        entry = self.entry
        if entry.solution:
            return f"/solutions/{entry.solution.code}/"
        if entry.project:
            return f"/projects/{entry.project.code}/"
        if entry.city is None:
            return "/network/people/"
        page = f"/network/cities/{entry.city.slug}/"
        return f"{page}#{entry.kind}" if entry.statement else f"{page}#people" if entry.person else page


@dataclass(frozen=True)
class Found:
    """One page of what was found.

    strip: what holds every word, in the language of the question first; total and n_literal: things that fit, and those of them
    that hold every word; is_capped: only the best are counted.
    """

    hits: list[Hit] = field(default_factory=list)
    strip: list[Hit] = field(default_factory=list)
    total: int = 0
    n_literal: int = 0
    pages: int = 0
    is_capped: bool = False
    facets: dict[str, list[Option]] = field(default_factory=dict)

    @property
    def others(self) -> dict[str, list[Option]]:
        """The facets that do not stand as tabs; of the themes the five main ones, since a sub-theme is soon said in words."""
        main = [option for option in self.facets.get("theme", ()) if "." not in option.value or option.is_chosen]
        return {
            facet: main if facet == "theme" else several for facet, several in self.facets.items() if facet != "kind"
        }


def hits(shown: Sequence[Ranked]) -> list[Hit]:
    """What is shown of these, as far as it is still there. One query."""
    numbers = [each.candidate.entry for each in shown]
    related = ("city", "person", "solution", "statement", "project")
    entries = {entry.pk: entry for entry in Entry.objects.filter(pk__in=numbers).select_related(*related)}
    there = (each for each in shown if each.candidate.entry in entries)
    return [Hit(entries[each.candidate.entry], each.score, each.candidate.sentence or "") for each in there]


def kind_name(kind: str) -> dict[str, str]:
    """{language: name} of a kind of entry."""
    return in_all_languages(Entry.Kind(kind).label)
