"""The room of evaluation, through the front door."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from majlis.accounts.actions import revoke_links
from majlis.dialogue.models import Step
from majlis.language.models import Text
from majlis.steps.evaluate import actions
from majlis.steps.evaluate.models import Commitment, ExchangeSpace, Response, Survey
from majlis.steps.evaluate.queries import next_action, waiting
from tests.steps.evaluate.evaluation import ANSWERS, Evaluation
from tests.world import World

FORM = {
    "nps": "9",
    "goal": "4",
    "comp_post-c_plan": "4",
    "comp_then-c_plan": "2",
    "gap_named": "yes",
    "best": "Die Gruppen",
}


def url(evaluation: Evaluation, name: str = "page", *args: object) -> str:
    return reverse(f"evaluate:{name}", args=[evaluation.dialogue.slug, *args])


def answer_url(evaluation: Evaluation, number: int = 0) -> str:
    return url(evaluation, "answer", evaluation.links()[number].token)


def test_a_closed_step_says_in_words_what_is_missing_and_refuses_by_page(
    evaluation: Evaluation, client: Client
) -> None:
    evaluation.world.at(evaluation.dialogue, Step.ENABLE)
    client.force_login(evaluation.by)
    page = client.get(url(evaluation))
    assert page.status_code == 200
    assert "It opens when all sessions are closed" in page.content.decode()
    assert 'action="/dialogues' not in page.content.decode()
    for name in ("open_survey", "share", "complete"):
        assert client.post(url(evaluation, name)).status_code == 409
    assert client.post(url(evaluation, "open_space"), {"space-name": "Call"}).status_code == 409
    assert (Survey.objects.count(), ExchangeSpace.objects.count()) == (0, 0)


def test_strangers_find_nothing(evaluation: Evaluation, client: Client) -> None:
    client.force_login(evaluation.world.account())
    for name in ("page", "deliveries"):
        assert client.get(url(evaluation, name)).status_code == 404
    assert Client().get(url(evaluation)).status_code == 302


def test_the_survey_is_answered_by_link_without_signing_in(evaluation: Evaluation, client: Client) -> None:
    evaluation.asked()
    german = next(n for n, link in enumerate(evaluation.links()) if link.account.language == "de")
    page = client.get(answer_url(evaluation, german))
    assert page.status_code == 200
    assert '<html lang="de" dir="ltr">' in page.content.decode()
    assert "Das angekündigte Ziel wurde erreicht." in page.content.decode()
    assert Response.objects.count() == 0, "a GET changes nothing: mail scanners open links"
    sent = client.post(answer_url(evaluation, german), FORM, follow=True)
    assert sent.status_code == 200
    assert Response.objects.get().answers == ANSWERS | {"best": {"language": "de", "body": "Die Gruppen"}}
    again = client.post(answer_url(evaluation, german), FORM)
    assert (again.status_code, Response.objects.count()) == (409, 1)


def test_arabic_readers_get_the_page_from_right_to_left(evaluation: Evaluation, client: Client) -> None:
    evaluation.asked()
    arabic = next(n for n, link in enumerate(evaluation.links()) if link.account.language == "ar")
    page = client.get(answer_url(evaluation, arabic)).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "كان التيسير جيداً." in page


def test_what_was_typed_stays_when_something_is_wrong(evaluation: Evaluation, client: Client) -> None:
    evaluation.asked()
    page = client.post(answer_url(evaluation), {"nps": "99", "best": "Meine lange Antwort", "goal": "4"})
    assert page.status_code == 422
    assert "Meine lange Antwort" in page.content.decode()
    assert Response.objects.count() == 0
    empty = client.post(answer_url(evaluation), {})
    assert empty.status_code == 422
    assert Response.objects.count() == 0


@pytest.mark.parametrize("spoil", ["revoked", "foreign dialogue", "wrong act", "garbage"])
def test_a_bad_link_opens_nothing(evaluation: Evaluation, client: Client, spoil: str) -> None:
    survey = evaluation.asked()
    evaluation.shared()
    address = answer_url(evaluation)
    if spoil == "revoked":
        revoke_links(act="evaluate.answer", subject=survey)
    elif spoil == "foreign dialogue":
        address = address.replace(evaluation.dialogue.slug, "another")
    elif spoil == "wrong act":
        address = address.replace("/survey/", "/results/")
    else:
        address = url(evaluation, "answer", "12-garbage")
    assert client.get(address).status_code == 404
    assert client.post(address, FORM).status_code in {404, 405}
    assert Response.objects.count() == 0


def test_partners_read_the_results_by_link(evaluation: Evaluation, client: Client) -> None:
    evaluation.answered(6)
    actions.open_space(by=evaluation.by, dialogue=evaluation.dialogue, name=Text("en", "Monthly <b>call</b>"))
    batch = evaluation.shared()
    mail = batch.mails.all()[0]
    address = next(line for line in mail.body_text.splitlines() if line.startswith("http"))
    page = client.get(address[address.index("/dialogues") :])
    assert page.status_code == 200
    assert "Monthly &lt;b&gt;call&lt;/b&gt;" in page.content.decode()
    assert "6" in page.content.decode()
    assert client.get(url(evaluation, "results", "1-nothing")).status_code == 404


def test_remarks_are_for_those_who_run_the_dialogue(evaluation: Evaluation, client: Client) -> None:
    evaluation.asked()
    for number, link in enumerate(evaluation.links()[:5]):
        actions.answer_survey(link=link, answers={"best": f"REMARK{number}"})
    evaluation.shared()
    client.force_login(evaluation.by)
    assert "REMARK3" in client.get(url(evaluation)).content.decode()
    client.force_login(evaluation.people[0])
    assert "REMARK" not in client.get(url(evaluation)).content.decode()


def test_the_next_thing_changes_as_the_work_is_done(evaluation: Evaluation) -> None:
    dialogue, by = evaluation.dialogue, evaluation.by

    def heading() -> str:
        action = next_action(dialogue, by)
        return str(action.heading) if action else ""

    assert heading() == "Open the end survey"
    survey = actions.open_survey(by=by, dialogue=dialogue)
    assert heading() == "Ask the participants for their answers"
    batch = actions.ask_survey(by=by, survey=survey)
    assert heading() == "Look at 8 mails and send them"
    evaluation.sent(batch)
    assert heading() == "Open a standing space for further exchange"
    actions.open_space(by=by, dialogue=dialogue, name=Text("en", "Call"))
    assert heading() == "Share the results with 4 partners"
    assert str(waiting(evaluation.people[0])[0].heading) == "Tell us how the dialogue was for you"
    evaluation.shared()
    assert heading() == "Complete the evaluation"
    actions.complete(by=by, dialogue=dialogue)
    assert next_action(dialogue, by) is None
    assert waiting(evaluation.people[0]) == []


def test_a_participant_is_led_to_the_survey(evaluation: Evaluation, client: Client) -> None:
    evaluation.asked()
    link = evaluation.links()[0]
    client.force_login(link.account)
    assert answer_url(evaluation) in client.get(url(evaluation)).content.decode()


def test_a_city_notes_and_reports_on_a_commitment(evaluation: Evaluation, client: Client) -> None:
    partner = evaluation.dialogue.partners.all()[0]
    client.force_login(partner.delegation.all()[0].person.account)
    form = {"commitment-partner": partner.pk, "commitment-what": "Publish the list", "commitment-due_on": "2027-01-07"}
    assert client.post(url(evaluation, "make_commitment"), form | {"commitment-due_on": "soon"}).status_code == 422
    assert client.post(url(evaluation, "make_commitment"), form).status_code == 302
    made = Commitment.objects.get()
    prefix = f"c{made.pk}"
    dropped = client.post(url(evaluation, "update_commitment", made.pk), {f"{prefix}-status": "dropped"})
    assert dropped.status_code == 422
    told = {f"{prefix}-status": "dropped", f"{prefix}-reason": "No funds"}
    assert client.post(url(evaluation, "update_commitment", made.pk), told).status_code == 302
    made.refresh_from_db()
    assert (made.status, str(made.reason)) == ("dropped", "No funds")
    other = evaluation.dialogue.partners.all()[1]
    assert client.post(url(evaluation, "make_commitment"), form | {"commitment-partner": other.pk}).status_code == 422


def test_commitments_are_filtered(evaluation: Evaluation, client: Client) -> None:
    client.force_login(evaluation.by)
    for partner, status in zip(evaluation.dialogue.partners.all(), ["open", "done"], strict=False):
        Commitment.objects.create(
            partner=partner, what=Text("en", f"WHAT-{status}"), due_on="2027-01-07", status=status
        )
    page = client.get(url(evaluation), {"status": "done"}).content.decode()
    assert "WHAT-done" in page
    assert "WHAT-open" not in page


@pytest.mark.parametrize("commitments", [1, 3])
def test_the_page_asks_the_same_of_the_database_for_one_commitment_and_for_three(
    evaluation: Evaluation, client: Client, commitments: int
) -> None:
    evaluation.asked()
    client.force_login(evaluation.by)
    for partner in evaluation.dialogue.partners.all()[:commitments]:
        Commitment.objects.create(partner=partner, what=Text("en", "What"), due_on="2027-01-07")
    client.get(url(evaluation))
    with CaptureQueriesContext(connection) as queries:
        client.get(url(evaluation))
    assert len(queries) == 24


def test_the_delivery_log_names_every_partner(evaluation: Evaluation, client: Client) -> None:
    evaluation.shared()
    client.force_login(evaluation.world.account("observer"))
    page = client.get(url(evaluation, "deliveries")).content.decode()
    for partner in evaluation.dialogue.partners.all():
        assert str(partner.city.name) in page
    assert page.count("<tr>") == 5
    addresses = [account.email for account in evaluation.people]
    assert [address for address in addresses if address in page] == []


def test_the_step_is_completed_by_page(evaluation: Evaluation, client: Client, world: World) -> None:
    client.force_login(evaluation.by)
    assert client.post(url(evaluation, "complete")).status_code == 409
    client.post(url(evaluation, "open_survey"))
    assert client.post(url(evaluation, "open_space"), {"space-name": "", "space-purpose": "typed"}).status_code == 422
    client.post(url(evaluation, "open_space"), {"space-name": "Call", "space-purpose": ""})
    evaluation.shared()
    assert client.post(url(evaluation, "complete")).status_code == 302
    assert evaluation.dialogue.steps.get(step="evaluate").state == "done"
