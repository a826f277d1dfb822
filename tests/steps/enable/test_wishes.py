"""Seats that stay, pairs kept apart or together, and what contradicts itself said before anything is planned."""

import pytest

from majlis.dialogue.models import Dialogue
from majlis.journal.models import Entry
from majlis.steps.enable import actions, queries
from majlis.steps.enable.models import PairRule, Planning, Seat, SeatLock
from majlis.steps.enable.queries.preparing import prepare
from majlis.steps.enable.rules import CannotBePlanned
from majlis.steps.invite.models import Invitation, SessionAnswer
from majlis.web.refused import Forbidden, Refused
from tests.steps.enable.setting import at_enable, bring, givers, practitioners
from tests.steps.enable.test_groups import seating
from tests.world import World


@pytest.fixture
def dialogue(world: World) -> Dialogue:
    return at_enable(world, 6)


def seat_in(dialogue: Dialogue, code: str, number: int) -> Seat:
    seats = Seat.objects.filter(group__round__block__session__code=code, participant__role="practitioner")
    return seats.select_related("participant", "group__round__block__session__dialogue")[number]


def reasons(dialogue: Dialogue, groups: int = 3) -> list[str]:
    with pytest.raises(CannotBePlanned) as caught:
        prepare(dialogue, groups)
    return [str(reason) for reason in caught.value.reasons]


def test_a_pair_is_kept_apart_or_together_in_every_round(world: World, dialogue: Dialogue) -> None:
    by = world.secretariat
    actions.plan_rounds(by=by, dialogue=dialogue, seed=1, groups=3)
    people = {each.pk: each for each in practitioners(dialogue)}
    (one, other), (third, fourth), *_rest = [
        (people[a], people[b])
        for a, b in sorted(queries.meetings(dialogue))
        if people[a].person.city_id != people[b].person.city_id
    ]
    actions.rule_pair(by=by, one=other, other=one, kind="apart")
    (apart,) = dialogue.pair_rules.all()
    assert (apart.one, apart.other) == tuple(sorted((one, other), key=lambda each: each.pk))
    actions.plan_rounds(by=by, dialogue=dialogue, seed=1, groups=3)
    assert not any({one.pk, other.pk} <= set(group) for round_ in seating(dialogue) for group in round_)
    # A pair has one rule: the latest.
    actions.rule_pair(by=by, one=one, other=other, kind="together")
    actions.plan_rounds(by=by, dialogue=dialogue, seed=1, groups=3)
    assert all(any({one.pk, other.pk} <= set(group) for group in round_) for round_ in seating(dialogue))
    actions.drop_pair(by=by, rule=dialogue.pair_rules.get())
    assert (third != fourth, PairRule.objects.count()) == (True, 0)
    assert Entry.objects.filter(act__in=["enable.rule_pair", "enable.drop_pair"]).count() == 3


def test_wishes_are_the_teams_and_must_make_sense(world: World, dialogue: Dialogue) -> None:
    by, people = world.secretariat, practitioners(dialogue)
    for one, other, kind, words in (
        (people[0], people[0], "apart", "two different people"),
        (people[0], people[2], "near", "apart or together"),
    ):
        with pytest.raises(Refused, match=words):
            actions.rule_pair(by=by, one=one, other=other, kind=kind)
    with pytest.raises(Forbidden):
        actions.rule_pair(by=people[0].person.account, one=people[0], other=people[2], kind="apart")
    actions.plan_rounds(by=by, dialogue=dialogue, seed=1, groups=3)
    seat = seat_in(dialogue, "S1", 0)
    with pytest.raises(Forbidden):
        actions.lock_seat(by=people[0].person.account, seat=seat)
    actions.lock_seat(by=by, seat=seat)
    with pytest.raises(Forbidden):
        actions.release_seat(by=people[0].person.account, session=seat.group.round.block.session, participant=people[0])
    assert SeatLock.objects.count() == 1


