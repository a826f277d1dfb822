"""Topics are proposed, shaped and tied; partners vote and consent by their link; every rule of the gate is held."""

from datetime import date
from functools import partial

import pytest
from django.urls import reverse

from majlis.accounts.actions import open_link
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Dialogue, Partner, Step, StepRecord
from majlis.journal.queries import entries
from majlis.language.models import Text
from majlis.outbox.models import Mail
from majlis.steps.define import actions, queries
from majlis.steps.define.models import Consent, Objection, Topic, Vote
from majlis.steps.define.queries import next_action, topics, waiting
from majlis.steps.define.rules import gate, standing
from majlis.web.refused import Forbidden, NotNow, NotThere, Refused
from tests.world import World


@pytest.fixture
def dialogue(world: World) -> Dialogue:
    return world.at(world.dialogue(4), Step.DEFINE)


def proposed(world: World, dialogue: Dialogue, **more: object) -> list[Topic]:
    return actions.propose_topics(by=world.secretariat, dialogue=dialogue, **more)  # type: ignore[arg-type]


def links(dialogue: Dialogue) -> list[ActionLink]:
    return list(ActionLink.objects.filter(act="define.consent").order_by("pk"))


def missing(dialogue: Dialogue) -> list[str]:
    return [str(condition.sentence) for condition in gate(dialogue).missing]


def focal(partner: Partner) -> Account:
    return partner.city.people.get(is_focal_point=True).account


def test_topics_follow_from_needs_and_visions(world: World, dialogue: Dialogue) -> None:
    made = proposed(world, dialogue)
    assert list(topics(dialogue)) == made
    for topic in made:
        assert {each.kind for each in topic.statements.all()} == {"need", "vision"}
        assert topic.name.in_all().keys() == {"en", "ar", "de", "fr"}
    assert [condition.is_met for condition in gate(dialogue).conditions] == [True, True, True, True, False, True]
    assert entries(dialogue.scope).first().act == "define.propose_topics"  # type: ignore[union-attr]


def test_existing_topics_are_replaced_only_when_said(world: World, dialogue: Dialogue) -> None:
    first = proposed(world, dialogue)
    with pytest.raises(Refused):
        proposed(world, dialogue)
    second = proposed(world, dialogue, replace=True, count=1)
    assert len(second) == 1
    assert not set(first) & set(dialogue.topics.all())


def test_without_themes_there_is_nothing_to_propose(world: World, dialogue: Dialogue) -> None:
    for partner in dialogue.partners.all():
        partner.city.statements.update(themes=[])
    with pytest.raises(Refused):
        proposed(world, dialogue)
    assert next_action(dialogue, world.secretariat).heading.message == "Let Majlis propose sub-topics"  # type: ignore[union-attr]


def test_topics_are_added_renamed_split_merged_and_removed(world: World, dialogue: Dialogue) -> None:
    by, said = world.secretariat, list(dialogue.partners.all()[0].city.statements.all())
    topic = actions.add_topic(by=by, dialogue=dialogue, name=Text("en", "Ports"), statements=said)
    assert str(actions.rename_topic(by=by, topic=topic, name=Text("en", "Harbours"))) == "Harbours"
    half = actions.split_topic(by=by, topic=topic, name=Text("en", "Fish"), statements=said[:1])
    assert [list(topic.statements.all()), list(half.statements.all())] == [said[1:], said[:1]]
    partner = dialogue.partners.all()[0]
    actions.vote(by=focal(partner), partner=partner, dots={topic.pk: 1, half.pk: 3})
    merged = actions.merge_topics(by=by, topics=[topic, half], name=Text("en", "Sea"))
    assert set(merged.statements.all()) == set(said)
    assert [vote.dots for vote in merged.votes.all()] == [4]
    actions.remove_topic(by=by, topic=merged)
    assert Topic.objects.count() == 0
    with pytest.raises(NotThere):
        actions.rename_topic(by=by, topic=merged, name=Text("en", "Gone"))
    with pytest.raises(Refused):
        actions.add_topic(by=by, dialogue=dialogue, name=Text("en", " "))


def test_only_statements_of_partners_can_be_tied(world: World, dialogue: Dialogue) -> None:
    topic, stranger = proposed(world, dialogue)[0], world.statement(world.city(7), "need", 5)
    with pytest.raises(Refused):
        actions.tie_statement(by=world.secretariat, topic=topic, statement=stranger)
    with pytest.raises(Refused):
        actions.set_ties(by=world.secretariat, dialogue=dialogue, ties={topic.pk: [stranger.pk]})
    own = topic.statements.all()[0]
    actions.untie_statement(by=world.secretariat, topic=topic, statement=own)
    assert own not in topic.statements.all()
    actions.tie_statement(by=world.secretariat, topic=topic, statement=own)
    assert own in topic.statements.all()
    assert actions.set_ties(by=world.secretariat, dialogue=dialogue, ties={topic.pk: [own.pk]}) > 0
    assert list(topic.statements.all()) == [own]


