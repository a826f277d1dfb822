"""Clusters are proposed, moved by hand, adopted by a person; nothing adopted or moved by hand is overwritten."""

import pytest

from majlis.dialogue.models import Dialogue, Partner, Step, StepRecord
from majlis.journal.queries import entries
from majlis.language.models import Text
from majlis.steps.cluster import actions
from majlis.steps.cluster.models import Place, Proposal
from majlis.steps.cluster.queries import adopted, differences, latest, next_action, waiting, what_moved
from majlis.steps.cluster.rules import gate
from majlis.web.refused import Forbidden, NotNow, Refused
from tests.world import World


def proposed(world: World, dialogue: Dialogue, **sizes: int) -> Proposal:
    return actions.propose(by=world.secretariat, dialogue=dialogue, **{"smallest": 2, "largest": 4} | sizes)  # type: ignore[arg-type]


def home(proposal: Proposal, partner: Partner) -> Place:
    return proposal.places.select_related("cluster").get(partner=partner)


def test_every_partner_gets_one_home_with_reasons(world: World) -> None:
    dialogue = world.dialogue(6)
    proposal = proposed(world, dialogue)
    assert proposal.version == 1
    assert [place.partner_id for place in proposal.places.all()] == [each.pk for each in dialogue.partners.all()]
    assert proposal.clusters.count() == 2
    assert all(place.reason["message"] for place in proposal.places.all())
    assert all(cluster.name.in_all().keys() >= {"en", "ar", "de", "fr"} for cluster in proposal.clusters.all())
    assert proposal.weights == {"region": 0.2, "needs": 0.45, "vision": 0.35, "zones": 0.0}
    assert entries(dialogue.scope).first().act == "cluster.propose"  # type: ignore[union-attr]


def test_few_partners_make_one_cluster(world: World) -> None:
    assert actions.propose(by=world.secretariat, dialogue=world.dialogue(4)).clusters.count() == 1


def test_the_same_seed_gives_the_same_clusters(world: World) -> None:
    dialogue = world.dialogue(6)
    one, other = (proposed(world, dialogue) for _run in range(2))
    assert differences(other, one) == []
    assert [one.version, other.version] == [1, 2]


def test_a_city_without_statements_is_placed_too(world: World) -> None:
    dialogue = world.dialogue(4)
    dialogue.partners.all()[0].city.statements.all().delete()
    assert proposed(world, dialogue).places.count() == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": {"region": -1, "needs": 1, "vision": 1}},
        {"weights": {"region": 0, "needs": 0, "vision": 0}},
        {"weights": {"region": float("nan"), "needs": 1, "vision": 1}},
        {"smallest": 3, "largest": 3},
        {"count": 9},
        {"smallest": 5, "largest": 2},
    ],
)
def test_what_cannot_be_is_refused_in_words(world: World, wrong: dict[str, object]) -> None:
    with pytest.raises(Refused) as refused:
        actions.propose(by=world.secretariat, dialogue=world.dialogue(4), **wrong)  # type: ignore[arg-type]
    assert str(refused.value)
    assert Proposal.objects.count() == 0


def test_no_partners_no_clusters(world: World) -> None:
    with pytest.raises(Refused):
        actions.propose(by=world.secretariat, dialogue=world.dialogue(0))


def moved(world: World, dialogue: Dialogue) -> tuple[Proposal, Partner]:
    """A version in which one city was moved by hand to where it would not sit by itself."""
    proposal = proposed(world, dialogue)
    place = proposal.places.select_related("partner__city").all()[0]
    other = proposal.clusters.exclude(pk=place.cluster_id).get()
    return actions.move(by=world.secretariat, proposal=proposal, partner=place.partner, cluster=other), place.partner


def test_a_move_says_what_got_better_and_worse(world: World) -> None:
    proposal, partner = moved(world, world.dialogue(6))
    assert home(proposal, partner).is_held
    told = what_moved(proposal)
    assert len(told) == 3
    assert {kind for kind, _sentence in told} <= {"better", "worse", "same"}
    for cluster in proposal.clusters.all():
        fits = [place.fit["own"] for place in proposal.places.filter(cluster=cluster)]
        assert cluster.cohesion == pytest.approx(sum(fits) / len(fits))


def test_a_new_run_keeps_hand_moves(world: World) -> None:
    dialogue = world.dialogue(6)
    before, partner = moved(world, dialogue)
    mates = {each.partner_id for each in home(before, partner).cluster.places.all()} - {partner.pk}
    after = proposed(world, dialogue)
    assert home(after, partner).is_held
    assert mates & {each.partner_id for each in home(after, partner).cluster.places.all()}


def test_a_released_city_may_move_again(world: World) -> None:
    dialogue = world.dialogue(6)
    proposal, partner = moved(world, dialogue)
    actions.release(by=world.secretariat, proposal=proposal, partner=partner)
    after = proposed(world, dialogue)
    assert not home(after, partner).is_held
    assert differences(after, proposed(world, dialogue)) == []


def test_a_cluster_is_never_left_empty_and_a_city_not_moved_to_where_it_is(world: World) -> None:
    dialogue = world.dialogue(2)
    proposal = proposed(world, dialogue, smallest=1, largest=1)
    one, other = proposal.places.select_related("cluster", "partner").all()
    for target in (other.cluster, one.cluster):
        with pytest.raises(Refused):
            actions.move(by=world.secretariat, proposal=proposal, partner=one.partner, cluster=target)


