"""The acts of the evaluation: who may, when, and what is refused."""

from collections.abc import Callable
from datetime import date

import pytest

from majlis.accounts.models import ActionLink
from majlis.dialogue.models import Session, Step, StepRecord
from majlis.dialogue.queries import spine
from majlis.journal.models import Entry
from majlis.language.models import Text
from majlis.outbox.models import Batch, Mail
from majlis.steps.evaluate import actions
from majlis.steps.evaluate.models import Commitment, Delivery, Response, Survey
from majlis.steps.evaluate.rules import gate, pseudonym
from majlis.web.refused import Forbidden, NotNow, Refused
from tests.steps.evaluate.evaluation import ANSWERS, Evaluation
from tests.world import World


def test_the_survey_opens_once_and_only_when_all_sessions_are_closed(evaluation: Evaluation) -> None:
    Session.objects.filter(code="S2").update(state="planned")
    with pytest.raises(NotNow, match="S2"):
        actions.open_survey(by=evaluation.by, dialogue=evaluation.dialogue)
    Session.objects.filter(code="S2").update(state="cancelled", reason="Storm")
    survey = actions.open_survey(by=evaluation.by, dialogue=evaluation.dialogue)
    assert actions.open_survey(by=evaluation.by, dialogue=evaluation.dialogue) == survey
    assert Entry.objects.filter(act="evaluate.open_survey").count() == 1


@pytest.mark.parametrize("step", [Step.CLUSTER, Step.ENABLE, Step.REPORT])
def test_every_act_is_refused_while_the_step_is_not_open(evaluation: Evaluation, step: Step) -> None:
    dialogue = evaluation.dialogue
    survey = evaluation.asked()
    link = evaluation.links()[0]
    evaluation.world.at(dialogue, step)
    partner = dialogue.partners.all()[0]
    acts: list[Callable[[], object]] = [
        lambda: actions.open_survey(by=evaluation.by, dialogue=dialogue, code="SV1"),
        lambda: actions.ask_survey(by=evaluation.by, survey=survey),
        lambda: actions.answer_survey(link=link, answers=ANSWERS),
        lambda: actions.open_space(by=evaluation.by, dialogue=dialogue, name=Text("en", "Call")),
        lambda: actions.share_results(by=evaluation.by, dialogue=dialogue),
        lambda: actions.make_commitment(
            by=evaluation.by, partner=partner, what=Text("en", "Do it"), due_on=date(2027, 1, 1)
        ),
    ]
    for act in acts:
        with pytest.raises(NotNow):
            act()
    assert (Response.objects.count(), Delivery.objects.count(), Commitment.objects.count()) == (0, 0, 0)


def test_only_the_team_opens_and_only_the_secretariat_shares(evaluation: Evaluation) -> None:
    outsider = evaluation.people[0]
    for act in (
        lambda: actions.open_survey(by=outsider, dialogue=evaluation.dialogue),
        lambda: actions.open_space(by=outsider, dialogue=evaluation.dialogue, name=Text("en", "x")),
        lambda: actions.share_results(by=outsider, dialogue=evaluation.dialogue),
        lambda: actions.complete(by=outsider, dialogue=evaluation.dialogue),
    ):
        with pytest.raises(Forbidden):
            act()


def test_everybody_who_came_is_asked_once_then_only_who_has_not_answered(evaluation: Evaluation) -> None:
    survey = actions.open_survey(by=evaluation.by, dialogue=evaluation.dialogue)
    batch = actions.ask_survey(by=evaluation.by, survey=survey)
    assert batch.mails.count() == 8
    assert actions.ask_survey(by=evaluation.by, survey=survey) == batch
    evaluation.sent(batch)
    actions.answer_survey(link=evaluation.links()[0], answers=ANSWERS)
    reminder = actions.ask_survey(by=evaluation.by, survey=survey)
    assert reminder.mails.count() == 7
    assert evaluation.links()[0].account not in {mail.account for mail in reminder.mails.all()}


