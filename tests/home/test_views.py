"""The start page, a dialogue's page, my page and search, through the front door."""

from datetime import UTC, datetime

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from majlis.dialogue import actions
from majlis.dialogue.models import Dialogue
from majlis.language.models import Text
from majlis.network.models import Person
from majlis.solutions.models import Solution
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


def solution(world: World, code: str, state: str = "published") -> Solution:
    return Solution.objects.create(
        code=code, city=world.city(0), title=Text("de", "Grüne Höfe in der Altstadt"), state=state,
        summary=Text("de", "Nachbarschaften begrünen Höfe").translated("ar", "ساحات خضراء", "human"),
    )  # fmt: skip


def titles(client: Client, words: str, kind: str = "") -> dict[str, list[str]]:
    page = client.get("/search/", {"q": words, "kind": kind})
    assert page.status_code == 200
    return {group.kind: [str(hit.title) for hit in group.hits] for group in page.context["found"]}


def test_search_folds_letters_in_every_language(client: Client, world: World) -> None:
    found = solution(world, "yards")
    assert titles(client, "grune hofe") == {"solutions": [str(found.title)]}
    assert titles(client, "خضراء") == {"solutions": [str(found.title)]}
    assert titles(client, "Gabes") == {"cities": ["Gabès"]}
    assert titles(client, "tunisie") == {"cities": ["Gabès"]}  # by its country, in French
    assert titles(client, "language") == {}  # a key of the stored JSON is not a word of the text
    assert titles(client, "höfe nirgends") == {}


def test_search_shows_the_language_of_what_was_found(client: Client, world: World) -> None:
    solution(world, "yards")
    page = client.get("/search/", {"q": "خضراء"})
    hit = page.context["found"][0].hits[0]
    assert (hit.found, hit.language) == ("ساحات خضراء", "ar")


def test_search_finds_only_what_one_may_see(client: Client, world: World) -> None:
    dialogue = world.dialogue(1)
    solution_of = Solution.objects.create(
        code="draft", city=world.city(3), title=Text("en", "Jobs in secret"), state=Solution.State.DRAFT
    )
    assert str(solution_of) not in str(titles(client, "jobs"))
    assert titles(client, "need of") == {}
    assert titles(client, "head of department") == {}
    person = Person.objects.filter(is_focal_point=True)[0]
    client.force_login(person.account)
    assert titles(client, "jobs") == {"dialogues": [str(dialogue.title)]}
    assert titles(client, "need of") == {"statements": ["need of tn-gabès"]}
    assert titles(client, "head of department") == {"people": [str(person.role_title)]}
    client.force_login(world.account())
    assert titles(client, "jobs") == {}


@pytest.mark.parametrize("many", [1, 3])
def test_search_costs_the_same_at_one_and_three(
    many: int, client: Client, world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    world.dialogue(many)
    client.force_login(world.secretariat)
    with django_assert_num_queries(8):  # session, account, one for each of the six kinds
        client.get("/search/", {"q": "e"})


@pytest.mark.parametrize("words", ["", "%", "_", "'", "\\", '"', "a\x00b", "x" * 500, "ـ"])
def test_search_bears_any_question(client: Client, db: None, words: str) -> None:
    assert client.get("/search/", {"q": words, "page": "x", "kind": "y"}).status_code == 200
