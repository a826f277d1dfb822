"""Meaning across four languages (S1–S10), beside what one builds by the book, measured in the same run.

must is where the work started (design paper), aim the goal; the note gives the textbook stack's figure from this run and
how far we are from start (0 %) to goal (100 %). The data lies beside the checkout and is never copied; the other half is
kept back, so no constant was chosen on it: MEANING_DATA=/path make bench BENCH=meaning measures that one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bench.meaning.data import Data, Task, folder
from bench.promise import Measured


@dataclass(frozen=True)
class Row:
    """One line of the table: what was promised of it (start, goal) and what we and the textbook reach."""

    promise: str
    what: str
    ours: float
    start: float | None = None
    goal: float | None = None
    book: float | None = None
    more: bool = True
    note: str = ""

    def measured(self) -> Measured:
        notes = [f"textbook {self.book:.3f}"] if self.book is not None else []
        if self.start is not None and self.goal is not None and self.goal != self.start:
            notes.append(f"{(self.ours - self.start) / (self.goal - self.start):.0%} of the way")
        notes += [self.note] if self.note else []
        return Measured(
            self.promise, self.what, round(self.ours, 4), "", self.start, self.goal, "; ".join(notes), more=self.more
        )


def measure() -> list[Measured]:
    from bench.meaning.models import keep
    from majlis.run import command

    path = folder()
    if not path.is_dir():
        print(f"Meaning is not measured: there is no {path}. MEANING_DATA names the folder with the evaluation data.")
        return []
    data = Data(path)
    with command.database() as url:
        rows = [*group_rows(data), *name_rows(data), *retrieval_rows(data, url)]
    keep()
    return sorted((row.measured() for row in rows), key=lambda each: int(each.promise[1:]))


def retrieval_rows(data: Data, url: str) -> list[Row]:
    """S1–S5."""
    from bench.meaning import textbook
    from bench.meaning.models import both, first
    from bench.meaning.retrieval import Found, judged, over, rankings

    embedder = first()[0][0]

    def by_turns(task: Callable[[int], Task], turns: int, ranked: Callable[[Task], list[list[int]]]) -> Found:
        return over([judged(task(turn), ranked(task(turn))) for turn in range(turns)])

    def three(task: Callable[[int], Task], turns: int) -> tuple[Found, Found, Found]:
        return (
            by_turns(task, turns, lambda each: rankings(each, both())),
            by_turns(task, turns, lambda each: rankings(each, first())),
            by_turns(task, turns, lambda each: textbook.rankings(url, each, embedder)),
        )

    sdg, sdg_one, sdg_book = three(data.sdg, 2)
    new = judged(data.sdg(0), rankings(data.sdg(0), first(), alone=True))
    xquad, xquad_one, xquad_book = three(data.xquad, 1)
    led, led_one, led_book = three(lambda _turn: data.led_task(titled=True), 1)
    bare, bare_one, bare_book = three(lambda _turn: data.led_task(titled=False), 1)
    alone, two = "default model alone", "two models" if len(both()) > 1 else "the second model is not installed"
    return [
        Row("S1", "SDG, mixed library, nDCG@10, all", sdg.everywhere, 0.578, 0.60, sdg_book.everywhere, note=two),
        Row("S1", "SDG, across languages", sdg.across, 0.553, 0.58, sdg_book.across, note=two),
        Row("S1", "all", sdg_one.everywhere, 0.542, 0.60, note=alone),
        Row("S1", "across", sdg_one.across, 0.523, 0.58, note=alone),
        Row("S1", "all, the first questions ever asked", new.everywhere, note=f"{alone}; no means of questions yet"),
        Row("S2", "XQuAD, same language, nDCG@10", xquad.same, 0.966, 0.97, xquad_book.same, note=two),
        Row("S2", "XQuAD, across, at once", xquad.across, 0.760, 0.85, xquad_book.across, note=two),
        Row("S2", "same language", xquad_one.same, 0.966, 0.97, note=alone),
        Row("S2", "across, at once", xquad_one.across, 0.760, 0.85, note=alone),
        Row("S3", "LED need → solution with its title, nDCG@10", led.everywhere, 0.812, 0.85, led_book.everywhere, note=two),
        Row("S3", "first right", led.first, 0.844, 0.90, led_book.first, note=two),
        Row("S3", "nDCG@10", led_one.everywhere, 0.767, 0.85, note=alone),
        Row("S3", "first right", led_one.first, 0.828, 0.90, note=alone),
        Row("S3", "without titles, nDCG@10", bare.everywhere, book=bare_book.everywhere, note=two),
        Row("S3", "without titles, first right", bare.first, book=bare_book.first, note=f"{two}; alone {bare_one.first:.3f}"),
        Row("S4", "question's language among the top four, LED (.22–.30)", led.own, 0.30, 0.30, led_book.own, more=False),
        Row("S4", "the same, SDG", sdg.own, 0.30, 0.30, sdg_book.own, more=False),
        Row("S5", "worst of 16 directions, share of the best, LED", led.worst, 0.45, 0.70, led_book.worst, note=two),
        Row("S5", "the same, SDG", sdg.worst, 0.45, 0.70, sdg_book.worst, note=two),
    ]  # fmt: skip


def name_rows(data: Data) -> list[Row]:
    """S6, S7."""
    from bench.meaning import groups
    from bench.meaning.models import both, first

    right, certain, wrong = groups.names(data, both())
    right_one, certain_one, wrong_one = groups.names(data, first())
    book_groups, book_single = groups.raw_names(data, first())
    with_example = groups.single_needs(data, both(), with_example=True)
    one = groups.single_needs(data, first(), with_example=True)
    bare = groups.single_needs(data, both(), with_example=False)
    return [
        Row(
            "S6",
            "groups of eight named right",
            right,
            1.0,
            1.0,
            book_groups,
            note=f"default model alone {right_one:.3f}",
        ),
        Row(
            "S6",
            "single needs, concepts with one example",
            with_example,
            0.75,
            0.85,
            book_single,
            note=f"alone {one:.3f}",
        ),
        Row("S6", "single needs, concepts by name only", bare),
        Row("S7", "wrong name as certain, topic missing", wrong, 0.09, 0.05, more=False, note=f"alone {wrong_one:.3f}"),
        Row("S7", "right name as certain, topic there", certain, 0.80, 0.85, note=f"alone {certain_one:.3f}"),
    ]


def group_rows(data: Data) -> list[Row]:
    """S8–S10."""
    from bench.meaning import groups as measured
    from bench.meaning.models import first

    found = measured.found_topics(data, first())
    cities, given, book = measured.planted_cities(data, first())
    return [
        Row("S8", "topics of statements, SIB: Rand index", found["rand"], 0.356, 0.50, found["book rand"],
            note=f"{found['groups']:g} groups"),
        Row("S8", "mutual information with language", found["language"], 0.02, 0.02, found["book language"], more=False),
        Row("S9", "stability on samples of 90 %", found["stability"], 0.77, 0.85, found["book stability"]),
        Row("S10", "planted groups of 7–9 cities: Rand index", cities, 0.92, 0.95, book,
            note="statements without themes, by scores"),
        Row("S10", "the same, each statement with its theme given", given, 0.92, 0.95),
    ]  # fmt: skip
