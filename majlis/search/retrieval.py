"""The candidates of one question in one statement of SQL: the nearest by meaning and the best by letters.

Permission and facets are conditions inside it. Below 20,000 vectors the question is compared with all of them; above,
the HNSW index is read in order until enough rows fit the conditions (hnsw.iterative_scan), and the mean and spread of
all cosines come from a sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from django.db import connection, transaction

from majlis.algorithms.embedding import Vectors
from majlis.algorithms.lexical import K1, B, fold, fold_grams
from majlis.search.letters import gram_number
from majlis.search.models import DIMENSIONS, Gram, State
from majlis.search.rules import Viewer, may_see_sql, widest_audience

# By meaning, and by letters in each language: what stands further down is on nobody's first ten pages.
NEAREST, BEST_IN_LANGUAGE = 200, 50
# A question's rarest grams decide; the frequent ones are left out once so many rows have been read.
MOST_POSTINGS = 40_000
# As many entries, best by letters, are looked up at all.
MOST_BY_LETTERS = 500
SAMPLE = 1000


@dataclass(frozen=True)
class Candidate:
    """One entry with what the score is made of.

    cosine: centred, of the whole; letters: 0…1, BM25 over the most the question could reach; sentence: the nearest of an
    entry that has several; vector: centred, as bytes of 16-bit floats in network order.
    """

    entry: int
    thing: tuple[str, int]
    kind: str
    language: str
    original_language: str
    country: str
    themes: Sequence[str]
    cosine: float | None
    letters: float
    holds_all_words: bool
    sentence: str | None
    sentence_cosine: float | None
    vector: bytes | None


@dataclass(frozen=True)
class Candidates:
    """mean, deviation: of the cosines with `counted` entries, all that this viewer may find or a sample."""

    found: list[Candidate]
    counted: int = 0
    mean: float = 0.0
    deviation: float = 0.0


@dataclass(frozen=True)
class Question:
    """What is asked. vector: centred, at length 1, or zeros; language: of the words."""

    words: str
    language: str
    vector: Vectors


def candidates(
    question: Question, viewer: Viewer, state: State, chosen: Mapping[str, str], kinds: Sequence[str] = ()
) -> Candidates:
    """What this viewer may see and the chosen facets (kind, language, country, theme) leave, best by meaning or letters.

    kinds: only these, if any are named.
    """
    condition, parameters = _conditions(viewer, chosen, kinds)
    grams, idf, possible = _grams(question.words, state)
    has_meaning = bool(question.vector.any())
    parameters |= {
        "vector": "[" + ",".join(map(str, question.vector.tolist())) + "]" if has_meaning else None,
        "grams": grams, "idf": [(K1 + 1) * each / possible for each in idf],
        "start": K1 * (1 - B), "slope": K1 * B / state.length,
        "audience": widest_audience(viewer), "words": _patterns(question.words),
        "part": min(100.0, 100.0 * SAMPLE / max(state.entries, 1)),
    }  # fmt: skip
    near = (_APPROXIMATE if state.is_approximate else _EXACT) if has_meaning else _NOTHING
    sql = _SQL.format(near=near.format(condition=condition), condition=condition)
    with transaction.atomic(), connection.cursor() as cursor:
        if state.is_approximate:
            cursor.execute(
                f"SET LOCAL hnsw.iterative_scan = relaxed_order; SET LOCAL hnsw.ef_search = {state.effort:d}"
            )
        # Compiling takes longer than the statement, and what is looked up lies in memory.
        cursor.execute("SET LOCAL jit = off; SET LOCAL random_page_cost = 1.1")
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    found = [Candidate(row[0], (row[2], row[1]), *row[2:-3]) for row in rows]
    counted, mean, deviation = rows[0][-3:] if rows else (0, 0, 0)
    return Candidates(found, counted, mean or 0.0, deviation or 0.0)


def _conditions(viewer: Viewer, chosen: Mapping[str, str], kinds: Sequence[str]) -> tuple[str, dict[str, Any]]:
    condition, parameters = may_see_sql(viewer)
    if kinds:
        condition, parameters = f"{condition} AND e.kind = ANY(%(kinds)s)", parameters | {"kinds": list(kinds)}
    columns = {
        "kind": "e.kind = %(kind)s",
        "language": "e.original_language = %(original)s",
        "country": "e.country = %(country)s",
        "theme": "%(theme)s = ANY(e.themes)",
    }
    conditions = [condition, *(columns[facet] for facet, value in chosen.items() if value)]
    named = {"original" if facet == "language" else facet: value for facet, value in chosen.items() if value}
    return " AND ".join(conditions), parameters | named


def _grams(words: str, state: State) -> tuple[list[int], list[float], float]:
    """The question's grams that are read, their idf, and the sum of the idf of all of them (algorithms.lexical.Bm25)."""
    asked = {gram_number(gram) for gram in fold_grams(words)}
    holding = dict(Gram.objects.filter(gram__in=asked).values_list("gram", "holding")) if asked else {}

    def idf(gram: int) -> float:
        held = min(max(holding.get(gram, 0), 0), state.entries)
        return log(1 + (state.entries - held + 0.5) / (held + 0.5))

    read: list[int] = []
    rows = 0
    for gram in sorted((gram for gram in asked if holding.get(gram, 0) > 0), key=lambda gram: (holding[gram], gram)):
        rows += holding[gram]
        if read and rows > MOST_POSTINGS:
            break
        read.append(gram)
    return read, [idf(gram) for gram in read], sum(map(idf, asked)) or 1.0