def test_a_baseline_is_agreed(world: World, dialogue: Dialogue) -> None:
    topic = proposed(world, dialogue)[0]
    indicator = Text("en", "Municipalities with a plan")
    done = actions.set_baseline(
        by=world.secretariat, topic=topic, indicator=indicator, value=4.5, unit="cities", on=date(2026, 6, 30)
    )
    assert (str(done.baseline_indicator), float(done.baseline_value or 0)) == ("Municipalities with a plan", 4.5)
    known = actions.set_baseline(by=world.secretariat, topic=topic, code="I08", value=3, on=date(2026, 6, 30))
    assert known.baseline_indicator.in_all()["de"] == "Erkannte Ressourcenlücken"
    for wrong in ({"code": "X99"}, {"indicator": Text("en", " ")}, {"code": "I08", "value": 3}):
        with pytest.raises(Refused):
            actions.set_baseline(by=world.secretariat, topic=topic, **wrong)


def test_the_gate_wants_ties_coverage_and_consent(world: World, dialogue: Dialogue) -> None:
    assert missing(dialogue)[0] == "There are no sub-topics yet"
    by = world.secretariat
    city = dialogue.partners.all()[0].city
    need = city.statements.get(kind="need")
    topic = actions.add_topic(by=by, dialogue=dialogue, name=Text("en", "Ports"), statements=[need])
    assert "No vision is tied to Ports" in missing(dialogue)
    assert any(line.startswith("No sub-topic covers") for line in missing(dialogue))
    with pytest.raises(Refused):
        actions.ask_consent(by=by, dialogue=dialogue)
    with pytest.raises(NotNow):
        actions.complete(by=by, dialogue=dialogue)
    actions.remove_topic(by=by, topic=topic)
    proposed(world, dialogue)
    assert [line.split(" from ")[0] for line in missing(dialogue)] == ["An answer to the sub-topics is missing"]


def test_the_journey_by_links_completes_the_step(world: World, dialogue: Dialogue) -> None:
    made = proposed(world, dialogue)
    batch = actions.ask_consent(by=world.secretariat, dialogue=dialogue)
    assert batch.mails.count() == 4
    assert {mail.account for mail in batch.mails.all()} == {focal(each) for each in dialogue.partners.all()}
    assert len(links(dialogue)) == 4
    for link in links(dialogue):
        mail = batch.mails.get(account=link.account)
        assert reverse("define:answer", args=[dialogue.slug, link.token]) in mail.body_text
        actions.vote(link=link, dots={made[0].pk: 5})
        actions.consent(link=link, answer="agree")
    assert missing(dialogue) == []
    actions.complete(by=world.secretariat, dialogue=dialogue)
    assert StepRecord.objects.get(dialogue=dialogue, step=Step.INVITE).state == "open"
    with pytest.raises(NotNow):
        actions.consent(link=links(dialogue)[0], answer="live_with")


def test_asking_twice_sends_nothing_twice(world: World, dialogue: Dialogue) -> None:
    proposed(world, dialogue)
    first = actions.ask_consent(by=world.secretariat, dialogue=dialogue)
    first.mails.update(state="sent")
    assert actions.ask_consent(by=world.secretariat, dialogue=dialogue) == first
    assert Mail.objects.count() == 4
    actions.consent(link=links(dialogue)[0], answer="agree")
    assert actions.remind(by=world.secretariat, dialogue=dialogue).mails.count() == 3


def test_a_city_without_focal_point_is_named(world: World, dialogue: Dialogue) -> None:
    proposed(world, dialogue)
    partner = dialogue.partners.select_related("city").all()[0]
    partner.city.people.update(is_focal_point=False)
    with pytest.raises(Refused) as refused:
        actions.ask_consent(by=world.secretariat, dialogue=dialogue)
    assert str(partner.city) in str(refused.value)


@pytest.mark.parametrize("dots", [[6, 0], [3, 3], [-1, 0]])
def test_no_more_than_five_dots(world: World, dialogue: Dialogue, dots: list[int]) -> None:
    made, partner = proposed(world, dialogue, count=2), dialogue.partners.all()[0]
    assert len(made) == 2
    with pytest.raises(Refused):
        actions.vote(by=focal(partner), partner=partner, dots={t.pk: n for t, n in zip(made, dots, strict=True)})
    assert Vote.objects.count() == 0


