"""Signing in by a code: one live code, burnt after five tries, and nothing that tells known addresses from unknown ones."""

import re
import time
from statistics import median
from typing import Any

import pytest
from django.test import Client

from majlis.accounts import views
from majlis.accounts.models import Account, SignInCode
from majlis.outbox.models import Mail
from tests.world import World

pytestmark = pytest.mark.django_db
ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """No waiting, and the outbox as mail setting: Django's test runner puts its own there."""
    monkeypatch.setattr(views, "LEAST", 0.0)
    settings.EMAIL_BACKEND = "majlis.outbox.backend.OutboxBackend"


def asked(client: Client, address: str, capture: Any) -> str:
    """Ask for a code and read it in the kept mail."""
    with capture(execute=True):
        answer = client.post(ASK, {"email": address})
    assert (answer.status_code, answer["Location"]) == (302, CONFIRM)
    mail = Mail.objects.filter(address=address).order_by("-pk").first()
    assert mail
    found = re.search(r"^([A-Z0-9-]{6,9})$", mail.body_text, re.MULTILINE)
    assert found
    return found[1]


def test_the_code_arrives_in_the_readers_language_and_signs_in(
    world: World, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    account = world.account(language="ar")
    code = asked(client, account.email, django_capture_on_commit_callbacks)
    mail = Mail.objects.get(account=account)
    assert (mail.state, mail.language, mail.batch.is_private, mail.batch.kind) == ("sent", "ar", True, "accounts.code")
    answer = client.post(CONFIRM, {"code": code})
    assert (answer.status_code, answer["Location"]) == (302, "/my/")
    assert client.session["_auth_user_id"] == str(account.pk)
    assert client.cookies["django_language"].value == "ar"
    assert SignInCode.objects.count() == 0


def test_only_the_newest_code_lives_in_whatever_browser(
    world: World, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    account, other = world.account(), Client()
    old = asked(client, account.email, django_capture_on_commit_callbacks)
    new = asked(other, account.email, django_capture_on_commit_callbacks)
    assert client.post(CONFIRM, {"code": old}).status_code == 200
    assert client.post(CONFIRM, {"code": new}).status_code == 200
    assert other.post(CONFIRM, {"code": new}).status_code == 302


def test_five_wrong_tries_burn_the_code_over_all_browsers(
    world: World, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    account = world.account()
    code = asked(client, account.email, django_capture_on_commit_callbacks)
    for _number in range(5):
        client.post(CONFIRM, {"code": "XXXX-XXXX"})
    assert SignInCode.objects.count() == 0
    assert client.post(CONFIRM, {"code": code})["Location"].startswith(ASK)
    assert "_auth_user_id" not in client.session


def test_known_and_unknown_addresses_look_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(views, "LEAST", 0.4)
    known = [world.account().email for _number in range(3)]
    took: dict[bool, list[float]] = {True: [], False: []}
    bodies = set()
    for number, address in enumerate(known):
        for each in (address, f"nobody{number}@example.com"):
            client = Client()
            with django_capture_on_commit_callbacks(execute=True):
                begun = time.perf_counter()
                client.post(ASK, {"email": each})
                took[each == address].append(time.perf_counter() - begun)
            answer = client.get(CONFIRM)
            bodies.add(re.sub(r'value="\w{64}"', "", answer.content.decode().replace(each, "…")))
            wrong = client.post(CONFIRM, {"code": "XXXX-XXXX"})
            bodies.add(re.sub(r'value="\w{64}"', "", wrong.content.decode().replace(each, "…")))
    assert len(bodies) == 2
    assert abs(median(took[True]) - median(took[False])) < 0.02
    assert set(Mail.objects.values_list("address", flat=True)) == set(known)


def test_asking_is_limited_over_all_processes(world: World, client: Client) -> None:
    address = world.account().email
    answers = [Client().post(ASK, {"email": address}).status_code for _number in range(4)]
    assert answers == [302, 302, 302, 200]
    assert Mail.objects.filter(address=address).count() == 3


def test_closed_accounts_get_no_code(world: World, client: Client) -> None:
    account = world.account(is_active=False)
    assert client.post(ASK, {"email": account.email}).status_code == 302
    assert Mail.objects.count() == 0


def test_there_are_no_passwords_no_sign_up_no_change_of_address(world: World, client: Client) -> None:
    client.force_login(world.account())
    for path in ("password/change/", "password/set/", "password/reset/", "email/", "confirm-email/"):
        assert client.get(f"/accounts/{path}").status_code == 404, path
        assert client.post(f"/accounts/{path}", {}).status_code == 404, path
    client.logout()
    assert client.post("/accounts/signup/", {"email": "new@example.org"}).status_code == 200
    assert not Account.objects.filter(email="new@example.org").exists()


def test_one_click_only_in_the_demonstration(world: World, client: Client, settings: Any) -> None:
    dialogue = world.dialogue(1)
    url = "/accounts/demo-login/"
    assert client.post(url, {"role": "secretariat"}).status_code == 404
    settings.IS_DEMO = True
    assert client.get(url).status_code == 405
    for role in ("secretariat", "focal_point", "practitioner"):
        answer = client.post(url, {"role": role, "next": "https://evil.example/"})
        assert (answer.status_code, answer["Location"]) == (302, "/my/")
        who = Account.objects.get(pk=client.session["_auth_user_id"])
        assert {"secretariat": who.is_secretariat, "focal_point": who.person.is_focal_point if hasattr(who, "person") else None,
                "practitioner": hasattr(who, "person") and not who.person.is_focal_point}[role], dialogue  # fmt: skip
    assert client.post(url, {"role": "superuser"}).status_code == 404


def test_everybody_sets_language_zone_and_name_and_nothing_else(world: World, client: Client) -> None:
    account = world.account()
    client.force_login(account)
    assert client.get("/accounts/me/").status_code == 200
    given = {
        "language": "ar",
        "zone": "Africa/Tunis",
        "name": " Head\r\nof office ",
        "role": "secretariat",
        "is_active": "",
    }
    assert client.post("/accounts/me/", given).status_code == 302
    account.refresh_from_db()
    assert (account.language, account.zone, account.name, account.role) == (
        "ar",
        "Africa/Tunis",
        "Head of office",
        "practitioner",
    )
    assert client.cookies["django_language"].value == "ar"
    assert client.post("/accounts/me/", {"language": "xx", "zone": "Mars/Olympus"}).status_code == 422
