"""The focal point's whole way through a dialogue by the links in its mails: in Arabic, on a phone, never signing in."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from majlis.accounts.models import Account
from majlis.dialogue.actions import plan_session
from majlis.dialogue.models import Dialogue, Session, Step
from majlis.language.models import Text
from majlis.network.actions import ask_intake
from majlis.network.models import Statement
from majlis.outbox.actions import deliver, send_batch
from majlis.outbox.models import Batch, Mail
from majlis.steps.define import actions as define
from majlis.steps.define.models import Consent
from majlis.steps.enable.models import Attendance
from majlis.steps.evaluate import actions as evaluate
from majlis.steps.evaluate.models import Response
from majlis.steps.invite import actions as invite
from majlis.steps.invite.models import Invitation, RoleAgreement
from tests.e2e.conftest import PageIn, axe, is_too_wide
from tests.world import World

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"]),
]


def link_to(account: Account, kind: str, language: str = "ar") -> str:
    """The link in the newest mail of a kind, as its reader finds it."""
    mail = Mail.objects.filter(account=account, batch__kind=kind).latest("pk")
    assert mail.state == Mail.State.SENT
    assert mail.language == language
    found = re.search(r"^https?://[^/]+(/\S+)$", mail.body_text, re.M)
    assert found is not None, mail.body_text
    return found[1]


def send(world: World, batch: Batch) -> None:
    send_batch(by=world.secretariat, batch=batch)
    for number in batch.mails.values_list("pk", flat=True):
        deliver(mail_id=number)


def looked_at(page: Page, javascript: bool) -> None:
    """What holds on every page of this way: Arabic, right to left, narrow enough, accessible."""
    assert page.locator("html").get_attribute("dir") == "rtl"
    if javascript:
        assert not is_too_wide(page)
        assert axe(page) == []


@pytest.fixture
def focal(world: World) -> Account:
    """The focal point of Gabès, in a dialogue of four cities."""
    world.dialogue(4)
    return Account.objects.get(person__city__slug="tn-gabès", person__is_focal_point=True)


def dialogue_at(world: World, step: Step) -> Dialogue:
    return world.at(Dialogue.objects.get(), step)


def test_needs_and_visions(page_in: PageIn, world: World, focal: Account, javascript: bool) -> None:
    assert focal.person.city is not None
    Statement.objects.filter(city=focal.person.city).delete()
    send(world, ask_intake(by=world.secretariat, cities=[focal.person.city]))
    page = page_in("ar", 320, javascript=javascript)
    page.goto(link_to(focal, "network.intake"))
    looked_at(page, javascript)
    areas = page.locator("textarea:visible")
    areas.nth(0).fill("نحتاج إلى خطة تخلق مواطن شغل خضراء")
    areas.nth(1).fill("قابس واحة ساحلية متصالحة مع بيئتها")
    page.locator("button.big").click()
    expect(page.locator("body")).to_contain_text("قابس واحة ساحلية")
    kept = {each.kind: each.text for each in Statement.objects.filter(city=focal.person.city)}
    assert kept == {
        "need": Text("ar", "نحتاج إلى خطة تخلق مواطن شغل خضراء"),
        "vision": Text("ar", "قابس واحة ساحلية متصالحة مع بيئتها"),
    }


def test_dots_an_objection_and_consent(page_in: PageIn, world: World, focal: Account, javascript: bool) -> None:
    dialogue = dialogue_at(world, Step.DEFINE)
    topics = define.propose_topics(by=world.secretariat, dialogue=dialogue)
    send(world, define.ask_consent(by=world.secretariat, dialogue=dialogue))
    page = page_in("ar", 320, javascript=javascript)
    page.goto(link_to(focal, "define.consent"))
    looked_at(page, javascript)
    page.locator(f"[name=dots-{topics[0].pk}]").fill("3")
    page.locator("[name=answer][value=object]").check()
    page.locator("button.big").click()
    # An objection without a reason: said so, and the dots are still there.
    expect(page.locator(f"[name=dots-{topics[0].pk}]")).to_have_value("3")
    assert not Consent.objects.exists()
    page.locator("[name=reason]").fill("ينقص موضوع المياه")
    page.locator("button.big").click()
    expect(page.locator("[role=status], .note").first).to_be_visible()
    consent = Consent.objects.get()
    assert (consent.answer, consent.reason.body) == ("object", "ينقص موضوع المياه")
    page.goto(link_to(focal, "define.consent"))
    page.locator("[name=answer][value=agree]").check()
    page.locator("button.big").click()
    expect(page.locator("[name=answer][value=agree]")).to_be_checked()
    assert Consent.objects.get().answer == "agree"


def ready_to_invite(world: World) -> Dialogue:
    dialogue = dialogue_at(world, Step.INVITE)
    words = Text.of({"en": "Plans for jobs", "ar": "خطط لفرص العمل"})
    invite.write_concept_note(
        by=world.secretariat, dialogue=dialogue, goal=words, expected_outcome=words, roles=words, fields={}
    )
    plan_session(
        by=world.secretariat, dialogue=dialogue, code="S1", title=Text.of({"en": "Opening", "ar": "الافتتاح"}),
        starts_at=timezone.now() + timedelta(days=30), minutes=150,
    )  # fmt: skip
    send(world, invite.ask_agreement(by=world.secretariat, dialogue=dialogue))
    return dialogue


def test_roles_then_invitation(page_in: PageIn, world: World, focal: Account, javascript: bool) -> None:
    dialogue = ready_to_invite(world)
    page = page_in("ar", 320, javascript=javascript)
    page.goto(link_to(focal, "invite.agreement"))
    looked_at(page, javascript)
    page.locator("[name=answer][value=agreed]").check()
    page.locator("main form button").last.click()
    expect(page.locator(".success").first).to_be_visible()
    assert RoleAgreement.objects.get(partner__city=focal.person.city).answer == "agreed"

    for partner in dialogue.partners.exclude(city=focal.person.city):
        theirs = Account.objects.get(person__city=partner.city, person__is_focal_point=True)
        invite.answer_roles(by=theirs, partner=partner, answer="agreed")
    invite.draft_invitations(by=world.secretariat, dialogue=dialogue)
    invite.send_invitations(by=world.secretariat, dialogue=dialogue)
    for number in Mail.objects.filter(state=Mail.State.QUEUED).values_list("pk", flat=True):
        deliver(mail_id=number)
    page.goto(link_to(focal, "invite.invitation"))
    looked_at(page, javascript)
    page.locator("[name=answer][value=yes]").check()
    page.locator("[name=contribution_text]").fill("سوق أسبوعية للمنتجات المحلية")
    page.locator("main form button:not([name=keep])").click()
    # Whether it is a practice or a challenge was not said: what was typed stays.
    expect(page.locator("[name=contribution_text]")).to_have_value("سوق أسبوعية للمنتجات المحلية")
    page.locator("[name=contribution][value=practice]").check()
    page.locator("main form button:not([name=keep])").click()
    expect(page.locator(".success").first).to_be_visible()
    invitation = Invitation.objects.get(participant__person=focal.person)
    assert (invitation.answer, invitation.contribution) == ("yes", "practice")
    assert invitation.contribution_text == Text("ar", "سوق أسبوعية للمنتجات المحلية")


def test_the_survey(page_in: PageIn, world: World, focal: Account, javascript: bool) -> None:
    dialogue = ready_to_invite(world)
    world.at(dialogue, Step.EVALUATE)
    session = dialogue.sessions.get()
    Session.objects.update(state=Session.State.HELD)
    for participant in dialogue.participants.all():
        Attendance.objects.create(session=session, participant=participant, joined_at=timezone.now())
    survey = evaluate.open_survey(by=world.secretariat, dialogue=dialogue)
    send(world, evaluate.ask_survey(by=world.secretariat, survey=survey))
    page = page_in("ar", 320, javascript=javascript)
    page.goto(link_to(focal, "evaluate.survey"))
    looked_at(page, javascript)
    page.locator("[name=goal][value='4']").check()
    page.locator("main form button").last.click()
    expect(page.locator("h1")).to_be_visible()
    assert [response.answers for response in Response.objects.all()] == [{"goal": 4}]