def _patterns(words: str) -> list[str]:
    """LIKE patterns of every word, as it may stand inside a longer one."""
    plain = "".join(letter if letter.isalnum() else " " for letter in fold(words))
    return [f"%{word}%" for word in dict.fromkeys(plain.split())] or ["no word"]


_COSINE = f"1 - (v.centred <=> %(vector)s::halfvec({DIMENSIONS}))"

_EXACT = f"""
compared AS MATERIALIZED (
    SELECT v.entry_id, {_COSINE} AS cosine FROM search_vector v JOIN search_entry e ON e.id = v.entry_id
    WHERE v.centred IS NOT NULL AND {{condition}}
),
near AS (SELECT entry_id, cosine FROM compared ORDER BY cosine DESC, entry_id LIMIT {NEAREST}),
spread AS (SELECT count(*) AS counted, avg(cosine) AS mean, stddev_pop(cosine) AS deviation FROM compared)"""

_APPROXIMATE = f"""
near AS MATERIALIZED (
    SELECT v.entry_id, {_COSINE} AS cosine FROM search_vector v JOIN search_entry e ON e.id = v.entry_id
    WHERE {{condition}} ORDER BY v.centred <=> %(vector)s::halfvec({DIMENSIONS}) LIMIT {NEAREST}
),
spread AS (
    SELECT count(*) AS counted, avg({_COSINE}) AS mean, stddev_pop({_COSINE}) AS deviation
    FROM search_vector v TABLESAMPLE SYSTEM (%(part)s) REPEATABLE (1) WHERE v.centred IS NOT NULL
)"""

_NOTHING = """
near AS (SELECT 0::bigint AS entry_id, NULL::float AS cosine WHERE FALSE),
spread AS (SELECT 0 AS counted, 0::float AS mean, 0::float AS deviation)"""

_SQL = f"""
WITH {{near}},
summed AS (
    SELECT p.entry_id, sum(a.idf * p.count / (p.count + %(start)s::float8 + p.length * %(slope)s::float8)) AS letters
    FROM unnest(%(grams)s::int[], %(idf)s::float[]) AS a (gram, idf) JOIN search_posting p ON p.gram = a.gram
    WHERE p.audience <= %(audience)s GROUP BY p.entry_id ORDER BY letters DESC, p.entry_id LIMIT {MOST_BY_LETTERS}
),
lettered AS (
    SELECT s.entry_id, s.letters, row_number() OVER (PARTITION BY e.language ORDER BY s.letters DESC, e.id) AS place,
           e.folded LIKE ALL (%(words)s) AS holds_all_words
    FROM summed s JOIN search_entry e ON e.id = s.entry_id WHERE {{condition}}
),
found AS (
    SELECT coalesce(n.entry_id, l.entry_id) AS entry_id, n.cosine, coalesce(l.letters, 0) AS letters,
           coalesce(l.holds_all_words, FALSE) AS holds_all_words
    FROM near n FULL JOIN (SELECT * FROM lettered WHERE place <= {BEST_IN_LANGUAGE}) l ON l.entry_id = n.entry_id
)
SELECT e.id, coalesce(e.person_id, e.solution_id, e.statement_id, e.project_id, e.city_id), e.kind, e.language,
       e.original_language, e.country, e.themes, coalesce(f.cosine, {_COSINE}), f.letters, f.holds_all_words,
       best.body, best.cosine, halfvec_send(v.centred), spread.counted, spread.mean, spread.deviation
FROM found f JOIN search_entry e ON e.id = f.entry_id LEFT JOIN search_vector v ON v.entry_id = e.id CROSS JOIN spread
LEFT JOIN LATERAL (
    SELECT p.body, 1 - ((p.values - m.shift) <=> %(vector)s::vector({DIMENSIONS})) AS cosine
    FROM search_passage p JOIN search_mean m ON m.kind = e.kind AND m.language = e.language
    WHERE p.entry_id = e.id ORDER BY cosine DESC, p.position LIMIT 1
) best ON TRUE
ORDER BY e.id"""
