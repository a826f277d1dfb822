"""Drafting, sending once, trying again, cancelling."""

from typing import Any

import pytest
from procrastinate.testing import InMemoryConnector

from majlis.accounts.models import Account
from majlis.journal.models import Entry
from majlis.outbox import actions
from majlis.outbox.actions import Letter, draft_batch, send_batch
from majlis.outbox.models import Attempt, Batch, Mail
from majlis.web.refused import Forbidden, NotNow
from majlis.web.sentences import Sentence
from tests.outbox.conftest import Post
from tests.world import World

pytestmark = pytest.mark.django_db


def letter(account: Account, template: str, once: str = "test:1", **context: Any) -> Letter:
    shown = {"title": "Jobs", "body": "Good day", "link": "http://127.0.0.1:8000/my/"}
    return Letter(account, template, shown | context, once)


def draft(world: World, template: str, *accounts: Account) -> Batch:
    letters = [letter(account, template, f"test:{account.pk}") for account in accounts]
    return draft_batch(by=world.secretariat, kind="test.mail", scope="network", letters=letters)


def test_each_is_written_in_the_readers_language(world: World, template: str) -> None:
    batch = draft(
        world, template, world.account(language="ar"), world.account(language="de"), world.account(language="xx")
    )
    assert [mail.language for mail in batch.mails.all()] == ["ar", "de", "en"]
    assert [('dir="rtl"' in mail.body_html) for mail in batch.mails.all()] == [True, False, False]
    assert Entry.objects.filter(act="outbox.draft_batch").count() == 1


def test_the_same_purpose_is_never_mailed_twice(
    world: World, template: str, django_capture_on_commit_callbacks: Any, queue: InMemoryConnector
) -> None:
    account = world.account()
    first = draft(world, template, account)
    second = draft(world, template, account)
    assert Mail.objects.get().batch == second
    with pytest.raises(NotNow):
        send_batch(by=world.secretariat, batch=first)
    with django_capture_on_commit_callbacks(execute=True):
        assert send_batch(by=world.secretariat, batch=second) == 1
    assert [job["task_name"] for job in queue.jobs.values()] == ["outbox.deliver_due"]
    assert send_batch(by=world.secretariat, batch=second) == 0
    assert draft(world, template, account) == second
    assert Mail.objects.count() == 1


def test_without_a_server_it_is_kept_and_readable(world: World, template: str) -> None:
    batch = draft(world, template, world.account())
    send_batch(by=world.secretariat, batch=batch)
    mail = batch.mails.get()
    assert actions.deliver(mail_id=mail.pk)
    assert not actions.deliver(mail_id=mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.answer, mail.attempts) == ("sent", "Kept here: no mail server is set", 1)
    assert Attempt.objects.count() == 1


