"""Links in mails against abuse: replayed, changed, another's, expired, used twice at once, opened by a mail scanner."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from majlis.accounts.models import Account, ActionLink
from majlis.journal.models import Entry
from majlis.outbox.models import Mail
from majlis.steps.invite import actions
from majlis.steps.invite.models import Invitation, RoleAgreement
from tests.steps.invite.conftest import Inviting
from tests.world import World

CALM = "This link no longer works."
ACTS = {
    "invite:agree": "invite.agree", "invite:answer": "invite.answer", "invite:details": "invite.answer",
    "invite:delegation": "invite.delegate",
}  # fmt: skip


def pages_by_link() -> set[str]:
    """Names of all addresses of this step that hold a token: a new one must be in ACTS or be somebody else's."""

    def walk(resolver: URLResolver, inside: bool) -> Iterator[str]:
        for each in resolver.url_patterns:
            if isinstance(each, URLResolver):
                yield from walk(each, inside or each.namespace == "invite")
            elif isinstance(each, URLPattern) and inside and "<str:token>" in str(each.pattern):
                yield f"invite:{each.name}"

    return set(walk(get_resolver(), False))


@pytest.fixture
def asked(world: World) -> Inviting:
    inviting = Inviting(world)
    inviting.invited()
    actions.invite_delegations(by=inviting.secretariat, dialogue=inviting.dialogue)
    actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    return inviting


def link_for(act: str) -> ActionLink:
    return ActionLink.objects.filter(act=act, revoked_at=None, account__person__is_focal_point=True).order_by("pk")[0]


def address(inviting: Inviting, name: str, token: str) -> str:
    return reverse(name, args=[inviting.dialogue.slug, token])


def good(inviting: Inviting, name: str) -> dict[str, Any]:
    """What fills the page's form rightly."""
    forms: dict[str, dict[str, Any]] = {
        "invite:agree": {"answer": "agreed", "of_version": 1, "comment": "again"},
        "invite:answer": {"answer": "yes", "contribution": "practice", "contribution_text": "A market"},
        "invite:details": {"answer": "no"},
        "invite:delegation": {"act": "hand_over", "role_title": "Successor", "address": "next@example.org", "language": "en"},
    }  # fmt: skip
    return forms[name]


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, to be compared."""
    with connection.cursor() as cursor:
        tables = [
            name
            for name in connection.introspection.table_names(cursor)
            if not name.startswith(("django_migr", "procrastinate"))
        ]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" AS t ORDER BY 1')
            found[table] = cursor.fetchall()
    return found


def test_every_page_behind_a_link_is_known_here() -> None:
    of_calendars = {"invite:calendar_by_link", "invite:session_file_by_link", "invite:feed"}
    assert pages_by_link() - of_calendars == set(ACTS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ACTS))
def test_a_mail_scanner_that_opens_a_link_changes_no_row(asked: Inviting, client: Client, name: str) -> None:
    url = address(asked, name, link_for(ACTS[name]).token)
    before = everything()
    for _time in range(2):
        assert client.get(url).status_code in {200, 302}
        assert client.head(url).status_code in {200, 302, 405}
        assert client.options(url).status_code in {200, 302, 405}
    assert everything() == before


@pytest.mark.django_db
def test_no_link_in_any_mail_acts_when_it_is_opened(asked: Inviting, client: Client) -> None:
    """The same over every address that stands in a mail, whichever page it leads to."""
    texts = Mail.objects.values_list("body_text", flat=True)
    found = {url for text in texts for url in re.findall(r"https?://[^/\s]+(/\S+)", text)}
    assert len(found) >= 10
    before = everything()
    for url in sorted(found):
        assert client.get(url).status_code in {200, 302}, url
    assert everything() == before


def words_of(page: str) -> str:
    """What a page says; its way back names the address that was asked for."""
    return re.sub(r'href="[^"]*"', "", page.split("<main")[1].split("</main>")[0])


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ACTS))
def test_what_is_no_live_link_gets_the_same_calm_page_and_does_nothing(
    asked: Inviting, client: Client, name: str
) -> None:
    link = link_for(ACTS[name])
    other = ActionLink.objects.exclude(pk=link.pk).filter(act=link.act)[0]
    wrong_act = next(each for each in ActionLink.objects.all() if each.act != link.act)
    number, signature = link.token.split("-")
    tokens = {
        "another's": f"{other.pk}-{signature}", "changed": f"{number}-{'0' * 40}", "cut": link.token[:-1], "longer": f"{link.token}0",
        "for another act": wrong_act.token, "none": "x",
    }  # fmt: skip
    client.cookies["django_language"] = "en"
    before = Entry.objects.count()
    bodies = set()
    for kind, token in tokens.items():
        for method in (client.get, client.post):
            page = method(address(asked, name, token), good(asked, name))
            assert page.status_code == 404, kind
            assert CALM in page.content.decode(), kind
            bodies.add(words_of(page.content.decode()))
    url = address(asked, name, link.token)
    for change in ({"expires_at": timezone.now()}, {"revoked_at": timezone.now()}):
        ActionLink.objects.filter(pk=link.pk).update(**change)
        page = client.post(url, good(asked, name))
        assert page.status_code == 404
        bodies.add(words_of(page.content.decode()))
    assert len(bodies) == 1
    assert Entry.objects.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ACTS))
def test_the_link_of_somebody_who_left_is_dead(asked: Inviting, client: Client, name: str) -> None:
    link = link_for(ACTS[name])
    Account.objects.filter(pk=link.account_id).update(is_active=False)
    client.cookies["django_language"] = "en"
    page = client.get(address(asked, name, link.token))
    assert page.status_code == 404
    assert CALM in page.content.decode()


@pytest.mark.django_db
def test_a_replayed_answer_is_one_answer(asked: Inviting, client: Client) -> None:
    url = address(asked, "invite:answer", link_for("invite.answer").token)
    pages = [client.post(url, good(asked, "invite:answer")) for _time in range(3)]
    assert [page.status_code for page in pages] == [302, 302, 302]
    assert Entry.objects.filter(act="invite.answer_invitation").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("name", "done"),
    [
        ("invite:agree", "invite.answer_roles"),
        ("invite:answer", "invite.answer_invitation"),
        ("invite:delegation", "invite.hand_over"),
    ],
)
def test_a_link_used_twice_at_once_acts_once(world: World, name: str, done: str) -> None:
    inviting = Inviting(world)
    inviting.invited()
    actions.invite_delegations(by=inviting.secretariat, dialogue=inviting.dialogue)
    actions.send_invitations(by=inviting.secretariat, dialogue=inviting.dialogue)
    RoleAgreement.objects.update(answer="asked")
    Entry.objects.all().delete()
    url, typed = address(inviting, name, link_for(ACTS[name]).token), good(inviting, name)

    def press(_number: int) -> int:
        try:
            return Client().post(url, typed).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(press, range(4)))
    assert Entry.objects.filter(act=done).count() == 1
    # One success; the others find it done (the same answer), or the same calm refusal.
    assert set(statuses) <= {200, 302, 404, 422}, statuses
    assert Invitation.objects.filter(answer="yes").count() == (name == "invite:answer")
