"""Clustering in a browser: intake by the link in a mail, weights with their effect, a move by keyboard, adopting.

In Arabic on a phone and in German on a desk, with script and without.
"""

import pytest
from playwright.sync_api import Locator, Page, expect

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, StepRecord
from majlis.language.models import Text
from majlis.network.models import Statement
from majlis.outbox.actions import deliver, send_batch
from majlis.outbox.models import Batch, Mail
from majlis.steps.cluster import actions
from majlis.steps.cluster.models import Place, Proposal
from tests.e2e.conftest import PageIn, axe, is_too_wide
from tests.e2e.test_focal_point import link_to
from tests.world import World

pytestmark = [pytest.mark.e2e]
BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
PATIENTLY = 90_000  # a worker that has just started loads what it needs first (milliseconds)
SPEAKS_FOR = {"ar": "tn-gabès", "de": "de-dortmund"}
SAID = {
    "ar": ("نحتاج إلى خطة تخلق مواطن شغل خضراء", "قابس واحة ساحلية متصالحة مع بيئتها"),
    "de": ("Wir brauchen Läden in der Innenstadt", "Eine Stadt, in der junge Leute bleiben"),
}
READERS = pytest.mark.parametrize(("language", "width"), [("ar", 320), ("de", 1280)])


def looked_at(page: Page, language: str, javascript: bool) -> None:
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert not is_too_wide(page)
    if javascript:
        assert axe(page) == []


def opened(summary: Locator) -> None:
    """Open a folded part by keyboard, unless it is open."""
    if summary.locator("xpath=..").get_attribute("open") is None:
        summary.focus()
        summary.press("Enter")


@pytest.fixture
def dialogue(world: World) -> Dialogue:
    return world.dialogue(6)


@READERS
@BOTH
def test_who_is_missing_is_asked_and_answers_by_the_link(
    page_in: PageIn, world: World, dialogue: Dialogue, language: str, width: int, javascript: bool
) -> None:
    slug = SPEAKS_FOR[language]
    Statement.objects.filter(city__slug=slug).delete()
    desk = page_in(language, width, account=world.secretariat, javascript=javascript)
    desk.goto(f"/dialogues/{dialogue.slug}/cluster/")
    looked_at(desk, language, javascript)
    desk.locator("form[action$='cluster/remind/'] button").click()
    batch = Batch.objects.get(kind="network.intake")
    assert desk.url.endswith(f"/outbox/batches/{batch.pk}/")
    send_batch(by=world.secretariat, batch=batch)
    for number in batch.mails.values_list("pk", flat=True):
        deliver(mail_id=number)

    # The mail speaks the language of its reader, who has no session here.
    focal = Account.objects.get(person__city__slug=slug, person__is_focal_point=True)
    assert Mail.objects.get(account=focal).language == language
    phone = page_in(language, 320, javascript=javascript)
    phone.goto(link_to(focal, "network.intake", language))
    looked_at(phone, language, javascript)
    areas = phone.locator("textarea:visible")
    for number, words in enumerate(SAID[language]):
        areas.nth(number).fill(words)
    phone.locator("button.big").click()
    expect(phone.locator(".success").first).to_be_visible()
    said = {each.kind: each.text for each in Statement.objects.filter(city__slug=slug)}
    assert said == {kind: Text(language, words) for kind, words in zip(("need", "vision"), SAID[language], strict=True)}
    desk.goto(f"/dialogues/{dialogue.slug}/cluster/")
    expect(desk.locator("#missing")).to_have_count(0)


@READERS
@BOTH
def test_weights_show_their_effect_then_propose(
    page_in: PageIn, world: World, dialogue: Dialogue, language: str, width: int, javascript: bool
) -> None:
    actions.propose(by=world.secretariat, dialogue=dialogue, smallest=2, largest=4)
    page = page_in(language, width, account=world.secretariat, javascript=javascript)
    page.goto(f"/dialogues/{dialogue.slug}/cluster/")
    opened(page.locator("#propose summary").first)
    slider = page.locator("[name=region]")
    slider.focus()
    slider.press("End")
    if javascript:
        # 100 of 100 + 45 + 35, at once and in the reader's writing.
        expect(page.locator("output[for=id_region]")).to_contain_text("56")
    else:
        page.locator("[data-try]").click()
    expect(page.locator("#trial table")).to_be_visible()
    expect(page.locator("#trial mark").first).to_be_visible()
    assert Proposal.objects.count() == 1
    looked_at(page, language, javascript)
    assert slider.input_value() == "100"
    page.locator("form.weights button:not([data-try])").click()
    # The worker may just be starting; then the page says so, and comes to the version by itself.
    expect(page.locator("#proposal-heading")).to_contain_text("2", timeout=PATIENTLY)
    assert Proposal.objects.latest("version").weights == {
        "region": 0.5556, "needs": 0.25, "vision": 0.1944, "zones": 0.0,
    }  # fmt: skip


