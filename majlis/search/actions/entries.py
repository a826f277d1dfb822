"""Writing entries: which things have changed since they were indexed, and what is said of them now.

The folders below do not know that they are searched, so nobody tells us of a change. Each round compares the digest of
every row, made inside the database, with the one that its entries bear: a third of a second for a hundred thousand rows,
and no import, restored backup or row changed by hand is ever missed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from majlis.algorithms.lexical import fold
from majlis.search.letters import gram_numbers
from majlis.search.models import Entry
from majlis.search.sources import SOURCES, Draft, Source

BATCH = 200
MOST_GRAMS = 2**15 - 1  # a smallint's

Tell = Callable[[int], None]


def write_changed(tell: Tell) -> int:
    """Bring the entries of everything that is new, changed or gone up to date; return how many things that were.

    Each batch is a transaction of its own: a job that is killed goes on where it stood.
    """
    changed = 0
    for source in SOURCES:
        for numbers in _parts(_gone(source)):
            _remove(numbers)
            changed += len(numbers)
        for numbers in _parts(_changed(source)):
            _write(source, numbers)
            changed += len(numbers)
            tell(len(numbers))
    return changed


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[at : at + BATCH] for at in range(0, len(numbers), BATCH))


def _gone(source: Source) -> list[int]:
    """Numbers of entries whose thing no longer counts, such as a person whose account was closed."""
    there = {f"{source.key}__in": source.rows().values("pk")}
    return list(source.entries().exclude(**there).values_list("pk", flat=True))


def _changed(source: Source) -> list[int]:
    """Numbers of things that no entry bears the present stamp of."""
    same: dict[str, Any] = {source.key: OuterRef("pk"), "stamp": OuterRef("stamp")}
    found = source.stamped_rows().filter(~Exists(source.entries().filter(**same)))
    return list(found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _write(source: Source, numbers: Sequence[int]) -> None:
    own = source.entries().filter(**{f"{source.key}__in": numbers})
    _remove(list(own.values_list("pk", flat=True)))
    things = source.stamped_rows().filter(pk__in=numbers).order_by("pk")
    entries = [entry for thing in things for entry in _entries(source, thing)]
    grams = [gram_numbers(entry.folded) for entry in entries]
    for entry, counted in zip(entries, grams, strict=True):
        entry.length = min(len(counted), MOST_GRAMS)
    Entry.objects.bulk_create(entries)
    _write_postings(entries, [Counter(counted) for counted in grams])


def _entries(source: Source, thing: Any) -> list[Entry]:
    draft = source.draft(thing)
    # A thing without words still has its entry, or it would count as changed for ever.
    bodies = draft.bodies() or {draft.original_language: ""}
    return [_entry(source, thing, draft, language, body) for language, body in bodies.items()]


def _entry(source: Source, thing: Any, draft: Draft, language: str, body: str) -> Entry:
    entry = Entry(
        kind=draft.kind, city=draft.city, language=language, original_language=draft.original_language, body=body,
        folded=fold("\n".join([body, *draft.names_beside(language)])), country=draft.city.country if draft.city else "",
        themes=sorted({*draft.themes, *(theme.partition(".")[0] for theme in draft.themes)}), audience=draft.audience,
        account_id=draft.account, stamp=thing.stamp,
    )  # fmt: skip
    setattr(entry, source.key, thing)
    return entry


def _write_postings(entries: Sequence[Entry], counts: Sequence[Counter[int]]) -> None:
    holding: Counter[int] = Counter()
    with connection.cursor() as cursor:
        columns = "COPY search_posting (entry_id, gram, count, length, audience) FROM STDIN"
        with cursor.copy(columns) as copy:
            for entry, counted in zip(entries, counts, strict=True):
                holding.update(counted.keys())
                for gram, count in counted.items():
                    copy.write_row((entry.pk, gram, min(count, MOST_GRAMS), entry.length, entry.audience))
        cursor.execute(
            "INSERT INTO search_gram (gram, holding) SELECT * FROM unnest(%s::int[], %s::int[])"
            " ON CONFLICT (gram) DO UPDATE SET holding = search_gram.holding + excluded.holding",
            [list(holding.keys()), list(holding.values())],
        )


@transaction.atomic
def _remove(numbers: Sequence[int]) -> None:
    """Take entries out, with their letters and vectors."""
    if not numbers:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM search_posting WHERE entry_id = ANY(%s) RETURNING gram),"
            " counted AS (SELECT gram, count(*) AS times FROM gone GROUP BY gram)"
            " UPDATE search_gram SET holding = holding - times FROM counted WHERE search_gram.gram = counted.gram",
            [list(numbers)],
        )
    Entry.objects.filter(pk__in=numbers).delete()


def recount_grams() -> None:
    """Count anew in how many entries each gram occurs: what was deleted with its source was not subtracted."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_gram")
        cursor.execute("INSERT INTO search_gram SELECT gram, count(*) FROM search_posting GROUP BY gram")
