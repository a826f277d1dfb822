import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from majlis.language.models import Text
from majlis.room import actions, hub
from majlis.room.actions import log
from majlis.room.hub import server
from majlis.room.models import Card, LiveEvent, Room
from tests.room.conftest import Table, make_table
from tests.room.live import Browser, enter, serving, session_and_ticket
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def table(transactional_db: None) -> Table:
    return make_table(World())


@pytest.fixture
def port(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    # Rights are looked at every 4 seconds; tests need not wait so long.
    assert hub.hub.recheck_seconds == 4
    monkeypatch.setattr(hub.hub, "recheck_seconds", 0.3)
    with serving() as number:
        yield number


def test_a_card_is_acknowledged_and_everybody_sees_it(table: Table, port: int) -> None:
    table.go(5)
    writer, reader = (enter(port, table.who(role), table.room) for role in ("consultant", "observer"))
    assert (writer.greeted()["t"], reader.greeted()["snapshot"]["room"]["phase"]) == ("welcome", 5)
    ack = writer.command("card.add", kind="experience", text="لدينا تجربة", language="ar")
    assert ack["t"] == "ack"
    seen = reader.event("card.added")
    assert (seen["seq"], seen["data"]["card"]["id"]) == (ack["seq"], ack["card"])
    assert seen["data"]["card"]["text"]["body"] == "لدينا تجربة"
    assert seen == writer.event("card.added") if not writer.seen else writer.seen[-1]
    assert Card.objects.get().pk == ack["card"]


def test_what_a_page_or_another_thread_writes_reaches_connected_browsers(table: Table, port: int) -> None:
    table.go(1)
    browser = enter(port, table.who("consultant"), table.room)
    browser.greeted()
    table.write("case_giver", "note", "Written through a page")
    assert browser.event("card.added")["data"]["card"]["text"]["body"] == "Written through a page"


def test_speech_rights_hold_over_websocket_and_over_http(table: Table, port: int) -> None:
    table.go(5)
    giver = enter(port, table.who("case_giver"), table.room)
    giver.greeted()
    nak = giver.command("card.add", kind="idea", text="But we tried that!", language="en")
    assert (nak["t"], nak["status"]) == ("nak", 403)
    assert nak["message"].startswith("You listen now")
    client = Client()
    client.force_login(table.who("case_giver"))
    frame = {"id": "over-http-1", "name": "card.add", "args": {"kind": "idea", "text": "But!", "language": "en"}}
    answer = client.post(f"/live/rooms/{table.room.pk}/cmd", frame, content_type="application/json")
    assert (answer.status_code, answer.json()["message"]) == (403, nak["message"])
    assert not Card.objects.exists()


def test_a_repeated_command_is_one_card_on_whichever_way_it_comes(table: Table, port: int) -> None:
    table.go(1)
    browser = enter(port, table.who("consultant"), table.room)
    browser.greeted()
    args = {"kind": "note", "text": "Once", "language": "en"}
    first = browser.command("card.add", number="same-number", **args)
    second = browser.command("card.add", number="same-number", **args)
    client = Client()
    client.force_login(table.who("consultant"))
    frame = {"id": "same-number", "name": "card.add", "args": args}
    third = client.post(f"/live/rooms/{table.room.pk}/cmd", frame, content_type="application/json").json()
    assert first == second == third
    assert Card.objects.count() == 1


def test_coming_again_brings_exactly_what_was_missed(table: Table, port: int) -> None:
    table.go(1)
    browser = enter(port, table.who("consultant"), table.room)
    seq = browser.greeted()["seq"]
    browser.leave()
    for number in range(3):
        table.write("time_keeper", "note", f"Missed {number}")
    again = enter(port, table.who("consultant"), table.room, resume={f"room:{table.room.pk}": seq})
    assert again.greeted()["t"] == "resumed"
    table.write("time_keeper", "note", "New")
    while len(again.seen) < 4:
        again.next()
    assert [event["seq"] for event in again.seen] == [seq + 1, seq + 2, seq + 3, seq + 4]
    bodies = [event["data"]["card"]["text"]["body"] for event in again.seen]
    assert bodies == ["Missed 0", "Missed 1", "Missed 2", "New"]


@pytest.mark.parametrize("resume", [10_000, -1, True, "5", None])
def test_an_odd_resume_gets_the_whole_room(table: Table, port: int, resume: object) -> None:
    browser = enter(port, table.who("consultant"), table.room, resume={f"room:{table.room.pk}": resume})
    assert browser.greeted()["t"] == "welcome"


def test_a_foreign_origin_is_refused(table: Table, port: int) -> None:
    for origin in ("https://evil.example", None, "null", "http://127.0.0.1.evil.example"):
        address = f"ws://127.0.0.1:{port}/live/ws/{table.room.pk}/"
        with pytest.raises(InvalidStatus) as refusal, connect(address, origin=origin):  # type: ignore[arg-type]
            pass
        assert refusal.value.response.status_code == 403


def test_without_a_good_ticket_nobody_comes_in(table: Table, port: int) -> None:
    cookie, ticket = session_and_ticket(table.who("consultant"), table.room)
    other_cookie, _ticket = session_and_ticket(table.who("observer"), table.room)
    assert Browser(port, table.room.pk, cookie, "").closed() == 4401
    assert Browser(port, table.room.pk, cookie, ticket[:-2] + "xx").closed() == 4401
    assert Browser(port, table.room.pk, other_cookie, ticket).closed() == 4401
    assert Browser(port, table.room.pk + 1, cookie, ticket).closed() == 4403
    assert Browser(port, table.room.pk, cookie, ticket).greeted()["t"] == "welcome"


def test_another_room_is_closed_to_its_strangers(table: Table, port: int) -> None:
    world = table.world
    for account in (world.account(), world.secretariat, world.account("observer"), world.account("facilitator")):
        client = Client()
        client.force_login(account)
        assert client.get(f"/live/rooms/{table.room.pk}/ticket").status_code == 404
        assert client.post(f"/live/rooms/{table.room.pk}/cmd", {}, content_type="application/json").status_code == 404
    assert Client().get(f"/live/rooms/{table.room.pk}/ticket").status_code == 404


def test_a_withdrawn_member_is_shown_out_at_once(table: Table, port: int) -> None:
    browser = enter(port, table.who("observer"), table.room)
    browser.greeted()
    began = time.monotonic()
    actions.withdraw_member(by=table.who("facilitator"), room=table.room, person=table.person("observer"))
    assert browser.closed() == 4403
    assert time.monotonic() - began < 2
    client = Client()
    client.force_login(table.who("observer"))
    assert client.get(f"/live/rooms/{table.room.pk}/ticket").status_code == 404


@pytest.mark.parametrize("loss", ["account", "session"])
def test_a_right_lost_elsewhere_closes_the_connection_within_five_seconds(table: Table, port: int, loss: str) -> None:
    browser = enter(port, table.who("observer"), table.room)
    browser.greeted()
    if loss == "account":
        account = table.who("observer")
        account.is_active = False
        account.save()
    else:
        Session.objects.all().delete()
    began = time.monotonic()
    assert browser.closed() == 4403
    assert time.monotonic() - began < 5


def test_bad_frames_end_the_connection_and_nobody_elses(table: Table, port: int) -> None:
    table.go(1)
    other = enter(port, table.who("consultant"), table.room)
    other.greeted()
    bad: list[tuple[str | bytes, int]] = [
        ("no json", 1007), ("[]", 1007), ("{}", 1007), ("[" * 5000, 1007), (b"\x00\x01", 1007), ('"' + "x" * 70_000, 1009)
    ]  # fmt: skip
    for frame, code in bad:
        browser = enter(port, table.who("observer"), table.room)
        browser.greeted()
        browser.socket.send(frame)
        assert browser.closed() == code
    again = enter(port, table.who("observer"), table.room)
    again.greeted()
    again.send(t="hello", ticket="")
    assert again.closed() == 4409
    assert other.command("card.add", kind="note", text="Still here", language="en")["t"] == "ack"


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("card.add", {}), ("card.add", {"kind": "idea"}), ("card.add", {"kind": 1, "text": [], "language": {}}),
        ("card.add", {"kind": "note", "text": "x", "language": "xx"}), ("card.judge", {"card": 10**30, "verdict": "keep"}),
        ("card.judge", {"card": True}), ("phase.extend", {"minutes": "many"}), ("room.explode", {}),
        ("card.add", {"kind": "note", "text": "x", "language": "en", "on_behalf_of": 0}),
    ],
)  # fmt: skip
def test_commands_that_are_none_are_refused_in_words(table: Table, name: str, args: dict[str, object]) -> None:
    table.go(1)
    client = Client()
    client.force_login(table.who("consultant"))
    frame = {"id": "command-x", "name": name, "args": args}
    answer = client.post(f"/live/rooms/{table.room.pk}/cmd", frame, content_type="application/json")
    assert (answer.status_code, bool(answer.json()["message"])) == (422, True)


