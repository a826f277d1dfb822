"""The dialogue page: processor time, SQL statements, and its weight in a real browser (W4, W5), cold and warm.

Cold: the first time that this process draws the page, with empty caches. Warm: the same page again.
"""

import time
from typing import TYPE_CHECKING, Any

from bench.promise import Measured, middle

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

CHROMIUM = "/usr/bin/chromium"
RUNS = 25


def measure() -> list[Measured]:
    from bench.played import dialogue

    with dialogue() as played:
        path = f"/dialogues/{played.slug}/"
        found = []
        for who, account in readers(played):
            found += drawn(path, who, account)
        return found + weight(path, readers(played)[1][1])


def readers(played: Any) -> list[tuple[str, Any]]:
    """Who looks: a visitor, a partner's focal point, the secretariat."""
    from majlis.accounts.models import Account, Role
    from majlis.dialogue.models import Participant

    participant = Participant.objects.filter(dialogue=played, person__account__isnull=False).first()
    return [
        ("visitor", None),
        ("participant", participant and participant.person.account),
        ("secretariat", Account.objects.filter(role=Role.SECRETARIAT).first()),
    ]


def drawn(path: str, who: str, account: Any) -> list[Measured]:
    """Draw the page through every middleware; count statements and processor time."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="localhost")
    if account:
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")

    def once() -> float:
        began = time.process_time()
        client.get(path)
        return (time.process_time() - began) * 1000

    def cold() -> float:
        cache.clear()
        return once()

    cache.clear()
    with CaptureQueriesContext(connection) as first:
        answer = client.get(path)
    if answer.status_code != 200:
        return [Measured("W4", f"dialogue page, {who}", 0, "", note=f"not shown to them ({answer.status_code})")]
    with CaptureQueriesContext(connection) as again:
        client.get(path)
    note = "two of them find the session and its account" if account else ""
    return [
        Measured("W4", f"dialogue page, {who}: SQL cold", len(first), "statements", 6, 4, note),
        Measured("W4", f"dialogue page, {who}: SQL warm", len(again), "statements", 2, 1, note),
        Measured("W4", f"dialogue page, {who}: CPU cold", middle(cold, RUNS), "ms"),
        Measured("W4", f"dialogue page, {who}: CPU warm", middle(once, RUNS), "ms"),
    ]


def requests_of(page: "Page") -> list["Request"]:
    """Every request that the page finishes from now on."""
    kept: list[Request] = []

    def keep(request: "Request") -> None:
        kept.append(request)

    page.on("requestfinished", keep)
    return kept


def weight(path: str, account: Any) -> list[Measured]:
    """Load the page into an empty browser and weigh what comes over the wire, headers not counted."""
    import threading
    from pathlib import Path

    import uvicorn
    from django.test import Client
    from playwright.sync_api import sync_playwright

    from majlis.asgi import application
    from majlis.run.serving import listen

    if not Path(CHROMIUM).exists():
        return [Measured("W5", "weight of the dialogue page", 0, "", note=f"not measured: {CHROMIUM} is missing")]
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(application, log_level="error", ws="websockets-sansio"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    session: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])  # fmt: skip
        for language in ("de", "ar"):
            context = browser.new_context(locale=language, viewport={"width": 1280, "height": 800})
            context.add_cookies([session, {"name": "django_language", "value": language, "url": url}])
            page = context.new_page()
            answers = requests_of(page)
            page.goto(f"{url}{path}", wait_until="networkidle")
            assert page.url == f"{url}{path}", f"the page led to {page.url}"
            total = sum(request.sizes()["responseBodySize"] for request in answers)
            found += [
                Measured("W5", f"weight of the dialogue page, {language}", total / 1024, "KB", 100, 60),
                Measured("W5", f"requests of the dialogue page, {language}", len(answers), "requests", 8, 5),
            ]
        browser.close()
    server.should_exit = True
    thread.join(10)
    return found
