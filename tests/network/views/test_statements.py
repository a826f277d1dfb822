"""Writing statements and cities on the web."""

import pytest
from django.test import Client
from django.urls import reverse

from majlis.network.models import City, Statement
from tests.world import World

GIVEN = {
    "text": "نحتاج إلى حاضنة",
    "language": "ar",
    "theme_1": "GRN.01 Circular economy",
    "theme_2": "Incubators",
    "seen": "",
}


def test_focal_point_adds_changes_and_removes(world: World, client: Client) -> None:
    city = world.city(1)
    client.force_login(world.person(city, is_focal_point=True, language="fr").account)
    add = reverse("network:statement-add", args=[city.slug, "offer"])
    assert client.get(add).status_code == 200
    given = GIVEN | {"theme_2": "تثمين", "in_en": "We need an incubator"}
    answer = client.post(add, given)
    assert answer.status_code == 422 and "نحتاج إلى حاضنة" in answer.content.decode()
    assert client.post(add, given | {"theme_2": "Nachhaltiger Tourismus"}).status_code == 302
    statement = Statement.objects.get()
    assert (statement.kind, statement.themes, statement.key) == ("offer", ["GRN.01", "GRN.06"], "ma-agadir:offer:W1")
    assert (statement.text.language, statement.text.translations["en"].origin) == ("ar", "human")
    edit = reverse("network:statement-edit", args=[statement.pk])
    assert client.post(edit, GIVEN | {"theme_2": "", "text": "نحتاج إلى تمويل", "seen": "1"}).status_code == 302
    statement.refresh_from_db()
    assert (statement.text.version, statement.themes) == (2, ["GRN.01"])
    assert client.post(reverse("network:statement-remove", args=[statement.pk])).status_code == 302
    assert not Statement.objects.exists()


def test_words_typed_over_somebody_elses_change_stay(world: World, client: Client) -> None:
    statement = world.statement(world.city(1), "need")
    client.force_login(world.secretariat)
    edit = reverse("network:statement-edit", args=[statement.pk])
    base = {"language": "en", "seen": "1", "theme_1": "GRN.01"}
    assert client.post(edit, base | {"text": "first"}).status_code == 302
    answer = client.post(edit, base | {"text": "second"})
    assert answer.status_code == 409
    assert "second" in answer.content.decode() and "first" in answer.content.decode()
    statement.refresh_from_db()
    assert statement.text.body == "first"


@pytest.mark.parametrize("role", ["facilitator", "observer", "practitioner", "other focal point"])
def test_nobody_else_may(world: World, client: Client, role: str) -> None:
    city = world.city(1)
    statement = world.statement(city, "need")
    account = world.person(world.city(2), is_focal_point=True).account if " " in role else world.account(role)
    client.force_login(account)
    assert client.post(reverse("network:statement-add", args=[city.slug, "need"]), GIVEN).status_code == 403
    assert client.post(reverse("network:statement-edit", args=[statement.pk]), GIVEN).status_code == 404
    assert client.post(reverse("network:statement-remove", args=[statement.pk])).status_code == 404
    assert client.get(reverse("network:city-new")).status_code == 403
    assert client.post(reverse("network:city-correct", args=[city.slug])).status_code == 403
    assert Statement.objects.get().text == statement.text


def test_practitioner_of_the_city_is_not_its_focal_point(world: World, client: Client) -> None:
    city = world.city(1)
    client.force_login(world.person(city, seat=2).account)
    assert client.post(reverse("network:statement-add", args=[city.slug, "need"]), GIVEN).status_code == 403


CITY = {
    "code": "tn-gabes", "name_en": "Gabès", "name_ar": "قابس", "name_de": "", "name_fr": "", "country": "TN", "latitude": "33.88",
    "longitude": "10.1", "zone": "Africa/Tunis", "size_class": "SZ4",
}  # fmt: skip


def test_secretariat_adds_a_city_that_the_gazetteer_knows(world: World, client: Client) -> None:
    client.force_login(world.secretariat)
    page = client.get(reverse("network:city-new"), {"name": "قابس", "country": "TN"})
    [place] = page.context["places"][:1]
    chosen = client.get(reverse("network:city-new"), {"name": "قابس", "country": "TN", "place": place.number})
    assert chosen.context["form"].initial["zone"] == "Africa/Tunis"
    assert client.post(reverse("network:city-new"), CITY).status_code == 302
    again = client.post(reverse("network:city-new"), CITY | {"code": "tn-qabis", "name_en": "", "name_ar": "قابس"})
    assert again.status_code == 422 and "in the network already" in again.content.decode()
    assert (
        client.post(reverse("network:city-correct", args=["tn-gabes"]), CITY | {"size_class": "SZ5"}).status_code == 302
    )
    assert City.objects.get().size_class == "SZ5"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "tn_gabes"),
        ("zone", "Europe/Berlin"),
        ("country", "XX"),
        ("latitude", "99"),
        ("name_en", "x" * 121),
        ("size_class", ""),
    ],
)
def test_city_that_is_not_valid(world: World, client: Client, field: str, value: str) -> None:
    client.force_login(world.secretariat)
    assert client.post(reverse("network:city-new"), CITY | {field: value}).status_code == 422
    assert not City.objects.exists()