def test_it_reaches_a_real_server(world: World, template: str, post: Post) -> None:
    account = world.account(language="ar")
    batch = draft(world, template, account)
    send_batch(by=world.secretariat, batch=batch)
    assert actions.deliver_all(mail_ids=[mail.pk for mail in batch.mails.all()]) == 1
    mail = batch.mails.get()
    got = post.letters[0]
    assert (got["Message-ID"], got["To"], got["Subject"]) == (mail.message_id, account.email, mail.subject)
    assert post.recipients == [[account.email]]
    assert [part.get_content_type() for part in got.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert mail.answer == "250 queued as 42"


@pytest.mark.parametrize(
    ("verb", "line", "state"),
    [("RCPT", "550 no such box", "failed"), ("RCPT", "451 later", "queued"), ("DATA", "552 too much", "failed"),
     ("DATA", "452 full", "queued")],
)  # fmt: skip
def test_a_refusal_is_logged_and_tried_again_if_it_may_pass(
    world: World, template: str, post: Post, verb: str, line: str, state: str
) -> None:
    batch = draft(world, template, world.account())
    send_batch(by=world.secretariat, batch=batch)
    post.refuse = {verb: line}
    mail = batch.mails.get()
    assert not actions.deliver(mail_id=mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.answer) == (state, line)
    assert (mail.next_attempt_at is None) == (state == "failed")
    post.refuse = {}
    if state == "failed":
        assert not actions.deliver(mail_id=mail.pk)
        assert actions.try_again(by=world.secretariat, batch=batch) == 1
    assert actions.deliver(mail_id=mail.pk)
    assert [(attempt.is_accepted, attempt.answer) for attempt in mail.log.all()] == [
        (False, line),
        (True, "250 queued as 42"),
    ]
    assert len(post.letters) == 1


def test_a_server_that_dies_before_the_last_dot_loses_nothing(world: World, template: str, post: Post) -> None:
    batch = draft(world, template, world.account(), world.account())
    send_batch(by=world.secretariat, batch=batch)
    numbers = [mail.pk for mail in batch.mails.all()]
    post.hangs_up = 1
    assert actions.deliver_all(mail_ids=numbers) == 1
    assert sorted(batch.mails.values_list("state", flat=True)) == ["queued", "sent"]
    assert actions.deliver_all(mail_ids=numbers) == 1
    assert len({got["Message-ID"] for got in post.letters}) == len(post.letters) == 2


def test_without_an_answer_to_the_last_dot_a_person_decides(world: World, template: str, post: Post) -> None:
    """The server may have the mail: it is neither sent again by itself nor called sent."""
    batch = draft(world, template, world.account(), world.account())
    send_batch(by=world.secretariat, batch=batch)
    numbers = [mail.pk for mail in batch.mails.all()]
    post.drops = 1
    assert actions.deliver_all(mail_ids=numbers) == 1
    assert sorted(batch.mails.values_list("state", flat=True)) == ["sent", "unclear"]
    assert actions.deliver_all(mail_ids=numbers) == 0
    unclear = batch.mails.get(state="unclear")
    with pytest.raises(Forbidden):
        actions.settle_unclear(by=world.account(), mail=unclear, has_arrived=True)
    actions.settle_unclear(by=world.secretariat, mail=unclear, has_arrived=False)
    assert actions.deliver_all(mail_ids=numbers) == 1
    assert post.letters[-1]["Message-ID"] == unclear.message_id
    assert [attempt.is_accepted for attempt in unclear.log.all()] == [False, True]
    # Once it is settled the question is over.
    assert actions.settle_unclear(by=world.secretariat, mail=unclear, has_arrived=False).state == "sent"


def test_a_mail_said_to_have_arrived_is_sent(world: World, template: str, post: Post) -> None:
    batch = draft(world, template, world.account())
    send_batch(by=world.secretariat, batch=batch)
    post.drops = 1
    actions.deliver_all(mail_ids=[batch.mails.get().pk])
    actions.settle_unclear(by=world.secretariat, mail=batch.mails.get(), has_arrived=True)
    mail = batch.mails.get()
    assert (mail.state, mail.sent_at) == ("sent", mail.claimed_at)


def test_no_server_at_all_means_later(world: World, template: str, settings: Any) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:9"
    batch = draft(world, template, world.account())
    send_batch(by=world.secretariat, batch=batch)
    assert not actions.deliver(mail_id=batch.mails.get().pk)
    assert batch.mails.get().state == "queued"
    assert "ConnectionRefusedError" in batch.mails.get().answer


def test_headers_cannot_be_injected(world: World, template: str, post: Post) -> None:
    bad = "Jobs\r\nBcc: all@example.org\x00\u2028\u202ex"
    account = world.account()
    batch = draft_batch(
        by=world.secretariat, kind="test.mail", scope="network",
        letters=[letter(account, template, title=bad, body="<script>alert(1)</script> https://evil.example/x\n\nhttps://evil.example/")],
    )  # fmt: skip
    send_batch(by=world.secretariat, batch=batch)
    actions.deliver(mail_id=batch.mails.get().pk)
    got = post.letters[0]
    assert got["Bcc"] is None
    assert post.recipients == [[account.email]]
    html = batch.mails.get().body_html
    assert "<script>" not in html
    assert 'href="https://evil' not in html
    assert 'href="http://127.0.0.1:8000/my/"' in html


def test_a_held_batch_leaves_by_no_door(world: World, template: str, post: Post) -> None:
    account = world.account()
    batch = draft_batch(
        by=world.secretariat, kind="test.mail", scope="network", letters=[letter(account, template)],
        held=Sentence("Draft"), held_at="/here/",
    )  # fmt: skip
    for act in (send_batch, actions.try_again):
        with pytest.raises(NotNow):
            act(by=world.secretariat, batch=batch)
    actions.release_batch(batch=batch)
    send_batch(by=world.secretariat, batch=batch)
    actions.hold_batch(batch=batch, reason=Sentence("Draft"))
    assert not actions.deliver(mail_id=batch.mails.get().pk)
    assert post.letters == []
    actions.release_batch(batch=batch)
    assert actions.deliver(mail_id=batch.mails.get().pk)


def test_strangers_can_neither_send_nor_cancel(world: World, template: str) -> None:
    batch = draft(world, template, world.account())
    stranger = world.account()
    for act in (send_batch, actions.cancel_batch, actions.try_again):
        with pytest.raises(Forbidden):
            act(by=stranger, batch=batch)
    with pytest.raises(Forbidden):
        actions.test_mail(by=stranger, mail=batch.mails.get())


def test_cancelled_drafts_may_be_drafted_anew(world: World, template: str) -> None:
    account = world.account()
    batch = draft(world, template, account)
    assert actions.cancel_batch(by=world.secretariat, batch=batch) == 1
    with pytest.raises(NotNow):
        send_batch(by=world.secretariat, batch=Batch.objects.get(pk=batch.pk))
    again = draft(world, template, account)
    assert send_batch(by=world.secretariat, batch=again) == 1


def test_a_test_mail_goes_to_oneself_only(world: World, template: str) -> None:
    batch = draft(world, template, world.account())
    copy = actions.test_mail(by=world.secretariat, mail=batch.mails.get())
    assert actions.deliver(mail_id=copy.pk)
    assert (copy.address, batch.mails.get().state) == (world.secretariat.email, "draft")
