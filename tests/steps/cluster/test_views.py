"""The page of clustering through the front door."""

import pytest
from django.test import Client
from django.urls import reverse

from majlis.dialogue.models import Dialogue, Step
from majlis.language.models import Text
from majlis.outbox.models import Batch
from majlis.solutions.models import Solution
from majlis.steps.cluster import actions
from majlis.steps.cluster.models import Cluster, Place, Proposal
from majlis.steps.cluster.queries import adopted, board, latest
from tests.steps.cluster.test_requests import carry_out_all
from tests.world import World

FORM = {"region": "20", "needs": "45", "vision": "35", "smallest": "2", "largest": "4", "count": ""}


def url(name: str, dialogue: Dialogue, *more: int) -> str:
    return reverse(f"cluster:{name}", args=[dialogue.slug, *more])


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.secretariat)
    return client


def test_the_journey_from_proposal_to_completion(desk: Client, world: World) -> None:
    dialogue = world.dialogue(6)
    page = desk.get(url("page", dialogue))
    assert "Let Majlis propose clusters" in page.content.decode()
    assert desk.post(url("propose", dialogue), FORM).status_code == 302
    (proposal,) = carry_out_all()
    assert proposal and proposal == latest(dialogue)
    place = proposal.places.all()[0]
    other = proposal.clusters.exclude(pk=place.cluster_id).get()
    moved = desk.post(
        url("move", dialogue), {"version": 1, "partner": place.partner_id, "cluster": other.pk}, follow=True
    )
    assert "What the last move changed" in moved.content.decode()
    assert "held by hand" in moved.content.decode()
    desk.post(url("adopt", dialogue), {"version": 1})
    assert adopted(dialogue) == proposal
    assert "Complete the step" in desk.get(url("page", dialogue)).content.decode()
    assert desk.post(url("complete", dialogue)).status_code == 302


def test_the_gate_refuses_by_page(desk: Client, world: World) -> None:
    refused = desk.post(url("complete", world.dialogue(4)))
    assert refused.status_code == 409
    assert "wait to be adopted" in refused.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"region": "-1"}, {"needs": "x"}, {"smallest": "4", "largest": "3"}, {"count": "5"}, {"smallest": ""}]
)
def test_bad_input_keeps_what_was_typed(desk: Client, world: World, wrong: dict[str, str]) -> None:
    page = desk.post(url("propose", world.dialogue(4)), FORM | {"vision": "36"} | wrong)
    assert page.status_code == 422
    assert 'value="36"' in page.content.decode()
    assert Proposal.objects.count() == 0


@pytest.mark.parametrize("role", ["facilitator", "observer"])
def test_others_see_no_tools_and_cannot_act(client: Client, world: World, role: str) -> None:
    dialogue = world.dialogue(4)
    actions.propose(by=world.secretariat, dialogue=dialogue)
    client.force_login(world.account(role))
    page = client.get(url("page", dialogue)).content.decode()
    assert "Propose anew" not in page
    assert client.post(url("propose", dialogue), FORM).status_code == 403
    assert client.post(url("adopt", dialogue), {"version": 1}).status_code == 403


def test_a_partner_sees_the_adopted_clusters_only(client: Client, world: World) -> None:
    dialogue = world.dialogue(4)
    proposal = actions.propose(by=world.secretariat, dialogue=dialogue)
    client.force_login(dialogue.partners.all()[0].city.people.get(is_focal_point=True).account)
    assert "The clusters will stand here" in client.get(url("page", dialogue)).content.decode()
    actions.adopt(by=world.secretariat, proposal=proposal)
    assert "Clusters, version 1" in client.get(url("page", dialogue)).content.decode()


def test_a_stranger_finds_no_dialogue(client: Client, world: World) -> None:
    dialogue = world.dialogue(2)
    client.force_login(world.account())
    assert client.get(url("page", dialogue)).status_code == 404
    client.logout()
    assert client.get(url("page", dialogue)).status_code == 302


