"""A fact: what it says, and the records it was counted from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["count", "number", "name", "names", "day", "mode", "regions", "rows"]

# Whose numbers may stand in a file that leaves the house. Of people, rooms and answers only how many there are.
PRIVATE = frozenset({"person", "room", "response"})


@dataclass(frozen=True)
class Records:
    """The records behind a fact: their kind ("city", "person", "session" …) and their numbers (countries: codes)."""

    kind: str = ""
    ids: tuple[int | str, ...] = ()

    @classmethod
    def of(cls, kind: str, ids: Iterable[int | str]) -> Records:
        return cls(kind, tuple(sorted(set(ids), key=lambda number: (isinstance(number, str), number))))

    @property
    def count(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Fact:
    """One thing known about a dialogue. `value` is JSON: a number, {language: name}, a list of names, an ISO date."""

    key: str
    value: Any
    kind: Kind
    records: Records = field(default_factory=Records)

    def __bool__(self) -> bool:
        """Whether there is anything to say: zero and nothing are not said."""
        return self.value not in (None, 0, "", [], {})

    def as_json(self) -> dict[str, Any]:
        return {
            "value": self.value, "kind": self.kind,
            "records": {"kind": self.records.kind, "ids": list(self.records.ids)},
        }  # fmt: skip

    def as_public_json(self) -> dict[str, Any]:
        """As above for a file: of private records only their count."""
        ids = {} if self.records.kind in PRIVATE else {"ids": list(self.records.ids)}
        records = {"kind": self.records.kind, "count": self.records.count} | ids
        return {"value": self.value, "kind": self.kind, "records": records}


class Facts(Mapping[str, Fact]):
    """The facts of one dialogue by key, in the order in which they were gathered."""

    def __init__(self, gathered: Iterable[Fact]) -> None:
        self._facts = {fact.key: fact for fact in gathered}

    def __getitem__(self, key: str) -> Fact:
        return self._facts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def has(self, key: str) -> bool:
        """Whether this fact is there and says something."""
        return bool(self._facts.get(key))

    def value(self, key: str) -> Any:
        """The fact's value, None where it is missing."""
        fact = self._facts.get(key)
        return fact.value if fact is not None else None

    def as_json(self) -> dict[str, Any]:
        return {key: fact.as_json() for key, fact in self._facts.items()}

    def as_public_json(self) -> dict[str, Any]:
        return {key: fact.as_public_json() for key, fact in self._facts.items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Facts:
        return cls(
            Fact(key, item["value"], item["kind"], Records(item["records"]["kind"], tuple(item["records"]["ids"])))
            for key, item in stored.items()
        )


def counted(key: str, kind: str, ids: Iterable[int | str]) -> Fact:
    """A count that is exactly the number of its records."""
    records = Records.of(kind, ids)
    return Fact(key, records.count, "count", records)


def ranked(
    key: str, kind: str, groups: Mapping[str, Iterable[int]], names: Mapping[str, Mapping[str, Any]]
) -> list[Fact]:
    """A ranking as facts: `key` with all rows, and for each place p `key.p` (its name) and `key.p.n` (its count).

    groups: {code: numbers of the records}; the largest first, equals by code. names: {code: {language: name}}.
    """
    sized = sorted(((code, set(ids)) for code, ids in groups.items() if ids), key=lambda row: (-len(row[1]), row[0]))
    found: list[Fact] = []
    rows = []
    for place, (code, ids) in enumerate(sized, 1):
        records = Records.of(kind, ids)
        name = {language: names[code][language] for language in ("en", "ar", "de", "fr") if language in names[code]}
        rows.append({"code": code, "name": name, "n": records.count})
        found += [
            Fact(f"{key}.{place}", name, "name", records),
            Fact(f"{key}.{place}.n", records.count, "count", records),
        ]
    everything = Records.of(kind, (number for _code, ids in sized for number in ids))
    return [Fact(key, rows, "rows", everything), *found]
