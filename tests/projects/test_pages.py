"""Projects through the front door: forms keep what was typed, files hold no formulas, strangers stay out."""

import csv
import io
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from majlis.accounts.models import Account
from majlis.language.models import Text
from majlis.projects import actions
from majlis.projects.models import ChangeProject, SupportRequest
from tests.projects.test_actions import start
from tests.world import World

PATHS = [
    "/projects/",
    "/projects/new/",
    "/projects/gaps/",
    "/projects/gaps.csv",
    "/projects/gaps.xlsx",
    "/projects/p-1/",
    "/projects/p-1/edit/",
]


def as_(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.mark.parametrize("path", PATHS)
def test_one_must_be_signed_in(world: World, path: str) -> None:
    start(world.secretariat, world.city())
    response = Client().get(path)
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert as_(world.secretariat).get(path).status_code == 200


def test_a_project_from_its_beginning_to_support_by_forms_alone(world: World) -> None:
    city, other = world.city(), world.city(1)
    me, helper = world.person(city, is_focal_point=True).account, world.person(other).account
    client = as_(me)
    typed = {
        "city": city.slug,
        "language": "ar",
        "title": "مشروع",
        "problem": "مشكلة",
        "objective": "",
        "theme": "GRN.01",
    }
    wrong = client.post(reverse("projects:new"), typed | {"theme": ""})
    assert wrong.status_code == 422
    assert "مشروع" in wrong.content.decode()
    assert client.post(reverse("projects:new"), typed).status_code == 302
    project = ChangeProject.objects.get()
    assert (project.code, project.title.language, project.themes) == ("tn-gabes-1", "ar", ["GRN.01"])
    path = reverse("projects:project", args=[project.code])
    assert client.post(reverse("projects:edit", args=[project.code]), typed | {"objective": "هدف"}).status_code == 302
    resource = {
        "resource-type": "RES.FIN",
        "resource-unit": "EUR",
        "resource-required": "100",
        "resource-available": "x",
    }
    refused = client.post(reverse("projects:add_resource", args=[project.code]), resource)
    assert refused.status_code == 422
    assert 'value="x"' in refused.content.decode()
    client.post(reverse("projects:add_resource", args=[project.code]), resource | {"resource-available": "30"})
    assert "<b>70</b>" in client.get(path).content.decode()
    action = {
        "action-text": "أول خطوة",
        "action-responsible": "رئيس",
        "action-starts_on": "2026-10-12",
        "action-ends_on": "2026-10-01",
    }
    assert client.post(reverse("projects:add_action", args=[project.code]), action).status_code == 422
    client.post(reverse("projects:add_action", args=[project.code]), action | {"action-ends_on": "2026-12-01"})
    assert project.planned_actions.get().text.language == "ar"
    client.post(reverse("projects:ask", args=[project.code]), {"support-type": "SUP.LEGAL"})
    request = SupportRequest.objects.get()
    answer = reverse("projects:support", args=[project.code, request.pk])
    assert as_(helper).post(answer, {"act": "offer"}).status_code == 302
    assert as_(helper).post(answer, {"act": "accept"}).status_code == 403
    client.post(answer, {"act": "accept"})
    client.post(reverse("projects:stage", args=[project.code]), {"stage": "validated"})
    page = client.get(path).content.decode()
    assert "Validated by local actors" in page
    request.refresh_from_db()
    assert (request.state, request.offered_by) == ("matched", other)
    # Others read everything and are offered no tool of the city.
    reading = as_(world.account("observer")).get(path).content.decode().split("<main")[1]
    assert "State a resource" not in reading
    for name in ("edit", "add_action", "add_resource", "ask"):
        assert as_(helper).post(reverse(f"projects:{name}", args=[project.code]), {}).status_code == 403


def test_what_is_not_there(world: World) -> None:
    client = as_(world.secretariat)
    assert client.get("/projects/nothing/").status_code == 404
    start(world.secretariat, world.city())
    assert client.post("/projects/p-1/support/999/", {"act": "offer"}).status_code == 404
    assert as_(world.account()).get("/projects/new/").status_code == 403


def test_files_hold_text_cells_and_the_mark(world: World) -> None:
    project = start(world.secretariat, world.city(), title=Text("en", "=HYPERLINK(1)"))
    actions.state_resource(
        by=world.secretariat, project=project, type="RES.FIN", required=Decimal(5), available=Decimal(1), unit="+EUR"
    )
    client = as_(world.secretariat)
    content = client.get("/projects/gaps.csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines[1][0] == "'=HYPERLINK(1)"
    assert lines[1][4:] == ["5.00", "1.00", "4.00", "'+EUR"]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/projects/gaps.xlsx").content))
    cells = [cell for row in book.worksheets[0].iter_rows(min_row=2) for cell in row]
    assert (cells[0].value, cells[0].data_type) == ("=HYPERLINK(1)", "s")
    assert (cells[6].value, cells[6].data_type) == (4, "n")


@pytest.mark.parametrize("many", [1, 3])
def test_lists_ask_the_database_the_same_number_of_times(
    world: World, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(many):
        project = start(world.secretariat, world.city(number), f"p-{number}")
        for kind in ("RES.FIN", "RES.LEG"):
            actions.state_resource(
                by=world.secretariat, project=project, type=kind, required=Decimal(2), available=Decimal(1), unit="days"
            )
        actions.ask_support(by=world.secretariat, project=project, type="SUP.LEGAL")
    client = as_(world.secretariat)
    for path, count in (("/projects/", 8), ("/projects/gaps/", 5), ("/projects/gaps.csv", 3)):
        with django_assert_num_queries(count):
            client.get(path)
