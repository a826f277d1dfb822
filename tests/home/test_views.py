"""The start page, a dialogue's page and my page, through the front door."""

from datetime import UTC, datetime

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from majlis.dialogue import actions
from majlis.dialogue.models import Dialogue
from majlis.language.models import Text
from majlis.network.models import Person
from tests.world import World


@pytest.fixture(autouse=True)
def cold() -> None:
    caches["pages"].clear()


def test_start_page_says_what_majlis_is(client: Client, db: None) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "A room where cities sit down together" in page.content.decode()


def test_start_page_lists_the_dialogues_open_to_me(client: Client, world: World) -> None:
    dialogue = world.dialogue(2)
    client.force_login(Person.objects.filter(is_focal_point=True)[0].account)
    assert [card.dialogue for card in client.get("/").context["cards"]] == [dialogue]
    client.force_login(world.account())
    assert client.get("/").context["cards"] == []


def planned(world: World, partners: int, sessions: int) -> Dialogue:
    dialogue = world.dialogue(partners)
    for number in range(sessions):
        actions.plan_session(
            by=world.secretariat, dialogue=dialogue, code=f"S{number}", title=Text("en", f"Session {number}"),
            starts_at=datetime(2026, 9, 29 - number, 9, 0, tzinfo=UTC), minutes=150,
        )  # fmt: skip
    return dialogue


@pytest.mark.parametrize("many", [1, 3])
def test_dialogue_page_costs_the_same_at_one_and_three(
    many: int, client: Client, world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    dialogue = planned(world, partners=many, sessions=many)
    client.force_login(world.secretariat)
    with django_assert_num_queries(4):  # session, account, dialogue with its version, everything on the page
        page = client.get(f"/dialogues/{dialogue.slug}/")
    assert page.content.decode().count("data-label") >= many
    with django_assert_num_queries(3):
        warm = client.get(f"/dialogues/{dialogue.slug}/")
    assert warm.context["shared"] == page.context["shared"]


def test_dialogue_page_is_drawn_again_after_an_act(client: Client, world: World) -> None:
    dialogue = planned(world, partners=2, sessions=1)
    client.force_login(world.secretariat)
    assert "Second thoughts" not in client.get(f"/dialogues/{dialogue.slug}/").content.decode()
    actions.plan_session(
        by=world.secretariat, dialogue=dialogue, code="S9", title=Text("en", "Second thoughts"),
        starts_at=datetime(2026, 10, 1, 9, 0, tzinfo=UTC), minutes=60,
    )  # fmt: skip
    assert "Second thoughts" in client.get(f"/dialogues/{dialogue.slug}/").content.decode()


def test_shared_part_holds_nothing_of_its_reader(client: Client, world: World) -> None:
    """What one person's page left in the cache must not show them to the next."""
    dialogue = planned(world, partners=2, sessions=1)
    first, second = (person.account for person in Person.objects.filter(is_focal_point=True))
    client.force_login(first)
    shared = client.get(f"/dialogues/{dialogue.slug}/").context["shared"]
    assert first.email not in shared and "csrfmiddlewaretoken" not in shared
    client.cookies.clear()
    client.force_login(world.secretariat)
    assert "reopen" not in shared.lower() and "/partners/" not in shared
    assert "/partners/" in client.get(f"/dialogues/{dialogue.slug}/").context["shared"]
    client.force_login(second)
    assert "/partners/" not in client.get(f"/dialogues/{dialogue.slug}/").context["shared"]


def test_absent_and_forbidden_look_the_same(client: Client, world: World) -> None:
    dialogue = world.dialogue(1)
    client.force_login(world.account())
    pages = [client.get(f"/dialogues/{slug}/") for slug in (dialogue.slug, "no-such-dialogue")]
    assert [page.status_code for page in pages] == [404, 404]
    bodies = [
        page.content.decode().replace(slug, "")
        for page, slug in zip(pages, (dialogue.slug, "no-such-dialogue"), strict=True)
    ]
    assert [body.count("There is no such dialogue") for body in bodies] == [1, 1]


def test_strangers_are_asked_to_sign_in(client: Client, world: World) -> None:
    for path in ("/my/", f"/dialogues/{world.dialogue(1).slug}/", "/dialogues/"):
        assert client.get(path).status_code == 302


def test_my_page_says_what_waits(client: Client, world: World) -> None:
    world.dialogue(2)
    client.force_login(world.secretariat)
    page = client.get("/my/")
    assert page.status_code == 200 and len(page.context["waiting"]) == 1
    client.force_login(world.account())
    assert client.get("/my/").context["waiting"] == []
