"""What people tell when they register: asked with who sees it, kept as a draft, shown to whom it is for, deleted in time."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from majlis.dialogue.models import Session
from majlis.journal.models import Entry
from majlis.language.models import Text
from majlis.steps.invite import actions
from majlis.steps.invite.models import Invitation, Registration
from majlis.steps.invite.rsvp import asked
from majlis.web.refused import NotNow, Refused
from tests.steps.invite.clients import ical_js
from tests.steps.invite.conftest import Inviting

pytestmark = pytest.mark.django_db

TOLD: dict[str, Any] = {
    "actor_type": "ACT.MUN", "languages_speak": ["ar", "fr"], "interpreting": ["ar_fr"], "case_title": "عمل الشباب",
    "theme_codes": ["LIV.02"], "role_willing": ["case_giver"], "expectation": "خطوة أولى", "connection": "unstable",
    "accessibility": "ترجمة نصية", "gender": "woman", "consent_contact_list": False, "consent_recording": True,
    "consent_code_of_conduct": True,
}  # fmt: skip


def coming(inviting: Inviting, **given: object) -> Invitation:
    inviting.invited()
    told: dict[str, Any] = {
        "answer": "yes", "sessions": [inviting.dialogue.sessions.get().pk], "contribution": "challenge",
        "contribution_text": Text("ar", "تشغيل الشباب"),
    } | given  # fmt: skip
    return actions.answer_invitation(link=inviting.link_of("ar"), **told)


def url_of(inviting: Inviting, page: str = "details/") -> str:
    return f"/dialogues/{inviting.dialogue.slug}/invite/answer/{inviting.link_of('ar').token}/{page}"


def as_typed(told: dict[str, Any]) -> dict[str, Any]:
    return {key: "yes" if value is True else "no" if value is False else value for key, value in told.items()}


def test_the_page_tells_who_sees_what_and_keeps_the_answers(inviting: Inviting, client: Client) -> None:
    coming(inviting)
    client.cookies["django_language"] = "en"
    page = client.get(url_of(inviting)).content.decode()
    for words in ("seen by everybody who takes part", "seen by the organisers only", "seen by the secretariat only"):
        assert words in page
    faulty = client.post(url_of(inviting), as_typed(TOLD | {"theme_codes": ["LIV.01", "LIV.02", "LIV.03", "GRN.01"]}))
    assert faulty.status_code == 422
    assert "خطوة أولى" in faulty.content.decode()
    assert client.post(url_of(inviting), as_typed(TOLD)).status_code == 302
    row = Invitation.objects.get(answer="yes")
    assert row.details == TOLD
    assert row.details_at is not None
    assert "ترجمة" not in str([entry.facts for entry in Entry.objects.all()])


def test_the_shown_name_is_the_name_from_then_on(inviting: Inviting, client: Client) -> None:
    row = coming(inviting)
    participant = row.participant
    assert row.shown_name == str(participant.person)
    typed = as_typed(TOLD | {"display_name": "منسقة الشباب", "consent_contact_list": True})
    assert client.post(url_of(inviting), typed).status_code == 302
    row = Invitation.objects.get(answer="yes")
    assert (row.shown_name, row.participant.person.account.name) == ("منسقة الشباب", "منسقة الشباب")
    assert "منسقة الشباب" in client.get(url_of(inviting, "")).content.decode()
    # A date that moves comes to their calendar under that name.
    inviting.session(hour=11)
    mail = actions.draft_updates(by=inviting.secretariat, dialogue=inviting.dialogue).mails.get(
        account=row.participant.person.account
    )
    (changed,) = ical_js(mail.calendar)
    assert [each["name"] for each in changed["events"][0]["attendees"]] == ["منسقة الشباب"]
    # Without it the role title is shown again; the name in their own settings stays theirs to change.
    assert client.post(url_of(inviting), as_typed(TOLD)).status_code == 302
    assert Invitation.objects.get(answer="yes").shown_name == str(participant.person)


@pytest.mark.parametrize("key", [key for key, field in asked().items() if field.is_required])
def test_nothing_required_can_be_left_out(inviting: Inviting, key: str) -> None:
    row = coming(inviting)
    with pytest.raises(Refused):
        actions.tell_details(
            details={each: value for each, value in TOLD.items() if each != key}, by=row.participant.person.account,
            participant=row.participant,
        )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"theme_codes": ["XXX.01"]}, {"connection": ["good", "unstable"]}, {"gender": "cat"}, {"expectation": "x" * 301},
        {"consent_code_of_conduct": False}, {"case_title": " "}, {"consent_recording": "yes"},
    ],
)  # fmt: skip
def test_what_is_not_in_the_list_is_refused(inviting: Inviting, wrong: dict[str, Any]) -> None:
    row = coming(inviting)
    with pytest.raises(Refused):
        actions.tell_details(details=TOLD | wrong, by=row.participant.person.account, participant=row.participant)
    assert Invitation.objects.get(pk=row.pk).details == {}


def test_fields_that_nobody_asks_for_change_nothing(inviting: Inviting, client: Client) -> None:
    """Abuse 23: role, answer, approval, another's participant, sent along with the form."""
    row = coming(inviting)
    person, account = row.participant.person, row.participant.person.account
    other = inviting.dialogue.participants.exclude(pk=row.participant_id)[0]
    extra = {
        "role": "secretariat", "is_staff": "1", "is_focal_point": "1", "participant": other.pk, "approval": "approved", "answer": "no",
        "seat": "3", "email": "x@example.org", "sent_at": "2020-01-01", "details": "{}", "municipality": "ma-agadir",
    }  # fmt: skip
    assert client.post(url_of(inviting), as_typed(TOLD) | extra).status_code == 302
    person.refresh_from_db()
    account.refresh_from_db()
    kept = Invitation.objects.get(pk=row.pk)
    assert kept.details == TOLD
    assert (kept.answer, kept.approval, account.role, account.email) == (
        "yes",
        "approved",
        "practitioner",
        row.participant.person.account.email,
    )
    assert (person.seat, person.is_focal_point, person.city) == (
        row.participant.person.seat, row.participant.person.is_focal_point, row.participant.person.city,
    )  # fmt: skip
    assert Invitation.objects.get(participant=other).details == {}


