"""Mails that came back: reports of many servers, matching by return address or Message-ID, what the secretariat sees and does."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from majlis.outbox import actions
from majlis.outbox.actions import Letter, draft_batch, read_mailbox, send_batch, take_bounce
from majlis.outbox.mailbox import parsed
from majlis.outbox.models import Bounce, Incoming, Mail
from majlis.outbox.reports import reports
from majlis.outbox.returns import return_address
from majlis.web.refused import Refused
from tests.outbox.conftest import Post
from tests.outbox.dsn import ABSENCE, NOTHING, POSTFIX, POSTFIX_DELAYED, REPORTS
from tests.outbox.imap import flags_of, imap_server, put
from tests.world import World


def filled(text: str, to: str, number: str = "<1@example.org>") -> bytes:
    return text.replace("{to}", to).replace("{id}", number).encode()


@pytest.mark.parametrize(
    ("name", "text", "is_final", "status", "is_of_address"), REPORTS, ids=[row[0] for row in REPORTS]
)
def test_a_report_is_read(name: str, text: str, is_final: bool, status: str, is_of_address: bool) -> None:
    (found,) = reports(parsed(filled(text, "head@town.example")))
    assert (found.is_final, found.status, found.is_of_address) == (is_final, status, is_of_address)
    assert found.message_id == "<1@example.org>"
    assert found.address.endswith(".example")


@pytest.mark.parametrize(("name", "text"), NOTHING, ids=[row[0] for row in NOTHING])
def test_what_is_no_report_is_left_alone(name: str, text: str) -> None:
    assert reports(parsed(filled(text, "head@town.example"))) == []


def test_a_status_sent_in_base64_is_read() -> None:
    from base64 import encodebytes

    fields = b"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; head@town.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    text = (
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + encodebytes(fields)
        + b"--b--\r\n"
    )
    assert [(found.address, found.status) for found in reports(parsed(text))] == [("head@town.example", "5.1.1")]


@given(st.binary(max_size=400), st.sampled_from([row[1] for row in REPORTS]), st.integers(0, 1500))
def test_no_message_breaks_the_reading(junk: bytes, text: str, place: int) -> None:
    content = filled(text, "head@town.example")
    for broken in (junk, content[:place] + junk + content[place:], content[:place]):
        for found in reports(parsed(broken)):
            assert isinstance(found.is_final, bool)


def sent(world: World, template: str) -> Mail:
    letter = Letter(world.account(), template, {"title": "Jobs", "body": "", "link": ""}, "test:1")
    batch = draft_batch(by=world.secretariat, kind="test.mail", scope="network", letters=[letter])
    send_batch(by=world.secretariat, batch=batch)
    actions.deliver_due()
    return batch.mails.get()


pytestmark = pytest.mark.django_db


def test_a_mail_that_came_back_is_marked_once(world: World, template: str, post: Post) -> None:
    mail = sent(world, template)
    message = parsed(filled(POSTFIX, mail.address, mail.message_id))
    assert take_bounce(message)
    assert take_bounce(message)
    mail.refresh_from_db()
    assert (mail.state, Bounce.objects.count(), mail.log.count()) == ("came_back", 1, 2)
    assert "User unknown" in mail.answer
    assert not take_bounce(parsed(filled(POSTFIX, mail.address, "<nobody@knows>")))


def test_a_delay_is_noted_and_nothing_else(world: World, template: str, post: Post) -> None:
    mail = sent(world, template)
    assert take_bounce(parsed(filled(POSTFIX_DELAYED, mail.address, mail.message_id)))
    mail.refresh_from_db()
    assert (mail.state, Bounce.objects.get().is_final) == ("sent", False)


def test_each_mail_can_have_a_return_address_of_its_own(world: World, template: str, post: Post, settings: Any) -> None:
    settings.BOUNCE_ADDRESS = "bounces+{}@example.org"
    mail = sent(world, template)
    back = return_address(mail)
    assert post.senders == [back]
    forged = back.replace("-", "-0", 1)[: len(back)]
    unknown = POSTFIX.replace("majlis@example.org", forged, 1)
    assert not take_bounce(parsed(filled(unknown, mail.address, "<x@y>")))
    assert take_bounce(
        parsed(filled(POSTFIX.replace("To: majlis@example.org", f"To: <{back}>", 1), mail.address, "<x@y>"))
    )
    assert Mail.objects.get(pk=mail.pk).state == "came_back"


def test_a_wrong_address_gets_no_more_until_it_is_settled(
    world: World, template: str, post: Post, client: Client
) -> None:
    mail = sent(world, template)
    take_bounce(parsed(filled(POSTFIX, mail.address, mail.message_id)))
    assert mail.account
    letter = Letter(mail.account, template, {"title": "Next", "body": "", "link": ""}, "test:2")
    batch = draft_batch(by=world.secretariat, kind="test.mail", scope="network", letters=[letter])
    send_batch(by=world.secretariat, batch=batch)
    assert actions.deliver_due() == 0
    assert (batch.mails.get().state, len(post.letters)) == ("failed", 1)
    client.force_login(world.secretariat)
    page = client.get("/outbox/bounces/").content.decode()
    assert "There is no such address." in page
    assert client.post(f"/outbox/bounces/{Bounce.objects.get().pk}/settle/").status_code == 302
    assert actions.try_again(by=world.secretariat, batch=batch) == 1
    assert actions.deliver_due() == 1
    assert client.post(f"/outbox/mails/{mail.pk}/settle/", {"act": "again"}).status_code == 302
    assert actions.deliver_due() == 1


def test_reports_come_by_upload(world: World, template: str, post: Post, client: Client) -> None:
    mail = sent(world, template)
    client.force_login(world.account())
    assert client.get("/outbox/bounces/").status_code == 403
    client.force_login(world.secretariat)

    def upload(content: bytes) -> Any:
        return client.post("/outbox/bounces/", {"report": SimpleUploadedFile("report.eml", content)})

    assert "This file is no report" in upload(filled(ABSENCE, mail.address)).content.decode()
    assert "names no mail that left from here" in upload(filled(POSTFIX, mail.address)).content.decode()
    assert upload(filled(POSTFIX, mail.address, mail.message_id)).status_code == 302
    assert Mail.objects.get(pk=mail.pk).state == "came_back"
    with pytest.raises(Refused):
        actions.upload_report(by=world.secretariat, content=b"x" * (2 * 2**20 + 1))


def test_reports_come_by_the_mailbox(world: World, template: str, post: Post, settings: Any) -> None:
    mail = sent(world, template)
    assert read_mailbox() == 0
    with imap_server() as url:
        settings.IMAP_URL = url
        put(url, filled(ABSENCE, mail.address), filled(POSTFIX, mail.address, mail.message_id))
        assert read_mailbox() == 2
        assert flags_of(url) == [False, True]
        assert read_mailbox() == 0
    assert Mail.objects.get(pk=mail.pk).state == "came_back"
    assert sorted(Incoming.objects.values_list("taken_by", "subject")) == [
        ("", "Out of office: Invitation"),
        ("bounce", ""),
    ]


def test_a_reader_that_stumbles_keeps_nobody_out(world: World, settings: Any) -> None:
    settings.MAILBOX_READERS = {"bad": "tests.outbox.test_bounces.stumbling"}
    with imap_server() as url:
        settings.IMAP_URL = url
        put(url, b"Subject: one\r\n\r\n1\r\n", b"Subject: two\r\n\r\n2\r\n")
        assert read_mailbox() == 2
    assert {row.fault for row in Incoming.objects.all()} == {"ValueError: no"}


def stumbling(message: object) -> bool:
    raise ValueError("no")