def test_a_flood_is_slowed_down_and_others_keep_working(table: Table, port: int) -> None:
    table.go(1)
    flooder, other = (enter(port, table.who(role), table.room) for role in ("observer", "consultant"))
    flooder.greeted(), other.greeted()
    for _number in range(400):
        flooder.send(t="noise")
    began = time.monotonic()
    assert other.command("card.add", kind="note", text="Hello", language="en")["t"] == "ack"
    assert time.monotonic() - began < 2


def test_presence_is_counted_by_person(table: Table, port: int) -> None:
    first = enter(port, table.who("consultant"), table.room)
    me = table.person("consultant").pk
    assert first.greeted()["present"] == [me]
    second_tab = enter(port, table.who("consultant"), table.room)
    other = enter(port, table.who("observer"), table.room)
    assert len(other.greeted()["present"]) == 2
    told = first.until(lambda frame: frame["t"] == "presence" and frame["count"] == 2)
    assert table.person("observer").pk in told["join"]
    second_tab.leave()
    other.leave()
    left = first.until(lambda frame: frame["t"] == "presence" and bool(frame["leave"]))
    assert (left["count"], left["leave"]) == (1, [table.person("observer").pk])


def test_the_facilitator_leads_over_the_wire(table: Table, port: int) -> None:
    facilitator, giver = (enter(port, table.who(role), table.room) for role in ("facilitator", "case_giver"))
    facilitator.greeted(), giver.greeted()
    assert giver.command("phase.next", version=0)["status"] == 403
    assert facilitator.command("phase.next", version=0)["t"] == "ack"
    assert giver.event("phase.started")["data"]["room"]["phase"] == 1
    assert facilitator.command("phase.next", version=0)["status"] == 409
    assert facilitator.command("phase.extend", minutes=5)["t"] == "ack"
    assert giver.event("phase.extended")["data"]["room"]["extended"] == 5


