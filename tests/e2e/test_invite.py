"""The step Invite in the browsers of those who answer and of the secretariat: in Arabic and French, on a phone, without script."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from majlis.accounts.models import Account
from majlis.dialogue.actions import plan_session
from majlis.dialogue.models import Dialogue, Partner, Step
from majlis.language.models import Text
from majlis.network.models import Person
from majlis.outbox.actions import deliver, send_batch
from majlis.outbox.models import Mail
from majlis.steps.invite import actions
from majlis.steps.invite.models import Invitation, RoleAgreement
from majlis.steps.invite.queries import delegation
from tests.e2e.conftest import PageIn, axe, is_too_wide
from tests.world import World

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"]),
]
LANGUAGES = pytest.mark.parametrize(("language", "city"), [("ar", "tn-gabès"), ("fr", "ma-agadir")])
WORDS = {
    "ar": {"comment": "نعم، مع الشكر", "title": "رئيسة مصلحة التشغيل", "challenge": "تشغيل الشباب في المدينة القديمة", "changed": "سوق أسبوعية"},
    "fr": {"comment": "Oui, avec plaisir", "title": "Cheffe du service emploi", "challenge": "Des emplois pour les jeunes", "changed": "Un marché"},
}  # fmt: skip


class Phone:
    """A phone of 320 pixels in somebody's hand, never signed in."""

    def __init__(self, page: Page, language: str, javascript: bool) -> None:
        self.page, self.language, self.javascript = page, language, javascript

    def opens(self, account: Account, kind: str, path: str = "") -> None:
        """Follow the link in the newest mail of a kind."""
        mail = Mail.objects.filter(account=account, batch__kind=kind).latest("pk")
        assert mail.state == Mail.State.SENT
        found = re.search(rf"^https?://[^/]+(/\S*{path}\S+)$", mail.body_text, re.M)
        assert found is not None, mail.body_text
        self.page.goto(found[1])
        self.looks()

    def looks(self) -> None:
        assert self.page.locator("html").get_attribute("lang") == self.language
        assert self.page.locator("html").get_attribute("dir") == ("rtl" if self.language == "ar" else "ltr")
        assert self.page.locator("h1").count() == 1
        if self.javascript:
            assert not is_too_wide(self.page)
            assert axe(self.page) == []

    def unfolds(self, words_in: str) -> None:
        self.page.locator(f"details:has({words_in}) > summary").first.click()

    def sends(self, form: str = "main form") -> None:
        self.page.locator(f"{form} button:not([name=keep])").first.click()
        self.looks()


@pytest.fixture
def ready(world: World) -> Iterator[Dialogue]:
    """Four cities whose partners are asked to agree; the mails are delivered."""
    dialogue = world.at(world.dialogue(4), Step.INVITE)
    words = Text.of({"en": "Plans for jobs", "ar": "خطط لفرص العمل", "fr": "Des plans pour l’emploi"})
    actions.write_concept_note(
        by=world.secretariat, dialogue=dialogue, goal=words, expected_outcome=words, roles=words, fields={},
        responsibilities={"case": "R"}, effort_hours=20,
    )  # fmt: skip
    for number in (1, 2):
        plan_session(
            by=world.secretariat, dialogue=dialogue, code=f"S{number}", starts_at=timezone.now() + timedelta(days=40 + number),
            title=Text.of({"en": f"Session {number}", "ar": f"الجلسة {number}", "fr": f"Séance {number}"}), minutes=120,
        )  # fmt: skip
    batch = actions.ask_agreement(by=world.secretariat, dialogue=dialogue)
    send_batch(by=world.secretariat, batch=batch)
    deliver_all()
    yield dialogue


def deliver_all() -> None:
    for number in Mail.objects.filter(state=Mail.State.QUEUED).values_list("pk", flat=True):
        deliver(mail_id=number)


def everybody_agrees(world: World, dialogue: Dialogue) -> None:
    for partner in dialogue.partners.exclude(role_agreement__answer="agreed"):
        actions.answer_roles(by=focal_of(partner), partner=partner, answer="agreed")


