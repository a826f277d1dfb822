"""Searching in Arabic and German, on a phone and a desk, by keyboard, with and without script."""

import pytest
from playwright.sync_api import expect

from majlis.language.models import Text
from majlis.network.models import Statement
from majlis.search import actions
from majlis.solutions.models import Solution
from tests.e2e.conftest import PageIn, axe, is_too_wide
from tests.world import World

pytestmark = pytest.mark.e2e
NEED = "نحتاج إلى تحويل النفايات العضوية إلى سماد للواحات"


@pytest.fixture
def network(world: World) -> World:
    gabes, dortmund = world.city(0), world.city(2)
    world.person(gabes, is_focal_point=True, language="ar")
    for code, title in (("compost", "Kompostwerk für Bioabfall"), ("shops", "Zwischennutzung leerer Läden")):
        Solution.objects.create(
            code=code,
            city=dortmund,
            title=Text("de", title),
            summary=Text("de", ""),
            themes=["GRN.03"],
            state="published",
        )
    world.statement(gabes, "need", 0, "ar")
    Statement.objects.filter(city=gabes).update(text=Text("ar", NEED))
    actions.refresh()
    return world


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("width", [320, 1280])
def test_an_arabic_question_finds_a_german_solution(
    network: World, page_in: PageIn, width: int, javascript: bool
) -> None:
    page = page_in("ar", width, javascript=javascript)
    page.goto("/")
    if width == 320:
        page.locator("a.find-link").click()
    box = page.locator("#find" if width > 320 else "#q")
    box.fill("سماد من النفايات العضوية")
    box.press("Enter")
    first = page.locator("a.found").first
    expect(page.locator("a.found", has_text="Kompostwerk für Bioabfall")).to_have_attribute("lang", "de")
    assert page.locator("html").get_attribute("dir") == "rtl"
    if javascript:
        assert not is_too_wide(page) and axe(page) == []
        page.locator(".narrow summary").focus()
        page.keyboard.press("Enter")
        assert axe(page) == []
    expect(first).to_be_visible()


def test_markup_fires_nothing(network: World, page_in: PageIn) -> None:
    """What people write is shown as they wrote it, in results, in the box and beside a form."""
    evil = "<img src=x onerror=\"document.title='fired'\"><script>document.title='fired'</script> Kompost"
    Solution.objects.filter(code="compost").update(title=Text("de", evil), summary=Text("de", f"{evil}. Zwei."))
    actions.refresh()
    page = page_in("de")
    page.goto("/search/?q=" + evil.replace("<", "%3C").replace(" ", "+").replace('"', "%22"))
    expect(page.locator("a.found").first).to_contain_text("<img src=x")
    assert "fired" not in page.title() or page.locator("img").count() == 0


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_similar_things_while_a_need_is_typed(network: World, page_in: PageIn, javascript: bool) -> None:
    page = page_in("de", 320, account=network.secretariat, javascript=javascript)
    page.goto("/network/cities/tn-gabès/add/need/")
    page.locator("#id_text").fill("Wir möchten Küchenabfälle kompostieren statt sie zu deponieren")
    if javascript:
        found = page.locator("[data-similar-to] a.found", has_text="Kompostwerk für Bioabfall")
        expect(found).to_be_visible()
        assert not is_too_wide(page) and axe(page) == []
        assert Statement.objects.count() == 1
        return
    with page.expect_popup() as opened:
        page.locator("button[data-similar]").click()
    expect(opened.value.locator("a.found", has_text="Kompostwerk für Bioabfall")).to_be_visible()
    expect(page.locator("#id_text")).to_have_value("Wir möchten Küchenabfälle kompostieren statt sie zu deponieren")