def test_only_who_comes_is_asked(inviting: Inviting, client: Client) -> None:
    inviting.invited()
    assert client.get(url_of(inviting)).status_code == 302
    row = Invitation.objects.get(participant__person__account=inviting.link_of("ar").account)
    with pytest.raises(NotNow):
        actions.tell_details(details=TOLD, by=row.participant.person.account, participant=row.participant)


def test_a_draft_is_kept_while_typing_and_by_pressing_a_button(inviting: Inviting, client: Client) -> None:
    inviting.invited()
    url, session = url_of(inviting, ""), inviting.dialogue.sessions.get()
    typed = {"answer": "yes", "contribution_text": "سوق المزارعين", "keep": "draft"}
    assert client.post(url, typed, headers={"X-Draft": "1"}).status_code == 204
    row = Invitation.objects.get(participant__person__account=inviting.link_of("ar").account)
    assert (row.answer, row.draft["answer"]["contribution_text"]) == ("open", ["سوق المزارعين"])
    assert "سوق المزارعين" in client.get(url).content.decode()
    assert client.post(url, typed | {"contribution_text": "سوق أخرى"}).status_code == 302
    assert "سوق أخرى" in client.get(url).content.decode()
    done = typed | {"contribution": "both", "keep": "", f"session-{session.pk}": ""}
    assert client.post(url, done).status_code == 302
    row.refresh_from_db()
    assert (row.answer, row.contribution, row.draft) == ("yes", "both", {})
    details = url_of(inviting)
    assert (
        client.post(details, {"keep": "draft", "theme_codes": ["LIV.01", "LIV.02"], "expectation": "خطوة"}).status_code
        == 302
    )
    page = client.get(details).content.decode()
    assert "خطوة" in page
    assert page.count("checked") >= 2


def test_sensitive_answers_are_deleted_when_the_time_has_come(inviting: Inviting) -> None:
    row = coming(inviting)
    actions.tell_details(details=TOLD, by=row.participant.person.account, participant=row.participant)
    Registration.objects.create(dialogue=inviting.dialogue, delete_after_days=10)
    end = Session.objects.get().starts_at + timedelta(minutes=150, days=10)
    assert actions.delete_restricted(now=end - timedelta(minutes=1)) == 0
    assert actions.delete_restricted(now=end + timedelta(minutes=1)) == 1
    row.refresh_from_db()
    assert set(TOLD) - set(row.details) == {"accessibility", "gender"}
    assert actions.delete_restricted(now=end + timedelta(days=1)) == 0


def test_answers_session_by_session(inviting: Inviting, client: Client) -> None:
    inviting.session("S2", hour=13)
    inviting.invited()
    first, second = inviting.dialogue.sessions.order_by("pk")
    url = url_of(inviting, "")
    typed = {"answer": "yes", "contribution": "practice", "contribution_text": "سوق", f"session-{first.pk}": "no"}
    assert client.post(url, typed | {f"session-{second.pk}": "no"}).status_code == 422
    assert client.post(url, typed | {f"session-{second.pk}": "tentative"}).status_code == 302
    row = Invitation.objects.get(answered_at__isnull=False)
    assert dict(row.by_session.values_list("session_id", "answer")) == {first.pk: "no", second.pk: "tentative"}
    assert (row.answer, row.sessions) == ("tentative", [second.pk])


def test_before_it_opens_and_after_it_has_closed(inviting: Inviting) -> None:
    inviting.invited()
    now, link = timezone.now(), inviting.link_of("ar")
    window = Registration.objects.create(dialogue=inviting.dialogue, opens_at=now + timedelta(days=1))
    told: dict[str, Any] = {
        "sessions": [inviting.dialogue.sessions.get().pk], "contribution": "practice", "contribution_text": Text("ar", "سوق"),
    }  # fmt: skip
    with pytest.raises(NotNow, match="opens on"):
        actions.answer_invitation(link=link, answer="yes", **told)
    window.opens_at, window.closes_at = None, now - timedelta(days=1)
    window.save()
    with pytest.raises(NotNow, match="closed on"):
        actions.answer_invitation(link=link, answer="yes", **told)
    assert actions.answer_invitation(link=link, answer="no").answer == "no"