def focal_of(partner: Partner) -> Account:
    return Account.objects.get(person__city=partner.city, person__is_focal_point=True)


def invited(world: World, dialogue: Dialogue) -> None:
    everybody_agrees(world, dialogue)
    actions.invite_delegations(by=world.secretariat, dialogue=dialogue)
    actions.draft_invitations(by=world.secretariat, dialogue=dialogue)
    actions.send_invitations(by=world.secretariat, dialogue=dialogue)
    deliver_all()


@LANGUAGES
def test_the_focal_point_agrees_names_and_substitutes(
    page_in: PageIn, world: World, ready: Dialogue, language: str, city: str, javascript: bool
) -> None:
    partner, words = ready.partners.get(city__slug=city), WORDS[language]
    focal = focal_of(partner)
    phone = Phone(page_in(language, 320, javascript=javascript), language, javascript)
    page = phone.page

    phone.opens(focal, "invite.agreement")
    page.locator("[name=answer][value=agreed]").check()
    page.locator("[name=comment]").fill(words["comment"])
    phone.sends()
    agreement = RoleAgreement.objects.get(partner=partner)
    assert (agreement.answer, agreement.comment) == ("agreed", Text(language, words["comment"]))

    # A changed text asks again, only about the change.
    words_now = Text.of(
        {"en": "Plans for green jobs", "ar": "خطط لفرص العمل الخضراء", "fr": "Des plans pour l’emploi vert"}
    )
    same = Text.of({"en": "Plans for jobs", "ar": "خطط لفرص العمل", "fr": "Des plans pour l’emploi"})
    actions.write_concept_note(
        by=world.secretariat, dialogue=ready, goal=words_now, expected_outcome=same, roles=same, fields={},
        responsibilities={"case": "R"}, effort_hours=20,
    )  # fmt: skip
    send_batch(by=world.secretariat, batch=actions.ask_agreement(by=world.secretariat, dialogue=ready))
    deliver_all()
    phone.opens(focal, "invite.agreement")
    expect(page.locator(".difference")).to_have_count(1)
    expect(page.locator(".difference ins")).to_contain_text("الخضراء" if language == "ar" else "vert")
    page.locator("[name=answer][value=agreed]").check()
    phone.sends()
    invited(world, ready)

    phone.opens(focal, "invite.delegation", "delegation/")
    seat = page.locator("section:has(#seat-3)")
    seat.locator("[name=role_title]").fill(words["title"])
    seat.locator("[name=address]").fill("oasis@example.org")
    seat.locator("[name=organisation]").fill("Association")
    seat.locator("[name=actor_type]").select_option("ACT.NGO")
    seat.locator("button").click()
    phone.looks()
    expect(seat).to_contain_text(words["title"])
    assert Person.objects.get(account__email="oasis@example.org").city == partner.city

    seat = page.locator("section:has(#seat-2)")
    former = delegation(partner)[1].participant
    seat.locator("summary").click()
    seat.locator("[name=role_title]").fill(words["title"])
    seat.locator("[name=address]").fill("substitute@example.org")
    seat.locator("form button").click()
    phone.looks()
    expect(page.locator("section:has(#seat-2)")).to_contain_text("substitute@example.org")
    now = delegation(partner)[1].participant
    assert now == former
    assert now and now.person.account.email == "substitute@example.org"