def test_what_was_adopted_stays_and_a_later_move_makes_a_new_version(world: World) -> None:
    dialogue = world.dialogue(6)
    first = actions.adopt(by=world.secretariat, proposal=proposed(world, dialogue))
    place = first.places.select_related("partner__city").all()[0]
    other = first.clusters.exclude(pk=place.cluster_id).get()
    second = actions.move(by=world.secretariat, proposal=first, partner=place.partner, cluster=other)
    assert second.version == 2
    assert home(first, place.partner).cluster_id == place.cluster_id
    assert adopted(dialogue) == first
    assert [each.partner for each in differences(second, first)] == [place.partner]
    actions.adopt(by=world.secretariat, proposal=second)
    first.refresh_from_db()
    assert adopted(dialogue) == second == latest(dialogue)
    assert first.formerly_adopted_at
    assert not first.adopted_at


def test_a_cluster_gets_another_name(world: World) -> None:
    cluster = proposed(world, world.dialogue(4)).clusters.all()[0]
    assert str(actions.rename_cluster(by=world.secretariat, cluster=cluster, name=Text("en", "Ports"))) == "Ports"
    with pytest.raises(Refused):
        actions.rename_cluster(by=world.secretariat, cluster=cluster, name=Text("en", " "))


def missing(dialogue: Dialogue) -> list[str]:
    return [str(condition.sentence) for condition in gate(dialogue).missing]


def test_the_gate_asks_for_needs_visions_homes_and_a_person(world: World) -> None:
    dialogue = world.dialogue(4)
    city = dialogue.partners.all()[0].city
    city.statements.all().delete()
    assert missing(dialogue) == [
        f"A need is missing from {city}", f"A vision is missing from {city}",
        "No city has a home cluster before one version is adopted", "The clusters wait to be adopted by a person",
    ]  # fmt: skip
    with pytest.raises(NotNow) as refused:
        actions.complete(by=world.secretariat, dialogue=dialogue)
    assert str(city) in str(refused.value)
    for kind in ("need", "vision"):
        world.statement(city, kind)
    actions.adopt(by=world.secretariat, proposal=proposed(world, dialogue))
    assert missing(dialogue) == []
    actions.complete(by=world.secretariat, dialogue=dialogue)
    states = StepRecord.objects.filter(dialogue=dialogue).order_by("position").values_list("state", flat=True)
    assert list(states)[:2] == ["done", "open"]


def test_a_partner_that_joins_after_adoption_has_no_home(world: World) -> None:
    dialogue = world.dialogue(4)
    actions.adopt(by=world.secretariat, proposal=proposed(world, dialogue))
    city = world.city(6)
    for kind in ("need", "vision"):
        world.statement(city, kind)
    Partner.objects.create(dialogue=dialogue, city=city)
    assert missing(dialogue) == [f"No cluster was adopted for {city}"]
    fresh = actions.move(
        by=world.secretariat, proposal=adopted(dialogue),  # type: ignore[arg-type]
        partner=dialogue.partners.get(city=city), cluster=adopted(dialogue).clusters.first(),  # type: ignore[union-attr, arg-type]
    )  # fmt: skip
    actions.adopt(by=world.secretariat, proposal=fresh)
    assert missing(dialogue) == []


def test_an_empty_dialogue_does_not_pass(world: World) -> None:
    assert "The dialogue has no partners yet" in missing(world.dialogue(0))


@pytest.mark.parametrize("role", ["facilitator", "observer", "practitioner"])
def test_only_the_secretariat_acts(world: World, role: str) -> None:
    dialogue = world.dialogue(4)
    proposal, stranger = proposed(world, dialogue), world.account(role)
    place = proposal.places.select_related("partner").all()[0]
    with pytest.raises(Forbidden):
        actions.propose(by=stranger, dialogue=dialogue)
    with pytest.raises(Forbidden):
        actions.adopt(by=stranger, proposal=proposal)
    with pytest.raises(Forbidden):
        actions.move(by=stranger, proposal=proposal, partner=place.partner, cluster=place.cluster)
    with pytest.raises(Forbidden):
        actions.complete(by=stranger, dialogue=dialogue)


def test_nothing_is_done_in_a_finished_step(world: World) -> None:
    dialogue = world.dialogue(4)
    proposal = proposed(world, dialogue)
    world.at(dialogue, Step.DEFINE)
    with pytest.raises(NotNow):
        proposed(world, dialogue)
    with pytest.raises(NotNow):
        actions.adopt(by=world.secretariat, proposal=proposal)


def test_the_next_action_follows_the_step(world: World) -> None:
    dialogue, by = world.dialogue(4), world.secretariat
    said = []
    for act in (lambda: proposed(world, dialogue), lambda: actions.adopt(by=by, proposal=latest(dialogue)), None):  # type: ignore[arg-type]
        found = next_action(dialogue, by)
        assert found
        said.append(found.heading.message.split(":")[0].split(",")[0])
        assert waiting(by) == [found]
        if act:
            act()
    assert said == ["Let Majlis propose clusters", "Look at the proposal", "The gate holds"]
    partner = dialogue.partners.all()[0].city.people.all()[0].account
    assert next_action(dialogue, partner) is None
    assert waiting(partner) == []
    actions.complete(by=by, dialogue=dialogue)
    assert waiting(by) == []
