"""The secretariat at its desk: what is opened, pressed, refused and sent in its browser."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, Response, expect

from majlis.outbox.actions import deliver
from majlis.outbox.models import Batch, Mail
from tests.e2e.conftest import axe, is_too_wide
from tests.world import World


@dataclass
class Desk:
    """The secretariat's browser and what is pressed and seen in it."""

    page: Page
    world: World
    javascript: bool

    def opens(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None and answer.status == 200, path
        self.looks()

    def looks(self) -> None:
        """What holds on every page of the way; that each is accessible, test_every_page tells."""
        assert self.page.locator("html").get_attribute("lang") == "de"
        assert not is_too_wide(self.page)

    def press(self, button: str | Locator, status: int = 200, act: Callable[[], None] | None = None) -> Response:
        """Press a button or follow a link; gives the page that it leads to."""
        found = self.page.locator(button).first if isinstance(button, str) else button
        with self.page.expect_navigation() as going:
            (act or found.click)()
        assert going.value is not None and going.value.status == status, going.value and going.value.text()
        self.looks()
        return going.value

    def goes_on(self, path: str = "") -> None:
        """Do the one next thing that the page offers; it leads to the address."""
        self.press("section.next .acts .button")
        assert path in self.page.url

    def acts(self, act: str) -> None:
        """Press the button of the form that does an act, such as cluster/adopt/; it may be folded away."""
        form = self.page.locator(f'main form[action$="/{act}"]').first
        folded = form.locator("xpath=ancestor::details[not(@open)]")
        if folded.count():
            folded.locator("summary").first.click()
        self.press(form.locator("button").last)

    def is_refused(self, button: str, *named: str, back: str) -> None:
        """Press it too early: a page says why, naming who or what is missing, and leads back."""
        self.press(button, status=409)
        if self.javascript:
            assert axe(self.page) == []
        for words in named:
            expect(self.page.locator("main .lead")).to_contain_text(words)
        self.press("main .acts .button")
        assert self.page.url.endswith(back)

    def sends(self, kind: str, count: int) -> None:
        """Look at the drafts in the outbox and send them; then hand them over as the worker does."""
        batch = Batch.objects.get(kind=kind)
        assert f"/outbox/batches/{batch.pk}/" in self.page.url
        assert set(batch.mails.values_list("state", flat=True)) == {Mail.State.DRAFT}
        self.goes_on("/send/")
        self.press("main form.next button")
        deliver_queued(batch, count)


def deliver_queued(batch: Batch, count: int) -> None:
    queued = list(batch.mails.filter(state=Mail.State.QUEUED).values_list("pk", flat=True))
    assert len(queued) == count
    for number in queued:
        deliver(mail_id=number)
    assert set(batch.mails.values_list("state", flat=True)) == {Mail.State.SENT}
