"""Reads of the network: the directory with its facets, a city's page, people who agreed to be listed, the workbook's rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import get_language

from majlis.accounts.models import Account
from majlis.language.collation import sort_key
from majlis.language.folding import fold
from majlis.language.models import LANGUAGES, Text
from majlis.network import terms
from majlis.network.models import City, Person, Statement
from majlis.network.rules import NO_CITY, is_secretariat
from majlis.outbox.models import Mail
from majlis.web.refused import NotThere

INTAKE = "network.intake"  # the kind of mails that ask for statements, and the act of their links
FACETS = ("country", "subregion", "theme", "language", "size")


@dataclass
class Listed:
    """A city in the directory with what the filters ask about."""

    city: City
    kinds: Counter[str] = field(default_factory=Counter)
    themes: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)

    def values(self, facet: str) -> set[str]:
        if facet == "country":
            return {self.city.country}
        if facet == "subregion":
            return {terms.countries()[self.city.country]["sub"]} if self.city.country in terms.countries() else set()
        if facet == "size":
            return {self.city.size_class}
        return self.themes if facet == "theme" else self.languages

    @property
    def needs(self) -> int:
        return self.kinds[Statement.Kind.NEED]

    @property
    def visions(self) -> int:
        return self.kinds[Statement.Kind.VISION]

    @property
    def offers(self) -> int:
        return self.kinds[Statement.Kind.OFFER]


@dataclass(frozen=True)
class Option:
    """One value of a facet with how many would remain if it were chosen."""

    value: str
    name: Mapping[str, str]
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Directory:
    cities: list[Listed]
    facets: dict[str, list[Option]]
    total: int


def reader() -> str:
    return get_language() or "en"


def by_name(names: Iterable[Any], name_of: Callable[[Any], str]) -> list[Any]:
    """Sorted as the reader's language sorts."""
    language = reader()
    return sorted(names, key=lambda thing: sort_key(name_of(thing), language))


def term_name(code: str, among: terms.Terms) -> dict[str, str]:
    """{language: name} of a code; the code itself if nobody knows it any more."""
    return terms.names(among[code]) if code in among else {"en": code}


def theme_name(code: str) -> dict[str, str]:
    return term_name(code, terms.themes() if "." in code else terms.main_themes())


def country_name(code: str) -> dict[str, str]:
    return term_name(code, terms.countries())


LANGUAGE_NAMES: dict[str, dict[str, str]] = {
    "en": {"en": "English", "ar": "الإنجليزية", "de": "Englisch", "fr": "anglais"},
    "ar": {"en": "Arabic", "ar": "العربية", "de": "Arabisch", "fr": "arabe"},
    "de": {"en": "German", "ar": "الألمانية", "de": "Deutsch", "fr": "allemand"},
    "fr": {"en": "French", "ar": "الفرنسية", "de": "Französisch", "fr": "français"},
}
NAMES: dict[str, Callable[[str], dict[str, str]]] = {
    "country": country_name,
    "subregion": lambda code: term_name(code, terms.subregions()),
    "theme": theme_name,
    "language": lambda code: LANGUAGE_NAMES[code],
    "size": lambda code: term_name(code, terms.size_classes()),
    "actor": lambda code: term_name(code, terms.actor_types()),
}


def directory(chosen: Mapping[str, str], words: str = "") -> Directory:
    """The cities that fit every chosen facet and bear the words in a name, sorted for the reader; two queries.

    The count of an option says how many cities remain if it is chosen beside the other facets.
    """
    everybody = {city.pk: Listed(city) for city in City.objects.all()}
    spoken = Statement.objects.values_list("city_id", "kind", "themes", "text__language")
    for city, kind, themes, language in spoken:
        listed = everybody[city]
        listed.kinds[kind] += 1
        # A main theme is chosen with all its sub-themes.
        listed.themes |= set(themes) | {theme.partition(".")[0] for theme in themes}
        listed.languages.add(language)
    wanted = fold(words)
    named = [
        each
        for each in everybody.values()
        if not wanted or any(wanted in fold(name) for name in each.city.name.in_all().values())
    ]
    return Directory(
        by_name((each for each in named if fits(each, chosen)), lambda each: each.city.name.shown().body),
        {facet: options(named, facet, chosen, NAMES[facet]) for facet in FACETS},
        len(everybody),
    )


def fits(thing: Any, chosen: Mapping[str, str], but: str = "") -> bool:
    return all(value in thing.values(facet) for facet, value in chosen.items() if value and facet != but)


def options(
    things: Iterable[Any], facet: str, chosen: Mapping[str, str], name_of: Callable[[str], dict[str, str]]
) -> list[Option]:
    """The values of a facet among what the other facets leave; one that was chosen stays, though nothing be left."""
    counts: Counter[str] = Counter()
    for thing in things:
        if fits(thing, chosen, but=facet):
            counts.update(thing.values(facet))
    if chosen.get(facet):
        counts[chosen[facet]] += 0
    found = [Option(value, name_of(value), count, chosen.get(facet) == value) for value, count in counts.items()]
    if facet in {"size", "theme", "evidence", "level"}:
        return sorted(found, key=lambda option: option.value)
    return by_name(found, lambda option: option.name.get(reader()) or option.name["en"])