@LANGUAGES
def test_a_person_answers_adds_a_challenge_and_changes_the_answer(
    page_in: PageIn, world: World, ready: Dialogue, language: str, city: str, javascript: bool
) -> None:
    invited(world, ready)
    account, words = focal_of(ready.partners.get(city__slug=city)), WORDS[language]
    phone = Phone(page_in(language, 320, javascript=javascript), language, javascript)
    page = phone.page
    phone.opens(account, "invite.invitation", "answer/")
    page.locator("[name=contribution_text]").fill(words["challenge"])
    if javascript:
        expect(page.locator(".kept")).not_to_be_empty()
    else:
        page.locator("[name=keep]").click()
    row = Invitation.objects.get(participant__person__account=account)
    assert (row.answer, row.draft["answer"]["contribution_text"]) == ("open", [words["challenge"]])
    phone.opens(account, "invite.invitation", "answer/")
    expect(page.locator("[name=contribution_text]")).to_have_value(words["challenge"])

    page.locator("[name=answer][value=yes]").check()
    page.locator("[name=contribution][value=challenge]").check()
    phone.unfolds("[name^=session-]")
    page.locator("[name^=session-]").last.select_option("tentative")
    phone.sends()
    row.refresh_from_db()
    assert (row.answer, row.contribution, row.contribution_text) == (
        "yes",
        "challenge",
        Text(language, words["challenge"]),
    )
    assert sorted(row.by_session.values_list("answer", flat=True)) == ["tentative", "yes"]

    # The page after it: what the programme needs.
    page.locator("[name=case_title]").fill(words["challenge"])
    page.locator("[name=theme_codes]").first.check()
    page.locator("[name=expectation]").fill(words["changed"])
    page.locator("[name=role_willing][value=case_giver]").check()
    page.locator("[name=connection][value=unstable]").check()
    for consent in ("consent_contact_list", "consent_recording"):
        page.locator(f"[name={consent}][value=no]").check()
    phone.sends()
    # The code of conduct was not ticked: what was typed is still there.
    expect(page.locator("[name=case_title]")).to_have_value(words["challenge"])
    page.locator("[name=consent_code_of_conduct]").check()
    phone.sends()
    row.refresh_from_db()
    assert (row.details["case_title"], row.details["connection"], row.draft) == (words["challenge"], "unstable", {})

    phone.opens(account, "invite.invitation", "answer/")
    page.locator("[name=contribution][value=practice]").check()
    page.locator("[name=contribution_text]").fill(words["changed"])
    phone.sends()
    row.refresh_from_db()
    assert (row.contribution, row.contribution_text.body) == ("practice", words["changed"])
    phone.opens(account, "invite.invitation", "answer/")
    page.locator("[name=answer][value=no]").check()
    phone.sends()
    row.refresh_from_db()
    assert (row.answer, row.sessions) == ("no", [])


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_secretariat_previews_sends_and_reminds(
    page_in: PageIn, world: World, ready: Dialogue, language: str, javascript: bool
) -> None:
    Account.objects.filter(role="secretariat").update(language=language)
    everybody_agrees(world, ready)
    page = page_in(language, 320, account=world.secretariat, javascript=javascript)
    phone = Phone(page, language, javascript)
    base = f"/dialogues/{ready.slug}/invite/"
    page.goto(base)
    phone.looks()
    page.locator("section.next .button").click()  # draft the invitations
    phone.looks()
    assert page.url.endswith("/invitations/send/")
    page.locator("main section a.button").first.click()  # look at them in every language
    phone.looks()
    for each in ("ar", "fr", "de"):
        assert page.locator(f"main a[href*='language={each}']").count() >= 1
    page.goto(f"{base}invitations/send/")
    page.locator("form.next button").click()
    phone.looks()
    assert Mail.objects.filter(batch__kind="invite.invitation", state=Mail.State.QUEUED).count() == 8
    deliver_all()
    first = Invitation.objects.order_by("pk")[0]
    actions.answer_invitation(by=first.participant.person.account, participant=first.participant, answer="no")
    page.goto(f"{base}registration/")
    phone.looks()
    page.locator("[name=reminder_days]").fill("14, 7")
    page.locator("[name=closes_on]").fill((timezone.now() + timedelta(days=30)).date().isoformat())
    phone.sends("main form.card")
    expect(page.locator(".reminders > li")).to_have_count(2)
    page.locator(f"form[action='{base}invitations/remind/'] button").click()
    phone.looks()
    reminders = Mail.objects.filter(batch__kind="invite.reminder")
    assert reminders.count() == 7
    assert first.participant.person.account not in {mail.account for mail in reminders}
