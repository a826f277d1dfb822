"""Pages of the outbox: who may look, preview in each language, sending with a question, the log."""

from typing import Any

import pytest
from django.test import Client

from majlis.accounts.actions import issue_link
from majlis.accounts.models import Account
from majlis.outbox import actions
from majlis.outbox.actions import Letter, draft_batch
from majlis.outbox.models import Batch, Mail
from majlis.web.sentences import Sentence
from tests.world import World

pytestmark = pytest.mark.django_db


def draft(world: World, template: str, *accounts: Account, **fields: Any) -> Batch:
    letters = []
    for account in accounts:
        link = issue_link(account=account, act="test.act", subject=account)
        context = {"title": "Jobs", "body": "Good <b>day</b>", "link": f"http://127.0.0.1:8000/x/{link.token}/"}
        letters.append(Letter(account, template, context, f"test:{account.pk}"))
    return draft_batch(by=world.secretariat, kind="test.mail", scope="network", letters=letters, **fields)


def test_only_the_secretariat_looks_unless_it_is_the_demonstration(
    world: World, template: str, client: Client, settings: Any
) -> None:
    reader = world.account()
    batch = draft(world, template, reader)
    mail = batch.mails.get()
    pages = ["/outbox/", f"/outbox/batches/{batch.pk}/", f"/outbox/mails/{mail.pk}/", f"/outbox/mails/{mail.pk}/html/"]
    assert [client.get(page).status_code for page in pages] == [302, 404, 404, 404]
    client.force_login(world.account())
    assert [client.get(page).status_code for page in pages] == [403, 404, 404, 404]
    client.force_login(reader)
    assert [client.get(page).status_code for page in pages] == [403, 404, 200, 200]
    client.force_login(world.secretariat)
    assert [client.get(page).status_code for page in pages] == [200] * 4
    client.logout()
    settings.IS_DEMO = True
    assert [client.get(page).status_code for page in pages] == [200] * 4
    assert client.post(f"/outbox/batches/{batch.pk}/send/").status_code == 302
    assert Mail.objects.get(pk=mail.pk).state == "draft"


def test_codes_are_nobody_elses_business(world: World, template: str, client: Client, settings: Any) -> None:
    batch = draft(world, template, world.account(), is_private=True)
    client.force_login(world.secretariat)
    mail = batch.mails.get()
    assert [client.get(f"/outbox/mails/{mail.pk}/{end}").status_code for end in ("", "html/")] == [404, 404]
    page = client.get(f"/outbox/batches/{batch.pk}/")
    assert "Good" not in page.content.decode()
    settings.IS_DEMO = True
    assert client.get(f"/outbox/mails/{mail.pk}/").status_code == 200


def test_links_that_act_are_blotted_out_once_mails_really_leave(
    world: World, template: str, client: Client, settings: Any
) -> None:
    reader = world.account()
    batch = draft(world, template, reader)
    token = issue_link(account=reader, act="test.act", subject=reader).token
    urls = [f"/outbox/mails/{batch.mails.get().pk}/", f"/outbox/mails/{batch.mails.get().pk}/html/"]
    client.force_login(world.secretariat)
    assert all(token in client.get(url).content.decode() for url in urls)
    settings.SMTP_URL = "smtp://127.0.0.1:9"
    assert not any(token in client.get(url).content.decode() for url in urls)
    client.force_login(reader)
    assert all(token in client.get(url).content.decode() for url in urls)


def test_the_frame_holds_the_mail_and_nothing_runs_in_it(world: World, template: str, client: Client) -> None:
    batch = draft(world, template, world.account(language="ar"))
    client.force_login(world.secretariat)
    mail = batch.mails.get()
    frame = client.get(f"/outbox/mails/{mail.pk}/html/")
    assert "sandbox allow-popups" in frame["Content-Security-Policy"]
    assert "script-src" not in frame["Content-Security-Policy"]
    assert "Good &lt;b&gt;day" in frame.content.decode()
    page = client.get(f"/outbox/batches/{batch.pk}/?language=ar")
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert f'src="/outbox/mails/{mail.pk}/html/"' in page.content.decode()


def test_sending_asks_first(world: World, template: str, client: Client) -> None:
    batch = draft(world, template, world.account(), world.account(language="de"))
    client.force_login(world.secretariat)
    url = f"/outbox/batches/{batch.pk}/send/"
    assert "Send 2 mails?" in client.get(url).content.decode()
    assert set(batch.mails.values_list("state", flat=True)) == {"draft"}
    assert client.post(url).status_code == 302
    assert set(batch.mails.values_list("state", flat=True)) == {"queued"}


def test_a_held_batch_says_where_it_is_let_go(world: World, template: str, client: Client) -> None:
    batch = draft(world, template, world.account(), held=Sentence("Draft"), held_at="/dialogues/x/invite/")
    client.force_login(world.secretariat)
    page = client.get(f"/outbox/batches/{batch.pk}/").content.decode()
    assert 'href="/dialogues/x/invite/"' in page
    assert f"/outbox/batches/{batch.pk}/send/" not in page
    assert client.post(f"/outbox/batches/{batch.pk}/send/").status_code == 409


def test_failures_are_logged_and_tried_again(world: World, template: str, client: Client, settings: Any) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:9"
    batch = draft(world, template, world.account())
    actions.send_batch(by=world.secretariat, batch=batch)
    actions.deliver(mail_id=batch.mails.get().pk)
    client.force_login(world.secretariat)
    assert "ConnectionRefusedError" in client.get(f"/outbox/mails/{batch.mails.get().pk}/").content.decode()
    Mail.objects.update(state="failed")
    assert client.get("/outbox/?state=failed").content.decode().count("/outbox/batches/") == 1
    assert client.post(f"/outbox/batches/{batch.pk}/again/").status_code == 302
    assert batch.mails.get().state == "queued"
    assert client.post(f"/outbox/batches/{batch.pk}/cancel/").status_code == 302
    assert batch.mails.get().state == "cancelled"


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_three(
    world: World, template: str, client: Client, count: int, django_assert_num_queries: Any
) -> None:
    batch = draft(world, template, *(world.account() for _number in range(count)))
    client.force_login(world.secretariat)
    client.get("/outbox/")
    with django_assert_num_queries(6):
        client.get("/outbox/")
    with django_assert_num_queries(7):
        client.get(f"/outbox/batches/{batch.pk}/")
