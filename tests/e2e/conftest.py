"""A real browser against the real program: Debian's Chromium, the pages and the live room on one address.

    def test_greeting(page_in, world):
        page = page_in("ar", 320, account=world.secretariat)
        page.goto("/my/")
        assert axe(page) == []

`page_in(language, width, account=None, javascript=True, zone="Europe/Berlin", dark=False)` gives a page of a browser of
its own, signed in as the account; `goto` takes paths. `site` is the running program, its address in `site.url`.
Tests here commit to the database (the browser is another process), which is emptied after each of them.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, sync_playwright

from majlis.accounts.models import Account
from tests.e2e.serving import CHROMIUM, QUIETLY, serving, session_of, working
from tests.world import World

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Site:
    url: str


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, though nothing here is asynchronous; Django would refuse its ORM.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def worker(django_db_setup: None) -> Iterator[None]:
    """The worker that the program has beside it: one for all tests, as it takes some seconds to start."""
    with working():
        yield


@pytest.fixture
def site(transactional_db: None, worker: None, settings: LazySettings) -> Iterator[Site]:
    """The program as `majlis up` serves it, in a thread on a free port."""
    with serving() as url:
        settings.PUBLIC_URL = url
        yield Site(url)


@pytest.fixture
def world(transactional_db: None) -> World:
    """As in the other tests, but committed, so that the browser's requests see it."""
    return World()


PageIn = Callable[..., Page]


@pytest.fixture
def page_in(chromium: Browser, site: Site) -> Iterator[PageIn]:
    contexts = []

    def open_page(
        language: str = "en",
        width: int = 1280,
        account: Account | None = None,
        javascript: bool = True,
        zone: str = "Europe/Berlin",
        dark: bool = False,
    ) -> Page:
        context = chromium.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            locale=language,
            timezone_id=zone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
        if account:
            context.add_cookies([{"name": "sessionid", "value": session_of(account), "url": site.url}])
        context.set_default_timeout(10_000)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def axe(page: Page, **context: Any) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA and good practice: «rule: where», empty when all is well. Needs JavaScript."""
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}, **context)
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def is_too_wide(page: Page) -> bool:
    """Whether the page scrolls sideways, which no page may at 320 pixels."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
