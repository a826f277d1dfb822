"""The facilitator runs a session while two participants write: three browsers, three languages, three zones."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page, WebSocketRoute, expect

from majlis.accounts.models import Account
from majlis.dialogue.actions import add_participants, plan_session
from majlis.dialogue.models import Dialogue, Participant, Session, Step
from majlis.language.models import Text
from majlis.network.actions import add_team_member
from majlis.room.methods import method
from majlis.room.models import Card, Member, Room
from majlis.room.page import live_words
from majlis.room.rules import what_now
from majlis.steps.enable import actions as enable
from majlis.steps.enable.models import Attendance
from tests.e2e.conftest import PageIn, axe, is_too_wide
from tests.world import World

pytestmark = pytest.mark.e2e

KB60 = method("KB60")
ROLES, CASE, CLARIFY, KEY_QUESTION, CONSULT, RESPONSE, LEARNING = range(1, 8)
ADVICE = {
    "idea": "Commencer par un seul quartier",
    "experience": "Chez nous, le marché couvert a créé douze emplois",
    "warning": "Ne pas attendre le budget de l’année suivante",
}
KEY = "كيف يمكننا خلق مواطن شغل خضراء؟"
TAKEAWAY = "نبدأ بحيّ واحد"
NEXT_STEP = "نلتقي بالمجلس البلدي قبل نهاية الشهر"
DRAFT = "Encore une chose que je n’ai pas fini d’écr"


@dataclass
class Reader:
    """Somebody at the table and, once it is open, their browser."""

    account: Account
    language: str
    width: int
    role: Member.Role
    start: str  # the session's beginning on their clock
    opened: Page | None = field(default=None)

    @property
    def page(self) -> Page:
        assert self.opened is not None
        return self.opened

    def words(self, key: str) -> str:
        """A word of the room's script in their language."""
        with translation.override(self.language):
            return live_words()[key]

    def told(self, position: int) -> str:
        """What they may do in a phase, or why nothing, in their language."""
        with translation.override(self.language):
            return str(what_now(KB60, position, self.role))

    def sees_phase(self, position: int) -> None:
        phase = KB60.phases[position - 1]
        expect(self.page.locator("#phase-name")).to_have_text(phase.name.in_all()[self.language])
        expect(self.page.locator("#phase-prompt")).to_have_text(phase.prompt.in_all()[self.language])
        expect(self.page.locator("#what-now")).to_have_text(self.told(position))
        expect(self.page.locator("#clock")).to_be_visible()

    def sees(self, text: str) -> None:
        expect(self.page.locator("#outline .live-card", has_text=text)).to_be_visible()

    def is_connected(self) -> None:
        expect(self.page.locator("#connection[data-state=connected]")).to_be_visible()

    def writes(self, kind: str, text: str) -> None:
        """Fill the composer and send it, without waiting for the answer."""
        self.page.locator("#kind").select_option(kind)
        self.page.locator("#card-text").fill(text)
        self.page.locator("#composer form button").click()

    def saves(self, kind: str, text: str) -> None:
        self.writes(kind, text)
        expect(self.page.locator("#composer-state")).to_have_text(self.words("saved"))
        self.sees(text)

    def goes_to_room(self, dialogue: Dialogue, room: Room) -> None:
        self.page.goto(f"/dialogues/{dialogue.slug}/enable/sessions/S2/")
        self.page.locator(f"a[href='{reverse('room:page', args=[room.pk])}']").click()
        self.is_connected()
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        expect(self.page.locator("h1")).to_have_text(room.name.in_all()[self.language])

    def looks(self) -> None:
        """What holds on every page of this way: the reader's direction, narrow enough, accessible."""
        assert self.page.locator("html").get_attribute("dir") == ("rtl" if self.language == "ar" else "ltr")
        assert not is_too_wide(self.page)
        assert axe(self.page) == []


