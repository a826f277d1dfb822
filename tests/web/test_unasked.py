"""Abuse case 23: whoever sends along a role, a right or somebody else's number changes nothing, and it is logged."""

import pytest
from django.test import Client

from majlis.accounts.models import Account
from tests.world import World

pytestmark = pytest.mark.django_db
GRABBED = {
    "role": "secretariat", "is_staff": "1", "is_superuser": "1", "is_active": "0", "email": "mine@town.example",
}  # fmt: skip


def test_abuse_23_ones_settings_give_no_role_and_touch_nobody_else(
    world: World, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    account, other = world.account(language="fr"), world.account(language="ar")
    before = list(Account.objects.filter(pk=other.pk).values())
    client.force_login(account)
    typed = {"name": "Officer", "language": "de", "zone": "Africa/Tunis"}
    response = client.post("/accounts/me/", typed | GRABBED | {"account": other.pk, "user_id": other.pk})
    assert response.status_code == 302
    mine = Account.objects.get(pk=account.pk)
    assert (mine.language, mine.role, mine.is_superuser, mine.is_active) == ("de", account.role, False, True)
    assert mine.email == account.email
    assert list(Account.objects.filter(pk=other.pk).values()) == before
    said = [record.getMessage() for record in caplog.records if record.name == "majlis.web.unasked"]
    by = f"by account {account.pk}, at accounts:me"
    assert said == [
        f"Ignored what was not asked for: email, role, {by}",
        f"Ignored what was not asked for: account, is_active, is_staff, is_superuser, user_id, {by}",
    ]


def test_abuse_23_nor_does_any_other_form(world: World, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    account = world.account()
    before = list(Account.objects.filter(pk=account.pk).values())
    client.post("/accounts/login/code/", {"email": account.email, "is_staff": "1", "is_superuser": "secret"})
    assert list(Account.objects.filter(pk=account.pk).values()) == before
    said = [record.getMessage() for record in caplog.records if record.name == "majlis.web.unasked"]
    assert len(said) == 1
    assert said[0].startswith("Ignored what was not asked for: is_staff, is_superuser, by account None")
    assert "secret" not in said[0]


def test_what_a_form_asks_for_is_not_logged(world: World, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.force_login(world.account())
    assert client.post("/accounts/me/", {"name": "Officer", "language": "de", "zone": ""}).status_code == 302
    assert [record for record in caplog.records if record.name == "majlis.web.unasked"] == []
