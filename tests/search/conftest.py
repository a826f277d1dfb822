"""A network to search in: what one says in Arabic, another has solved in German."""

from dataclasses import dataclass

import pytest

from majlis.language.models import Text
from majlis.network.models import City, Person, Statement
from majlis.projects.models import ChangeProject
from majlis.search import actions
from majlis.solutions.models import Solution
from tests.world import World


@dataclass
class Network:
    world: World
    gabes: City
    dortmund: City
    agadir: City

    def need(
        self, city: City, language: str, words: str, kind: str = "need", themes: list[str] | None = None
    ) -> Statement:
        number = Statement.objects.count()
        return Statement.objects.create(
            city=city,
            kind=kind,
            text=Text(language, words),
            themes=themes or ["GRN.03"],
            key=f"{city.slug}:{kind}:{number}",
        )

    def solution(self, city: City, language: str, title: str, state: str = "published", summary: str = "") -> Solution:
        return Solution.objects.create(
            code=f"s-{Solution.objects.count()}", city=city, title=Text(language, title), state=state,
            summary=Text(language, summary), themes=["GRN.03"],
        )  # fmt: skip

    def project(self, city: City, language: str, title: str) -> ChangeProject:
        return ChangeProject.objects.create(
            code=f"p-{ChangeProject.objects.count()}", city=city, title=Text(language, title), themes=["LIV.06"]
        )

    def person(self, city: City, language: str, role: str, *, is_listed: bool = False, focal: bool = False) -> Person:
        person = self.world.person(city, language=language, is_focal_point=focal)
        Person.objects.filter(pk=person.pk).update(role_title=Text(language, role), is_listed=is_listed)
        person.refresh_from_db()
        return person


@pytest.fixture
def network(world: World) -> Network:
    """Three cities with needs and solutions in three languages, not indexed yet."""
    found = Network(world, world.city(0), world.city(2), world.city(1))
    for language, words in SAID:
        city = {"ar": found.gabes, "de": found.dortmund, "fr": found.agadir, "en": found.agadir}[language]
        found.need(city, language, words)
    return found


@pytest.fixture
def indexed(network: Network) -> Network:
    actions.refresh()
    return network


# Each of something else, so that a question has one answer.
SAID = [
    ("de", "Unsere Innenstadt braucht Mieter für leere Läden"),
    ("de", "Dem Handwerk fehlen Lehrlinge und Fachkräfte"),
    ("de", "Die Verwaltung braucht zu lange für Genehmigungen"),
    ("fr", "Les touristes ne restent qu'une nuit dans notre médina"),
    ("fr", "Les pêcheurs vendent leur poisson sans chaîne du froid"),
    ("fr", "Nos bus n'atteignent pas les quartiers périphériques"),
    ("ar", "لا يجد الحرفيون أسواقاً لمنتجاتهم التقليدية"),
    ("ar", "تنقص المياه اللازمة لري بساتين النخيل"),
    ("ar", "لا تصل القروض الصغيرة إلى النساء صاحبات المشاريع"),
    ("en", "Street vendors work without permits or a place of their own"),
    ("en", "Start-ups cannot find office space or investors"),
    ("en", "Industrial pollution harms farmers near the harbour"),
]