def test_contradictions_are_said_with_what_mends_them(world: World, dialogue: Dialogue) -> None:
    by = world.secretariat
    for giver in givers(dialogue)[:2]:
        bring(dialogue, giver, dialogue.sessions.get(code="S2"))
    actions.plan_rounds(by=by, dialogue=dialogue, seed=1, groups=3)
    session = dialogue.sessions.get(code="S2")
    first, second = givers(dialogue)[:2]

    def lock(who: int, group: int) -> None:
        SeatLock.objects.update_or_create(session=session, participant_id=who, defaults={"group": group})

    lock(first.pk, 3)
    assert reasons(dialogue, 2) == [
        f"The seat of {first.person.role_title}, {first.person.city} is locked in a group that round 2 (S2) will not have: release it, or plan more groups."
    ]
    lock(second.pk, 3)
    assert [words.split(": ")[1] for words in reasons(dialogue)] == ["release one of them."]
    SeatLock.objects.all().delete()
    for each in [each for each in practitioners(dialogue) if each.person.seat == 2][:5]:
        lock(each.pk, 1)
    assert "more seats locked in one group than it will have" in reasons(dialogue)[0]
    SeatLock.objects.all().delete()
    people = practitioners(dialogue)
    actions.rule_pair(by=by, one=people[2], other=people[4], kind="together")
    lock(people[2].pk, 1)
    lock(people[4].pk, 2)
    (found,) = reasons(dialogue)
    assert found.startswith("Round 2 (S2): these wishes contradict each other, drop one of them: ")
    for part in ("is locked in group 1", "is locked in group 2", "sit together"):
        assert part in found
    with pytest.raises(CannotBePlanned):
        actions.ask_plan(by=by, dialogue=dialogue, seed=1, groups=3)
    assert not Planning.objects.exists()


def test_what_a_plan_must_put_up_with_is_said_before(world: World, dialogue: Dialogue) -> None:
    def advice(groups: int) -> list[str]:
        return [str(each) for each in prepare(dialogue, groups).advice]

    assert advice(2) == []
    assert advice(4) == [
        "Round 2 (S2): 12 people in 4 groups make groups of 3; a case is best consulted by 5 to 8: plan 2 to 2 groups."
    ]
    assert [words for words in advice(1) if words.startswith("Gabès")] == [
        "Gabès comes with 2 people, but a round has 1 groups: two of them will sit together. Plan 2 groups to part them."
    ]
    assert (
        advice(1)[-1]
        == "With so few groups at least 66 meetings must be repetitions: more and smaller groups avoid it."
    )
    Invitation.objects.create(participant=practitioners(dialogue)[0], details={"role_willing": ["facilitator"]})
    assert advice(2) == [
        f"Round {nth} ({code}) has 1 facilitator for 2 groups: name more, or plan 1 group. Until then participants are asked to lead."
        for nth, code in ((1, "S1"), (2, "S2"))
    ]


def test_whoever_waits_for_a_place_is_not_expected(world: World, dialogue: Dialogue) -> None:
    session, who = dialogue.sessions.get(code="S2"), practitioners(dialogue)[0]
    invitation = Invitation.objects.create(participant=who, answer="yes")
    SessionAnswer.objects.create(
        invitation=invitation, session=session, answer="yes", place="waiting", since=session.starts_at
    )
    expected = prepare(dialogue, 2).people.expected
    assert (who.pk in expected(session.pk), who.pk in expected(dialogue.sessions.get(code="S1").pk)) == (False, True)


@pytest.mark.parametrize(("approval", "is_expected"), [("waiting", True), ("refused", False)])
def test_whoever_was_refused_is_not_seated(world: World, dialogue: Dialogue, approval: str, is_expected: bool) -> None:
    session, who = dialogue.sessions.get(code="S2"), practitioners(dialogue)[0]
    invitation = Invitation.objects.create(participant=who, answer="yes", approval=approval)
    assert (who.pk in prepare(dialogue, 2).people.expected(session.pk)) == is_expected
    invitation.by_session.create(session=session, answer="yes", place="", since=session.starts_at)
    assert who.pk not in prepare(dialogue, 2).people.expected(session.pk), "a yes without a place is no seat"


def test_whoever_would_facilitate_is_asked_first(world: World, dialogue: Dialogue) -> None:
    willing = practitioners(dialogue)[::2]
    for each in willing:
        Invitation.objects.create(participant=each, details={"role_willing": ["facilitator", "observer"]})
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=3)
    leading = Seat.objects.filter(role="facilitator", group__round__number=1).values_list("participant", flat=True)
    assert set(leading) <= {each.pk for each in willing}