def test_a_finished_step_shows_no_tools_and_refuses(desk: Client, world: World) -> None:
    dialogue = world.dialogue(4)
    actions.adopt(by=world.secretariat, proposal=actions.propose(by=world.secretariat, dialogue=dialogue))
    world.at(dialogue, Step.DEFINE)
    assert "Propose anew" not in desk.get(url("page", dialogue)).content.decode()
    assert desk.post(url("propose", dialogue), FORM).status_code == 409


def test_another_dialogues_cluster_is_not_there(desk: Client, world: World) -> None:
    one, other = world.dialogue(4), Dialogue.objects.create(slug="other")
    proposal = actions.propose(by=world.secretariat, dialogue=one)
    cluster = proposal.clusters.get()
    assert desk.post(url("rename", other, cluster.pk), {"name": "x"}).status_code == 404
    for wrong in ({"version": "1"}, {"version": "1", "partner": "7777777", "cluster": "x"}, {"version": "²"}):
        assert desk.post(url("move", one), wrong).status_code == 404
    assert Place.objects.filter(is_held=True).count() == 0


@pytest.mark.parametrize("partners", [2, 6])
def test_the_page_costs_the_same_for_few_and_many(
    desk: Client, world: World, partners: int, django_assert_num_queries: object
) -> None:
    dialogue = world.dialogue(partners)
    actions.propose(by=world.secretariat, dialogue=dialogue, smallest=1, largest=4, count=2)
    desk.get(url("page", dialogue))
    with django_assert_num_queries(19):  # type: ignore[operator]
        desk.get(url("page", dialogue))


def test_who_has_experience_in_the_main_theme_is_read_out(desk: Client, world: World) -> None:
    dialogue = world.dialogue(3)
    actions.propose(by=world.secretariat, dialogue=dialogue)
    one, two, three = (partner.city for partner in dialogue.partners.order_by("pk"))
    Cluster.objects.update(themes=[["GRN.03", 3], ["LIV.06", 1]])
    empty = board(Proposal.objects.get())[0].balance
    assert (empty.theme, empty.experienced) == ("Green economic transformation", [])
    assert "no city with an offer or a solution yet" in desk.get(url("page", dialogue)).content.decode()
    # An offer in another part of the same theme counts; a need does not, nor an offer in another theme or a draft.
    world.statement(one, "offer", 0)
    world.statement(two, "offer", 2)
    for city, state, theme in ((three, "published", "GRN.09"), (two, "draft", "GRN.03")):
        Solution.objects.create(
            code=f"s-{city.pk}", city=city, title=Text("de", "Werkstatt"), state=state, themes=[theme]
        )
    found = board(Proposal.objects.get())[0].balance
    assert [name["en"] for name in found.experienced] == sorted([str(one), str(three)])
    # What more cities name in all counts, not the one theme that most of them share.
    Cluster.objects.update(themes=[["GRN.03", 3], ["LIV.06", 2], ["LIV.07", 2]])
    assert board(Proposal.objects.get())[0].balance.theme == "Sustainable livelihoods and decent jobs"
    # A cluster whose cities name nothing has no main theme, and nobody has experience in it.
    Cluster.objects.update(themes=[])
    assert board(Proposal.objects.get())[0].balance.theme == ""


def test_a_move_is_undone_from_the_page(desk: Client, world: World) -> None:
    dialogue = world.dialogue(6)
    proposal = actions.propose(by=world.secretariat, dialogue=dialogue, smallest=2, largest=4)
    place = proposal.places.all()[0]
    other = proposal.clusters.exclude(pk=place.cluster_id).get()
    desk.post(url("move", dialogue), {"version": 1, "partner": place.partner_id, "cluster": other.pk})
    page = desk.get(url("page", dialogue)).content.decode()
    assert url("undo", dialogue) in page
    undone = desk.post(url("undo", dialogue), {"version": 1}, follow=True).content.decode()
    assert "The move was undone" in undone
    assert url("undo", dialogue) not in undone
    assert proposal.places.get(partner=place.partner).cluster_id == place.cluster_id
    assert desk.post(url("undo", dialogue), {"version": 1}).status_code == 409


