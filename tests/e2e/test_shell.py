"""The shell of every page in a real browser."""

import pytest

from tests.e2e.conftest import PageIn, axe, is_too_wide
from tests.world import World

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("language", ["ar", "de"])
@pytest.mark.parametrize("width", [320, 1280])
def test_style_guide_is_clean_in_both_directions(page_in: PageIn, language: str, width: int, world: World) -> None:
    page = page_in(language, width)
    page.goto("/styleguide/")
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert axe(page) == []
    assert not is_too_wide(page)


def test_language_is_chosen_without_script_and_the_page_stays(page_in: PageIn, world: World) -> None:
    page = page_in("de", 1280, javascript=False)
    page.goto("/styleguide/?part=2")
    page.locator("details.menu > summary").first.click()
    page.get_by_role("button", name="العربية").click()
    assert page.url.endswith("/styleguide/?part=2")
    assert page.locator("html").get_attribute("lang") == "ar"


def test_the_shell_is_used_by_keyboard_alone(page_in: PageIn, world: World) -> None:
    page = page_in("en", 1280, account=world.secretariat)
    page.goto("/styleguide/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    menu = page.locator("details.menu").last
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert menu.get_by_role("link", name="My page").is_visible()
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_search_and_signing_out_need_no_script(page_in: PageIn, world: World) -> None:
    world.dialogue(1)
    page = page_in("en", 1280, account=world.secretariat, javascript=False)
    page.goto("/my/")
    page.get_by_label("Search in everything").fill("jobs")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    page.get_by_role("link", name="Jobs in cities").wait_for()
    page.locator("details.menu > summary").last.click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in", exact=True).wait_for()
    page.goto("/my/")
    assert "/accounts/login/" in page.url


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("dark", [False, True])
def test_dialogue_at_a_glance_is_clean(page_in: PageIn, language: str, dark: bool, world: World) -> None:
    dialogue = world.dialogue(6)
    page = page_in(language, 320, account=world.secretariat, dark=dark)
    page.goto(f"/dialogues/{dialogue.slug}/")
    page.locator(".fold > summary").click()
    assert axe(page) == []
    assert not is_too_wide(page)


def test_the_browsers_zone_reaches_the_server(page_in: PageIn, world: World) -> None:
    page = page_in("en", 1280, zone="Asia/Amman")
    page.goto("/")
    page.goto("/")
    assert "Amman" in page.locator("footer").inner_text()
