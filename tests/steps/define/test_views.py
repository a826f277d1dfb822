"""The pages of sub-topics: the secretariat's desk, and a partner's journey by its link."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from majlis.accounts.models import ActionLink
from majlis.dialogue.models import Dialogue, Step
from majlis.language.models import Text
from majlis.network.models import Statement
from majlis.steps.define import actions
from majlis.steps.define.models import Consent, Objection, Proposal, Topic, Vote
from majlis.steps.define.queries import consent_views
from majlis.steps.define.rules import standing
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
    assert "Look again" in desk.get(url("page", dialogue)).content.decode()
    assert desk.get(url("proposal", dialogue)).json() == {"is_under_way": True, "done": 0, "said": ""}
    actions.work_off(proposal_id=Proposal.objects.get().pk)
    assert desk.get(url("proposal", dialogue)).json()["is_under_way"] is False
    topic = dialogue.topics.all()[0]
    assert desk.post(url("propose", dialogue), {"count": ""}).status_code == 422
    desk.post(url("rename", dialogue, topic.pk), {"name_en": "Ports and towns", "name_de": "Häfen und Städte"})
    assert "Ports and towns" in desk.get(url("page", dialogue)).content.decode()
    assert desk.post(url("rename", dialogue, topic.pk), {"name_en": " "}).status_code == 422
    given = {"words": "Jobs", "value": "12.5", "on": "2026-06-30"}
    named = {f"baseline-{topic.pk}-{key}": value for key, value in given.items()}
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
    desk.post(url("add", dialogue), {"name_en": "One"})
    desk.post(url("add", dialogue), {"name_en": "Two", "name_ar": "اثنان"})
    assert desk.post(url("add", dialogue), {"name_en": ""}).status_code == 422
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
    assert desk.post(url("add", closed), {"name_en": "x"}).status_code == 409
    assert Topic.objects.count() == 0


def test_an_objection_is_answered_by_page(desk: Client, world: World, dialogue: Dialogue, link: str) -> None:
    Client().post(link, dots(dialogue, 0, 0) | {"answer": "object", "reason": "Water"})
    assert "waits for a reply" in desk.get(url("answers", dialogue)).content.decode()
    raised = Objection.objects.get()
    name = f"reply-{raised.pk}-reply"
    assert desk.post(url("reply", dialogue, raised.pk), {name: " "}).status_code == 422
    early = desk.post(url("reply", dialogue, raised.pk), {name: "Typed", f"reply-{raised.pk}-led_to_change": "on"})
    assert (early.status_code, "Typed" in early.content.decode()) == (422, True)
    assert desk.post(url("reply", dialogue, raised.pk), {name: "Added to the third"}).status_code == 302
    assert "Added to the third" in Client().get(link).content.decode()


def test_a_focal_point_answers_signed_in_and_only_for_its_city(
    client: Client, world: World, dialogue: Dialogue, link: str
) -> None:
    one, other = dialogue.partners.all()[:2]
    client.force_login(one.city.people.get(is_focal_point=True).account)
    assert "Give dots and consent" in client.get(url("page", dialogue)).content.decode()
    assert client.post(url("partner", dialogue, one.pk), dots(dialogue, 1, 1) | {"answer": "agree"}).status_code == 302
    assert client.get(url("partner", dialogue, other.pk)).status_code == 404
    assert client.post(url("add", dialogue), {"name_en": "x"}).status_code == 403


def test_others_read_without_reasons(client: Client, world: World, dialogue: Dialogue, link: str) -> None:
    Client().post(link, dots(dialogue, 0, 0) | {"answer": "object", "reason": "A reason among us"})
    client.force_login(world.account("observer"))
    for page in ("page", "answers"):
        assert "A reason among us" not in client.get(url(page, dialogue)).content.decode()
    client.force_login(dialogue.partners.all()[1].city.people.get(is_focal_point=True).account)
    for page in ("page", "answers"):
        assert "A reason among us" not in client.get(url(page, dialogue)).content.decode()
    for page in ("shape", "versions"):
        assert client.get(url(page, dialogue)).status_code in {403, 404}


@pytest.mark.parametrize("partners", [1, 3])
@pytest.mark.parametrize(
    ("name", "count"),
    [("page", 21), ("statements", 12), ("shape", 12), ("answers", 18), ("versions", 13), ("topic", 12)],
)
def test_the_pages_cost_the_same_for_few_and_many(
    desk: Client, world: World, partners: int, name: str, count: int, django_assert_num_queries: object
) -> None:
    found = world.at(world.dialogue(partners), Step.DEFINE)
    made = actions.propose_topics(by=world.secretariat, dialogue=found)
    actions.ask_consent(by=world.secretariat, dialogue=found)
    address = url(name, found, *([made[0].pk] if name == "topic" else []))
    desk.get(address)
    with django_assert_num_queries(count):  # type: ignore[operator]
        desk.get(address)


def test_a_change_is_looked_at_before_it_is_kept(desk: Client, dialogue: Dialogue, link: str) -> None:
    for each in dialogue.partners.all():
        actions.consent(by=each.city.people.get(is_focal_point=True).account, partner=each, answer="agree")
    one, two = dialogue.topics.all()
    merge = {"topic": [one.pk, two.pk], "name": "Both"}
    page = desk.post(url("merge", dialogue), merge | {"look": "1"}).content.decode()
    assert "4 partners have answered and will be asked again, only about this change" in page
    assert "Coverage stays: 4 of 4 cities find themselves in it" in page
    assert f'<input type="hidden" name="topic" value="{two.pk}">' in page
    bare = desk.post(url("merge", dialogue), merge | {"look": "1"}, headers={"X-Requested-With": "fetch"})
    assert "<html" not in bare.content.decode()
    refused = desk.post(url("merge", dialogue), {"look": "1"}, headers={"X-Requested-With": "fetch"})
    assert (refused.status_code, "Choose at least two" in refused.content.decode()) == (422, True)
    gone = desk.post(url("remove", dialogue, one.pk), {"look": "1"}).content.decode()
    assert "No longer covered" in gone
    assert list(dialogue.topics.all()) == [one, two]
    assert desk.post(url("merge", dialogue), merge).status_code == 302
    assert [str(topic) for topic in dialogue.topics.all()] == ["Both"]


def test_an_undone_change_leaves_everything_as_it_was(desk: Client, dialogue: Dialogue, link: str) -> None:
    Client().post(link, dots(dialogue, 2, 3) | {"answer": "agree"})
    one, two = dialogue.topics.all()
    before = [(topic.pk, topic.name, set(topic.statements.all())) for topic in (one, two)]
    desk.post(url("merge", dialogue), {"topic": [one.pk, two.pk], "name": "Both"})
    assert [vote.dots for vote in Vote.objects.all()] == [5]
    page = desk.get(url("page", dialogue)).content.decode()
    assert "Undo this change" in page
    number = dialogue.topic_versions.all()[1].number
    assert desk.post(url("restore", dialogue, number)).status_code == 302
    assert [(topic.pk, topic.name, set(topic.statements.all())) for topic in dialogue.topics.all()] == before
    assert sorted(Vote.objects.values_list("dots", flat=True)) == [2, 3]
    assert [each.is_old for each in consent_views(standing(dialogue), dialogue)] == [False] * 4
    assert desk.post(url("restore", dialogue, 99)).status_code == 404
    # Going back is a change too, and can be undone.
    desk.post(url("restore", dialogue, dialogue.topic_versions.all()[1].number))
    assert [str(topic) for topic in dialogue.topics.all()] == ["Both"]


def test_topics_are_put_in_order(desk: Client, dialogue: Dialogue, link: str) -> None:
    one, two = dialogue.topics.all()
    assert desk.post(url("move", dialogue, one.pk), {"way": "down"})["Location"].endswith(f"#down-{one.pk}")
    assert list(dialogue.topics.all()) == [two, one]
    desk.post(url("move", dialogue, two.pk), {"way": "up"})
    assert list(dialogue.topics.all()) == [two, one]
    desk.post(url("order", dialogue), {"topic": [one.pk, two.pk]})
    assert list(dialogue.topics.all()) == [one, two]
    assert desk.post(url("order", dialogue), {"topic": [one.pk]}).status_code == 422


def test_ties_that_the_page_did_not_show_stay(desk: Client, dialogue: Dialogue, link: str) -> None:
    one, two = dialogue.topics.all()
    kept = set(one.statements.all())
    loose = next(each for each in two.statements.all() if each not in kept)
    sent = {"topic": [one.pk, two.pk], "statement": [loose.pk], "tie": [f"{one.pk}-{loose.pk}"]}
    desk.post(url("ties", dialogue), sent)
    assert set(one.statements.all()) == kept | {loose}
    assert loose not in two.statements.all()
    assert f'value="{one.pk}-{loose.pk}" checked' in desk.get(url("statements", dialogue)).content.decode()


def test_who_answered_an_older_list_is_shown_the_change(
    client: Client, dialogue: Dialogue, link: str, world: World
) -> None:
    seen = standing(dialogue).digest
    client.post(link, dots(dialogue, 2, 3) | {"answer": "agree"})
    topic = dialogue.topics.all()[0]
    actions.rename_topic(by=world.secretariat, topic=topic, name=Text("en", "Ports and towns"))
    client.cookies["django_language"] = "en"
    page = client.get(link).content.decode()
    assert "What has changed since you answered" in page
    assert "is now called “Ports and towns”" in page
    # An answer to the list that is gone is not taken; what was typed stays, now beside the present list.
    late = client.post(link, dots(dialogue, 1, 4) | {"answer": "live_with", "of_topics": seen})
    assert (late.status_code, 'value="4"' in late.content.decode()) == (422, True)
    assert standing(dialogue).digest in late.content.decode()
    client.post(link, dots(dialogue, 1, 4) | {"answer": "live_with", "of_topics": standing(dialogue).digest})
    assert Consent.objects.get().answer == "live_with"


def test_a_proposal_that_fails_says_why(desk: Client, dialogue: Dialogue) -> None:
    Statement.objects.update(themes=[])
    desk.post(url("propose", dialogue), {})
    actions.work_off(proposal_id=Proposal.objects.get().pk)
    assert "Sub-topics follow from the themes" in desk.get(url("page", dialogue)).content.decode()
    assert Proposal.objects.get().state == "failed"
