import json
import re

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from majlis.accounts.models import Account
from majlis.room import actions
from majlis.room.models import Card
from tests.room.conftest import Table


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def url(table: Table, part: str = "") -> str:
    return f"/live/rooms/{table.room.pk}/{part}"


def test_a_member_reads_and_writes_without_javascript(table: Table) -> None:
    table.go(5)
    client = browser(table.who("consultant"))
    page = client.get(url(table)).content.decode()
    assert "One contribution per turn" in page
    assert "You may write now:" in page
    command = re.search(r'name="command" value="(\w+)"', page)
    assert command
    form = {"kind": "experience", "text": "We planted\ntrees.", "language": "en", "command": command[1]}
    for _twice in range(2):  # sent twice by an impatient finger
        answer = client.post(url(table, "write/"), form)
        assert (answer.status_code, answer["Location"]) == (302, url(table))
    assert Card.objects.count() == 1
    assert "We planted\ntrees." in browser(table.who("observer")).get(url(table)).content.decode()


def test_a_refused_card_keeps_its_text_and_says_why(table: Table) -> None:
    table.go(5)
    client = browser(table.who("case_giver"))
    assert 'id="composer" aria-labelledby="composer-heading" hidden' in client.get(url(table)).content.decode()
    answer = client.post(url(table, "write/"), {"kind": "idea", "text": "But we tried!", "language": "en"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "You listen now and write nothing" in page
    assert "But we tried!</textarea>" in page
    assert not Card.objects.exists()


def test_the_facilitator_leads_with_plain_forms(table: Table) -> None:
    client = browser(table.who("facilitator"))
    client.get(url(table))
    client.post(url(table, "act/"), {"name": "phase.next", "version": "0"})
    assert table.fresh().phase == 1
    late = client.post(url(table, "act/"), {"name": "phase.next", "version": "0"})
    assert (late.status_code, "The room has moved on" in late.content.decode()) == (409, True)
    client.post(url(table, "act/"), {"name": "phase.extend", "minutes": "5"})
    assert table.fresh().extended_minutes == 5
    missing = client.post(url(table, "act/"), {"name": "room.close"})
    assert (missing.status_code, "The key question is written." in missing.content.decode()) == (409, True)
    client.post(url(table, "act/"), {"name": "room.cancel", "reason": "The line broke."})
    assert table.fresh().state == "cancelled"


def test_the_case_giver_weighs_and_releases(table: Table) -> None:
    table.go(4)
    table.write("case_giver", "key_question")
    table.go(5)
    card = table.write("consultant", "idea")
    table.go(6)
    client = browser(table.who("case_giver"))
    client.post(url(table, "act/"), {"name": "card.judge", "card": str(card.pk), "verdict": "adapt"})
    card.refresh_from_db()
    assert card.verdict == "adapt"
    client.post(url(table, "release/"))
    assert table.case is not None
    table.case.refresh_from_db()
    assert table.case.is_released


def test_the_secretariat_sees_the_state_and_nobody_else_sees_anything(table: Table) -> None:
    table.go(1)
    table.write("consultant", "note", "canary-4711")
    state = browser(table.world.secretariat).get(url(table))
    assert (state.status_code, "canary-4711" in state.content.decode()) == (200, False)
    for role in ("observer", "facilitator", "practitioner"):
        stranger = browser(table.world.account(role))
        assert stranger.get(url(table)).status_code == 404
        assert stranger.post(url(table, "write/"), {"kind": "note", "text": "x", "language": "en"}).status_code == 404
        assert stranger.post(url(table, "act/"), {"name": "phase.next"}).status_code == 404
    assert browser(table.world.secretariat).post(url(table, "act/"), {"name": "phase.next"}).status_code == 404
    assert browser(table.world.account()).get("/live/rooms/999999/").status_code == 404
    assert Client().get(url(table)).status_code == 302


def test_after_withdrawal_the_page_is_gone(table: Table) -> None:
    client = browser(table.who("observer"))
    assert client.get(url(table)).status_code == 200
    actions.withdraw_member(by=table.who("facilitator"), room=table.room, person=table.person("observer"))
    assert client.get(url(table)).status_code == 404


def test_hostile_text_is_only_text(table: Table) -> None:
    table.go(1)
    table.write("consultant", "note", "</script><script>alert(1)</script><img src=x onerror=alert(2)>")
    page = browser(table.who("observer")).get(url(table)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_seat_in_every_phase_has_a_page(table: Table, language: str) -> None:
    clients = {
        role: browser(table.who(role)) for role in ("case_giver", "facilitator", "consultant", "note_taker", "observer")
    }
    for phase in range(8):
        table.go(phase)
        for role, client in clients.items():
            page = client.get(url(table), headers={"Accept-Language": language})
            assert page.status_code == 200
            data = json.loads(page.content.decode().split('type="application/json">')[1].split("</script>")[0])
            assert (data["state"]["phase"], len(data["phases"])) == (phase, 9)
            assert data["phases"][phase]["words"], role


def test_the_page_costs_the_same_queries_with_one_card_and_with_ten(
    table: Table, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    table.go(5)
    client = browser(table.who("consultant"))
    client.get(url(table))
    for written in (1, 9):
        for _number in range(written):
            table.write("consultant", "idea")
        with django_assert_num_queries(10):
            client.get(url(table))
