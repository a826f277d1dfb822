"""Fair times through the front door: found, explained, taken; sessions are made and moved, and blocked days stay free."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from majlis.accounts.models import Account
from majlis.algorithms.fair_times import Reason
from majlis.dialogue import actions, times
from majlis.dialogue.models import Dialogue, Session
from majlis.language.models import Text
from majlis.web.refused import Forbidden, Refused
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def dialogue(world: World) -> Dialogue:
    """Gabès, Agadir, Dortmund and Irbid."""
    return world.dialogue(4)


def page(dialogue: Dialogue) -> str:
    return f"/dialogues/{dialogue.slug}/sessions/times/"


def asked(first: date, **more: str | int) -> dict[str, Any]:
    return {
        "first": first.isoformat(), "last": (first + timedelta(days=13)).isoformat(), "sessions": 3, "minutes": 120,
        "days_between": 1, "opens": "09:00", "closes": "16:00", "earliest": "07:00", "latest": "21:00",
    } | more  # fmt: skip


def signed_in(client: Client, account: Account) -> Client:
    client.force_login(account)
    client.cookies["zone"] = "Asia/Amman"
    return client


def monday() -> date:
    """The first Monday of an October at least ten weeks ahead: a fortnight with few holidays and, before 2036, no Ramadan."""
    soonest = timezone.localdate() + timedelta(weeks=10)
    day = date(soonest.year + (soonest > date(soonest.year, 10, 1)), 10, 1)
    return day + timedelta(days=-day.weekday() % 7)


def posted(answer: Any) -> dict[str, str]:
    """What the form on the page would send."""
    forms = answer.context["taken"]
    data = {"form-TOTAL_FORMS": str(len(forms)), "form-INITIAL_FORMS": str(len(forms))}
    for form in forms:
        data |= {form.add_prefix(name): str(form[name].value()) for name in form.fields}
    return data


def test_times_are_found_and_taken_without_script(dialogue: Dialogue, world: World, client: Client) -> None:
    signed_in(client, world.secretariat)
    planned = actions.plan_session(
        by=world.secretariat, dialogue=dialogue, code="S1", title=Text.of({"en": "Opening", "ar": "افتتاح"}), minutes=90,
        starts_at=datetime.combine(monday() + timedelta(days=300), datetime.min.time(), UTC), capacity=40, kind="opening",
    )  # fmt: skip
    answer = client.get(page(dialogue), asked(monday()))
    found = answer.context["shown"]
    assert len(found.slots) == 3
    content = answer.content.decode()
    # The viewer's time stands first and is named, each clock has its row, and every day that is out says why.
    assert "Amman" in re.findall(r"<li>.*?</b>", content, re.S)[-3]
    assert (found.rows[0].zone_place, found.rows[0].is_viewers) == ("Amman", True)
    assert [row.zone_place for row in found.rows[1:]] == ["Casablanca", "Berlin", "Tunis"]
    data = posted(answer)
    assert [data[f"form-{number}-use"] for number in range(3)] == ["S1", "new", "new"]
    data["form-2-use"] = "none"
    data["form-1-title"] = "From advice to plan"
    assert client.post(page(dialogue), data).status_code == 302
    sessions = list(dialogue.sessions.order_by("code"))
    assert [(each.code, each.title.body, each.starts_at, each.minutes) for each in sessions] == [
        ("S1", "Opening", found.slots[0].starts_at, 120), ("S2", "From advice to plan", found.slots[1].starts_at, 120),
    ]  # fmt: skip
    assert (sessions[0].pk, sessions[0].sequence, sessions[0].capacity, sessions[0].kind) == (
        planned.pk,
        1,
        40,
        "opening",
    )
    assert sessions[0].title.shown("ar").body == "افتتاح"


def test_what_cannot_be_taken_keeps_what_was_typed(dialogue: Dialogue, world: World, client: Client) -> None:
    signed_in(client, world.secretariat)
    data = posted(client.get(page(dialogue), asked(monday())))
    answer = client.post(page(dialogue), data | {"form-0-title": ""})
    assert (answer.status_code, "form-0-title" in answer.content.decode()) == (422, True)
    for number in range(3):
        data[f"form-{number}-use"] = "new"
    passed = client.post(page(dialogue), data | {"form-0-starts_at": "2020-01-01T10:00:00+00:00"})
    assert (passed.status_code, "has passed" in passed.content.decode()) == (422, True)
    assert client.post(page(dialogue), data | {"form-0-starts_at": "soon"}).status_code == 422
    assert client.post(page(dialogue), data | {"form-0-starts_at": "2027-01-01T10:00:00"}).status_code == 422
    assert client.post(page(dialogue), {}).status_code == 422
    assert not dialogue.sessions.exists()
    wrong = client.get(page(dialogue), asked(monday(), last="2020-01-01", closes="08:00", allowed="no-day"))
    assert wrong.status_code == 422
    assert set(wrong.context["asked"].errors) == {"last", "closes", "allowed"}


def test_blocked_days_stay_free_until_they_are_freed(dialogue: Dialogue, world: World, client: Client) -> None:
    signed_in(client, world.secretariat)
    first = client.get(page(dialogue), asked(monday())).context["shown"].slots[0].starts_at.date()
    url = f"/dialogues/{dialogue.slug}/sessions/blocked/"
    assert client.post(url, {"first": first.isoformat(), "reason": "Council"}).status_code == 302
    shown = client.get(page(dialogue), asked(monday())).context["shown"]
    out = {day.day: [str(reason) for reason in day.reasons] for day in shown.out}
    assert out[first] == ["the organisers cannot: Council"]
    assert first not in {slot.starts_at.date() for slot in shown.slots}
    allowed = client.get(page(dialogue), asked(monday(), allowed=first.isoformat())).context["shown"]
    assert first in {slot.starts_at.date() for slot in allowed.slots}
    assert client.post(url, {"first": "2027-05-02", "last": "2027-05-01"}).status_code == 422
    assert client.post(url, {"free": str(dialogue.blocked_days.get().pk)}).status_code == 302
    assert client.post(url, {"free": "999999"}).status_code == 302
    assert not dialogue.blocked_days.exists()


def test_without_cities_and_without_days_the_page_says_what_to_do(world: World, client: Client) -> None:
    signed_in(client, world.secretariat)
    empty = world.dialogue(0)
    assert "Bring in the cities first" in client.get(page(empty)).content.decode()
    full = world.dialogue(1)
    saturday = monday() + timedelta(days=5)
    nothing = client.get(page(full), asked(saturday, last=saturday.isoformat(), sessions=1))
    assert (nothing.status_code, "No day fits" in nothing.content.decode()) == (200, True)


def test_only_the_secretariat_plans(dialogue: Dialogue, world: World, client: Client) -> None:
    person = dialogue.participants.all()[0].person
    signed_in(client, person.account)
    assert client.get(page(dialogue)).status_code == 403
    assert client.post(f"/dialogues/{dialogue.slug}/sessions/blocked/", {"first": "2027-01-01"}).status_code == 403
    with pytest.raises(Forbidden):
        actions.take_times(by=person.account, dialogue=dialogue, times=[])
    with pytest.raises(Forbidden):
        actions.block_days(by=person.account, dialogue=dialogue, first=monday(), last=monday())


def test_times_are_taken_all_or_none(dialogue: Dialogue, world: World) -> None:
    by, first = world.secretariat, timezone.now() + timedelta(days=90)
    new = actions.TakenTime(first, 90, title=Text("en", "New"))
    for wrong in ("S9", "S1"):
        if wrong == "S1":
            actions.take_times(by=by, dialogue=dialogue, times=[new])
        moves = [actions.TakenTime(first + timedelta(days=n), 90, code=wrong) for n in (1, 2 if wrong == "S1" else 1)]
        with pytest.raises(Refused):
            actions.take_times(by=by, dialogue=dialogue, times=[new, *moves[: 2 if wrong == "S1" else 1]])
    assert [session.code for session in dialogue.sessions.all()] == ["S1"]
    Session.objects.update(state="held")
    with pytest.raises(Refused):
        actions.take_times(by=by, dialogue=dialogue, times=[new, actions.TakenTime(first, 90, code="S1")])
    assert dialogue.sessions.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(
    world: World, client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    dialogue = world.dialogue(count)
    signed_in(client, world.secretariat)
    with django_assert_num_queries(10):
        client.get(page(dialogue), asked(monday()))


def test_reasons_are_told_in_the_readers_language() -> None:
    moon = Reason("holiday", ("TN", "MA"), ("Eid al-Fitr", "Eid al-Fitr Holiday"), "moon")
    assert str(times.reason_in_words(moon, 4)) == "Eid al-Fitr in Tunisia, Morocco: by the moon a day earlier or later"
    everywhere = Reason("weekend", ("MA", "TN"))
    assert str(times.reason_in_words(everywhere, 2)) == "weekend in all countries"
    unknown = Reason("holiday", ("XX",), ("Feast of Nobody",))
    assert str(times.reason_in_words(unknown, 3)) == "public holiday in XX"