def test_one_answer_each_under_a_name_that_leads_to_nobody(evaluation: Evaluation) -> None:
    survey = evaluation.asked()
    link = evaluation.links()[0]
    response = actions.answer_survey(link=link, answers=ANSWERS | {"best": "  The groups  ", "better": ""})
    assert response.pseudonym == pseudonym(survey.dialogue, link.account)
    assert response.answers == ANSWERS | {"best": {"language": link.account.language, "body": "The groups"}}
    with pytest.raises(NotNow, match="already"):
        actions.answer_survey(link=link, answers={"nps": 0})
    entry = Entry.objects.get(act="evaluate.answer_survey")
    assert (entry.actor, entry.subject) == (None, f"survey:{survey.pk}")
    assert ActionLink.objects.get(pk=link.pk).used_at is None, "a time beside a person would tell whose answer it was"


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        ({"nps": 11}, "How likely"),
        ({"nps": "9"}, "How likely"),
        ({"goal": 0}, "goal was reached"),
        ({"comp_post": {"c_fly": 3}}, "today"),
        ({"solution_found": ["none-such"]}, "solutions"),
        ({"ties_post": {"met": ["xx-nowhere"]}}, "stay in contact"),
        ({"best": "x" * 501}, "keep"),
        ({"salary": 3}, "salary"),
        ({}, "Nothing is answered"),
        ({"best": " \x00 "}, "Nothing is answered"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_kept(
    evaluation: Evaluation, answers: dict[str, object], named: str
) -> None:
    evaluation.asked()
    with pytest.raises(Refused, match=named):
        actions.answer_survey(link=evaluation.links()[0], answers=answers)
    assert Response.objects.count() == 0


def test_sharing_closes_the_survey_and_reaches_every_partner(evaluation: Evaluation) -> None:
    dialogue = evaluation.dialogue
    survey = evaluation.answered(5)
    actions.open_space(by=evaluation.by, dialogue=dialogue, name=Text("en", "Monthly call"))
    batch = actions.share_results(by=evaluation.by, dialogue=dialogue)
    assert batch.mails.count() == Delivery.objects.filter(partner__dialogue=dialogue).count() == 4
    assert {mail.language for mail in batch.mails.all()} == {"ar", "fr", "de"}
    assert [condition.is_met for condition in gate(dialogue).conditions] == [True, False, True]
    assert len(gate(dialogue).conditions[1].waits_for) == 4
    with pytest.raises(NotNow):
        actions.answer_survey(link=evaluation.links()[6], answers=ANSWERS)
    with pytest.raises(NotNow):
        actions.complete(by=evaluation.by, dialogue=dialogue)
    evaluation.sent(batch)
    assert gate(dialogue).is_open
    assert actions.share_results(by=evaluation.by, dialogue=dialogue) == batch
    assert Batch.objects.filter(kind="evaluate.results").count() == 1
    assert Survey.objects.get(pk=survey.pk).responses.count() == 5


def test_a_failed_mail_is_drafted_anew_and_the_gate_waits_for_it(evaluation: Evaluation) -> None:
    evaluation.shared()
    delivery = Delivery.objects.filter(partner__dialogue=evaluation.dialogue)[0]
    assert delivery.mail is not None
    Mail.objects.filter(pk=delivery.mail.pk).update(state="failed")
    assert len(gate(evaluation.dialogue).conditions[1].waits_for) == 1
    again = actions.share_results(by=evaluation.by, dialogue=evaluation.dialogue)
    assert again.mails.count() == 1
    delivery.refresh_from_db()
    assert delivery.mail == again.mails.get()


def test_a_city_without_focal_point_is_named(evaluation: Evaluation) -> None:
    city = evaluation.dialogue.partners.all()[0].city
    city.people.update(is_focal_point=False)
    with pytest.raises(Refused, match=str(city.name)):
        actions.share_results(by=evaluation.by, dialogue=evaluation.dialogue)


def test_completing_opens_the_report(evaluation: Evaluation) -> None:
    evaluation.shared()
    with pytest.raises(NotNow, match="space"):
        actions.complete(by=evaluation.by, dialogue=evaluation.dialogue)
    actions.open_space(by=evaluation.by, dialogue=evaluation.dialogue, name=Text("en", "Call"))
    actions.complete(by=evaluation.by, dialogue=evaluation.dialogue)
    assert [view.state for view in spine(evaluation.dialogue)][-2:] == [StepRecord.State.DONE, StepRecord.State.OPEN]


def test_commitments_belong_to_the_city(evaluation: Evaluation) -> None:
    first, second = evaluation.dialogue.partners.all()[:2]
    owner = first.delegation.all()[0]
    stranger = second.delegation.all()[0].person.account
    made = actions.make_commitment(
        by=owner.person.account, partner=first, what=Text("ar", "نشر القائمة"), due_on=date(2027, 1, 7), owner=owner
    )
    with pytest.raises(Forbidden):
        actions.make_commitment(by=stranger, partner=first, what=Text("en", "x"), due_on=date(2027, 1, 7))
    with pytest.raises(Refused, match="delegation"):
        actions.make_commitment(
            by=evaluation.by, partner=second, what=Text("en", "x"), due_on=date(2027, 1, 7), owner=owner
        )
    with pytest.raises(Refused):
        actions.make_commitment(by=evaluation.by, partner=first, what=Text("en", " "), due_on=date(2027, 1, 7))
    with pytest.raises(Refused, match="dropped"):
        actions.update_commitment(by=evaluation.by, commitment=made, status=Commitment.Status.DROPPED)
    with pytest.raises(Refused, match="moved"):
        actions.update_commitment(
            by=evaluation.by, commitment=made, status=Commitment.Status.OPEN, due_on=date(2027, 3, 1)
        )
    with pytest.raises(Forbidden):
        actions.update_commitment(by=stranger, commitment=made, status=Commitment.Status.DONE)
    # Follow-up goes on when the step is long done.
    evaluation.world.at(evaluation.dialogue, Step.REPORT)
    done = actions.update_commitment(by=owner.person.account, commitment=made, status=Commitment.Status.DONE)
    assert done.status == Commitment.Status.DONE


def test_an_overdue_commitment_says_so(world: World) -> None:
    late = Commitment(due_on=date(2026, 1, 1), status=Commitment.Status.OPEN)
    assert late.is_overdue(date(2026, 1, 2)) is True
    assert late.is_overdue(date(2026, 1, 1)) is False
    assert Commitment(due_on=date(2026, 1, 1), status=Commitment.Status.DONE).is_overdue(date(2026, 1, 2)) is False