def city_there(slug: str) -> City:
    """The city of this code; raises NotThere."""
    city = City.objects.filter(slug=slug).first()
    if city is None:
        raise NotThere(NO_CITY)
    return city


def statements_of(city: City) -> dict[str, list[Statement]]:
    """{kind: statements} in the order need, vision, offer; one query."""
    found: dict[str, list[Statement]] = {kind: [] for kind in Statement.Kind.values}
    for statement in Statement.objects.filter(city=city).order_by("id"):
        found[statement.kind].append(statement)
    return found


def cities_without_statements() -> QuerySet[City]:
    """Cities that lack a need or a vision."""
    needs = Statement.objects.filter(kind=Statement.Kind.NEED).values("city")
    visions = Statement.objects.filter(kind=Statement.Kind.VISION).values("city")
    return City.objects.exclude(pk__in=needs) | City.objects.exclude(pk__in=visions)


def last_asked(people: Iterable[Person]) -> dict[int, datetime]:
    """{person: when a mail last asked for their city's needs and visions}; those never asked are left out. One query."""
    by_account = {person.account_id: person.pk for person in people}
    sent = Mail.objects.filter(account__in=by_account, batch__kind=INTAKE, sent_at__isnull=False)
    return {by_account[account]: at for account, at in sent.values_list("account").annotate(Max("sent_at"))}


def listed_people(account: Account | None, city: City | None = None) -> QuerySet[Person]:
    """Who agreed to stand in the directory; the secretariat sees everybody, each person also themselves."""
    people = Person.objects.select_related("city", "organisation", "account").exclude(account__is_active=False)
    if city is not None:
        people = people.filter(city=city)
    if is_secretariat(account):
        return people
    listed = people.filter(is_listed=True)
    return listed | people.filter(account=account) if account and account.is_authenticated else listed


@dataclass(frozen=True)
class Practitioner:
    """A person in the directory, with the themes of what their city offers."""

    person: Person
    offers: frozenset[str]

    def values(self, facet: str) -> set[str]:
        if facet == "language":
            return set(self.person.languages)
        if facet == "country":
            return {self.person.city.country} if self.person.city else set()
        return set(self.offers)


PEOPLE_FACETS = ("language", "country", "offer")


def practitioners(account: Account | None, chosen: Mapping[str, str]) -> tuple[list[Practitioner], dict[str, list[Option]]]:  # fmt: skip
    """Listed people that fit the chosen facets (language, country, theme offered), by city and seat; two queries."""
    offers: dict[int, set[str]] = {}
    for city, themes in Statement.objects.filter(kind=Statement.Kind.OFFER).values_list("city_id", "themes"):
        offers.setdefault(city, set()).update(themes)
    everybody = [
        Practitioner(person, frozenset(offers.get(person.city_id or 0, ()))) for person in listed_people(account)
    ]
    names = NAMES | {"offer": theme_name}
    found = by_name(
        (each for each in everybody if fits(each, chosen)),
        lambda each: each.person.city.name.shown().body if each.person.city else "",
    )
    return found, {facet: options(everybody, facet, chosen, names[facet]) for facet in PEOPLE_FACETS}


def workbook_rows() -> dict[str, list[dict[str, Any]]]:
    """{sheet: rows} of everything that the partners' workbook holds, so that importing them changes nothing; three queries."""
    return {
        "cities": [_city_row(city) for city in City.objects.order_by("slug")],
        "statements": [
            _statement_row(statement)
            for statement in Statement.objects.select_related("city").order_by("city__slug", "kind", "id")
        ],
        "people": [
            _person_row(person)
            for person in Person.objects.filter(city__isnull=False)
            .select_related("city", "account", "organisation")
            .order_by("city__slug", "seat", "id")
        ],
    }


def _city_row(city: City) -> dict[str, Any]:
    plain = ("country", "latitude", "longitude", "zone", "size_class", "is_illustrative")
    names = {f"name_{language}": name for language, name in city.name.in_all().items()}
    return {"code": city.slug} | names | {key: getattr(city, key) for key in plain}


def _statement_row(statement: Statement) -> dict[str, Any]:
    number = statement.key.rpartition(":")[2]
    row = {"city": statement.city.slug, "kind": statement.kind, "number": number, "themes": statement.themes}
    return (
        row | {"language": statement.text.language, "text": statement.text.body} | _translations("text", statement.text)
    )


def _person_row(person: Person) -> dict[str, Any]:
    plain = ("seat", "languages", "is_focal_point", "is_listed", "gender")
    row = {"city": person.city.slug if person.city else "", "email": person.account.email}
    if person.organisation:
        row |= {"organisation": person.organisation.name.body, "actor_type": person.organisation.actor_type}
    row |= {"role_title": person.role_title.body, "role_language": person.role_title.language}
    return row | {key: getattr(person, key) for key in plain} | _translations("role_title", person.role_title)


def _translations(key: str, text: Text) -> dict[str, str]:
    """Only what people translated: a machine's words must not come back as a person's."""
    return {
        f"{key}_{language}": text.translations[language].body
        for language in LANGUAGES
        if language in text.translations and text.translations[language].origin == "human"
    }
