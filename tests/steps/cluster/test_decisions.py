"""What people decide survives a new run: pairs, held cities, names; moves are undone one by one; who is missing is asked."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.dialogue.models import Dialogue, Partner, Step
from majlis.journal.queries import entries
from majlis.language.models import Text
from majlis.outbox.actions import deliver, send_batch
from majlis.outbox.models import Mail
from majlis.steps.cluster import actions, queries
from majlis.steps.cluster.actions.deciding import _groups
from majlis.steps.cluster.models import Pair, Proposal
from majlis.steps.cluster.queries.problem import hours_ahead
from majlis.steps.cluster.rules import stated_partners
from majlis.web.refused import Forbidden, NotNow, NotThere, Refused
from tests.steps.cluster.test_actions import home, proposed
from tests.world import World

TOGETHER, APART = Pair.Kind.TOGETHER, Pair.Kind.APART


def pair(world: World, dialogue: Dialogue, kind: Pair.Kind, one: Partner, other: Partner) -> Pair:
    return actions.pair(by=world.secretariat, dialogue=dialogue, kind=kind, one=one, other=other)


def places(proposal: Proposal) -> dict[int, tuple[int, bool]]:
    return {
        each.partner_id: (each.cluster.position, each.is_held) for each in proposal.places.select_related("cluster")
    }


def apart_and_together(proposal: Proposal) -> tuple[tuple[Partner, Partner], tuple[Partner, Partner]]:
    """Two cities that sit apart, and two that sit together."""
    rows = list(proposal.places.select_related("partner__city"))
    mate = next(each for each in rows[1:] if each.cluster_id == rows[0].cluster_id)
    other = next(each for each in rows if each.cluster_id != rows[0].cluster_id)
    return (rows[0].partner, other.partner), (rows[0].partner, mate.partner)


def test_pairs_are_kept_by_every_new_run(world: World) -> None:
    dialogue = world.dialogue(6)
    parted, joined = apart_and_together(proposed(world, dialogue))
    pair(world, dialogue, TOGETHER, *parted)
    pair(world, dialogue, APART, *joined)
    after = proposed(world, dialogue)
    homes = {partner: position for partner, (position, _held) in places(after).items()}
    assert homes[parted[0].pk] == homes[parted[1].pk]
    assert homes[joined[0].pk] != homes[joined[1].pk]
    assert after.pairs == [
        ["together", *sorted(each.pk for each in parted)],
        ["apart", *sorted(each.pk for each in joined)],
    ]
    assert queries.warnings(after, queries.board(after), queries.pairs_of(dialogue)) == []


def test_a_pair_that_the_version_does_not_keep_is_told(world: World) -> None:
    dialogue = world.dialogue(6)
    proposal = proposed(world, dialogue)
    parted, joined = apart_and_together(proposal)
    pair(world, dialogue, TOGETHER, *parted)
    pair(world, dialogue, APART, *joined)
    told = [str(each) for each in queries.warnings(proposal, queries.board(proposal), queries.pairs_of(dialogue))]
    assert len(told) == 2
    assert "shall stay together, but sit in different clusters" in told[0]
    assert "shall stay apart, but sit in the same cluster" in told[1]


def test_a_pair_has_one_rule_whichever_way_it_is_named(world: World) -> None:
    dialogue = world.dialogue(4)
    one, other = dialogue.partners.all()[:2]
    pair(world, dialogue, TOGETHER, other, one)
    pair(world, dialogue, APART, one, other)
    found = dialogue.cluster_pairs.get()
    assert (found.kind, found.one_id, found.other_id) == ("apart", *sorted((one.pk, other.pk)))
    actions.unpair(by=world.secretariat, dialogue=dialogue, number=found.pk)
    assert not dialogue.cluster_pairs.exists()
    with pytest.raises(NotThere):
        actions.unpair(by=world.secretariat, dialogue=dialogue, number=found.pk)
    acts = entries(dialogue.scope).values_list("act", flat=True)
    assert list(acts[:3]) == ["cluster.unpair", "cluster.pair", "cluster.pair"]


def test_pairs_that_contradict_each_other_through_others_are_refused(world: World) -> None:
    dialogue = world.dialogue(4)
    a, b, c, d = dialogue.partners.all()
    pair(world, dialogue, TOGETHER, a, b)
    pair(world, dialogue, TOGETHER, b, c)
    with pytest.raises(Refused, match="kept together already"):
        pair(world, dialogue, APART, c, a)
    pair(world, dialogue, APART, a, d)
    with pytest.raises(Refused, match="kept apart already"):
        pair(world, dialogue, TOGETHER, d, c)
    with pytest.raises(Refused, match="two different cities"):
        pair(world, dialogue, APART, a, a)
    with pytest.raises(Forbidden):
        actions.pair(by=world.account("facilitator"), dialogue=dialogue, kind=APART, one=a, other=b)
    assert dialogue.cluster_pairs.count() == 3


@given(st.lists(st.sampled_from(list(combinations(range(8), 2))), max_size=12))
def test_together_reaches_through_others(pairs: list[tuple[int, int]]) -> None:
    groups = _groups([Pair(kind=TOGETHER, one_id=one, other_id=other) for one, other in pairs])
    reach = {number: {number} for number in range(8)}
    for _round in range(8):
        for one, other in pairs:
            reach[one] = reach[other] = reach[one] | reach[other]
    assert all(groups.get(number, {number}) == reach[number] for number in range(8))


def test_pairs_that_no_size_allows_are_refused_in_words(world: World) -> None:
    dialogue = world.dialogue(4)
    a, b, c, _d = dialogue.partners.all()
    pair(world, dialogue, TOGETHER, a, b)
    pair(world, dialogue, TOGETHER, b, c)
    with pytest.raises(Refused, match="decided by hand cannot all be kept"):
        proposed(world, dialogue, smallest=2, largest=2)
    assert not Proposal.objects.exists()


def test_held_without_a_move_it_stays(world: World) -> None:
    dialogue = world.dialogue(6)
    proposal = proposed(world, dialogue)
    partner = proposal.places.all()[0].partner
    actions.hold(by=world.secretariat, proposal=proposal, partner=partner)
    assert home(proposal, partner).is_held
    after = proposed(world, dialogue)
    assert home(after, partner).is_held
    assert home(after, partner).cluster.position == home(proposal, partner).cluster.position


def test_moves_are_undone_one_by_one(world: World) -> None:
    dialogue = world.dialogue(6)
    proposal = proposed(world, dialogue)
    states, quality = [places(proposal)], proposal.quality
    for place in list(proposal.places.select_related("partner__city"))[:2]:
        other = proposal.clusters.exclude(pk=home(proposal, place.partner).cluster_id).get()
        proposal = actions.move(by=world.secretariat, proposal=proposal, partner=place.partner, cluster=other)
        states.append(places(proposal))
    assert [move["partner"] for move in proposal.moves] == list(states[0])[:2]
    for before in reversed(states[:-1]):
        proposal = actions.undo(by=world.secretariat, proposal=proposal)
        assert places(proposal) == before
    proposal.refresh_from_db()
    assert proposal.quality == quality
    assert all(place.fit["stability"] is not None for place in proposal.places.all())
    with pytest.raises(NotNow):
        actions.undo(by=world.secretariat, proposal=proposal)


def test_placing_a_latecomer_is_undone_too(world: World) -> None:
    dialogue = world.dialogue(4)
    proposal = proposed(world, dialogue)
    late = Partner.objects.create(dialogue=dialogue, city=world.city(6))
    proposal = actions.move(by=world.secretariat, proposal=proposal, partner=late, cluster=proposal.clusters.all()[0])
    proposal = actions.undo(by=world.secretariat, proposal=proposal)
    assert proposal.places.count() == 4
    assert queries.unplaced(stated_partners(dialogue), queries.board(proposal)) == [late]


def test_what_was_adopted_is_not_undone(world: World) -> None:
    dialogue = world.dialogue(6)
    proposal = proposed(world, dialogue)
    place = proposal.places.select_related("partner__city").all()[0]
    other = proposal.clusters.exclude(pk=place.cluster_id).get()
    actions.move(by=world.secretariat, proposal=proposal, partner=place.partner, cluster=other)
    actions.adopt(by=world.secretariat, proposal=proposal)
    with pytest.raises(NotNow):
        actions.undo(by=world.secretariat, proposal=proposal)
    world.at(dialogue, Step.DEFINE)
    with pytest.raises(NotNow):
        actions.undo(by=world.secretariat, proposal=proposal)


def test_a_name_that_a_person_gave_stays_with_its_cluster(world: World) -> None:
    dialogue = world.dialogue(6)
    cluster = proposed(world, dialogue).clusters.all()[1]
    actions.rename_cluster(by=world.secretariat, cluster=cluster, name=Text.of({"en": "Ports", "ar": "موانئ"}))
    after = proposed(world, dialogue)
    assert [each.is_named_by_hand for each in after.clusters.all()] == [False, True]
    assert after.clusters.all()[1].name.in_all() == {"en": "Ports", "ar": "موانئ"}
    # Two runs later still, and in a copy made by a move.
    actions.adopt(by=world.secretariat, proposal=after)
    place = after.places.select_related("partner__city").all()[0]
    other = after.clusters.exclude(pk=place.cluster_id).get()
    copy = actions.move(by=world.secretariat, proposal=after, partner=place.partner, cluster=other)
    assert copy.clusters.all()[1].is_named_by_hand


def test_a_trial_writes_nothing_and_says_what_would_change(world: World) -> None:
    dialogue = world.dialogue(6)
    proposal = proposed(world, dialogue)
    same = queries.trial(dialogue, queries.Wish(smallest=2, largest=4))
    assert (same.moved, len(same.clusters)) == (0, 2)
    assert [(each.name, each.weight) for each in same.criteria] == [
        ("region", 20), ("needs", 45), ("vision", 35), ("zones", 0),
    ]  # fmt: skip
    assert [each.now for each in same.criteria] == [each.then for each in same.criteria]
    region = queries.trial(dialogue, queries.Wish({"region": 1}, 2, 4))
    marked = sum(is_new for cluster in region.clusters for _name, is_new in cluster.cities)
    assert marked == region.moved > 0
    assert region.criteria[0].then >= (region.criteria[0].now or 0)
    assert list(Proposal.objects.all()) == [proposal]


def test_time_zones_count_if_wished(world: World) -> None:
    dialogue = world.dialogue(8)
    proposal = actions.propose(
        by=world.secretariat, dialogue=dialogue, weights={"zones": 1}, smallest=2, largest=6, count=2
    )
    assert proposal.weights == {"region": 0.0, "needs": 0.0, "vision": 0.0, "zones": 1.0}
    spans = [each.balance.hours for each in queries.board(proposal)]
    every = {hours_ahead(each.city.zone, proposal.created_at) for each in dialogue.partners.select_related("city")}
    assert max(spans) < max(every) - min(every)


def lacking(world: World, partners: int = 3) -> tuple[Dialogue, Partner]:
    dialogue = world.dialogue(partners)
    partner = dialogue.partners.select_related("city").get(city__slug="tn-gabès")
    partner.city.statements.filter(kind="vision").delete()
    return dialogue, partner


def test_who_is_missing_is_asked_with_one_act_and_once_a_day(world: World) -> None:
    dialogue, partner = lacking(world)
    [missing] = queries.missing(stated_partners(dialogue))
    assert (missing.partner, missing.has_need, missing.has_vision) == (partner, True, False)
    assert missing.focal_point and missing.asked_at is None
    batch = actions.remind(by=world.secretariat, dialogue=dialogue)
    mail = batch.mails.get()
    assert (mail.language, mail.state) == ("ar", Mail.State.DRAFT)
    assert mail.account == missing.focal_point.account
    assert queries.missing(stated_partners(dialogue))[0].asked_at is None
    send_batch(by=world.secretariat, batch=batch)
    deliver(mail_id=mail.pk)
    assert queries.missing(stated_partners(dialogue))[0].asked_at == Mail.objects.get().sent_at
    assert actions.remind(by=world.secretariat, dialogue=dialogue) == batch
    assert Mail.objects.count() == 1


def test_nobody_is_asked_who_stated_both_or_has_nobody(world: World) -> None:
    dialogue, partner = lacking(world)
    with pytest.raises(Forbidden):
        actions.remind(by=world.account("facilitator"), dialogue=dialogue)
    partner.city.people.update(is_focal_point=False)
    assert queries.missing(stated_partners(dialogue))[0].focal_point is None
    with pytest.raises(Refused, match="focal point"):
        actions.remind(by=world.secretariat, dialogue=dialogue)
    world.statement(partner.city, "vision")
    with pytest.raises(Refused, match="nobody to remind"):
        actions.remind(by=world.secretariat, dialogue=dialogue)
