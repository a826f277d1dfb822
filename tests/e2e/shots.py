"""`make shots`: every page in four languages at 320 and 1280 pixels, and one contact sheet, into shots/.

The program is served against a database of its own on which the demo has been played, as `make demo` does it. Nothing is
asserted here: the pictures are for people to look at. SHOTS="home cluster" takes only pages whose names hold one of these
words, SHOTS_IN="ar de" only these languages, SHOTS_AT=320 only this width. With DATABASE_URL the demo is played there, once.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from html import escape
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from majlis.accounts.models import Account

LANGUAGES = os.environ.get("SHOTS_IN", "en ar de fr").split()
WIDTHS = [int(width) for width in os.environ.get("SHOTS_AT", "320 1280").split()]
ALSO = {"home:dialogue", "web:styleguide", "cluster:page", "report:page", "projects:gaps"}  # dark and printed as well
OUT = Path(__file__).resolve().parents[2] / "shots"


@dataclass(frozen=True)
class Shot:
    """A page, who looks at it, and how."""

    name: str
    path: str
    account: "Account | None" = None
    dark: bool = False
    printed: bool = False


def shots() -> list[Shot]:
    """Every page of the table of pages; some of them dark and printed too."""
    from majlis.dialogue.models import Dialogue
    from tests.e2e.pages import shown_pages

    found: list[Shot] = [Shot("not-found", "/nowhere/")]
    for number, page in enumerate(shown_pages(Dialogue.objects.get(is_illustrative=True)), 1):
        shot = Shot(f"{number:02}-{page.name.replace(':', '-')}", page.path, page.account)
        found.append(shot)
        if page.name in ALSO:
            found += [
                replace(shot, name=f"{shot.name}-dark", dark=True),
                replace(shot, name=f"{shot.name}-printed", printed=True),
            ]
    return found


def say(words: str) -> None:
    sys.stdout.write(words + "\n")


@contextmanager
def demo_site() -> Iterator[str]:
    """The program on a database of its own, the demo played on it."""
    os.environ |= {"MAJLIS_DEMO": "1", "DJANGO_SETTINGS_MODULE": "majlis.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    with ExitStack() as stack:
        if not os.environ.get("DATABASE_URL"):
            from tests.database import Server

            server = Server()
            stack.callback(server.stop)
            server.start()
        import django

        django.setup()
        from django.core.management import call_command

        from majlis.dialogue.models import Dialogue

        call_command("migrate", verbosity=0)
        if not Dialogue.objects.filter(is_illustrative=True).exists():
            from demo.run import run

            run()
        from tests.e2e.serving import serving

        yield stack.enter_context(serving())


def take(url: str, wanted: list[Shot]) -> list[Path]:
    """Write one PNG for each page, language and width."""
    from playwright.sync_api import sync_playwright

    from tests.e2e.serving import CHROMIUM, QUIETLY, session_of

    taken = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        # One page for each reader, turned from address to address: their files are fetched once.
        sessions = {shot.account: session_of(shot.account) for shot in wanted if shot.account}
        for language, width, account in product(LANGUAGES, WIDTHS, [None, *sessions]):
            context = browser.new_context(
                base_url=url, viewport={"width": width, "height": 800}, locale=language, timezone_id="Europe/Berlin",
                reduced_motion="reduce",
            )  # fmt: skip
            cookies = {"django_language": language, "zone": "Europe/Berlin"}
            if account:
                cookies["sessionid"] = sessions[account]
            context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
            page = context.new_page()
            for shot in (shot for shot in wanted if shot.account == account):
                file = OUT / f"{shot.name}.{language}.{width}.png"
                if not _picture(page, shot, file):
                    say(f"{shot.path} ({shot.name}, {language}) did not open")
                taken.append(file)
            context.close()
        browser.close()
    return taken


def _picture(page: "Page", shot: Shot, file: Path) -> bool:
    """Write one picture; False where the address answers with an error or nothing."""
    from playwright.sync_api import Error

    page.emulate_media(media="print" if shot.printed else "screen", color_scheme="dark" if shot.dark else "light")
    try:
        answer = page.goto(shot.path)
    except Error:
        return False
    page.screenshot(path=file, full_page=True)
    return answer is not None and (answer.status < 400 or shot.name == "not-found")


def contact_sheet(wanted: list[Shot]) -> Path:
    """One page with every picture: a row for each page, its languages beside one another."""
    rows = []
    for shot in wanted:
        pictures = "".join(
            f'<a href="{shot.name}.{language}.{width}.png"><img loading="lazy" alt="{language} {width}" src="{shot.name}.{language}.{width}.png"></a>'
            for width in WIDTHS
            for language in LANGUAGES
        )
        rows.append(
            f"<h2>{escape(shot.name)} <small>{escape(shot.path)} {escape(str(shot.account or ''))}</small></h2><div>{pictures}</div>"
        )
    style = "body{font:14px sans-serif;margin:20px}div{display:flex;gap:8px;align-items:flex-start;overflow:auto}img{height:420px;border:1px solid #ccc}"
    sheet = OUT / "index.html"
    sheet.write_text(
        f"<!doctype html><meta charset=utf-8><title>Majlis</title><style>{style}</style>{''.join(rows)}",
        encoding="utf-8",
    )
    return sheet


def main() -> int:
    OUT.mkdir(exist_ok=True)
    words = os.environ.get("SHOTS", "").split()
    with demo_site() as url:
        wanted = [shot for shot in shots() if not words or any(word in shot.name for word in words)]
        taken = take(url, wanted)
    say(f"{len(taken)} pictures; contact sheet: {contact_sheet(wanted)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
