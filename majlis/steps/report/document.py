"""The report as a document in one language: sections of sentences and tables, drawn later as page, PDF, DOCX.

Pure: it reads the facts of a summary and of its activity entries, and nothing else.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from majlis.language.collation import sort_key
from majlis.language.models import direction
from majlis.steps.report.facts import Facts
from majlis.steps.report.facts.activities import OF_SESSION, OF_STEP
from majlis.steps.report.terms import labels, sections, templates, words
from majlis.steps.report.wording import Line, Piece, Voice

Cell = tuple[Piece, ...]


@dataclass(frozen=True)
class Table:
    """Rows under a caption; the first cell of a row names it. `bars`: a share 0…1 per row, drawn beside its number."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bars: tuple[float, ...] = ()


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: Piece


@dataclass(frozen=True)
class Paragraph:
    """Sentences that belong together."""

    lines: tuple[Line, ...]

    @property
    def pieces(self) -> list[Piece]:
        """All pieces in a row, with a space between sentences."""
        row: list[Piece] = []
        for line in self.lines:
            row += [Piece(" "), *line.pieces] if row else line.pieces
        return row


Block = Table | Heading | Paragraph


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A report in one language. `banner` is set when its data are illustrative."""

    language: str
    title: Piece
    heading: str
    version: int
    written_on: date
    banner: str
    sections: tuple[Section, ...]
    slug: str

    @property
    def direction(self) -> str:
        return direction(self.language)


def document(
    facts: Facts, entries: Sequence[tuple[str, Facts]], voice: Voice, *, slug: str, version: int, written_on: date
) -> Document:
    """Lay out facts and activity entries (activity name and its facts) as a report. Empty sections are left out."""
    writer = _Writer(facts, entries, voice)
    made = (Section(key, title[voice.language], tuple(writer.blocks(key))) for key, title in sections().items())
    return Document(
        voice.language, voice.name(facts.value("title") or {}), writer.label("report"), version, written_on,
        writer.label("illustrative") if facts.value("illustrative") else "",
        tuple(section for section in made if section.blocks), slug,
    )  # fmt: skip


class _Writer:
    """The blocks of each section in one voice."""

    def __init__(self, facts: Facts, entries: Sequence[tuple[str, Facts]], voice: Voice) -> None:
        self.facts, self.entries, self.voice = facts, entries, voice

    def label(self, key: str) -> str:
        return labels()[key][self.voice.language]

    def blocks(self, section: str) -> Iterable[Block]:
        lines = self.voice.lines(self.facts, section)
        yield from _paragraphs(lines) if section == "summary" else (Paragraph((line,)) for line in lines)
        tables: dict[str, Callable[[], Iterable[Block]]] = {
            "glance": self._glance, "discussed": self._discussed, "solutions": self._solutions, "gaps": self._gaps,
            "projects": self._projects, "evaluation": self._evaluation, "annex": self._annex,
        }  # fmt: skip
        if section in tables:
            yield from tables[section]()

    def _glance(self) -> Iterable[Block]:
        rows: list[tuple[Cell, ...]] = []
        for key in ("participants", "municipalities", "countries", "sessions", "consultations"):
            if self.facts.has(key):
                rows.append(((Piece(self.label(key)),), (self._count(key),)))
        for key, name in (("sessions.first", "from"), ("sessions.last", "to"), ("sessions.day", "on")):
            if self.facts.has(key):
                rows.append(((Piece(self.label(name)),), (Piece(self._day(self.facts.value(key)), key),)))
        mode = words()["forms"]["mode_name"][self.voice.language][self.facts.value("mode")]
        rows.append(((Piece(self.label("mode")),), (Piece(mode),)))
        yield self._table("facts", ("fact", "value"), rows)
        rows = [self._country(row) for row in self.facts.value("table.countries") or []]
        if rows:
            yield self._table(
                "places",
                ("country", "cities"),
                sorted(rows, key=lambda row: sort_key(row[0][0].text, self.voice.language)),
            )
        sessions = self.facts.value("table.sessions") or []
        if sessions:
            head = ("session", "when", "present", "state")
            yield self._table("programme", head, [self._session(row) for row in sessions], zone=sessions[0]["zone"])

    def _country(self, row: Mapping[str, Any]) -> tuple[Cell, ...]:
        cities: list[Piece] = []
        for city in sorted(
            (self.voice.name(names) for names in row["cities"]),
            key=lambda piece: sort_key(piece.text, self.voice.language),
        ):
            cities += [Piece(self.label("comma")), city] if cities else [city]
        return (self.voice.name(row["name"]),), tuple(cities)

    def _session(self, row: Mapping[str, Any]) -> tuple[Cell, ...]:
        when = f"{self._day(row['day'])}{self.label('comma')}{row['time']}"
        activity = f"session:{row['code']}"
        is_told = activity in dict(self.entries)
        came = Piece(self.voice.number(row["came"]), "present" if is_told else "", activity=activity)
        return (self.voice.name(row["title"]),), (Piece(when),), (came,), (self.voice.name(row["state"]),)

    def _discussed(self) -> Iterable[Block]:
        for activity, facts in self.entries:
            lines = activity_lines(activity, facts, self.voice)
            if lines:
                yield Heading(self._activity_name(activity, facts))
                yield Paragraph(tuple(_of(line, activity) for line in lines))
        yield from self._rows(
            "table.cases", "questions", ("question",), lambda row: ((self.voice.name(row["question"]),),)
        )

    def _activity_name(self, activity: str, facts: Facts) -> Piece:
        if activity in labels():
            return Piece(self.label(activity))
        title = self.voice.name(facts.value("title") or {})
        return Piece(f"{activity.partition(':')[2]} · {title.text}", language=title.language)

    def _solutions(self) -> Iterable[Block]:
        yield from self._rows(
            "table.solutions", "solutions", ("solution", "city"),
            lambda row: ((self.voice.name(row["title"]),), (self.voice.name(row["city"]),)),
        )  # fmt: skip

    def _gaps(self) -> Iterable[Block]:
        yield from self._ranking("gap", "gaps", "resource")
        yield from self._ranking("support", "supports", "support")

    def _ranking(self, key: str, caption: str, name: str) -> Iterable[Block]:
        rows = self.facts.value(key) or []
        if rows:
            most = max(row["n"] for row in rows)
            cells = [
                ((self.voice.name(row["name"]),), (Piece(self.voice.number(row["n"]), f"{key}.{place}.n"),))
                for place, row in enumerate(rows, 1)
            ]
            yield self._table(caption, (name, "projects_n"), cells, tuple(row["n"] / most for row in rows))

    def _projects(self) -> Iterable[Block]:
        yield from self._rows("table.projects", "projects", ("project", "city", "state"), lambda row: (
            (self.voice.name(row["title"]),), (self.voice.name(row["city"]),), (self.voice.name(row["stage"]),),
        ))  # fmt: skip
        yield from self._rows("table.commitments", "commitments", ("commitment", "city", "due", "state"), lambda row: (
            (self.voice.name(row["what"]),), (self.voice.name(row["city"]),), (Piece(self._day(row["due"])),),
            (self.voice.name(row["status"]),),
        ))  # fmt: skip

    def _evaluation(self) -> Iterable[Block]:
        yield from self._rows("survey.figures", "figures", ("statement", "n", "median", "spread"), lambda row: (
            (self.voice.name(row["name"]),), (Piece(self.voice.number(row["n"]), "survey.figures"),),
            (Piece(self.voice.number(row["median"])),), (Piece(self._spread(row["classes"])),),
        ))  # fmt: skip
        yield from self._rows("survey.gains", "gains", ("skill", "n", "before", "now"), lambda row: (
            (self.voice.name(row["name"]),), (Piece(self.voice.number(row["n"]), "survey.gains"),),
            (Piece(self.voice.number(row["before"])),), (Piece(self.voice.number(row["now"])),),
        ))  # fmt: skip

    def _annex(self) -> Iterable[Block]:
        rows = self.facts.value("actors") or []
        if len(rows) > 1:
            cells = [((self.voice.name(row["name"]),), (Piece(self.voice.number(row["n"]), "actors"),)) for row in rows]
            yield self._table("actors", ("actor", "people"), cells)
        yield Heading(Piece(self.label("notes")))
        yield Paragraph((Line("note_counts", (Piece(self.label("note_counts")),)),))
        if self.facts.has("survey.responses"):
            yield Paragraph((Line("note_survey", (Piece(self.label("note_survey")),)),))

    def _rows(
        self, key: str, caption: str, head: tuple[str, ...], cells: Callable[[Mapping[str, Any]], tuple[Cell, ...]]
    ) -> Iterable[Block]:
        rows = self.facts.value(key) or []
        if rows:
            yield self._table(caption, head, [cells(row) for row in rows])

    def _table(
        self,
        caption: str,
        head: tuple[str, ...],
        rows: Sequence[tuple[Cell, ...]],
        bars: tuple[float, ...] = (),
        zone: str = "",
    ) -> Table:
        return Table(self.label(caption).format(zone=zone), tuple(self.label(name) for name in head), tuple(rows), bars)

    def _count(self, key: str) -> Piece:
        return Piece(self.voice.number(self.facts.value(key)), key)

    def _day(self, value: str) -> str:
        return self.voice.day(date.fromisoformat(value), with_year=True)

    def _spread(self, classes: Sequence[Sequence[int]]) -> str:
        parts = [
            f"{low if low == high else f'{low}–{high}'}: {self.voice.number(count)}" for low, high, count in classes
        ]
        return " · ".join(parts)


def activity_lines(activity: str, facts: Facts, voice: Voice) -> list[Line]:
    """The sentences of one activity entry."""
    kind, _colon, name = activity.partition(":")
    wanted = OF_SESSION if kind == "session" else next((OF_STEP[step] for step in OF_STEP if step.value == name), ())
    by_key = {template.key: template for template in templates()}
    lines = [voice.line(by_key[key], facts) for key in wanted]
    return [line for line in lines if line]


def _of(line: Line, activity: str) -> Line:
    """The line with each piece leading to the records of this activity's entry."""
    return replace(line, pieces=tuple(replace(piece, activity=activity) for piece in line.pieces))


def _paragraphs(lines: Sequence[Line]) -> Iterable[Paragraph]:
    """Sentences gathered into paragraphs: one that opens begins the next."""
    gathered: list[Line] = []
    for line in lines:
        if line.opens and gathered:
            yield Paragraph(tuple(gathered))
            gathered = []
        gathered.append(line)
    if gathered:
        yield Paragraph(tuple(gathered))