def test_the_clock_ends_a_phase_while_people_are_connected(table: Table, port: int) -> None:
    table.go(1)
    browser = enter(port, table.who("consultant"), table.room)
    browser.greeted()
    Room.objects.filter(pk=table.room.pk).update(phase_ends_at=timezone.now() - timedelta(seconds=1))
    started = browser.event("phase.started")["data"]
    assert (started["room"]["phase"], started["by_clock"]) == (2, True)


def test_a_lost_wake_is_made_up_for_by_the_tick(table: Table, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    table.go(1)
    browser = enter(port, table.who("consultant"), table.room)
    browser.greeted()
    monkeypatch.setattr(log, "_followers", set())  # nobody in this process is told, and its own NOTIFY is passed over
    table.write("case_giver", "note", "Nobody was woken")
    assert browser.event("card.added")["data"]["card"]["text"]["body"] == "Nobody was woken"


def test_another_process_wakes_this_one(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "TICK", 60)
    with serving() as port:
        table.go(1)
        browser = enter(port, table.who("consultant"), table.room)
        browser.greeted()
        time.sleep(0.2)  # LISTEN stands
        monkeypatch.setattr(log, "_followers", set())
        card = table.write("case_giver", "note", "From elsewhere")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [log.CHANNEL, f"{table.room.stream_id}:{card.seq}:elsewhere"])
        assert browser.event("card.added")["seq"] == card.seq


def test_without_websocket_the_same_events_are_fetched(table: Table) -> None:
    table.go(1)
    client = Client()
    client.force_login(table.who("observer"))
    table.write("consultant", "note", "First")
    address = f"/live/rooms/{table.room.pk}/events"
    got = client.get(address, {"after": "1"}).json()["events"]
    assert [(event["seq"], event["name"]) for event in got] == [(2, "phase.started"), (3, "card.added")]
    assert client.get(address, {"after": "3"}).json()["events"] == []
    assert client.get(address, {"after": "x"}).status_code == 422
    client.force_login(table.world.account())
    assert client.get(address, {"after": "1"}).status_code == 404


def in_threads(work: list[object], count: int) -> list[object]:
    def run(each: object) -> object:
        try:
            return each()  # type: ignore[operator]
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, work))


def test_numbers_are_gapless_when_many_write_at_once_and_some_fail(table: Table) -> None:
    table.go(1)
    accounts = [table.who(role) for role in ("consultant", "time_keeper", "note_taker", "observer")]

    def writer(number: int) -> object:
        account = accounts[number % 4]  # the observer's are refused
        return lambda: actions.add_card(
            by=account, room=table.room, kind=Card.Kind.NOTE, text=Text("en", str(number)), command=f"n{number // 2}"
        )

    results = in_threads([writer(number) for number in range(80)], 8)
    stored = list(LiveEvent.objects.filter(stream=table.room.stream_id).values_list("seq", flat=True))
    assert stored == list(range(1, len(stored) + 1))
    assert Card.objects.count() == len({result.pk for result in results if isinstance(result, Card)}) == 60
    assert list(Card.objects.order_by("id").values_list("seq", flat=True)) == stored[2:]


def test_clock_and_facilitator_at_the_same_moment_move_on_once(table: Table) -> None:
    facilitator = table.who("facilitator")
    for phase in range(1, 6):
        table.go(phase)
        Room.objects.filter(pk=table.room.pk).update(phase_ends_at=timezone.now() - timedelta(seconds=1))
        version = table.fresh().version
        click = lambda seen=version: actions.advance(by=facilitator, room=table.room, expected_version=seen)  # noqa: E731
        in_threads([actions.end_phases, click, actions.end_phases, click], 4)
        assert table.fresh().phase == phase + 1