def test_dots_are_replaced_not_added(world: World, dialogue: Dialogue) -> None:
    made, partner = proposed(world, dialogue, count=2), dialogue.partners.all()[0]
    for dots in ({made[0].pk: 5}, {made[0].pk: 1, made[1].pk: 4}):
        actions.vote(by=focal(partner), partner=partner, dots=dots)
    assert sorted(partner.votes.values_list("dots", flat=True)) == [1, 4]
    with pytest.raises(Refused):
        actions.vote(by=focal(partner), partner=partner, dots={999: 1})


def test_an_objection_needs_a_reason_and_blocks_until_answered(world: World, dialogue: Dialogue) -> None:
    proposed(world, dialogue)
    actions.ask_consent(by=world.secretariat, dialogue=dialogue)
    one, *others = links(dialogue)
    for link in others:
        actions.consent(link=link, answer="live_with")
    with pytest.raises(Refused):
        actions.consent(link=one, answer="object", reason="  ")
    with pytest.raises(Refused):
        actions.consent(link=one, answer="perhaps")
    actions.consent(link=one, answer="object", reason="Water is missing")
    raised = Objection.objects.get()
    assert [line.split(":")[0] for line in missing(dialogue)] == ["An objection waits for an answer"]
    with pytest.raises(NotNow):
        actions.complete(by=world.secretariat, dialogue=dialogue)
    actions.answer_objection(by=world.secretariat, objection=raised, reply=Text("en", "It is part of the third one"))
    assert missing(dialogue) == []
    assert "stays on record" in str(gate(dialogue).conditions[-1].sentence)
    assert "It is part of the third one" in Mail.objects.get(batch__kind="define.reply").body_text
    actions.consent(link=one, answer="object", reason="Water is missing")
    assert missing(dialogue) == []
    actions.consent(link=one, answer="object", reason="Not enough")
    assert len(missing(dialogue)) == 1
    actions.consent(link=one, answer="agree")
    assert missing(dialogue) == []
    assert [each.state for each in queries.objections(dialogue)] == ["withdrawn", "answered"]
    with pytest.raises(Refused):
        actions.answer_objection(by=world.secretariat, objection=raised, reply=Text("en", "x"))


def test_an_objection_may_lead_to_a_change(world: World, dialogue: Dialogue) -> None:
    made = proposed(world, dialogue)
    actions.ask_consent(by=world.secretariat, dialogue=dialogue)
    actions.consent(link=links(dialogue)[0], answer="object", reason="Say water, not resources")
    raised, reply = Objection.objects.get(), Text("en", "You are right")
    with pytest.raises(Refused):
        actions.answer_objection(by=world.secretariat, objection=raised, reply=reply, led_to_change=True)
    actions.rename_topic(by=world.secretariat, topic=made[0], name=Text("en", "Water"))
    assert any(line.startswith("An objection waits") for line in missing(dialogue))
    done = actions.answer_objection(by=world.secretariat, objection=raised, reply=reply, led_to_change=True)
    assert done.state == "changed"
    mail = Mail.objects.get(batch__kind="define.reply")
    assert "You are right" in mail.body_text and "Water" in mail.body_text


def test_changed_topics_are_asked_about_again(world: World, dialogue: Dialogue) -> None:
    made = proposed(world, dialogue)
    actions.ask_consent(by=world.secretariat, dialogue=dialogue)
    for link in links(dialogue):
        actions.consent(link=link, answer="agree")
    assert missing(dialogue) == []
    actions.rename_topic(by=world.secretariat, topic=made[0], name=Text("en", "Something else"))
    assert len(missing(dialogue)) == 1
    assert Consent.objects.count() == 4
    assert actions.ask_consent(by=world.secretariat, dialogue=dialogue).mails.count() == 4


def test_changed_ties_alone_are_asked_about_and_only_of_whom_they_concern(world: World, dialogue: Dialogue) -> None:
    one, other = proposed(world, dialogue, count=2)
    actions.ask_consent(by=world.secretariat, dialogue=dialogue)
    first, *rest = links(dialogue)
    for link in rest:
        actions.consent(link=link, answer="agree")
    silent = actions.partner_of(first)
    moved = next(
        each
        for each in one.statements.all()
        if each not in set(other.statements.all()) and each.city_id != silent.city_id
    )
    speaks = next(link for link in rest if actions.partner_of(link).city_id == moved.city_id)
    tie = partial(actions.tie_statement, by=world.secretariat, topic=other, statement=moved)
    told = actions.preview(by=world.secretariat, dialogue=dialogue, act=tie)
    assert "1 partner has answered and will be asked again, only about this change" in [
        str(line.sentence) for line in told.lines
    ]
    tie()
    # Only the city whose words moved is asked again, beside the one that has not answered at all.
    assert standing(dialogue).unanswered == [
        partner for partner in standing(dialogue).partners if partner.city_id in {silent.city_id, moved.city_id}
    ]
    batch = actions.ask_consent(by=world.secretariat, dialogue=dialogue)
    bodies = {mail.account_id: mail.body_text for mail in batch.mails.all()}
    assert set(bodies) == {first.account_id, speaks.account_id}
    assert moved.text.body in bodies[speaks.account_id]
    assert one.name.in_all()[speaks.account.language] not in bodies[speaks.account_id]
    assert one.name.in_all()[first.account.language] in bodies[first.account_id]
    assert "+ " not in bodies[first.account_id]
    actions.untie_statement(by=world.secretariat, topic=other, statement=moved)
    # The list stands as it was answered to: that answer counts again.
    assert [partner.pk for partner in standing(dialogue).unanswered] == [silent.pk]


