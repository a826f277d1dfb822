"""No invitation passes the gate: not by page, by action, by the outbox, nor on a retry."""

import pytest
from django.test import Client

from majlis.dialogue.models import Partner, StepRecord
from majlis.language.models import Text
from majlis.outbox.actions import deliver, send_batch, try_again
from majlis.outbox.models import Mail
from majlis.steps.invite import actions
from majlis.steps.invite.models import Invitation
from majlis.steps.invite.rules import gate
from majlis.web.refused import Forbidden, NotNow
from tests.steps.invite.conftest import Inviting
from tests.world import World

pytestmark = pytest.mark.django_db


def said(inviting: Inviting) -> list[tuple[str, bool]]:
    return [(str(each.sentence), each.is_met) for each in gate(inviting.dialogue).conditions]


def test_the_gate_says_in_words_what_is_missing(inviting: Inviting) -> None:
    assert said(inviting) == [
        ("Goal written", False),
        ("Expected outcome defined", False),
        ("Roles and responsibilities agreed by every partner; 2 partners are missing, among them Agadir, Gabès", False),
    ]
    inviting.note()
    inviting.ask()
    actions.answer_roles(link=inviting.links("invite.agree")[0], answer="agreed")
    assert said(inviting)[2] == (
        "Roles and responsibilities agreed by every partner; 1 partner is missing: Gabès", False,
    )  # fmt: skip
    actions.answer_roles(link=inviting.links("invite.agree")[1], answer="agreed")
    assert [met for _words, met in said(inviting)] == [True, True, True]
    stored = StepRecord.objects.get(dialogue=inviting.dialogue, step="invite").conditions
    assert [each["is_met"] for each in stored] == [True, True, True]


def test_nothing_leaves_while_one_partner_is_missing(inviting: Inviting, client: Client) -> None:
    inviting.note()
    inviting.session()
    inviting.ask()
    actions.answer_roles(link=inviting.links("invite.agree")[0], answer="agreed")
    batch = actions.draft_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    with pytest.raises(NotNow, match="Gabès"):
        actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    with pytest.raises(NotNow):
        send_batch(by=inviting.secretariat, batch=batch)
    client.force_login(inviting.secretariat)
    slug = inviting.dialogue.slug
    assert client.post(f"/dialogues/{slug}/invite/invitations/send/").status_code == 409
    assert client.post(f"/outbox/batches/{batch.pk}/send/").status_code == 409
    assert client.post(f"/dialogues/{slug}/invite/complete/").status_code == 409
    assert {mail.state for mail in batch.mails.all()} == {"draft"}
    assert not Invitation.objects.filter(sent_at__isnull=False).exists()


def test_a_retry_does_not_pass_a_gate_that_closed_again(inviting: Inviting) -> None:
    inviting.agreed()
    batch = actions.draft_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    Mail.objects.filter(batch=batch).update(state=Mail.State.FAILED)
    inviting.note(goal=Text("en", "Another goal altogether."))
    with pytest.raises(NotNow):
        try_again(by=inviting.secretariat, batch=batch)
    Mail.objects.filter(batch=batch).update(state=Mail.State.QUEUED)
    assert [deliver(mail_id=mail.pk) for mail in batch.mails.all()] == [False] * 4


def test_a_partner_that_joins_late_closes_the_gate(inviting: Inviting, world: World) -> None:
    inviting.agreed()
    batch = actions.draft_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    Partner.objects.create(dialogue=inviting.dialogue, city=world.city(5))
    with pytest.raises(NotNow):
        actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    with pytest.raises(NotNow):
        send_batch(by=inviting.secretariat, batch=batch)
    with pytest.raises(NotNow):
        actions.complete(by=inviting.secretariat, dialogue=inviting.dialogue)


def test_a_closed_step_shows_what_is_missing_and_refuses_acts(world: World, client: Client) -> None:
    dialogue = world.dialogue(1)
    client.force_login(world.secretariat)
    page = client.get(f"/dialogues/{dialogue.slug}/invite/")
    assert page.status_code == 200
    assert "is not open yet" in page.content.decode()
    for path in ("agreements/ask/", "invitations/draft/", "invitations/remind/", "invitations/send/", "note/"):
        data = {"original": "en", "goal_en": "x"}
        assert client.post(f"/dialogues/{dialogue.slug}/invite/{path}", data).status_code == 409, path
    with pytest.raises(NotNow):
        actions.write_concept_note(
            by=world.secretariat,
            dialogue=dialogue,
            goal=Text("en", "x"),
            expected_outcome=Text(),
            roles=Text(),
            fields={},
        )


def test_completing_opens_enable(inviting: Inviting, client: Client) -> None:
    inviting.invited()
    client.force_login(inviting.secretariat)
    answer = client.post(f"/dialogues/{inviting.dialogue.slug}/invite/complete/")
    assert answer.status_code == 302
    states = dict(StepRecord.objects.filter(dialogue=inviting.dialogue).values_list("step", "state"))
    assert (states["invite"], states["enable"]) == ("done", "open")


def test_only_the_secretariat_writes_and_invites(inviting: Inviting) -> None:
    other = inviting.focal_point()
    acts = [
        actions.ask_agreement,
        actions.draft_invitations,
        actions.send_invitations,
        actions.remind_invited,
        actions.complete,
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act(by=other, dialogue=inviting.dialogue)
