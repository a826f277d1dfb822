"""The pages of a dialogue as a whole, through the front door."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from majlis.dialogue import actions
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.dialogue.rules import Gate
from majlis.network.models import Person
from tests.world import World

TYPED = {
    "title": "Jobs for the young", "title_language": "en", "slug": "", "organiser": "The network",
    "languages": ["en", "ar"], "mode": "virtual", "zone": "Africa/Tunis",
}  # fmt: skip


@pytest.mark.parametrize("many", [1, 3])
def test_list_costs_the_same_at_one_and_three(
    many: int, client: Client, world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(many):
        world.dialogue(1) if not Dialogue.objects.exists() else actions.create_dialogue(
            by=world.secretariat, slug=f"more-{Dialogue.objects.count()}", title=Dialogue.objects.all()[0].title,
            organiser=Dialogue.objects.all()[0].organiser, languages=["en"],
        )  # fmt: skip
    client.force_login(world.secretariat)
    with django_assert_num_queries(5):  # session, account, dialogues with counts, steps, sessions
        page = client.get("/dialogues/")
    assert len(page.context["cards"]) == many


def test_secretariat_opens_a_dialogue(client: Client, world: World) -> None:
    client.force_login(world.secretariat)
    answer = client.post("/dialogues/new/", TYPED)
    assert (answer.status_code, answer["Location"]) == (302, "/dialogues/jobs-for-the-young/partners/")
    assert Dialogue.objects.get().zone == "Africa/Tunis"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("zone", "Mars/Olympus"),
        ("slug", "Two words"),
        ("slug", "new"),
        ("languages", []),
        ("title", "حوار"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, world: World, field: str, value: object
) -> None:
    client.force_login(world.secretariat)
    answer = client.post("/dialogues/new/", TYPED | {field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["slug" if value == "حوار" else field]
    assert "The network" in answer.content.decode()
    assert Dialogue.objects.count() == 0


def test_a_name_in_use_is_refused_beside_its_field(client: Client, world: World) -> None:
    client.force_login(world.secretariat)
    client.post("/dialogues/new/", TYPED)
    answer = client.post("/dialogues/new/", TYPED)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["slug"]


@pytest.mark.parametrize("path", ["/dialogues/new/", "partners/", "participants/", "sessions/", "cluster/reopen/"])
def test_only_the_secretariat_runs_a_dialogue(client: Client, world: World, path: str) -> None:
    dialogue = world.dialogue(1)
    client.force_login(Person.objects.filter(is_focal_point=True)[0].account)
    answer = client.get(path if path.startswith("/") else f"/dialogues/{dialogue.slug}/{path}")
    assert answer.status_code == 403


def test_partners_and_participants_and_sessions_are_added(client: Client, world: World) -> None:
    dialogue = world.dialogue(1)
    city = world.city(5)
    person = world.person(city)
    client.force_login(world.secretariat)
    base = f"/dialogues/{dialogue.slug}"
    assert client.post(f"{base}/partners/", {"cities": [city.pk]}).status_code == 302
    assert client.post(f"{base}/participants/", {"people": [person.pk], "role": "practitioner"}).status_code == 302
    plan = {
        "code": "S1", "title": "Opening", "title_language": "en", "day": "2026-09-29", "begins": "11:00", "minutes": "150", "join_url": "",
        "kind": "exchange",
    }  # fmt: skip
    assert client.post(f"{base}/sessions/", plan).status_code == 302
    assert dialogue.partners.filter(city=city).exists()
    assert dialogue.participants.filter(person=person).exists()
    assert [session.code for session in dialogue.sessions.all()] == ["S1"]
    assert client.get(f"{base}/sessions/?code=S1").context["form"].initial["minutes"] == 150
    assert client.post(f"{base}/sessions/", plan | {"minutes": "1"}).status_code == 422


def test_a_practitioner_of_another_city_is_refused_in_words(client: Client, world: World) -> None:
    dialogue = world.dialogue(1)
    observer = world.person(None, role="observer")
    client.force_login(world.secretariat)
    answer = client.post(f"/dialogues/{dialogue.slug}/participants/", {"people": [observer.pk], "role": "practitioner"})
    assert answer.status_code == 422
    assert "is not a partner of this dialogue" in answer.content.decode()


def test_journal_is_read_in_pages_by_who_may_see_the_dialogue(client: Client, world: World) -> None:
    dialogue = world.dialogue(2)
    client.force_login(Person.objects.filter(is_focal_point=True)[0].account)
    page = client.get(f"/dialogues/{dialogue.slug}/journal/")
    assert [str(entry.words) for entry in page.context["page"]][-1] == "The dialogue “Jobs in cities” was opened"
    client.force_login(world.account())
    assert client.get(f"/dialogues/{dialogue.slug}/journal/").status_code == 404


def test_a_step_is_reopened_by_a_post_only(client: Client, world: World) -> None:
    dialogue = world.dialogue(1)
    actions.complete_step(by=world.secretariat, dialogue=dialogue, step=Step.CLUSTER, gate=Gate([]))
    client.force_login(world.secretariat)
    path = f"/dialogues/{dialogue.slug}/cluster/reopen/"
    page = client.get(path)
    assert [view.step for view in page.context["closing"]] == ["define"]
    assert StepRecord.objects.get(dialogue=dialogue, step="cluster").state == "done"
    assert client.post(path).status_code == 302
    states = list(dialogue.steps.values_list("state", flat=True))
    assert states == ["open", "closed", "closed", "closed", "closed", "closed"]
    assert client.get(path).status_code == 409
    assert client.get(f"/dialogues/{dialogue.slug}/nothing/reopen/").status_code == 404