def test_a_corrected_translation_asks_nobody_again(world: World, dialogue: Dialogue) -> None:
    topic = proposed(world, dialogue)[0]
    actions.ask_consent(by=world.secretariat, dialogue=dialogue)
    for link in links(dialogue):
        actions.consent(link=link, answer="agree")
    corrected = topic.name.translated("ar", "الماء والعمل", "human")
    rename = partial(actions.rename_topic, by=world.secretariat, topic=topic, name=corrected)
    told = actions.preview(by=world.secretariat, dialogue=dialogue, act=rename)
    assert "The answers of the partners stay valid" in [str(line.sentence) for line in told.lines]
    rename()
    assert missing(dialogue) == []


def test_nobody_answers_for_another_city(world: World, dialogue: Dialogue) -> None:
    proposed(world, dialogue)
    one, other = dialogue.partners.select_related("city").all()[:2]
    second_seat = one.city.people.get(is_focal_point=False).account
    for stranger in (focal(other), second_seat, world.account("facilitator"), world.account("observer")):
        with pytest.raises(Forbidden):
            actions.consent(by=stranger, partner=one, answer="agree")
    assert actions.consent(by=world.secretariat, partner=one, answer="agree").answer == "agree"
    assert actions.consent(by=focal(one), partner=one, answer="live_with").answer == "live_with"


def test_a_link_dies_with_the_role(world: World, dialogue: Dialogue) -> None:
    proposed(world, dialogue)
    actions.ask_consent(by=world.secretariat, dialogue=dialogue)
    link = links(dialogue)[0]
    link.account.person.is_focal_point = False
    link.account.person.save()
    with pytest.raises(NotThere):
        actions.consent(link=open_link(link.token, act=actions.CONSENT), answer="agree")


@pytest.mark.parametrize("role", ["facilitator", "observer", "practitioner"])
def test_only_the_secretariat_shapes_topics(world: World, dialogue: Dialogue, role: str) -> None:
    topic, stranger = proposed(world, dialogue)[0], world.account(role)
    version = dialogue.topic_versions.first()
    assert version is not None
    for act in (
        lambda: actions.propose_topics(by=stranger, dialogue=dialogue),
        lambda: actions.add_topic(by=stranger, dialogue=dialogue, name=Text("en", "x")),
        lambda: actions.remove_topic(by=stranger, topic=topic),
        lambda: actions.order_topics(by=stranger, dialogue=dialogue, order=[]),
        lambda: actions.move_topic(by=stranger, topic=topic, places=1),
        lambda: actions.restore(by=stranger, version=version),
        lambda: actions.ask_proposal(by=stranger, dialogue=dialogue),
        lambda: actions.preview(by=stranger, dialogue=dialogue, act=lambda: None),
        lambda: actions.ask_consent(by=stranger, dialogue=dialogue),
        lambda: actions.complete(by=stranger, dialogue=dialogue),
    ):
        with pytest.raises(Forbidden):
            act()


def test_before_the_clusters_stand_nothing_can_be_done(world: World) -> None:
    dialogue = world.dialogue(4)
    with pytest.raises(NotNow):
        proposed(world, dialogue)
    with pytest.raises(NotNow):
        actions.add_topic(by=world.secretariat, dialogue=dialogue, name=Text("en", "x"))
    assert Topic.objects.count() == 0


def test_what_waits_for_whom(world: World, dialogue: Dialogue) -> None:
    partner = dialogue.partners.all()[0]
    assert waiting(focal(partner)) == []
    proposed(world, dialogue)
    assert waiting(focal(partner)) == []
    actions.ask_consent(by=world.secretariat, dialogue=dialogue)
    assert len(waiting(focal(partner))) == 1
    actions.consent(by=focal(partner), partner=partner, answer="agree")
    assert waiting(focal(partner)) == []
    assert len(waiting(world.secretariat)) == 1
