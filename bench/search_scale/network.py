"""A network of any size to search in: rows as the product would hold them, texts put together from some eight hundred sentences.

Encoding a hundred thousand texts takes the model six minutes. Here it encodes the sentences once, and a text's vector is
the mean of its sentences' with as much noise of its own, so that two texts that share a sentence are as near as two of
one theme are in life (a cosine of about a half), not copies.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zlib import crc32

import numpy as np
import yaml

LANGUAGES = ("en", "ar", "de", "fr")
NOISE = 1.0


@dataclass(frozen=True)
class Size:
    """How many rows of each there are. A city has four entries (its names), everything else one."""

    cities: int
    people: int
    solutions: int
    statements: int

    @property
    def entries(self) -> int:
        return 4 * self.cities + self.people + self.solutions + self.statements

    def of(self, part: float) -> "Size":
        return Size(*(round(part * n) for n in (self.cities, self.people, self.solutions, self.statements)))


# W12's network with four needs and visions for each city, a tenth of it, and as much as the demo has.
LARGE = Size(cities=5_000, people=50_000, solutions=20_000, statements=20_000)
MIDDLE, SMALL = LARGE.of(0.1), LARGE.of(0.004)


def sentences() -> dict[str, list[str]]:
    """{language: the examples of every theme, and the themes' names}; none comes from the evaluation data."""
    from majlis.network import terms

    examples: dict[str, list[dict[str, str]]] = yaml.safe_load(
        (terms.DATA / "examples.yaml").read_text(encoding="utf-8")
    )
    said = [each for several in examples.values() for each in several] + list(terms.themes().values())
    return {language: [each[language] for each in said] for language in LANGUAGES}


class Composed:
    """An embedder for the texts of this network, under the name and version of the real one."""

    dimensions = 512

    def __init__(self, model: Any) -> None:
        self.name, self.version, self._model = model.name, model.version, model

    @cached_property
    def _known(self) -> dict[str, Any]:
        texts = sorted({text for several in sentences().values() for text in several})
        return dict(zip(texts, self._model.encode(texts), strict=True))

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Any:
        return np.stack([self._one(text) for text in texts])

    def _one(self, text: str) -> Any:
        from majlis.algorithms.embedding import has_words, sentences, unit

        if not has_words(text):
            return np.zeros(self.dimensions, dtype=np.float32)
        parts = [self._known[part] for part in text.split("\n") if part in self._known]
        if not parts:
            parts = [self._known[part] for part in sentences(text) if part in self._known]
        own = np.random.default_rng(crc32(text.encode())).standard_normal(self.dimensions).astype(np.float32)
        mean = np.mean(parts, axis=0) if parts else 0
        return unit(mean + NOISE * own / np.sqrt(self.dimensions))


def grow(size: Size) -> None:
    """Add what is missing to this size; what is there stays, so that an interrupted run goes on."""
    from majlis.accounts.models import Account
    from majlis.language.models import Text
    from majlis.network.models import City, Person, Statement
    from majlis.solutions.models import Solution

    chance, said = random.Random(size.entries), sentences()
    numbers = range(City.objects.count(), size.cities)
    City.objects.bulk_create([_city(number, chance) for number in numbers], batch_size=1000)
    cities = list(City.objects.order_by("pk"))

    def words(n: int) -> tuple[str, list[str]]:
        language = chance.choice(LANGUAGES)
        return language, chance.sample(said[language], n)

    for part in _parts(Person.objects.count(), size.people):
        accounts = Account.objects.bulk_create(
            [Account(email=f"person{n}@example.org", role="practitioner") for n in part]
        )
        people = []
        for n, account in zip(part, accounts, strict=True):
            language, (role,) = words(1)
            # Half of them agreed to be listed.
            people.append(Person(account=account, city=chance.choice(cities), role_title=Text(language, role), languages=[language], is_listed=n % 2 == 0))  # fmt: skip
        Person.objects.bulk_create(people)
    for part in _parts(Solution.objects.count(), size.solutions):
        made = []
        for n in part:
            language, (title, *summary) = words(4)
            made.append(Solution(code=f"s{n}", city=chance.choice(cities), title=Text(language, title), summary=Text(language, "\n".join(summary)), themes=_themes(chance), state="published" if n % 20 else "draft"))  # fmt: skip
        Solution.objects.bulk_create(made)
    for part in _parts(Statement.objects.count(), size.statements):
        stated = []
        for n in part:
            language, several = words(2)
            kind = ("need", "vision", "offer")[n % 3]
            stated.append(Statement(city=chance.choice(cities), kind=kind, text=Text(language, "\n".join(several)), themes=_themes(chance), key=f"bench:{n}"))  # fmt: skip
        Statement.objects.bulk_create(stated)


def _parts(begin: int, end: int) -> Iterator[range]:
    return (range(at, min(at + 1000, end)) for at in range(begin, end, 1000))


def _city(number: int, chance: random.Random) -> Any:
    from majlis.language.models import Text
    from majlis.network import terms
    from majlis.network.models import City

    name = "".join(
        chance.choice(["ba", "ka", "lim", "sor", "ta", "ren", "ud", "mi", "gar", "el"]) for _ in range(4)
    ).title()
    country = chance.choice(sorted(terms.countries()))
    return City(
        slug=f"{country.lower()}-{number}", name=Text.of(dict.fromkeys(LANGUAGES, f"{name} {number}")), country=country,
        latitude=0.0, longitude=0.0, zone="UTC", size_class="SZ4",
    )  # fmt: skip


def _themes(chance: random.Random) -> list[str]:
    from majlis.network import terms

    return chance.sample(sorted(terms.themes()), 2)
