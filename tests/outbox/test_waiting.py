"""What waits: approved for a time, gathered into digests, unsubscribed from."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from majlis.accounts.models import Account
from majlis.outbox import actions
from majlis.outbox.actions import Letter, approve_batch, draft_batch, resume, send_batch
from majlis.outbox.models import Batch, Mail, Stop
from majlis.web.refused import Forbidden, NotNow, Refused
from majlis.web.sentences import Sentence
from tests.outbox.conftest import Post
from tests.world import World

pytestmark = pytest.mark.django_db


def draft(world: World, template: str, *accounts: Account, number: int = 1, **fields: Any) -> Batch:
    context = {"title": f"Jobs {number}", "body": f"Text {number}", "link": ""}
    letters = [Letter(account, template, context, f"test:{number}:{account.pk}") for account in accounts]
    given: dict[str, Any] = {"by": world.secretariat, "kind": "test.mail", "scope": "network"}
    return draft_batch(letters=letters, **given | fields)


def test_an_approved_batch_leaves_at_its_time_and_not_before(world: World, template: str, post: Post) -> None:
    early, late = world.account(), world.account()
    batch = draft(world, template, early, late)
    at = timezone.now() + timedelta(days=2)
    with pytest.raises(Forbidden):
        approve_batch(by=world.account(), batch=batch, send_at=at)
    for wrong in (timezone.now() - timedelta(minutes=1), timezone.now() + timedelta(days=400)):
        with pytest.raises(Refused):
            approve_batch(by=world.secretariat, batch=batch, send_at=wrong)
    approve_batch(by=world.secretariat, batch=batch, send_at=at)
    resume(now=at - timedelta(minutes=1))
    assert set(batch.mails.values_list("state", flat=True)) == {"draft"}
    actions.withdraw(account=early, kind="test.mail", scope="network")  # answered meanwhile
    assert resume(now=at + timedelta(seconds=1)) == 1
    Mail.objects.filter(state="queued").update(next_attempt_at=timezone.now())
    assert actions.deliver_due() == 1
    assert [got["To"] for got in post.letters] == [late.email]
    assert resume(now=at + timedelta(seconds=2)) == 0  # once


def test_an_approval_can_be_taken_back_and_a_held_batch_waits_on(world: World, template: str) -> None:
    batch = draft(world, template, world.account())
    at = timezone.now() + timedelta(hours=1)
    approve_batch(by=world.secretariat, batch=batch, send_at=at)
    actions.take_back_approval(by=world.secretariat, batch=batch)
    resume(now=at + timedelta(hours=1))
    assert Batch.objects.get(pk=batch.pk).state == "draft"
    approve_batch(by=world.secretariat, batch=batch, send_at=at)
    actions.hold_batch(batch=batch, reason=Sentence("Draft"))
    resume(now=at + timedelta(hours=1))
    assert Batch.objects.get(pk=batch.pk).state == "approved"
    with pytest.raises(NotNow):
        approve_batch(by=world.secretariat, batch=batch)


def test_nothing_leaves_before_its_time_even_if_somebody_presses_send(world: World, template: str) -> None:
    at = timezone.now() + timedelta(days=1)
    batch = draft(world, template, world.account(), send_at=at)
    assert send_batch(by=world.secretariat, batch=batch) == 1
    assert actions.deliver_due() == 0
    Mail.objects.update(next_attempt_at=timezone.now())
    assert actions.deliver_due() == 1


def test_several_become_one_digest_and_one_stays_itself(world: World, template: str, post: Post) -> None:
    many, single = world.account(language="ar"), world.account()
    for number in range(3):
        send_batch(
            by=world.secretariat, batch=draft(world, template, many, number=number, digest="news", may_stop="news")
        )
    send_batch(by=world.secretariat, batch=draft(world, template, single, number=9, digest="news"))
    assert actions.deliver_due() == 0
    later = timezone.now() + timedelta(minutes=61)
    resume(now=later)
    Mail.objects.filter(state="queued").update(next_attempt_at=timezone.now())
    assert actions.deliver_due() == 2
    digest = Mail.objects.get(batch__kind="outbox.digest")
    assert sorted(Mail.objects.values_list("state", flat=True)) == ["gathered"] * 3 + ["sent"] * 2
    assert {mail.gathered_into for mail in Mail.objects.filter(account=many, state="gathered")} == {digest}
    assert all(f"Text {number}" in digest.body_text for number in range(3))
    assert digest.body_text.count("/outbox/stop/") == 1
    assert {got["To"]: got["List-Unsubscribe-Post"] for got in post.letters} == {
        many.email: "List-Unsubscribe=One-Click", single.email: None,
    }  # fmt: skip
    resume(now=later)
    assert Mail.objects.filter(batch__kind="outbox.digest").count() == 1


def test_one_click_stops_reminders_and_a_look_does_not(world: World, template: str, post: Post) -> None:
    """RFC 8058: a POST without cookie or form. A scanner's GET changes nothing."""
    reader = world.account(language="fr")
    send_batch(by=world.secretariat, batch=draft(world, template, reader, may_stop="reminder"))
    actions.deliver_due()
    url = str(post.letters[0]["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1:8000")
    program = Client(enforce_csrf_checks=True)
    page = program.get(url)
    assert (page.status_code, Stop.objects.count()) == (200, 0)
    assert 'lang="fr"' in page.content.decode()
    waiting = draft(world, template, reader, number=2, may_stop="reminder")
    assert program.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 302
    assert Stop.objects.get().scope == "network"
    assert waiting.mails.get().state == "cancelled"
    assert draft(world, template, reader, number=3, may_stop="reminder").left_out == 1
    assert draft(world, template, reader, number=4).mails.count() == 1  # what is no reminder still comes
    program.post(url, {"act": "again"})
    assert draft(world, template, reader, number=5, may_stop="reminder").mails.count() == 1
    assert program.get(url.replace("/stop/", "/stop/9")).status_code == 404


def test_who_unsubscribes_after_sending_gets_nothing_any_more(world: World, template: str, post: Post) -> None:
    reader = world.account()
    batch = draft(world, template, reader, may_stop="news")
    send_batch(by=world.secretariat, batch=batch)
    Stop.objects.create(account=reader, what="news", scope="")
    assert actions.deliver_due() == 0
    assert (batch.mails.get().state, post.letters) == ("cancelled", [])


def test_the_pages_approve_schedule_pause_and_test(world: World, template: str, client: Client) -> None:
    batch = draft(world, template, world.account(), world.account(language="de"))
    client.force_login(world.secretariat)
    url = f"/outbox/batches/{batch.pk}/"
    at = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(url + "approve/", {"send_at": "soon"}).status_code == 422
    assert client.post(url + "approve/", {"send_at": at}).status_code == 302
    assert "Approved: leaves by itself" in client.get(url).content.decode()
    assert client.get("/outbox/?state=scheduled").content.decode().count("/outbox/batches/") == 1
    assert client.post(url + "unapprove/").status_code == 302
    assert client.post(url + "approve/").status_code == 302
    assert "Approved: ready to leave" in client.get(url).content.decode()
    assert client.post(url + "test/").status_code == 302
    assert Mail.objects.filter(batch__kind="outbox.test").count() == 2
    assert client.post(url + "send/").status_code == 302
    assert "On their way" in client.get(url).content.decode()
    assert client.post(url + "pause/").status_code == 302
    assert "Let it go on" in client.get(url).content.decode()
    assert client.post(url + "pause/", {"act": "go_on"}).status_code == 302