def test_what_does_not_fit_is_said_while_it_is_typed(page_in: PageIn, world: World, dialogue: Dialogue) -> None:
    page = page_in("de", 1280, account=world.secretariat)
    page.goto(f"/dialogues/{dialogue.slug}/cluster/")
    page.locator("[name=count]").fill("5")
    expect(page.locator("#trial [role=alert]")).to_be_visible()
    page.locator("[name=smallest]").fill("1")
    page.locator("[name=largest]").fill("2")
    expect(page.locator("#trial table")).to_be_visible(timeout=PATIENTLY)
    expect(page.locator("#trial .tried > li")).to_have_count(5)


@READERS
@BOTH
def test_a_city_is_moved_by_keyboard_undone_and_adopted(
    page_in: PageIn, world: World, dialogue: Dialogue, language: str, width: int, javascript: bool
) -> None:
    proposal = actions.propose(by=world.secretariat, dialogue=dialogue, smallest=2, largest=4)
    page = page_in(language, width, account=world.secretariat, javascript=javascript)
    page.goto(f"/dialogues/{dialogue.slug}/cluster/")
    city = page.locator("[data-partner]").first
    partner = int(city.get_attribute("data-partner") or 0)
    before = Place.objects.get(partner=partner).cluster_id
    opened(city.locator("summary"))
    page.keyboard.press("Tab")
    expect(city.locator("select")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#moved")).to_be_visible()
    if javascript:
        expect(page.locator("#moved-heading")).to_be_focused()
    looked_at(page, language, javascript)
    moved = Place.objects.get(partner=partner)
    assert (moved.cluster_id != before, moved.is_held) == (True, True)
    expect(page.locator(f"#partner-{partner} .badge")).to_be_visible()

    page.locator("form.undo button").press("Enter")
    expect(page.locator("#moved")).to_have_count(0)
    back = Place.objects.get(partner=partner)
    assert (back.cluster_id, back.is_held) == (before, False)

    opened(page.locator("summary.button"))
    page.locator("form[action$='cluster/adopt/'] button").press("Enter")
    expect(page.locator("section.next form button")).to_be_visible()
    proposal.refresh_from_db()
    assert proposal.adopted_at
    looked_at(page, language, javascript)
    page.locator("section.next form button").press("Enter")
    page.wait_for_url("**/define/")
    assert dialogue.steps.get(step="cluster").state == StepRecord.State.DONE


def test_a_city_is_dragged_onto_another_cluster(page_in: PageIn, world: World, dialogue: Dialogue) -> None:
    actions.propose(by=world.secretariat, dialogue=dialogue, smallest=2, largest=4)
    page = page_in("de", 1280, account=world.secretariat)
    page.goto(f"/dialogues/{dialogue.slug}/cluster/")
    for _again in range(2):  # the page that takes the place of the first one can be dragged on too
        boards = page.locator("[data-cluster]")
        city = boards.nth(0).locator("[data-partner]").first
        partner = city.get_attribute("data-partner")
        wanted = int(boards.nth(1).get_attribute("data-cluster") or 0)
        city.locator("summary").drag_to(boards.nth(1).locator("h3"))
        expect(page.locator(f"[data-cluster='{wanted}'] #partner-{partner}")).to_be_visible()
        assert Place.objects.get(partner=int(partner or 0)).cluster_id == wanted
    expect(page.locator("#moved")).to_be_visible()


@READERS
def test_pairs_and_two_versions(page_in: PageIn, world: World, dialogue: Dialogue, language: str, width: int) -> None:
    actions.propose(by=world.secretariat, dialogue=dialogue, smallest=2, largest=4)
    page = page_in(language, width, account=world.secretariat)
    page.goto(f"/dialogues/{dialogue.slug}/cluster/")
    one, other = (
        str(Place.objects.filter(cluster__position=position).values_list("partner", flat=True)[0])
        for position in (1, 2)
    )
    opened(page.locator("#pairs > summary"))
    page.locator("#pair-one").select_option(one)
    page.locator("#pair-other").select_option(other)
    page.locator("#pairs [name=kind][value=together]").click()
    # The version shown does not keep it: a note says so.
    expect(page.locator("#proposal .note.warning").first).to_be_visible()
    opened(page.locator("#propose summary").first)
    page.locator("form.weights button:not([data-try])").click()
    expect(page.locator("#proposal .note.warning")).to_have_count(0)
    page.locator("form.compare button").click()
    expect(page.locator("mark").first).to_be_visible()
    looked_at(page, language, True)
