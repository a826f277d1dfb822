"""What one builds by the book: stemmed full text of PostgreSQL and raw vectors, joined by reciprocal rank fusion."""

import numpy as np
import psycopg
from numpy.typing import NDArray

from bench.meaning.data import Task
from majlis.algorithms.embedding import Embedder

STEMMERS = {"en": "english", "ar": "arabic", "de": "german", "fr": "french"}
# The usual constant of rank fusion (Cormack, Clarke, Büttcher 2009).
FUSION = 60


class FullText:
    """The entries of a task in a table of its own, stemmed in their language."""

    def __init__(self, url: str, task: Task) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute("CREATE TEMPORARY TABLE entry (number int, words tsvector)")
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO entry VALUES (%s, to_tsvector(%s::regconfig, %s))",
                [(number, STEMMERS[language], text) for number, (text, language) in enumerate(task.entries)],
            )
        self._connection.execute("CREATE INDEX ON entry USING gin (words)")

    def ranking(self, text: str, language: str) -> list[int]:
        """Any of the question's words, ranked by ts_rank_cd: all of its words at once find almost nothing."""
        found = self._connection.execute(
            "WITH asked AS (SELECT replace(plainto_tsquery(%s::regconfig, %s)::text, ' & ', ' | ')::tsquery AS words)"
            " SELECT number FROM entry, asked WHERE entry.words @@ asked.words"
            " ORDER BY ts_rank_cd(entry.words, asked.words, 1) DESC, number LIMIT 100",
            [STEMMERS[language], text],
        )
        return [number for (number,) in found]

    def close(self) -> None:
        self._connection.close()


def rankings(url: str, task: Task, embedder: Embedder) -> list[list[int]]:
    """The fused ranking of each question; entries that neither found come last in their order."""
    texts = FullText(url, task)
    entries = embedder.encode([text for text, _language in task.entries])
    asked = embedder.encode([question.text for question in task.questions], query=True)
    found = [
        _fused(texts.ranking(question.text, question.language), entries @ vector)
        for question, vector in zip(task.questions, asked, strict=True)
    ]
    texts.close()
    return found


def _fused(by_words: list[int], cosines: NDArray[np.float32]) -> list[int]:
    scores = np.zeros(len(cosines))
    for ranking in (by_words, np.argsort(-cosines, kind="stable")[:100].tolist()):
        for place, number in enumerate(ranking, 1):
            scores[number] += 1 / (FUSION + place)
    return [int(number) for number in np.argsort(-scores, kind="stable")]
