"""The step Define in a browser, in Arabic and German, on a phone: propose, merge, undo, vote, object, change, consent, gate."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.outbox.models import Batch, Mail
from majlis.steps.define import actions
from majlis.steps.define.models import Consent, Objection, Proposal, Vote
from majlis.steps.define.rules import standing
from tests.e2e.conftest import PageIn, axe, is_too_wide
from tests.e2e.desk import deliver_queued
from tests.world import World

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.parametrize("language", ["ar", "de"]),
    pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"]),
]
SPEAKS_FOR = {"ar": "tn-gabès", "de": "de-dortmund"}
NAMES = {"ar": "الماء والعمل", "de": "Wasser und Arbeit"}
REASON = {"ar": "ينقص موضوع المياه", "de": "Das Wasser fehlt"}
REPLY = {"ar": "أضفنا الماء إلى الاسم", "de": "Das Wasser steht jetzt im Namen"}


class Phone:
    """A browser on a phone: what is opened and pressed in it, and what holds on every page."""

    def __init__(self, page: Page, language: str, javascript: bool) -> None:
        self.page, self.language, self.javascript = page, language, javascript

    def opens(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None and answer.status == 200, path
        self.looks()

    def looks(self) -> None:
        html = self.page.locator("html")
        expect(html).to_have_attribute("lang", self.language)
        expect(html).to_have_attribute("dir", "rtl" if self.language == "ar" else "ltr")
        if self.javascript:
            assert not is_too_wide(self.page)
            assert axe(self.page) == []

    def press(self, button: str | Locator) -> None:
        found = self.page.locator(button).first if isinstance(button, str) else button
        with self.page.expect_navigation():
            found.click()
        self.looks()

    def changes(self, form: str, *seen: str) -> None:
        """Look at what the form's change would do, then do it."""
        found = self.page.locator(form)
        if self.javascript:
            expect(found.locator("[data-effect] .effect")).to_be_visible()
            assert axe(self.page) == []
            for words in seen:
                expect(found.locator("[data-effect]")).to_contain_text(words)
            self.press(found.locator(".acts button").first)
        else:
            self.press(found.locator("[name=look]"))
            for words in seen:
                expect(self.page.locator(".effect")).to_contain_text(words)
            self.press("main form.acts button")


@pytest.fixture
def dialogue(world: World) -> Dialogue:
    return world.at(world.dialogue(4), Step.DEFINE)


@pytest.fixture
def desk(page_in: PageIn, world: World, language: str, javascript: bool) -> Phone:
    return Phone(page_in(language, 320, account=world.secretariat, javascript=javascript), language, javascript)


def url(dialogue: Dialogue, more: str = "") -> str:
    return f"/dialogues/{dialogue.slug}/define/{more}"


def sends(world: World, kind: str = "define.consent") -> dict[int, Mail]:
    """Send the newest drafts of a kind as the secretariat does; gives each account's mail."""
    from majlis.outbox.actions import send_batch

    batch = Batch.objects.filter(kind=kind).latest("pk")
    send_batch(by=world.secretariat, batch=batch)
    deliver_queued(batch, batch.mails.count())
    return {mail.account_id or 0: mail for mail in batch.mails.all()}


def link_in(mail: Mail) -> str:
    found = re.search(r"^https?://[^/]+(/\S+)$", mail.body_text, re.M)
    assert found is not None, mail.body_text
    return found[1]


def test_propose_look_merge_undo_order_and_name(desk: Phone, dialogue: Dialogue, language: str) -> None:
    page = desk.page
    desk.opens(url(dialogue))
    desk.press("section.next .acts button")
    expect(page.locator("progress")).to_be_visible()
    assert not dialogue.topics.exists()
    actions.work_off(proposal_id=Proposal.objects.get().pk)
    if desk.javascript:
        expect(page.locator("section.topic")).to_have_count(2)
    else:
        desk.press("section.next .acts a")
    expect(page.locator("section.topic")).to_have_count(2)
    desk.looks()
    one, two = dialogue.topics.all()

    desk.opens(url(dialogue, "list/"))
    page.locator(f"#merge [name=topic][value='{one.pk}']").check()
    page.locator(f"#merge [name=topic][value='{two.pk}']").check()
    desk.changes("#merge form", "4")
    assert [topic.pk for topic in dialogue.topics.all()] == [one.pk]
    expect(page.locator("#last-change")).to_be_visible()
    desk.press("#last-change form button")
    assert list(dialogue.topics.all()) == [one, two]

    desk.opens(url(dialogue, "list/"))
    page.locator(f"#down-{one.pk}").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert list(dialogue.topics.all()) == [two, one]

    desk.opens(url(dialogue, f"topics/{one.pk}/"))
    page.locator(f"[name=name_{language}]").fill(NAMES[language])
    desk.press("#change form > button")
    one.refresh_from_db()
    assert one.name.in_all()[language] == NAMES[language]
    expect(page.locator("h2").first).to_contain_text(NAMES[language])

    page.locator(f"[name=baseline-{one.pk}-code]").select_option("I08")
    page.locator(f"[name=baseline-{one.pk}-value]").fill("3")
    desk.press("#baseline form > button")
    # A value without its day: said so, and what was chosen is still there.
    expect(page.locator(f"[name=baseline-{one.pk}-code]")).to_have_value("I08")
    page.locator(f"[name=baseline-{one.pk}-on]").fill("2026-06-30")
    desk.press("#baseline form > button")
    one.refresh_from_db()
    assert (one.baseline_code, float(one.baseline_value or 0)) == ("I08", 3.0)


