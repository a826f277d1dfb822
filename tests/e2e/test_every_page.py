"""Every page over the played demo: no accessibility violation in any language, nothing wider than a phone, nothing broken."""

from pathlib import Path

import pytest
from playwright.sync_api import Error, Page
from rich.console import Console

from demo.run import run
from majlis.dialogue.models import Step
from tests.e2e.conftest import PageIn, axe, is_too_wide
from tests.e2e.pages import NO_PAGE, page_names, shown_pages
from tests.world import World

ALLAUTHS_OWN = ("account_", "mfa_")


@pytest.mark.e2e
def test_every_page_in_four_languages(page_in: PageIn, tmp_path: Path) -> None:
    story = run(out=tmp_path, console=Console(quiet=True))
    pages = shown_pages(story.dialogue)
    unseen = {
        name for name in page_names() - NO_PAGE - {each.name for each in pages} if not name.startswith(ALLAUTHS_OWN)
    }
    # A token for these goes out only when somebody asks; their own journeys are tested beside them.
    assert unseen == {"network:intake", "accounts:confirm_code"}

    found = []
    for language in ("en", "ar", "de", "fr"):
        opened: dict[int | None, Page] = {}
        for each in pages:
            key = each.account.pk if each.account else None
            page = opened.get(key) or opened.setdefault(key, page_in(language, 1280, account=each.account))
            try:
                response = page.goto(each.path)
            except Error as broken:
                found.append(f"{language} {each.name}: {broken.message.splitlines()[0]}")
                continue
            if response is None or response.status != 200:
                found.append(f"{language} {each.name}: status {response.status if response else None}")
                continue
            found += [f"{language} {each.name}: {violation}" for violation in axe(page)]
            if language in ("ar", "de"):
                page.set_viewport_size({"width": 320, "height": 800})
                if is_too_wide(page):
                    found.append(f"{language} {each.name}: wider than 320 pixels")
                page.set_viewport_size({"width": 1280, "height": 800})
        found += [
            f"{language} accounts:confirm_code: {violation}" for violation in asking_for_a_code(page_in(language, 320))
        ]
    assert found == []


def asking_for_a_code(page: Page) -> list[str]:
    """What axe finds on the page that takes the code, which is there only for who has asked for one."""
    page.goto("/accounts/login/code/")
    page.locator("[name=email]").fill("observer@example.org")
    page.locator("main form button").first.click()
    page.wait_for_url("**/code/confirm/")
    return axe(page)


@pytest.mark.e2e
@pytest.mark.parametrize("language", ["ar", "de"])
def test_every_step_at_work(page_in: PageIn, world: World, language: str) -> None:
    """The tools of a step, which a finished dialogue no longer shows."""
    found = []
    page = page_in(language, 320, account=world.secretariat)
    dialogue = world.dialogue()
    for step in Step:
        world.at(dialogue, step)
        response = page.goto(f"/dialogues/{dialogue.slug}/{step.value}/")
        assert response is not None and response.status == 200
        found += [f"{step}: {violation}" for violation in axe(page)]
        if is_too_wide(page):
            found.append(f"{step}: wider than 320 pixels")
    assert found == []