@dataclass
class Evening:
    """A planned session with its one room: six people of three cities, and the dialogue's facilitator who leads."""

    dialogue: Dialogue
    room: Room
    facilitator: Reader
    giver: Reader
    consultant: Reader

    @property
    def everybody(self) -> list[Reader]:
        return [self.facilitator, self.giver, self.consultant]

    def move_on(self, position: int) -> None:
        """The facilitator goes on by one phase, and everybody's page follows by itself."""
        self.facilitator.page.locator("form[data-live='phase.next'] button:visible").click()
        for reader in self.everybody:
            reader.sees_phase(position)


@pytest.fixture
def evening(world: World) -> Evening:
    dialogue = world.dialogue(3)
    leader = world.account("facilitator", language="de", zone="Europe/Berlin")
    title = Text.of({"de": "Moderation", "ar": "تيسير الحوار", "fr": "Animation", "en": "Facilitation"}, original="de")
    team = add_team_member(by=world.secretariat, account=leader, role_title=title, languages=["de", "fr", "ar", "en"])
    add_participants(by=world.secretariat, dialogue=dialogue, people=[team], role=Participant.Role.FACILITATOR)
    world.at(dialogue, Step.ENABLE)
    session = plan_session(
        by=world.secretariat, dialogue=dialogue, code="S2", minutes=120, starts_at=datetime(2026, 9, 29, 9, tzinfo=UTC),
        title=Text.of({"en": "Consulting", "ar": "المشورة", "de": "Beratung", "fr": "Consultation"}),
    )  # fmt: skip
    enable.plan_blocks(by=leader, session=session, blocks=[("WELCOME", 5), ("CONSULT", 60), ("CLOSE", 5)])
    brings = dialogue.participants.get(person__city__slug="tn-gabès", person__seat=1)
    enable.bring_case(
        by=brings.person.account, participant=brings, session=session, themes=["GRN.01"],
        key_question=Text("ar", "كيف نشغّل الشباب؟"),
    )  # fmt: skip
    enable.plan_rounds(by=leader, dialogue=dialogue, seed=1)
    room = Room.objects.get()
    giver = room.members.get(role=Member.Role.CASE_GIVER).person.account
    # One of Agadir's two may have to take notes.
    consultant = room.members.filter(role=Member.Role.CONSULTANT, person__city__slug="ma-agadir")[0]
    assert giver == brings.person.account
    assert len(set(room.name.in_all().values())) == 4
    assert room.members.get(role=Member.Role.FACILITATOR).person == team
    for account, zone in ((giver, "Asia/Amman"), (consultant.person.account, "Africa/Casablanca")):
        Account.objects.filter(pk=account.pk).update(zone=zone)
    return Evening(
        dialogue, room,
        Reader(leader, "de", 1280, Member.Role.FACILITATOR, "11:00"),
        Reader(giver, "ar", 320, Member.Role.CASE_GIVER, "12:00"),
        Reader(consultant.person.account, "fr", 320, Member.Role.CONSULTANT, "09:00"),
    )  # fmt: skip


