"""The directory's pages: who finds which city and which people, at what cost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from majlis.network.models import Person, Statement
from tests.world import World


def names(answer: Any) -> list[str]:
    return [each.city.slug for each in answer.context["found"].cities]


@pytest.fixture
def cities(world: World) -> World:
    for number in range(4):
        city = world.city(number)
        world.statement(city, "need", number, ["ar", "fr", "de", "ar"][number])
    return world


def test_empty_directory_says_what_will_stand_here(world: World, client: Client) -> None:
    assert "No city yet" in client.get(reverse("network:cities")).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["ma-agadir", "de-dortmund", "tn-gabès", "jo-irbid"]),
        ({"country": "TN"}, ["tn-gabès"]),
        ({"subregion": "MAGHREB"}, ["ma-agadir", "tn-gabès"]),
        ({"theme": "GRN.01"}, ["tn-gabès"]),
        ({"theme": "LIV"}, ["ma-agadir", "de-dortmund", "jo-irbid"]),
        ({"language": "ar"}, ["tn-gabès", "jo-irbid"]),
        ({"size": "SZ5", "language": "de"}, ["de-dortmund"]),
        ({"q": "GABES"}, ["tn-gabès"]),
        ({"country": "XX", "page": "99", "theme": "'; DROP"}, ["ma-agadir", "de-dortmund", "tn-gabès", "jo-irbid"]),
        ({"country": "TN", "language": "de"}, []),
    ],
)
def test_filters(cities: World, client: Client, query: dict[str, str], found: list[str]) -> None:
    assert names(client.get(reverse("network:cities"), query)) == found


def test_counts_say_what_remains(cities: World, client: Client) -> None:
    facets = client.get(reverse("network:cities"), {"language": "ar"}).context["found"].facets
    assert {option.value: option.count for option in facets["country"]} == {"JO": 1, "TN": 1}
    assert {option.value: option.count for option in facets["language"]} == {"ar": 2, "fr": 1, "de": 1}


def test_directory_costs_the_same_for_many(world: World, client: Client, django_assert_num_queries: Any) -> None:
    for number in range(3):
        world.statement(world.city(number), "need", number)
        if number in (0, 2):
            with django_assert_num_queries(2):
                client.get(reverse("network:cities"))


def test_city_costs_the_same_for_many(world: World, client: Client, django_assert_num_queries: Any) -> None:
    city = world.city(1)
    for number in range(3):
        world.statement(city, "need", number)
        Person.objects.filter(pk=world.person(city, seat=number + 1).pk).update(is_listed=True)
        if number in (0, 2):
            with django_assert_num_queries(4):
                client.get(reverse("network:city", args=[city.slug]))


def test_people_stand_there_only_by_consent(world: World, client: Client) -> None:
    """Abuse case 1: who did not agree is nowhere on the pages, for anybody but the secretariat and themselves."""
    city = world.city(1)
    hidden, shown = world.person(city, is_focal_point=True), world.person(city, seat=2)
    Person.objects.filter(pk=shown.pk).update(is_listed=True)
    for url in (reverse("network:people"), reverse("network:city", args=[city.slug])):
        for account in (None, shown.account, world.account("observer"), world.account("facilitator")):
            client.logout()
            if account:
                client.force_login(account)
            page = client.get(url).content.decode()
            assert (str(shown.role_title) in page, str(hidden.role_title) in page) == (True, False)
            assert "@example.org" not in page.replace(account.email if account else "", "")
        for account in (hidden.account, world.secretariat):
            client.force_login(account)
            assert str(hidden.role_title) in client.get(url).content.decode()


def test_consent_is_the_persons_own(world: World, client: Client) -> None:
    person, other = world.person(world.city()), world.person(None)
    url = reverse("network:listed", args=[person.pk])
    assert client.post(url, {"is_listed": "yes"}).status_code == 404
    for account, status in ((other.account, 404), (world.secretariat, 403), (person.account, 302)):
        client.force_login(account)
        assert client.post(url, {"is_listed": "yes"}).status_code == status
    person.refresh_from_db()
    assert person.is_listed
    client.force_login(world.secretariat)
    assert client.post(url, {"is_listed": "no"}).status_code == 302
    person.refresh_from_db()
    assert not person.is_listed


def test_people_by_language_and_offer(world: World, client: Client) -> None:
    arabic, german = world.person(world.city(0), language="ar"), world.person(world.city(2), language="de")
    Person.objects.update(is_listed=True)
    assert german.city is not None
    offer = world.statement(german.city, "offer", 2)
    for query, found in (
        ({"language": "ar"}, [arabic]),
        ({"offer": offer.themes[0]}, [german]),
        ({"country": "XX"}, []),
    ):
        page = client.get(reverse("network:people"), query).context["page"]
        assert [each.person for each in page] == found


def test_statement_shows_its_original_and_what_a_machine_translated(world: World, client: Client) -> None:
    city = world.city(1)
    statement = world.statement(city, "need", 0, "ar")
    statement.text = statement.text.rewritten("نحتاج").translated("en", "We need", "machine")
    statement.save()
    page = client.get(reverse("network:city", args=[city.slug])).content.decode()
    assert '<p lang="en" dir="ltr">We need</p> <small class="origin">Translated by machine</small>' in page
    assert '<p lang="ar" dir="rtl">نحتاج</p>' in page
    client.cookies["django_language"] = "de"  # no German wording: the original, with the English one beside it
    page = client.get(reverse("network:city", args=[city.slug])).content.decode()
    assert '<p lang="ar" dir="rtl">نحتاج</p>' in page and '<p lang="en" dir="ltr">We need</p>' in page


def test_text_from_people_is_never_markup(world: World, client: Client) -> None:
    city = world.city(1)
    Statement.objects.create(
        city=city, kind="need", text=world.statement(city, "need").text.rewritten("<script>1</script>"), key="x"
    )
    page = client.get(reverse("network:city", args=[city.slug])).content.decode()
    assert "<script>1" not in page and "&lt;script&gt;1" in page


def test_absent_city(world: World, client: Client) -> None:
    assert client.get(reverse("network:city", args=["tn-nowhere"])).status_code == 404
