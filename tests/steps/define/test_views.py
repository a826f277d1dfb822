"""The pages of sub-topics: the secretariat's desk, and a partner's journey by its link."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from majlis.accounts.models import ActionLink
from majlis.dialogue.models import Dialogue, Step
from majlis.steps.define import actions
from majlis.steps.define.models import Consent, Topic, Vote
from tests.world import World


@pytest.fixture
def dialogue(world: World) -> Dialogue:
    return world.at(world.dialogue(4), Step.DEFINE)


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.secretariat)
    return client


def url(name: str, dialogue: Dialogue, *more: object) -> str:
    return reverse(f"define:{name}", args=[dialogue.slug, *more])


@pytest.fixture
def link(world: World, dialogue: Dialogue) -> str:
    """The address in the mail of the first partner, whose focal point reads Arabic."""
    actions.propose_topics(by=world.secretariat, dialogue=dialogue, count=2)
    actions.ask_consent(by=world.secretariat, dialogue=dialogue)
    first = ActionLink.objects.select_related("account").get(account__person__city__slug="tn-gabès")
    return url("answer", dialogue, first.token)


def dots(dialogue: Dialogue, *given: int) -> dict[str, str]:
    return {f"dots-{topic.pk}": str(n) for topic, n in zip(dialogue.topics.all(), given, strict=True)}


def test_the_page_by_link_is_in_the_readers_language(client: Client, dialogue: Dialogue, link: str) -> None:
    page = client.get(link)
    assert page.status_code == 200
    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    client.cookies["django_language"] = "de"
    assert '<html lang="de" dir="ltr">' in client.get(link).content.decode()


def test_looking_changes_no_row(client: Client, link: str) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(link)
    writing = [q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert writing == []
    assert client.head(link).status_code == 200


def test_a_partner_answers_without_an_account_and_may_change_its_mind(
    client: Client, dialogue: Dialogue, link: str
) -> None:
    done = client.post(link, dots(dialogue, 2, 3) | {"answer": "agree", "reason": ""})
    assert (done.status_code, done["Location"]) == (302, link)
    assert sorted(Vote.objects.values_list("dots", flat=True)) == [2, 3]
    assert Consent.objects.get().answer == "agree"
    client.post(link, dots(dialogue, 5, 0) | {"answer": "object", "reason": "Wasser fehlt"})
    assert [vote.dots for vote in Vote.objects.all()] == [5]
    assert str(Consent.objects.get().reason) == "Wasser fehlt"


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer": ""},
        {"answer": "object", "reason": ""},
        {"answer": "maybe"},
        {"first": "9"},
        {"first": "x"},
        {"first": "4"},
    ],
)
def test_what_was_typed_stays_when_something_is_wrong(
    client: Client, dialogue: Dialogue, link: str, wrong: dict[str, str]
) -> None:
    first = f"dots-{dialogue.topics.all()[0].pk}"
    sent = dots(dialogue, 1, 3) | {"answer": "live_with", "reason": "" if "reason" in wrong else "Typed words"}
    sent |= {first if key == "first" else key: value for key, value in wrong.items()}
    page = client.post(link, sent)
    assert page.status_code == 422
    assert 'value="3"' in page.content.decode()
    assert ("Typed words" in page.content.decode()) is ("reason" not in wrong)
    assert Consent.objects.count() == Vote.objects.count() == 0


def test_a_wrong_link_opens_nothing(client: Client, dialogue: Dialogue, link: str, world: World) -> None:
    assert client.get(url("answer", dialogue, "1-deadbeef")).status_code == 404
    other = Dialogue.objects.create(slug="other")
    assert client.get(link.replace(dialogue.slug, other.slug)).status_code == 404
    ActionLink.objects.update(revoked_at="2026-01-01T00:00Z")
    assert client.get(link).status_code == 404
    assert client.post(link, dots(dialogue, 1, 1) | {"answer": "agree"}).status_code == 404


def test_a_link_shows_but_does_not_act_when_the_step_is_done(
    client: Client, dialogue: Dialogue, link: str, world: World
) -> None:
    world.at(dialogue, Step.INVITE)
    assert client.get(link).status_code == 200
    assert client.post(link, dots(dialogue, 1, 1) | {"answer": "agree"}).status_code == 409
    assert Consent.objects.count() == 0


def test_the_desk_from_proposal_to_completion(desk: Client, dialogue: Dialogue) -> None:
    assert "Let Majlis propose sub-topics" in desk.get(url("page", dialogue)).content.decode()
    assert desk.post(url("propose", dialogue), {"count": "2"}).status_code == 302
    topic = dialogue.topics.all()[0]
    assert desk.post(url("propose", dialogue), {"count": ""}).status_code == 422
    desk.post(url("rename", dialogue, topic.pk), {"name": "Ports and towns"})
    assert "Ports and towns" in desk.get(url("page", dialogue)).content.decode()
    named = {f"baseline-{topic.pk}-{key}": value for key, value in {"indicator": "Jobs", "value": "12.5"}.items()}
    assert desk.post(url("baseline", dialogue, topic.pk), named).status_code == 302
    wrong = desk.post(url("baseline", dialogue, topic.pk), named | {f"baseline-{topic.pk}-value": "many"})
    assert wrong.status_code == 422
    assert "many" in wrong.content.decode()
    assert desk.post(url("ask", dialogue)).status_code == 302
    for partner in dialogue.partners.all():
        sent = dots(dialogue, 1, 4) | {"answer": "agree"}
        assert desk.post(url("partner", dialogue, partner.pk), sent).status_code == 302
    assert "Complete the step" in desk.get(url("page", dialogue)).content.decode()
    assert desk.post(url("complete", dialogue)).status_code == 302


def test_topics_are_added_merged_split_and_removed_by_page(desk: Client, dialogue: Dialogue) -> None:
    desk.post(url("add", dialogue), {"name": "One"})
    desk.post(url("add", dialogue), {"name": "Two"})
    assert desk.post(url("add", dialogue), {"name": ""}).status_code == 422
    one, two = dialogue.topics.all()
    said = list(dialogue.partners.all()[0].city.statements.all())
    desk.post(url("ties", dialogue), {"topic": [one.pk, two.pk], "tie": [f"{one.pk}-{each.pk}" for each in said]})
    assert set(one.statements.all()) == set(said)
    desk.post(url("split", dialogue, one.pk), {"name": "Three", "statement": [said[0].pk]})
    desk.post(url("merge", dialogue), {"topic": [one.pk, two.pk], "name": "Both"})
    assert desk.post(url("merge", dialogue), {"topic": [one.pk]}).status_code == 422
    assert [str(topic) for topic in dialogue.topics.all()] == ["Both", "Three"]
    desk.post(url("remove", dialogue, one.pk))
    assert desk.post(url("remove", dialogue, one.pk)).status_code == 404
    assert [str(topic) for topic in dialogue.topics.all()] == ["Three"]


def test_the_gate_refuses_by_page(desk: Client, dialogue: Dialogue) -> None:
    refused = desk.post(url("complete", dialogue))
    assert refused.status_code == 409
    assert "There are no sub-topics yet" in refused.content.decode()


def test_a_closed_step_says_what_is_missing_and_refuses_acts(desk: Client, world: World) -> None:
    closed = world.dialogue(4)
    page = desk.get(url("page", closed))
    assert (page.status_code, "This step is not open yet" in page.content.decode()) == (200, True)
    assert desk.post(url("propose", closed), {}).status_code == 409
    assert desk.post(url("add", closed), {"name": "x"}).status_code == 409
    assert Topic.objects.count() == 0


def test_an_objection_is_answered_by_page(desk: Client, world: World, dialogue: Dialogue, link: str) -> None:
    Client().post(link, dots(dialogue, 0, 0) | {"answer": "object", "reason": "Water"})
    assert "waits for a reply" in desk.get(url("page", dialogue)).content.decode()
    given = Consent.objects.get()
    assert desk.post(url("reply", dialogue, given.pk), {"reply": " "}).status_code == 422
    assert desk.post(url("reply", dialogue, given.pk), {"reply": "Added to the third"}).status_code == 302
    assert "Added to the third" in Client().get(link).content.decode()


def test_a_focal_point_answers_signed_in_and_only_for_its_city(
    client: Client, world: World, dialogue: Dialogue, link: str
) -> None:
    one, other = dialogue.partners.all()[:2]
    client.force_login(one.city.people.get(is_focal_point=True).account)
    assert "Give dots and consent" in client.get(url("page", dialogue)).content.decode()
    assert client.post(url("partner", dialogue, one.pk), dots(dialogue, 1, 1) | {"answer": "agree"}).status_code == 302
    assert client.get(url("partner", dialogue, other.pk)).status_code == 404
    assert client.post(url("add", dialogue), {"name": "x"}).status_code == 403


def test_others_read_without_reasons(client: Client, world: World, dialogue: Dialogue, link: str) -> None:
    Client().post(link, dots(dialogue, 0, 0) | {"answer": "object", "reason": "A reason among us"})
    client.force_login(world.account("observer"))
    assert "A reason among us" not in client.get(url("page", dialogue)).content.decode()
    client.force_login(dialogue.partners.all()[1].city.people.get(is_focal_point=True).account)
    assert "A reason among us" not in client.get(url("page", dialogue)).content.decode()


@pytest.mark.parametrize("partners", [1, 3])
def test_the_page_costs_the_same_for_few_and_many(
    desk: Client, world: World, partners: int, django_assert_num_queries: object
) -> None:
    found = world.at(world.dialogue(partners), Step.DEFINE)
    actions.propose_topics(by=world.secretariat, dialogue=found)
    actions.ask_consent(by=world.secretariat, dialogue=found)
    desk.get(url("page", found))
    with django_assert_num_queries(16):  # type: ignore[operator]
        desk.get(url("page", found))