class Line:
    """Somebody's direct line to the server; while `holds`, what they send does not arrive."""

    def __init__(self, page: Page) -> None:
        self.holds = False
        self.held: list[str | bytes] = []
        page.route_web_socket(re.compile("/live/ws/"), self._route)

    def _route(self, line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            if self.holds and '"cmd"' in str(message):
                self.held.append(message)
            else:
                server.send(message)

        line.on_message(pass_on)


def by_hand(reader: Reader, address: str, **sent: Any) -> tuple[int, str]:
    """A request that their page does not offer, sent with everything a real one has. Gives status and words."""
    token = reader.page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    answer = reader.page.request.post(address, headers={"X-CSRFToken": token or ""}, **sent)
    return answer.status, answer.text()


def refuses_by_hand(evening: Evening, reader: Reader, kind: str, position: int) -> None:
    """No composer, the reason in words, and the server refuses in the same words whatever is sent to it."""
    before = Card.objects.count()
    expect(reader.page.locator("#what-now")).to_have_text(reader.told(position))
    card = {"kind": kind, "text": "…", "language": reader.language}
    frame = {"id": "by-hand-0001", "name": "card.add", "args": card}
    status, words = by_hand(reader, reverse("room:command", args=[evening.room.pk]), data=frame)
    assert status == 403, words
    assert reader.told(position) in json.loads(words)["message"]
    status, words = by_hand(reader, reverse("room:write", args=[evening.room.pk]), form=card)
    assert status == 403
    assert 'role="alert"' in words
    assert Card.objects.count() == before


def session_begins(evening: Evening) -> None:
    facilitator = evening.facilitator
    for reader in evening.everybody:
        reader.page.goto(f"/dialogues/{evening.dialogue.slug}/enable/sessions/S2/")
        expect(reader.page.locator("main")).to_contain_text(reader.start)
        reader.looks()
    facilitator.page.locator("form[action$='/start/'] button").click()
    facilitator.page.locator("form[action$='/next/'] button").click()
    assert Session.objects.get().state == Session.State.RUNNING
    for reader in evening.everybody:
        reader.goes_to_room(evening.dialogue, evening.room)
        reader.looks()
        expect(reader.page.locator("#composer")).to_be_hidden()
    for reader in evening.everybody:
        # Everybody sees that three are here, the facilitator too, who came first.
        expect(reader.page.locator("#people [data-here]:visible")).to_have_count(3)


def nothing_is_lost(evening: Evening, line: Line) -> None:
    """In the consultation: «saved» only after the commit; a reload with a card under way and a draft loses neither."""
    consultant, page = evening.consultant, evening.consultant.page
    written = partial(Card.objects.filter, author__account=consultant.account)
    line.holds = True
    consultant.writes("idea", ADVICE["idea"])
    expect(page.locator("#composer-state")).to_have_text(consultant.words("saving"))
    expect(page.locator("#pending")).to_contain_text(ADVICE["idea"])
    page.locator("#card-text").press_sequentially(DRAFT)
    assert len(line.held) == 1
    assert not written().exists()
    line.holds = False
    page.reload()
    # The line is new and the card goes out by itself, once, with its old number.
    for reader in evening.everybody:
        reader.sees(ADVICE["idea"])
        reader.sees_phase(CONSULT)
    expect(page.locator("#pending")).to_be_hidden()
    expect(page.locator("#card-text")).to_have_value(DRAFT)
    assert [card.text for card in written()] == [Text("fr", ADVICE["idea"])]


def test_a_session_with_three_browsers(evening: Evening, page_in: PageIn) -> None:
    facilitator, giver, consultant = evening.everybody
    for reader in evening.everybody:
        reader.opened = page_in(reader.language, reader.width, account=reader.account)
    line = Line(consultant.page)
    session_begins(evening)
    for position in (ROLES, CASE, CLARIFY):
        evening.move_on(position)

    # Clarifying: questions for information, no advice yet.
    expect(consultant.page.locator("#kind option")).to_have_count(1)
    expect(consultant.page.locator("#kind")).to_have_value("question")
    refuses_by_hand(evening, consultant, "idea", CLARIFY)
    evening.move_on(KEY_QUESTION)
    giver.saves("key_question", KEY)
    for reader in evening.everybody:
        expect(reader.page.locator("#key-question")).to_contain_text(KEY)
    expect(consultant.page.locator("#composer")).to_be_hidden()

    # Consulting: the case giver listens, the facilitator leads, and only the consultants write.
    evening.move_on(CONSULT)
    for reader in (giver, facilitator):
        expect(reader.page.locator("#composer")).to_be_hidden()
        refuses_by_hand(evening, reader, "idea", CONSULT)
    nothing_is_lost(evening, line)
    for kind in ("experience", "warning"):
        consultant.saves(kind, ADVICE[kind])
        for reader in (giver, facilitator):
            reader.sees(ADVICE[kind])
    for reader in evening.everybody:
        reader.looks()

    # The response: keep, takeaway, next step. Without a next step the room does not close, and says so.
    consultant.page.locator("#card-text").fill(DRAFT)
    evening.move_on(RESPONSE)
    giver.page.locator("[data-judge]:visible button[value=keep]").first.click()
    expect(consultant.page.locator("[data-verdict]:visible")).to_have_count(1)
    facilitator.page.locator("form[data-live='room.close'] button").click()
    expect(facilitator.page.locator("#leading-state")).not_to_be_empty()
    assert Room.objects.get().state == Room.State.RUNNING
    giver.saves("takeaway", TAKEAWAY)
    giver.page.reload()
    giver.is_connected()
    giver.sees(TAKEAWAY)
    giver.saves("next_step", NEXT_STEP)
    for reader in (facilitator, consultant):
        reader.sees(TAKEAWAY)
        reader.sees(NEXT_STEP)
    evening.move_on(LEARNING)
    expect(consultant.page.locator("#card-text")).to_have_value(DRAFT)
    consultant.saves("learning", "Un quartier d’abord")
    room_and_session_close(evening)


def room_and_session_close(evening: Evening) -> None:
    evening.facilitator.page.locator("form[data-live='room.close'] button").click()
    for reader in evening.everybody:
        expect(reader.page.locator("#what-now")).to_have_text(reader.words("closed"))
        expect(reader.page.locator("#composer")).to_be_hidden()
        reader.looks()
    assert Room.objects.get().state == Room.State.CLOSED
    cards = list(Card.objects.order_by("pk").values_list("kind", "author__account", "verdict"))
    giver, consultant = evening.giver.account.pk, evening.consultant.account.pk
    assert cards == [
        ("key_question", giver, ""),
        ("idea", consultant, "keep"),
        ("experience", consultant, ""),
        ("warning", consultant, ""),
        ("takeaway", giver, ""),
        ("next_step", giver, ""),
        ("learning", consultant, ""),
    ]

    page = evening.facilitator.page
    page.goto(f"/dialogues/{evening.dialogue.slug}/enable/sessions/S2/")
    page.locator("form[action$='/close/'] button").click()
    expect(page.locator("form[action$='/close/']")).to_have_count(0)
    assert Session.objects.get().state == Session.State.HELD
    present = set(Attendance.objects.values_list("participant__person__account", flat=True))
    assert present == {reader.account.pk for reader in evening.everybody}
    for reader in evening.everybody:
        reader.page.goto(f"/dialogues/{evening.dialogue.slug}/enable/sessions/S2/")
        reader.looks()


def test_reading_and_writing_without_script(evening: Evening, page_in: PageIn) -> None:
    facilitator, giver, consultant = evening.everybody
    for reader in evening.everybody:
        reader.opened = page_in(reader.language, reader.width, account=reader.account, javascript=False)
    enable.start_session(by=facilitator.account, session=Session.objects.get())
    for reader in evening.everybody:
        reader.page.goto(f"/dialogues/{evening.dialogue.slug}/enable/sessions/S2/")
        reader.page.locator(f"a[href='{reverse('room:page', args=[evening.room.pk])}']").click()
        expect(reader.page.locator("#composer")).to_be_hidden()
    for _phase in range(CONSULT):
        facilitator.page.locator("form[data-live='phase.next'] button:visible").click()
    assert Room.objects.get().phase == CONSULT

    consultant.page.reload()
    expect(consultant.page.locator("#what-now")).to_have_text(consultant.told(CONSULT))
    consultant.writes("idea", ADVICE["idea"])
    expect(consultant.page.locator(".success")).to_be_visible()
    consultant.sees(ADVICE["idea"])
    # What is sent from a page of the phase before is refused in words, and the text stays.
    consultant.page.locator("#card-text").fill(DRAFT)
    facilitator.page.locator("form[data-live='phase.next'] button:visible").click()
    consultant.page.locator("#composer form button").click()
    expect(consultant.page.locator("[role=alert]")).to_be_visible()
    expect(consultant.page.locator("#card-text")).to_have_value(DRAFT)

    giver.page.reload()
    giver.sees(ADVICE["idea"])
    giver.writes("next_step", NEXT_STEP)
    expect(giver.page.locator(".success")).to_be_visible()
    assert list(Card.objects.order_by("pk").values_list("kind", flat=True)) == ["idea", "next_step"]
