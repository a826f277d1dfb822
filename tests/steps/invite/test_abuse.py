"""Abuse cases 8, 9, 10 and 22 of the quality paper through the step's own pages: what a focal point and the secretariat type.

Cases 4 and 5 stand in test_links.py, case 11 in tests/web/test_exports.py, the rules behind 8, 9 and 22 in tests/outbox.
"""

from email import message_from_bytes, policy
from typing import Any

import pytest
from django.test import Client

from majlis.accounts.models import ActionLink
from majlis.dialogue.models import Session
from majlis.network.models import Person
from majlis.outbox.courier import composed
from majlis.outbox.models import Mail
from majlis.outbox.rules import ADDRESS, SENDER
from majlis.steps.invite import actions
from tests.steps.invite.clients import ical_js
from tests.steps.invite.conftest import Inviting

pytestmark = pytest.mark.django_db
HOSTILE = [
    "Head\r\nBcc: everybody@example.org", "Head\nTo: everybody@example.org", 'Head"\r\nATTENDEE:mailto:evil@example.org',
    "Head\u2028METHOD:CANCEL", "Head\u2029STATUS:CANCELLED", 'Head";PARTSTAT=ACCEPTED:mailto:evil@example.org',
    "Head\\nEND:VEVENT", "\u202egro.elpmaxe@daeH", "=?utf-8?q?Head=0D=0ABcc:_all@example.org?=", "{{ link }} {% load x %} %(link)s",
    "<a href='https://evil.example'>Head</a>",
]  # fmt: skip


def delegation_of(inviting: Inviting) -> str:
    """The address behind a focal point's link: nobody is signed in there."""
    actions.invite_delegations(by=inviting.secretariat, dialogue=inviting.dialogue)
    actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    link = ActionLink.objects.filter(act="invite.delegate", revoked_at=None, account__language="ar").get()
    return f"/dialogues/{inviting.dialogue.slug}/invite/delegation/{link.token}/"


def named(seat: int, address: str, role_title: str = "Head") -> dict[str, Any]:
    return {"act": str(seat), "role_title": role_title, "address": address, "language": "en"}


def test_abuse_8_a_focal_point_cannot_fill_boxes_by_naming_people(inviting: Inviting, client: Client) -> None:
    """By substituting over and over, a stranger each time; and one stranger, spelt differently, again and again."""
    inviting.agreed()
    url = delegation_of(inviting)
    for number in range(SENDER.count):
        assert client.post(url, named(2, f"stranger{number}@town.example")).status_code == 302
    people, mails = Person.objects.count(), Mail.objects.count()
    refused = client.post(url, named(2, "one-more@town.example"))
    assert (refused.status_code, "one-more@town.example" in refused.content.decode()) == (422, True)
    assert (Person.objects.count(), Mail.objects.count()) == (people, mails)
    assert not Mail.objects.filter(address__startswith="stranger").exists(), "nobody is written to who was only named"


def test_abuse_8_one_stranger_is_not_written_to_at_will(inviting: Inviting, client: Client) -> None:
    inviting.agreed()
    url = delegation_of(inviting)
    for number in range(ADDRESS.count):
        client.post(url, named(2, f"victim+{number}@town.example"))
    refused = client.post(url, named(2, "VICTIM+x@town.example"))
    assert refused.status_code == 422
    assert not Person.objects.filter(account__email="victim+x@town.example").exists()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_abuse_9_and_10_a_hostile_role_title_reaches_no_header_and_no_calendar(
    inviting: Inviting, client: Client, hostile: str
) -> None:
    """Typed by a focal point on the page of the delegation; read in the invitation as it leaves, by parsers not ours."""
    inviting.agreed()
    assert client.post(delegation_of(inviting), named(2, "substitute@town.example", hostile)).status_code == 302
    batch = actions.draft_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    mail = batch.mails.get(address="substitute@town.example")
    message = message_from_bytes(composed(mail).as_bytes(), policy=policy.default)
    assert (message.get_all("To"), message["Cc"], message["Bcc"]) == (["substitute@town.example"], None, None)
    assert len(message.get_all("Subject") or []) == 1
    assert "<a href='https://evil" not in mail.body_html
    (invited,) = ical_js(mail.calendar)
    assert (invited["method"], invited["parts"]) == ("REQUEST", ["vevent"])
    (event,) = invited["events"]
    assert [(each["address"], each["answered"]) for each in event["attendees"]] == [
        ("mailto:substitute@town.example", "NEEDS-ACTION")
    ]
    assert (event["status"], event["sequence"]) == ("CONFIRMED", 0)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_abuse_9_and_10_a_hostile_session_reaches_no_header_and_no_calendar(
    inviting: Inviting, client: Client, hostile: str
) -> None:
    """Typed on the page that plans sessions; read in the invitation and in the public calendar."""
    inviting.note()
    client.force_login(inviting.secretariat)
    slug = inviting.dialogue.slug
    plan = {
        "code": "S1", "title": hostile, "title_language": "en", "day": "2027-03-02", "begins": "10:00", "minutes": "90",
        "kind": "exchange", "agenda": "", "capacity": "", "join_url": "https://meet.example.org/jobs",
    }  # fmt: skip
    assert client.post(f"/dialogues/{slug}/sessions/", plan).status_code == 302
    inviting.ask()
    for link in inviting.links("invite.agree"):
        actions.answer_roles(link=link, answer="agreed")
    batch = actions.draft_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    mail = batch.mails.filter(language="en").first() or batch.mails.all()[0]
    message = message_from_bytes(composed(mail).as_bytes(), policy=policy.default)
    assert (message.get_all("To"), message["Bcc"], len(message.get_all("Subject") or [])) == ([mail.address], None, 1)
    session = Session.objects.get()
    for stream in (mail.calendar, client.get(f"/dialogues/{slug}/invite/sessions.ics").content.decode()):
        (read,) = ical_js(stream)
        (event,) = read["events"]
        assert (read["method"] in {"REQUEST", "PUBLISH"}, read["parts"]) == (True, ["vevent"])
        assert (event["uid"], event["status"], event["starts_at"]) == (
            f"{session.calendar_uid}@majlis", "CONFIRMED", session.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        )  # fmt: skip
        assert {each["address"] for each in event["attendees"]} <= {f"mailto:{mail.address}"}


def test_abuse_22_no_link_of_an_invitation_takes_its_host_from_a_request(
    inviting: Inviting, client: Client, settings: Any
) -> None:
    """Drafted and asked for by pages that were called under another name; the mails and calendars know the setting only."""
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    forged = {"host": "other.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
    inviting.agreed()
    client.force_login(inviting.secretariat)
    slug = inviting.dialogue.slug
    for path in ("delegations/invite/", "invitations/draft/"):
        assert client.post(f"/dialogues/{slug}/invite/{path}", headers=forged).status_code == 302
    mails = Mail.objects.filter(batch__kind__in=["invite.delegation", "invite.invitation"])
    assert mails.count() == 6
    for mail in mails:
        told = mail.body_text + mail.body_html + mail.calendar
        assert (settings.PUBLIC_URL in told, "other.example" in told, "evil.example" in told) == (True, False, False)
    own = client.get(f"/dialogues/{slug}/invite/sessions.ics", headers=forged).content.decode()
    assert ("other.example" in own, "evil.example" in own) == (False, False)
