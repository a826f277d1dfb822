"""The evaluation data, read where it lies beside the checkout (MEANING_DATA names another folder); never copied."""

import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "ar", "de", "fr")
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data" / "search"


def folder() -> Path:
    return Path(os.environ.get("MEANING_DATA", BESIDE))


@dataclass(frozen=True)
class Question:
    """text: what is asked, in `language`; answers: the numbers of the entries that answer it."""

    text: str
    language: str
    answers: frozenset[int]


@dataclass(frozen=True)
class Task:
    """A library of entries, each in one language, and questions in all."""

    name: str
    entries: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]


class Data:
    """One half of the data: file names may end in _dev or anything else."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def _read(self, name: str) -> list[dict[str, Any]]:
        found = sorted(self.path.glob(f"{name}*.jsonl"))
        if not found:
            raise FileNotFoundError(f"{self.path} holds no {name}*.jsonl")
        return [json.loads(line) for line in found[0].read_text(encoding="utf-8").splitlines() if line.strip()]

    @cached_property
    def led(self) -> list[dict[str, Any]]:
        return self._read("led_topics")

    @cached_property
    def sib(self) -> list[dict[str, Any]]:
        return self._read("sib200")

    def sdg(self, turn: int) -> Task:
        """Targets of the goals, each in one of four languages by turns; indicators as questions in all four."""
        targets = self._read("sdg_targets")
        where = {row["id"]: number for number, row in enumerate(targets)}
        entries = [
            (row[LANGUAGES[(number + turn) % 4]], LANGUAGES[(number + turn) % 4]) for number, row in enumerate(targets)
        ]
        asked = [
            Question(row[language], language, frozenset({where[row["target"]]}))
            for language in LANGUAGES
            for row in self._read("sdg_queries")
            if row["target"] in where
        ]
        return Task("SDG", tuple(entries), tuple(asked))

    def xquad(self, turn: int) -> Task:
        """Paragraphs, each in one of three languages by turns; questions in all three."""
        spoken = ("en", "ar", "de")
        rows = self._read("xquad_paragraphs")
        where = {row["id"]: number for number, row in enumerate(rows)}
        entries = [(row[spoken[(number + turn) % 3]], spoken[(number + turn) % 3]) for number, row in enumerate(rows)]
        asked = [
            Question(row[language], language, frozenset({where[row["para"]]}))
            for language in spoken
            for row in self._read("xquad_questions")
            if row["para"] in where
        ]
        return Task("XQuAD", tuple(entries), tuple(asked))

    def led_task(self, *, titled: bool) -> Task:
        """Needs as questions, solutions as entries in all languages; with its topic as title, as the library has it."""
        entries, asked = [], []
        for number, row in enumerate(self.led):
            for at, language in enumerate(LANGUAGES):
                text = row["solution"][language]
                entries.append((f"{row['label'][language]}. {text}" if titled else text, language))
                answers = frozenset(range(number * 4, number * 4 + 4))
                asked.append(Question(row["need"][language], LANGUAGES[at], answers))
        return Task("LED", tuple(entries), tuple(asked))
