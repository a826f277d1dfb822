"""Abuse cases 8, 9 and 22 of the quality paper, one test (or a few) each."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from majlis.accounts.models import Account
from majlis.outbox import actions
from majlis.outbox.actions import Letter, TooOften, draft_batch, send_batch, spend
from majlis.outbox.actions.budgets import within
from majlis.outbox.models import Allowance, Mail
from majlis.outbox.rules import ADDRESS, CODES, NETWORK, SENDER, Budget
from tests.outbox.conftest import Post
from tests.world import World

pytestmark = pytest.mark.django_db
OUTBOX = "majlis.outbox.backend.OutboxBackend"  # Django's test runner puts its own there


def letters(template: str, account: Account, count: int, start: int = 0) -> list[Letter]:
    context = {"title": "x", "body": "", "link": ""}
    return [Letter(account, template, context, f"test:{account.pk}:{number}") for number in range(start, start + count)]


def test_abuse_8_nobodys_box_can_be_filled_through_forms(world: World, template: str) -> None:
    """Budget per address, whoever causes the mails and however the address is spelt."""
    victim = world.account()
    focal = [world.account() for _number in range(3)]
    draft_batch(by=focal[0], kind="test.mail", scope="x", letters=letters(template, victim, ADDRESS.count - 1))
    spend(addresses=[victim.email.upper().replace("@", "+tag@")], by=focal[1])
    with pytest.raises(TooOften) as refused:
        draft_batch(by=focal[2], kind="test.mail", scope="x", letters=letters(template, victim, 1, 100))
    assert refused.value.status == 429
    assert Mail.objects.filter(account=victim).count() == ADDRESS.count - 1
    # The secretariat still reaches them.
    draft_batch(by=world.secretariat, kind="test.mail", scope="x", letters=letters(template, victim, 1, 200))


def test_abuse_8_nobody_fills_many_boxes(world: World) -> None:
    """Budget per sender and per network address."""
    sender = world.account()
    spend(addresses=[f"a{number}@town.example" for number in range(SENDER.count)], by=sender)
    with pytest.raises(TooOften):
        spend(addresses=["one-more@town.example"], by=sender)
    spend(addresses=[f"b{number}@town.example" for number in range(NETWORK.count)], network="192.0.2.1")
    with pytest.raises(TooOften):
        spend(addresses=["one-more@town.example"], network="192.0.2.1")
    spend(addresses=["another@town.example"], network="192.0.2.2")
    assert not any("@" in key for key in Allowance.objects.values_list("key", flat=True))


def test_abuse_8_what_is_used_comes_back_evenly(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    budget, now = Budget("test", 4, timedelta(hours=4)), timezone.now()
    monkeypatch.setattr("majlis.outbox.actions.budgets.timezone.now", lambda: now)
    assert [within(budget, "a") for _number in range(6)] == [True] * 4 + [False] * 2
    now += timedelta(hours=1, seconds=1)
    assert [within(budget, "a") for _number in range(2)] == [True, False]
    assert within(budget, "b")


@pytest.mark.django_db(transaction=True)
def test_abuse_8_processes_share_one_budget() -> None:
    budget = Budget("test", 10, timedelta(days=1))
    passed: list[bool] = []

    def work() -> None:
        passed.extend(within(budget, "a") for _number in range(8))
        connections["default"].close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (len(passed), sum(passed)) == (32, 10)


def test_abuse_8_sign_in_codes_have_a_budget_too(world: World, client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    settings.EMAIL_BACKEND = OUTBOX
    account = world.account()
    for _number in range(CODES.count - 1):
        within(CODES, account.email)
    for _number in range(2):
        client.post("/accounts/login/code/", {"email": account.email})
    assert Mail.objects.filter(address=account.email).count() == 1


HOSTILE = [
    "Jobs\r\nBcc: all@example.org", "Jobs\nTo: all@example.org", "x\x00\x0b\x85y", "Jobs\u2028Bcc: all@example.org",
    "=?utf-8?q?Jobs=0D=0ABcc:_all@example.org?=", "\u202egro.elpmaxe", "http://evil.example/login", "www.evil.example",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_abuse_9_names_and_titles_reach_no_header_and_no_link(
    world: World, template: str, post: Post, hostile: str
) -> None:
    account = world.account(name=hostile.replace(chr(0), ""))
    context = {"title": hostile, "body": hostile, "link": "http://127.0.0.1:8000/my/"}
    batch = draft_batch(
        by=world.secretariat, kind="test.mail", scope="x", letters=[Letter(account, template, context, "test:1")]
    )
    send_batch(by=world.secretariat, batch=batch)
    assert actions.deliver_due() == 1
    got = post.letters[0]
    assert (got["Bcc"], got.get_all("To"), post.recipients) == (None, [account.email], [[account.email]])
    assert len(got.get_all("Subject") or []) == 1
    assert not any(control in str(got["Subject"]) for control in "\r\n\x00\u2028\u202e")
    assert 'href="http://evil' not in batch.mails.get().body_html


@pytest.mark.parametrize(
    "address", ["a@town.example, b@town.example", "a@town.example\r\nBcc: b@town.example", "a@town.example> b@x"]
)
def test_abuse_9_one_mail_has_one_recipient(world: World, template: str, post: Post, address: str) -> None:
    account = world.account()
    batch = draft_batch(by=world.secretariat, kind="test.mail", scope="x", letters=letters(template, account, 1))
    Mail.objects.update(address=address)
    send_batch(by=world.secretariat, batch=batch)
    assert actions.deliver_due() == 0
    assert (batch.mails.get().state, post.letters) == ("failed", [])


def test_abuse_22_links_come_from_the_setting(world: World, settings: Any) -> None:
    """A host that a caller made up stands in no mail, also if it is among those that are answered."""
    settings.EMAIL_BACKEND = OUTBOX
    settings.ALLOWED_HOSTS = ["testserver", "other.example", "127.0.0.1"]
    account = world.account()
    client = Client(
        headers={"host": "other.example", "x-forwarded-host": "evil.example", "x-forwarded-for": "10.0.0.1"}
    )
    client.post("/accounts/login/code/", {"email": account.email})
    mail = Mail.objects.get(address=account.email)
    assert "other.example" not in mail.body_html + mail.body_text
    assert "evil.example" not in mail.body_html + mail.body_text
    assert (
        Client(headers={"host": "evil.example"}).post("/accounts/login/code/", {"email": account.email}).status_code
        == 400
    )


def test_abuse_22_the_network_address_is_not_the_callers_word(world: World) -> None:
    """Without trusted proxies X-Forwarded-For is not looked at (tests/run/test_proxies.py counts them): one budget holds."""
    client = Client(REMOTE_ADDR="192.0.2.1")
    seen = set()
    for number in range(3):
        response = client.get("/accounts/login/code/", headers={"x-forwarded-for": f"10.0.0.{number}"})
        seen.add(response.wsgi_request.META["REMOTE_ADDR"])
    assert seen == {"192.0.2.1"}
