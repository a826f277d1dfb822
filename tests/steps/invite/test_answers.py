"""The participant's answer: by link, in Arabic, without signing in; changed later; and never by merely opening a link."""

from typing import Any

import pytest
from django.test import Client

from majlis.accounts.models import Account
from majlis.journal.models import Entry
from majlis.language.models import Text
from majlis.outbox.models import Mail
from majlis.steps.invite import actions
from majlis.steps.invite.models import Invitation
from majlis.web.refused import NotThere, Refused
from tests.steps.invite.conftest import Inviting
from tests.world import World

pytestmark = pytest.mark.django_db


def rows() -> list[tuple[object, ...]]:
    return list(Invitation.objects.order_by("pk").values_list())


def test_the_whole_way_in_arabic_without_an_account_page(inviting: Inviting, client: Client) -> None:
    inviting.invited()
    link = inviting.link_of("ar")
    mail = Mail.objects.get(account=link.account, batch__kind="invite.invitation")
    url = f"/dialogues/{inviting.dialogue.slug}/invite/answer/{link.token}/"
    assert url in mail.body_text
    assert 'dir="rtl"' in mail.body_html
    before = rows(), Entry.objects.count()
    page = client.get(url)
    body = page.content.decode()
    assert '<html lang="ar" dir="rtl">' in body
    assert "10:00–12:30" in body  # 09:00 UTC in Tunis, where the reader's city is
    assert (rows(), Entry.objects.count()) == before
    session = inviting.dialogue.sessions.get()
    typed = {"answer": "yes", "sessions": [session.pk], "language": "ar", "zone": "Africa/Tunis"}
    faulty = client.post(url, typed | {"contribution_text": "سوق المزارعين"})
    assert faulty.status_code == 422
    assert "سوق المزارعين" in faulty.content.decode()
    assert rows() == before[0]
    done = client.post(url, typed | {"contribution": "practice", "contribution_text": "سوق المزارعين"})
    assert done.status_code == 302
    row = Invitation.objects.get(participant__person__account=link.account)
    assert (row.answer, row.sessions, row.contribution) == ("yes", [session.pk], "practice")
    assert row.contribution_text == Text("ar", "سوق المزارعين")
    assert Account.objects.get(pk=link.account_id).zone == "Africa/Tunis"
    changed = client.post(url, {"answer": "no", "language": "ar", "zone": "Africa/Tunis"})
    assert changed.status_code == 302
    row.refresh_from_db()
    assert (row.answer, row.sessions) == ("no", [])
    assert [entry.actor for entry in Entry.objects.filter(act="invite.answer_invitation")] == [link.account_id] * 2


@pytest.mark.parametrize("answer", ["yes", "tentative"])
@pytest.mark.parametrize("lacking", ["sessions", "contribution", "contribution_text"])
def test_whoever_comes_brings_something_to_at_least_one_session(inviting: Inviting, answer: str, lacking: str) -> None:
    inviting.invited()
    link = inviting.links("invite.answer")[0]
    given = {
        "sessions": [inviting.dialogue.sessions.get().pk], "contribution": "challenge", "contribution_text": Text("en", "Jobs"),
    }  # fmt: skip
    del given[lacking]
    with pytest.raises(Refused):
        actions.answer_invitation(link=link, answer=answer, **given)  # type: ignore[arg-type]


def test_sessions_of_another_dialogue_and_foreign_zones_are_refused(inviting: Inviting) -> None:
    inviting.invited()
    link = inviting.links("invite.answer")[0]
    given = {"contribution": "challenge", "contribution_text": Text("en", "Jobs")}
    with pytest.raises(Refused):
        actions.answer_invitation(link=link, answer="yes", sessions=[10**6], **given)  # type: ignore[arg-type]
    sessions = [inviting.dialogue.sessions.get().pk]
    with pytest.raises(Refused):
        actions.answer_invitation(link=link, answer="yes", sessions=sessions, zone="Mars/Olympus", **given)  # type: ignore[arg-type]
    assert Invitation.objects.exclude(answer="open").count() == 0


def test_before_it_left_an_invitation_cannot_be_answered(inviting: Inviting, client: Client) -> None:
    inviting.agreed()
    actions.draft_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    link = inviting.links("invite.answer")[0]
    assert client.get(f"/dialogues/{inviting.dialogue.slug}/invite/answer/{link.token}/").status_code == 404
    with pytest.raises(NotThere):
        actions.answer_invitation(link=link, answer="no")


def test_answers_are_welcome_after_the_step_is_done(inviting: Inviting, client: Client) -> None:
    inviting.invited()
    actions.complete(by=inviting.secretariat, dialogue=inviting.dialogue)
    link = inviting.links("invite.answer")[0]
    url = f"/dialogues/{inviting.dialogue.slug}/invite/answer/{link.token}/"
    assert client.post(url, {"answer": "no"}).status_code == 302


def test_reminders_go_only_to_those_who_have_not_answered(inviting: Inviting) -> None:
    inviting.invited()
    first, second, third, fourth = inviting.links("invite.answer")
    actions.answer_invitation(link=first, answer="no")
    batch = actions.remind_invited(by=inviting.secretariat, dialogue=inviting.dialogue)
    assert {mail.account for mail in batch.mails.all()} == {second.account, third.account, fourth.account}
    again = actions.remind_invited(by=inviting.secretariat, dialogue=inviting.dialogue)
    assert Mail.objects.filter(batch__kind="invite.reminder").count() == again.mails.count() == 3
    actions.answer_invitation(link=second, answer="no")
    assert Mail.objects.get(batch=again, account=second.account).state == "cancelled"


def test_signed_in_the_same_page(inviting: Inviting, client: Client) -> None:
    inviting.invited()
    client.force_login(inviting.focal_point())
    url = f"/dialogues/{inviting.dialogue.slug}/invite/answer/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"answer": "no"}).status_code == 302
    assert Invitation.objects.get(answer="no").participant.person.account == inviting.focal_point()


@pytest.mark.parametrize("partners", [1, 3])
def test_the_secretariats_page_costs_the_same_for_one_and_three(
    world: World, client: Client, partners: int, django_assert_num_queries: Any
) -> None:
    inviting = Inviting(world, partners)
    inviting.invited()
    client.force_login(inviting.secretariat)
    url = f"/dialogues/{inviting.dialogue.slug}/invite/"
    client.get(url)
    with django_assert_num_queries(29):
        client.get(url)
