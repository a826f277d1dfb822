"""The facilitator plans the groups, keeps seats and people apart, and plans again while forty people wait."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from majlis.dialogue.models import Dialogue
from majlis.dialogue.queries import has_worker
from majlis.steps.enable import actions, queries
from majlis.steps.enable.models import Planning, Round, Seat
from tests.e2e.conftest import PageIn, axe, is_too_wide
from tests.steps.enable.setting import at_enable, bring, givers, practitioners
from tests.world import World

# What a worker may take from being asked to having the groups (seconds), where it has a core for itself; where others
# compute as well it gets its share.
AT_ONCE = 1.0
# A worker that has just started loads what it needs first.
PATIENTLY = 90_000


def at_once() -> float:
    return AT_ONCE * max(1.0, 2 * os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.fixture
def dialogue(world: World) -> Dialogue:
    """Eight cities with two people and a case each, before anything is planned."""
    dialogue = at_enable(world, 8)
    for giver in givers(dialogue):
        bring(dialogue, giver)
    return dialogue


@pytest.fixture
def awake(worker: None, transactional_db: None) -> Iterator[None]:
    """The worker has started; it takes some seconds, once."""
    until = timezone.now() + timedelta(seconds=60)
    while not has_worker():
        assert timezone.now() < until, "the worker did not start"
    yield


def groups_of(participant: int) -> dict[int, int]:
    """{round: group} of somebody."""
    rows = Seat.objects.filter(participant=participant).values_list("group__round__number", "group__number")
    return dict(rows)


def looks(page: Page, language: str, javascript: bool) -> None:
    assert page.locator("html").get_attribute("lang") == language
    assert not is_too_wide(page)
    if javascript:
        assert axe(page) == []


@pytest.mark.parametrize(
    ("language", "javascript", "width"),
    [("ar", True, 320), ("de", True, 1280), ("de", False, 320), ("ar", False, 1280)],
)
def test_plan_lock_part_and_plan_again(
    page_in: PageIn, world: World, dialogue: Dialogue, awake: None, language: str, javascript: bool, width: int
) -> None:
    page = page_in(language, width, account=world.secretariat, javascript=javascript)
    plans(page, dialogue, groups=3)
    looks(page, language, javascript)
    seat = locks(page, dialogue, javascript)
    one, other = parts(page, dialogue)
    looks(page, language, javascript)
    expect(page.locator(f'.keep[value="{seat.pk}"]')).to_have_attribute("aria-pressed", "true")
    plans(page, dialogue, groups=3, seed=7)
    assert groups_of(seat.participant_id)[seat.group.round.number] == seat.group.number
    assert not groups_of(one).items() & groups_of(other).items()
    drops(page, dialogue)
    looks(page, language, javascript)


def plans(page: Page, dialogue: Dialogue, groups: int, seed: int = 1) -> None:
    page.goto(f"/dialogues/{dialogue.slug}/enable/groups/")
    page.locator("main [name=groups]").fill(str(groups))
    page.locator("main [name=seed]").fill(str(seed))
    page.locator("section[aria-labelledby=plan-heading] form button").click()
    page.wait_for_url("**/enable/groups/", timeout=PATIENTLY)
    expect(page.locator("section[aria-labelledby=quality-heading]")).to_be_visible()
    assert Round.objects.filter(plan__seed=seed).count() == 2


def locks(page: Page, dialogue: Dialogue, javascript: bool) -> Seat:
    """Lock a seat of the round that is shown; with JavaScript the page stays where it is."""
    button = page.locator('.keep[aria-pressed="false"]').nth(4)
    button.scroll_into_view_if_needed()
    number = int(button.get_attribute("value") or 0)
    seat = Seat.objects.select_related("group__round").get(pk=number)
    page.evaluate("window.stayed = true") if javascript else None
    button.press("Enter")
    expect(page.locator(f'.keep[value="{number}"]')).to_have_attribute("aria-pressed", "true")
    if javascript:
        assert page.evaluate("window.stayed") is True
    lock = dialogue.sessions.get(code="S1").seat_locks.get()
    assert (lock.participant_id, lock.group) == (seat.participant_id, seat.group.number)
    return seat


def parts(page: Page, dialogue: Dialogue) -> tuple[int, int]:
    """Keep two people of different cities apart who sit together now."""
    (one, other), *_rest = [
        pair for pair in sorted(queries.meetings(dialogue))
        if len({each.person.city_id for each in practitioners(dialogue) if each.pk in pair}) == 2
    ]  # fmt: skip
    page.locator("#wishes summary").click()
    page.locator("#wishes [name=one]").select_option(str(one))
    page.locator("#wishes [name=other]").select_option(str(other))
    page.locator("#wishes [name=kind][value=apart]").check()
    page.locator("#wishes details form button").click()
    expect(page.locator("#wishes .lines > li")).to_have_count(1)
    return one, other


def drops(page: Page, dialogue: Dialogue) -> None:
    page.locator("#wishes .lines button").click()
    expect(page.locator("#wishes .lines > li")).to_have_count(0)
    assert not dialogue.pair_rules.exists()


@pytest.mark.parametrize(("language", "javascript"), [("ar", True), ("de", False)])
def test_somebody_is_missing(
    page_in: PageIn, world: World, dialogue: Dialogue, awake: None, language: str, javascript: bool
) -> None:
    """Ticked on a phone, seen, published, taken back; the worker takes less than a second for it."""
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=3)
    session = actions.start_session(by=world.secretariat, session=dialogue.sessions.get(code="S2"))
    seats = Seat.objects.filter(group__round__block__session=session)
    absent = seats.filter(role="consultant")[0].participant_id
    present = [each for each in practitioners(dialogue) if each.pk != absent]
    actions.note_attendance(by=world.secretariat, session=session, present=present)
    page = page_in(language, 320, account=world.secretariat, javascript=javascript)
    page.goto(f"/dialogues/{dialogue.slug}/enable/sessions/S2/")
    page.locator('a.button[href$="/replan/"]').click()
    # Whoever is not noted as present is proposed as missing.
    assert [box.get_attribute("value") for box in page.locator("[name=people]:checked").all()] == [str(absent)]
    looks(page, language, javascript)
    if javascript:
        finds(page)
    page.locator("form.people button").first.click()
    page.wait_for_url(re.compile(r"/groups/plans/\d+/$"))
    expect(page.locator('form[action$="/publish/"] button')).to_be_visible(timeout=PATIENTLY)
    looks(page, language, javascript)
    asked = Planning.objects.get()
    assert asked.ended_at is not None and (asked.ended_at - asked.asked_at).total_seconds() < at_once()
    assert seats.count() == 16
    page.locator('form[action$="/publish/"] button').click()
    page.wait_for_url("**/sessions/S2/")
    assert (seats.count(), seats.filter(participant=absent).exists()) == (15, False)
    page.locator('a[href*="/groups/plans/"]').click()
    looks(page, language, javascript)
    page.locator('form[action$="/undo/"] button').click()
    page.wait_for_url("**/sessions/S2/")
    assert (seats.count(), seats.filter(participant=absent).exists()) == (16, True)


def finds(page: Page) -> None:
    """Typing a city leaves its people in the list; what is ticked stays ticked."""
    labels = page.locator("form.people fieldset label:has(input):visible")
    before = labels.count()
    words = labels.first.inner_text().split()[0]
    page.locator("#find-person").fill(words)
    expect(labels).not_to_have_count(before)
    assert labels.count() >= 1
    page.locator("#find-person").fill("")
    expect(labels).to_have_count(before)


def test_what_changed_meanwhile_is_said(page_in: PageIn, world: World, dialogue: Dialogue, awake: None) -> None:
    """A proposal that no longer fits is not published; one press shows what would change now."""
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=3)
    page = page_in("de", 320, account=world.secretariat)
    page.goto(f"/dialogues/{dialogue.slug}/enable/sessions/S2/replan/")
    page.locator("[name=people]").first.check()
    page.locator("form.people button").first.click()
    button = page.locator('form[action$="/publish/"] button')
    expect(button).to_be_visible(timeout=PATIENTLY)
    actions.lock_seat(by=world.secretariat, seat=Seat.objects.filter(participant__partner__isnull=False)[0])
    button.click()
    expect(page.locator(".note.warning[role=alert]")).to_be_visible()
    assert axe(page) == []
    page.locator('form[action$="/replan/"] button').click()
    expect(page.locator('form[action$="/publish/"] button')).to_be_visible(timeout=PATIENTLY)
    assert (Planning.objects.count(), Planning.objects.exclude(published_at=None).count()) == (2, 0)
