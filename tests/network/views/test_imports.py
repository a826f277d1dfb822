"""The pages of the workbook's way in and out, through the front door."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from majlis.network.models import City, Person, Statement, WorkbookImport
from majlis.network.workbook import opening
from tests.network.jobs import work
from tests.network.sheets import FOCAL, GABES, NEED, SFAX, changed, partners
from tests.world import World


def upload(client: Client, content: bytes, name: str = "partners.xlsx") -> Any:
    return client.post(reverse("network:import"), {"file": SimpleUploadedFile(name, content)})


def test_from_file_to_network(world: World, client: Client) -> None:
    client.force_login(world.secretariat)
    answer = upload(client, partners(cities=[GABES, SFAX]))
    there = WorkbookImport.objects.get()
    preview = reverse("network:import-preview", args=[there.pk])
    assert (answer.status_code, answer.url) == (302, preview)
    page = client.get(preview)
    assert "Look at the changes, then bring them in" in page.content.decode()
    assert City.objects.count() == 0
    assert client.get(reverse("network:bring-in", args=[there.pk])).status_code == 405
    asked = client.post(reverse("network:bring-in", args=[there.pk]), follow=True).content.decode()
    assert "It begins in a moment" in asked and "network/progress.js" in asked
    assert reverse("network:bring-in", args=[there.pk]) not in asked
    WorkbookImport.objects.update(progress={"done": 1000, "of": 2500})
    assert "1,000 of 2,500 rows" in client.get(preview).content.decode()
    assert work() == 1
    assert "Brought in" in client.get(preview).content.decode()
    assert (City.objects.count(), Statement.objects.count(), Person.objects.count()) == (2, 1, 1)


def test_problems_stand_on_the_page_and_in_a_file(world: World, client: Client) -> None:
    client.force_login(world.secretariat)
    upload(client, partners(cities=[changed(GABES, c2="=HYPERLINK(1)", c6="Mars")]))
    there = WorkbookImport.objects.get()
    page = client.get(reverse("network:import-preview", args=[there.pk])).content.decode()
    assert "row 2, column G (Time zone)" in page
    assert "Mend 2 problems" in page and reverse("network:bring-in", args=[there.pk]) not in page
    listed = client.get(reverse("network:import-problems", args=[there.pk])).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(listed)))
    assert [row[:5] for row in rows[1:]] == [
        ["Error", "Cities", "2", "C", "Name (English)"],
        ["Error", "Cities", "2", "G", "Time zone"],
    ]
    refused = client.post(reverse("network:bring-in", args=[there.pk]), follow=True)
    assert "nothing was changed" in refused.content.decode()
    assert City.objects.count() == 0


def test_unreadable_file_stays_on_the_page(world: World, client: Client) -> None:
    client.force_login(world.secretariat)
    for content, status in ((b"%PDF-1.7 \x00", 422), (b"", 422), (b"PK" + bytes(opening.MOST_BYTES), 413)):
        answer = upload(client, content)
        assert answer.status_code == status
        assert 'role="alert"' in answer.content.decode()
    assert client.post(reverse("network:import")).status_code == 422
    assert not WorkbookImport.objects.exists()


@pytest.mark.parametrize("role", ["facilitator", "observer", "practitioner"])
def test_only_the_secretariat_comes_here(world: World, client: Client, role: str) -> None:
    client.force_login(world.secretariat)
    upload(client, partners())
    there = WorkbookImport.objects.get()
    client.force_login(world.account(role))
    assert client.get(reverse("network:import")).status_code == 403
    assert client.get(reverse("network:export")).status_code == 403
    for name in ("import-preview", "import-problems"):
        absent, forbidden = (client.get(reverse(f"network:{name}", args=[pk])) for pk in (there.pk + 1, there.pk))
        assert (absent.status_code, forbidden.status_code) == (404, 404)
    for name in ("bring-in", "discard"):
        assert client.post(reverse(f"network:{name}", args=[there.pk])).status_code == 404
    assert City.objects.count() == 0


def test_stranger_is_sent_to_sign_in(db: None, client: Client) -> None:
    for name in ("import", "export"):
        assert client.get(reverse(f"network:{name}")).status_code == 302


@pytest.mark.parametrize("language", ["en", "ar", "de", "fr"])
def test_export_comes_in_again_and_changes_nothing(world: World, client: Client, language: str) -> None:
    """With texts that would run, in every language of the headings, as .xlsx and as .csv."""
    client.force_login(world.secretariat)
    nasty = [
        changed(NEED, c2=n, c4=text, c6=text)
        for n, text in enumerate(["=1+1", "+1", "-1", "@x", "'quoted", '"a"', "a\nb;c,d"], 1)
    ]
    # openpyxl would write these as formulas: they come in by the CSV that guards them.
    upload(client, partners(cities=[GABES, SFAX], statements=[]))
    client.post(reverse("network:bring-in", args=[WorkbookImport.objects.latest("pk").pk]))
    assert work() == 1
    city = City.objects.get(slug="tn-gabes")
    for number, row in enumerate(nasty, 1):
        statement = world.statement(city, "need", number, "ar")
        statement.text = (
            statement.text.rewritten(str(row[4]))
            .translated("en", str(row[6]), "human")
            .translated("de", "Maschine", "machine")
        )
        statement.save()
    before = list(Statement.objects.values_list("pk", "updated_at", "text"))
    client.cookies["django_language"] = language
    files = [("partners.xlsx", client.get(reverse("network:export")).content)]
    files += [
        (f"{sheet}.csv", client.get(reverse("network:export"), {"format": "csv", "sheet": sheet}).content)
        for sheet in ("cities", "statements", "people")
    ]
    for name, content in files:
        upload(client, content, name)
        there = WorkbookImport.objects.latest("pk")
        assert [p for p in there.problems if p["level"] == "error"] == [], name
        assert {(each["new"], each["changed"]) for each in there.changes.values()} == {(0, 0)}, name
        client.post(reverse("network:bring-in", args=[there.pk]))
        assert work() == 1
    assert list(Statement.objects.values_list("pk", "updated_at", "text")) == before


def test_export_holds_no_formula(world: World, client: Client) -> None:
    """Abuse case 11: what begins with = + - @ is a text cell."""
    client.force_login(world.secretariat)
    city = world.city()
    for number, begin in enumerate("=+-@\t\r"):
        statement = world.statement(city, "need", number)
        statement.text = statement.text.rewritten(f"{begin}HYPERLINK(1)")
        statement.save()
    book = load_workbook(io.BytesIO(client.get(reverse("network:export")).content))
    kinds = {
        cell.data_type
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert kinds == {"s", "n"}
    listed = client.get(reverse("network:export"), {"format": "csv", "sheet": "statements"}).content
    assert listed.startswith(b"\xef\xbb\xbf")
    texts = [row["Text"] for row in csv.DictReader(io.StringIO(listed.decode("utf-8-sig"), newline=""))]
    assert {text[0] for text in texts} == {"'"}


def test_preview_costs_the_same_for_many_rows(world: World, client: Client, django_assert_num_queries: Any) -> None:
    client.force_login(world.secretariat)
    for rows in (1, 3):
        people = [changed(FOCAL, c1=n + 1, c2=f"p{n}@example.org", c5="no") for n in range(rows)]
        upload(client, partners(people=people))
        with django_assert_num_queries(4):
            client.get(reverse("network:import-preview", args=[WorkbookImport.objects.latest("pk").pk]))
