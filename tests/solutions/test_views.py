"""The library's pages."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from majlis.language.models import Text
from majlis.network.models import Person
from majlis.solutions.actions import draft_solution, publish_solution
from majlis.solutions.models import Solution
from tests.solutions.test_actions import BLOCKS, contents
from tests.world import World


def publish(world: World, number: int, **other: Any) -> Solution:
    city = world.city(number)
    return publish_solution(by=world.secretariat, **contents(city, code=f"s{number}", **other))


def found(client: Client, query: dict[str, str]) -> list[str]:
    return [solution.code for solution in client.get(reverse("solutions:list"), query).context["found"].solutions]


@pytest.fixture
def library(world: World) -> World:
    publish(
        world,
        1,
        title=Text("fr", "Comptoir commun").translated("en", "Joint shop", "human"),
        themes=["LIV.06"],
        evidence="told",
    )
    publish(world, 2, title=Text("de", "Zwischennutzung"), themes=["PSP.08", "GRN.01"])
    publish(world, 3, title=Text("ar", "يوم تشغيل"), themes=["LIV.12", "GRN.01"])
    return world


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({}, ["s1", "s2", "s3"]), ({"theme": "GRN.01"}, ["s2", "s3"]), ({"theme": "LIV"}, ["s1", "s3"]), ({"country": "DE"}, ["s2"]),
        ({"evidence": "told"}, ["s1"]), ({"language": "ar"}, ["s3"]), ({"city": "ma-agadir"}, ["s1"]), ({"q": "joint"}, ["s1"]),
        ({"q": "تشغيل"}, ["s3"]), ({"evidence": "rumour"}, ["s1", "s2", "s3"]), ({"theme": "GRN.01", "country": "MA"}, []),
    ],
)  # fmt: skip
def test_facets(library: World, client: Client, query: dict[str, str], codes: list[str]) -> None:
    assert found(client, query) == codes


def test_counts(library: World, client: Client) -> None:
    facets = client.get(reverse("solutions:list"), {"theme": "GRN.01"}).context["found"].facets
    assert {option.value: option.count for option in facets["language"]} == {"ar": 1, "de": 1}


def test_empty_library_says_what_will_stand_here(world: World, client: Client) -> None:
    assert "No solution yet" in client.get(reverse("solutions:list")).content.decode()


def test_list_costs_the_same_for_many(world: World, client: Client, django_assert_num_queries: Any) -> None:
    for number in (1, 2, 3):
        publish(world, number)
        if number in (1, 3):
            with django_assert_num_queries(1):
                client.get(reverse("solutions:list"))


def test_entry(library: World, client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        answer = client.get(reverse("solutions:entry", args=["s2"]))
    page = answer.content.decode()
    assert "Leerstandskataster" in page and "Mustermietvertrag" in page and "Illustrative" in page
    assert "There is at least one result with number, date and source." in page
    assert [each.code for each in answer.context["similar"]] == ["s3"]


def test_contact_is_shown_only_by_consent(world: World, client: Client) -> None:
    focal = world.person(world.city(1), is_focal_point=True)
    assert focal.city is not None
    publish_solution(by=world.secretariat, **contents(focal.city))
    url = reverse("solutions:entry", args=["sol01"])
    assert str(focal.role_title) not in client.get(url).content.decode()
    Person.objects.update(is_listed=True)
    assert str(focal.role_title) in client.get(url).content.decode()


def test_draft_is_seen_by_those_who_may_write_it(world: World, client: Client) -> None:
    focal = world.person(world.city(1), is_focal_point=True)
    draft_solution(by=focal.account, **contents(focal.city))  # type: ignore[arg-type]
    url = reverse("solutions:entry", args=["sol01"])
    foreign = world.person(world.city(2), is_focal_point=True)
    for account, status, codes in (
        (None, 404, []), (foreign.account, 404, []), (world.account("observer"), 404, []),
        (focal.account, 200, ["sol01"]), (world.secretariat, 200, ["sol01"]),
    ):  # fmt: skip
        client.logout()
        if account:
            client.force_login(account)
        assert (client.get(url).status_code, found(client, {})) == (status, codes)


WRITTEN = {
    "language": "fr", "title": "Comptoir", "summary": "", "level": "full", "evidence": "told", "theme_1": "LIV.06 x", "theme_2": "",
    "theme_3": "", "block_1": "Charte", "block_2": "Vente", "title_en": "Shop", "act": "draft",
}  # fmt: skip


def test_focal_point_writes_publishes_and_withdraws(world: World, client: Client) -> None:
    focal = world.person(world.city(1), is_focal_point=True)
    client.force_login(focal.account)
    write = reverse("solutions:write", args=["ma-agadir"])
    assert client.get(write).status_code == 200
    answer = client.post(write, WRITTEN | {"block_2": ""})
    assert answer.status_code == 422 and "Charte" in answer.content.decode()
    assert client.post(write, WRITTEN).status_code == 302
    solution = Solution.objects.get()
    assert (solution.code, solution.state, solution.title.in_all()) == (
        "ma-agadir-1",
        "draft",
        {"fr": "Comptoir", "en": "Shop"},
    )
    edit = reverse("solutions:edit", args=[solution.code])
    assert client.get(edit).status_code == 200
    assert client.post(edit, WRITTEN | {"title": "Comptoir commun", "act": "publish"}).status_code == 302
    solution.refresh_from_db()
    assert (solution.state, solution.title.version, solution.title.translations["en"].of_version) == ("published", 2, 1)
    assert client.post(reverse("solutions:withdraw", args=[solution.code])).status_code == 302
    solution.refresh_from_db()
    assert solution.state == "withdrawn"


def test_nobody_else_writes(library: World, client: Client) -> None:
    for account in (library.person(library.city(4), is_focal_point=True).account, library.account("facilitator")):
        client.force_login(account)
        assert client.get(reverse("solutions:write", args=["ma-agadir"])).status_code == 403
        assert client.post(reverse("solutions:edit", args=["s1"]), WRITTEN).status_code == 404
        assert client.post(reverse("solutions:withdraw", args=["s1"])).status_code == 403
        assert client.get(reverse("solutions:new")).status_code == 404
    assert Solution.objects.get(code="s1").state == "published"


def test_export_follows_the_filters_and_runs_nothing(world: World, client: Client) -> None:
    publish(world, 1, title=Text("fr", "=cmd()"), building_blocks=BLOCKS)
    publish(world, 2, title=Text("de", "-2"))
    listed = client.get(reverse("solutions:export"), {"format": "csv", "country": "MA"}).content
    assert listed.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(listed.decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [["s1", "'=cmd()", "'=cmd()"]]
    book = load_workbook(io.BytesIO(client.get(reverse("solutions:export"), {"format": "xlsx"}).content))
    cells = [cell for row in book.worksheets[0].iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}


def test_list_is_sorted_as_the_reader_sorts(library: World, client: Client) -> None:
    client.cookies["django_language"] = "ar"
    assert found(client, {}) == ["s3", "s1", "s2"]