def test_pairs_are_set_and_removed_on_the_page(desk: Client, world: World) -> None:
    dialogue = world.dialogue(4)
    one, other = (each.pk for each in dialogue.partners.all()[:2])
    page = desk.post(url("pair", dialogue), {"one": one, "other": other, "kind": "apart"}, follow=True).content.decode()
    pair = dialogue.cluster_pairs.get()
    assert url("unpair", dialogue, pair.pk) in page
    for wrong in ({"one": one, "other": "", "kind": "apart"}, {"one": one, "other": other, "kind": "x"}):
        assert desk.post(url("pair", dialogue), wrong).status_code == 404
    assert desk.post(url("pair", dialogue), {"one": one, "other": one, "kind": "apart"}).status_code == 422
    assert desk.post(url("unpair", world.dialogue(0), pair.pk)).status_code == 404
    desk.post(url("unpair", dialogue, pair.pk))
    assert not dialogue.cluster_pairs.exists()


def test_missing_cities_are_asked_from_the_page(desk: Client, world: World) -> None:
    dialogue = world.dialogue(3)
    dialogue.partners.all()[0].city.statements.all().delete()
    page = desk.get(url("page", dialogue)).content.decode()
    assert "Ask this city by mail" in page
    answer = desk.post(url("remind", dialogue))
    batch = Batch.objects.get(kind="network.intake")
    assert (answer.status_code, answer.url) == (302, reverse("outbox:batch", args=[batch.pk]))  # type: ignore[attr-defined]


def test_two_versions_side_by_side(desk: Client, world: World) -> None:
    dialogue = world.dialogue(6)
    assert desk.get(url("compare", dialogue)).status_code == 404
    proposal = actions.propose(by=world.secretariat, dialogue=dialogue, smallest=2, largest=4)
    alone = desk.get(url("compare", dialogue))
    assert alone.status_code == 404
    assert "Choose two that differ" in alone.content.decode()
    actions.adopt(by=world.secretariat, proposal=proposal)
    place = proposal.places.select_related("partner__city").all()[0]
    other = proposal.clusters.exclude(pk=place.cluster_id).get()
    actions.move(by=world.secretariat, proposal=proposal, partner=place.partner, cluster=other)
    page = desk.get(url("compare", dialogue), {"one": "2", "other": "1"}).content.decode()
    assert "1 city sits elsewhere" in page
    assert page.count("<mark>") == 2
    assert desk.get(url("compare", dialogue)).content.decode().count("<mark>") == 2
    moved = dialogue.cluster_proposals.get(version=2)
    actions.adopt(by=world.secretariat, proposal=moved)
    assert "1 city sits elsewhere" in desk.get(url("compare", dialogue)).content.decode()
    same = actions.propose(by=world.secretariat, dialogue=dialogue, smallest=2, largest=4)
    page = desk.get(url("compare", dialogue), {"one": str(same.version), "other": "2"}).content.decode()
    assert "Every city sits with the same others" in page
    assert desk.get(url("compare", dialogue), {"one": "9", "other": "1"}).status_code == 404
    desk.force_login(dialogue.partners.all()[0].city.people.get(is_focal_point=True).account)
    assert desk.get(url("compare", dialogue), {"one": "2", "other": "1"}).status_code == 404


def test_a_cluster_is_named_in_four_languages(desk: Client, world: World) -> None:
    dialogue = world.dialogue(4)
    cluster = actions.propose(by=world.secretariat, dialogue=dialogue).clusters.get()
    names = {f"c{cluster.pk}-name_{language}": name for language, name in (("ar", "موانئ"), ("de", "Häfen"))}
    desk.post(url("rename", dialogue, cluster.pk), names)
    cluster.refresh_from_db()
    assert cluster.name.in_all() == {"ar": "موانئ", "de": "Häfen"}
    assert desk.post(url("rename", dialogue, cluster.pk), {}).status_code == 422


def test_partners_see_no_author_and_no_tools(client: Client, world: World) -> None:
    dialogue = world.dialogue(4)
    actions.adopt(by=world.secretariat, proposal=actions.propose(by=world.secretariat, dialogue=dialogue))
    client.force_login(dialogue.partners.all()[0].city.people.get(is_focal_point=True).account)
    page = client.get(url("page", dialogue)).content.decode()
    assert world.secretariat.email not in page
    assert "<select" not in page.split("<main")[1]
    assert "Who is like whom" in page
