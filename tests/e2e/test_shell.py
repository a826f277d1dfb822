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
