"""What can be found: for each kind of thing which rows there are, how a change is noticed, and what is said of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import MD5, Cast, Concat

from majlis.language.models import Text
from majlis.network import terms
from majlis.network.models import City, Person, Statement
from majlis.projects.models import ChangeProject
from majlis.search.models import Entry
from majlis.solutions.models import BuildingBlock, Solution

Audience, Kind = Entry.Audience, Entry.Kind
# Counts up when the drafting below changes, so that every entry is drafted again.
DRAFTING = 1


@dataclass(frozen=True)
class Draft:
    """What is said of one thing, before it is split into languages."""

    kind: str
    audience: Entry.Audience
    texts: list[Text]  # the first is the one that tells in which language it was written
    themes: Iterable[str] = ()
    city: City | None = None
    account: int | None = None
    # A name has no meaning to be compared: it is found by its letters alone.
    is_name: bool = False

    @property
    def original_language(self) -> str:
        return self.texts[0].language

    def bodies(self) -> dict[str, str]:
        """{language: a line for each text in it}: the language of the original, and each into which the first is translated."""
        languages = [language for language, body in self.texts[0].in_all().items() if body]
        return {language: "" if self.is_name else "\n".join(self._lines(language)) for language in languages}

    def _lines(self, language: str) -> list[str]:
        return [body for each in self.texts if (body := each.in_all().get(language))]

    def names_beside(self, language: str) -> list[str]:
        """The city and its country in this language (or as they are written at home), and what else is found by letters."""
        names: list[str] = []
        if self.city is not None:
            names.append(self.city.name.shown(language).body)
            country = terms.countries().get(self.city.country)
            names += [terms.names(country)[language]] if country else []
        return names


@dataclass(frozen=True)
class Source:
    """One kind of thing. `key`: the column of Entry that names it; `kinds`: what its entries are called."""

    key: str
    kinds: tuple[str, ...]
    rows: Callable[[], QuerySet[Any]]
    draft: Callable[[Any], Draft]
    stamped: tuple[str, ...]

    def entries(self) -> QuerySet[Entry]:
        return Entry.objects.filter(kind__in=self.kinds)

    def stamped_rows(self) -> QuerySet[Any]:
        """The rows with `stamp`, made inside the database: another stamp means that something said of the row has changed."""
        parts: list[Any] = [Value(str(DRAFTING))]
        for column in self.stamped:
            parts += [Value("|"), Cast(F(column), TextField())]
        stamped: QuerySet[Any] = self.rows().annotate(stamp=MD5(Concat(*parts, output_field=TextField())))
        return stamped


def _city(city: City) -> Draft:
    return Draft(Kind.CITY, Audience.EVERYBODY, [city.name], city=city, is_name=True)


def _person(person: Person) -> Draft:
    texts = [person.role_title] + ([person.organisation.name] if person.organisation else [])
    audience = Audience.EVERYBODY if person.is_listed else Audience.SELF
    return Draft(Kind.PERSON, audience, texts, city=person.city, account=person.account_id)


def _statement(statement: Statement) -> Draft:
    return Draft(statement.kind, Audience.EVERYBODY, [statement.text], statement.themes, statement.city)


def _solution(solution: Solution) -> Draft:
    audience = Audience.EVERYBODY if solution.state == Solution.State.PUBLISHED else Audience.CITY
    blocks = [block.title for block in solution.building_blocks.all()]
    texts = [solution.title, solution.summary, *blocks]
    return Draft(Kind.SOLUTION, audience, texts, solution.themes, solution.city)


def _project(project: ChangeProject) -> Draft:
    texts = [project.title, project.problem, project.objective]
    return Draft(Kind.PROJECT, Audience.MEMBERS, texts, project.themes, project.city)


def _cities() -> QuerySet[City]:
    return City.objects.all()


def _people() -> QuerySet[Person]:
    return Person.objects.select_related("city", "organisation").filter(account__is_active=True)


def _statements() -> QuerySet[Statement]:
    return Statement.objects.select_related("city")


def _solutions() -> QuerySet[Solution]:
    blocks = BuildingBlock.objects.filter(solution=OuterRef("pk")).order_by("position").values("title")
    found = Solution.objects.select_related("city").prefetch_related("building_blocks")
    return found.annotate(blocks=ArraySubquery(blocks))


def _projects() -> QuerySet[ChangeProject]:
    return ChangeProject.objects.select_related("city")


CITY = ("city__name", "city__country")
SOURCES = (
    Source("city", (Kind.CITY,), _cities, _city, ("name", "country")),
    Source(
        "person",
        (Kind.PERSON,),
        _people,
        _person,
        ("role_title", "organisation__name", "is_listed", "account_id", *CITY),
    ),
    Source(
        "statement", (Kind.NEED, Kind.VISION, Kind.OFFER), _statements, _statement, ("kind", "text", "themes", *CITY)
    ),
    Source(
        "solution", (Kind.SOLUTION,), _solutions, _solution, ("title", "summary", "blocks", "themes", "state", *CITY)
    ),
    Source("project", (Kind.PROJECT,), _projects, _project, ("title", "problem", "objective", "themes", *CITY)),
)