def test_split_remove_and_ties(desk: Phone, dialogue: Dialogue, world: World) -> None:
    page = desk.page
    one, two = actions.propose_topics(by=world.secretariat, dialogue=dialogue)
    said = list(one.statements.all())
    desk.opens(url(dialogue, f"topics/{one.pk}/"))
    page.locator("#split summary").click()
    page.locator(f"#split [name=statement][value='{said[0].pk}']").check()
    page.locator("#split-name").fill(NAMES[desk.language])
    desk.changes("#split form")
    assert dialogue.topics.count() == 3
    made = dialogue.topics.last()
    assert made is not None and list(made.statements.all()) == [said[0]]
    desk.opens(url(dialogue, f"topics/{made.pk}/"))
    page.locator("#remove summary").click()
    if desk.javascript:
        page.locator("#remove [name=look]").click()
    desk.changes("#remove form")
    assert list(dialogue.topics.all()) == [one, two]
    desk.opens(url(dialogue, "statements/?only=untied"))
    page.locator(f"[value='{one.pk}-{said[0].pk}']").check()
    desk.changes("#ties form")
    assert set(one.statements.all()) == set(said)


def test_vote_object_change_consent_and_gate(
    desk: Phone, page_in: PageIn, dialogue: Dialogue, world: World, language: str, javascript: bool
) -> None:
    topics = actions.propose_topics(by=world.secretariat, dialogue=dialogue)
    desk.opens(url(dialogue))
    desk.press("section.next .acts button")
    mails = sends(world)
    focal = Account.objects.get(person__city__slug=SPEAKS_FOR[language], person__is_focal_point=True)
    city = Phone(page_in(language, 320, javascript=javascript), language, javascript)

    city.opens(link_in(mails[focal.pk]))
    gives_dots(city, f"dots-{topics[0].pk}", 3)
    city.page.locator("[name=answer][value=object]").check()
    city.press("button.big")
    expect(city.page.locator(f"[name=dots-{topics[0].pk}]")).to_have_value("3")
    assert not Consent.objects.exists()
    city.page.locator("[name=reason]").fill(REASON[language])
    city.press("button.big")
    assert (Vote.objects.get().dots, Objection.objects.get().reason.body) == (3, REASON[language])
    expect(city.page.locator(".results")).to_be_visible()

    desk.opens(url(dialogue))
    expect(desk.page.locator(".gate .no")).to_have_count(2)
    desk.press("section.next .acts a")
    raised = desk.page.locator(".objection")
    expect(raised).to_contain_text(REASON[language])
    actions.rename_topic(by=world.secretariat, topic=topics[0], name=topics[0].name.rewritten(NAMES[language]))
    desk.opens(url(dialogue, "answers/"))
    raised.locator("textarea").fill(REPLY[language])
    raised.locator("[type=checkbox]").check()
    desk.press(raised.locator("form > button"))
    assert Objection.objects.get().state == "changed"
    expect(raised).to_contain_text(REPLY[language])
    assert REPLY[language] in sends(world, "define.reply")[focal.pk].body_text

    desk.opens(url(dialogue))
    desk.press("section.next .acts button")
    asked = sends(world)
    assert NAMES[language] in asked[focal.pk].body_text
    city.opens(link_in(asked[focal.pk]))
    expect(city.page.locator("section.next .changes li")).to_have_count(1)
    expect(city.page.locator("section.next .changes")).to_contain_text(NAMES[language])
    city.page.locator("[name=answer][value=agree]").check()
    city.press("button.big")
    for partner in standing(dialogue).unanswered:
        theirs = Account.objects.get(person__city=partner.city, person__is_focal_point=True)
        actions.consent(by=theirs, partner=partner, answer="live_with")
    desk.opens(url(dialogue))
    expect(desk.page.locator(".gate .no")).to_have_count(0)
    with desk.page.expect_navigation():
        desk.page.locator("section.next .acts button").click()
    assert StepRecord.objects.get(dialogue=dialogue, step=Step.DEFINE).state == StepRecord.State.DONE
    assert desk.page.url.endswith(f"/dialogues/{dialogue.slug}/invite/")
    # What was decided can still be read; the tools are gone.
    desk.opens(url(dialogue))
    expect(desk.page.locator("main form")).to_have_count(0)


def gives_dots(phone: Phone, field: str, count: int) -> None:
    """With a script by the plus beside the number, without it by typing."""
    if not phone.javascript:
        phone.page.locator(f"[name={field}]").fill(str(count))
        return
    for _dot in range(count):
        phone.page.locator(f".stepper:has([name={field}]) [data-step='1']").click()
    expect(phone.page.locator("[data-left]")).to_contain_text("2")


def test_dragging_does_what_the_arrows_do(
    page_in: PageIn, dialogue: Dialogue, world: World, language: str, javascript: bool
) -> None:
    if not javascript:
        pytest.skip("there is nothing to drag without a script")
    one, two = actions.propose_topics(by=world.secretariat, dialogue=dialogue)
    page = page_in(language, 1280, account=world.secretariat)
    page.goto(url(dialogue, "list/"))
    first, second = page.locator(f"[data-topic='{one.pk}']"), page.locator(f"[data-topic='{two.pk}']")
    with page.expect_navigation():
        first.drag_to(second, target_position={"x": 40, "y": 40})
    assert list(dialogue.topics.all()) == [two, one]
