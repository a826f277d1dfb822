"""The search page and the similar things beside a form, through the front door."""

from urllib.parse import urlencode

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from majlis.language.models import Text
from majlis.search import actions
from tests.search.conftest import Network
from tests.world import World


def test_the_page_shows_what_was_found_with_its_language(client: Client, network: Network) -> None:
    network.solution(network.dortmund, "de", "Kompostwerk für Küchenabfälle")
    actions.refresh()
    client.cookies["django_language"] = "ar"
    body = client.get("/search/", {"q": "سماد من النفايات العضوية"}).content.decode()
    assert '<a class="found" href="/solutions/s-0/" lang="de" dir="ltr">Kompostwerk für Küchenabfälle</a>' in body
    assert "الألمانية" in body


def test_dialogues_are_found_by_their_title_in_any_language(client: Client, world: World) -> None:
    dialogue = world.dialogue(2)
    dialogue.title = Text.of({"en": "Jobs in cities", "ar": "فرص العمل في المدن", "fr": "", "de": ""})
    dialogue.save()
    link = f'href="/dialogues/{dialogue.slug}/"'
    for words, is_found in (("jobs CITIES", True), ("المدن العمل", True), ("jobs rivers", False), ("…", False)):
        for account in (None, world.account(), world.secretariat):
            client.logout()
            if account:
                client.force_login(account)
            takes_part = account == world.secretariat
            assert (link in client.get("/search/", {"q": words}).content.decode()) is (is_found and takes_part)


def test_every_page_has_the_box(client: Client, db: None) -> None:
    assert 'action="/search/"' in client.get("/").content.decode()


def test_nothing_asked_and_nothing_found_say_what_to_do(client: Client, indexed: Network) -> None:
    assert "What are you looking for?" in client.get("/search/").content.decode()
    assert "Nothing was found" in client.get("/search/", {"q": "xqztvbnm wkrtpl"}).content.decode()
    assert "Nothing was found" in client.get("/search/", {"q": "😀"}).content.decode()


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize("is_member", [False, True])
def test_search_costs_the_same_at_one_and_three(
    many: int, is_member: bool, client: Client, network: Network, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(many):
        network.solution(network.dortmund, "de", "Kompostwerk", summary="Ein Satz. Noch ein Satz.")
        network.person(network.gabes, "de", "Leitung Kompostwerk", is_listed=True)
    actions.refresh()
    if is_member:
        client.force_login(network.world.secretariat)
    # the mean, the index, the grams, [begin, settings, candidates, end], who may see them now, what is shown
    with django_assert_num_queries(12 if is_member else 9):  # a member's session, account and dialogues
        page = client.get("/search/", {"q": "Kompostwerk"})
    assert len(page.context["found"].strip + page.context["found"].hits) >= 2 * many


@pytest.mark.parametrize("query", [
    {"kind": "nothing"}, {"country": "ZZ"}, {"theme": "'"}, {"language": "xx"}, {"page": "-1"}, {"page": "x"}, {"page": "٣"},
    {"page": "9999"}, {"words": "yes"}, {"q": "a\x00b"}, {"q": "x" * 6000},
])  # fmt: skip
def test_the_address_bears_anything(client: Client, indexed: Network, query: dict[str, str]) -> None:
    assert client.get("/search/?" + urlencode({"q": "Lehrlinge", **query})).status_code == 200


def test_pages_hold_each_hit_once(client: Client, network: Network) -> None:
    for number in range(27):
        network.solution(network.dortmund, "de", f"Kompostwerk für den Stadtteil {number}")
    network.solution(network.gabes, "ar", "سماد من النفايات")
    actions.refresh()
    seen = []
    for page in (1, 2):
        found = client.get("/search/", {"q": "Kompostwerk", "page": str(page), "kind": "solution"}).context["found"]
        seen += [hit.entry.pk for hit in [*found.strip, *found.hits]]
    assert len(seen) == len(set(seen)) == found.total
    assert client.get("/search/", {"q": "Kompostwerk", "page": "2"}).context["earlier"] == 1


def test_markup_in_what_was_written_stays_text(client: Client, network: Network) -> None:
    network.solution(network.dortmund, "de", "<img src=x onerror=alert(1)> Kompost", summary="<b>Eins</b>. Zwei.")
    actions.refresh()
    body = client.get("/search/", {"q": "<img src=x onerror=alert(1)> Kompost"}).content.decode()
    assert "<img src=x" not in body and "<b>Eins" not in body


def test_nothing_personal_is_kept_for_the_next(client: Client, network: Network) -> None:
    caches["pages"].clear()
    network.person(network.gabes, "de", "Referent für Abwassertechnik")
    actions.refresh()
    client.force_login(network.world.secretariat)
    assert "Referent für Abwassertechnik" in client.get("/search/", {"q": "Abwassertechnik"}).content.decode()
    client.logout()
    page = client.get("/search/", {"q": "Abwassertechnik"})
    assert "Referent für Abwassertechnik" not in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_similar_things_before_a_need_is_saved(client: Client, indexed: Network) -> None:
    typed = {"new-need-text": "Uns fehlen Lehrlinge im Handwerk", "new-need-language": "de", "of": "need:new-need:"}
    page = client.post("/search/similar/", typed)
    assert page.templates[0].name == "search/similar_page.html"
    part = client.post("/search/similar/", typed, headers={"X-Part": "1"})
    for answer in (page, part):
        assert answer.context["hits"][0].title.body == "Dem Handwerk fehlen Lehrlinge und Fachkräfte"
    assert "<html" not in part.content.decode()


def test_a_statement_is_not_similar_to_itself(client: Client, indexed: Network) -> None:
    statement = indexed.need(indexed.dortmund, "de", "Uns fehlen Lehrlinge im Handwerk")
    actions.refresh()
    for prefix, name in ((f"s{statement.pk}", f"s{statement.pk}-"), ("", "")):
        typed = {f"{name}text": statement.text.body, f"{name}language": "de", "of": f"need:{prefix}:{statement.pk}"}
        hits = client.post("/search/similar/", typed).context["hits"]
        assert hits and statement not in [hit.entry.statement for hit in hits]


def test_the_forms_for_statements_offer_to_look(client: Client, indexed: Network) -> None:
    statement = indexed.need(indexed.gabes, "ar", "نحتاج إلى سماد")
    client.force_login(indexed.world.secretariat)
    for page, of in (
        (f"/network/cities/{indexed.gabes.slug}/add/vision/", "vision::"),
        (f"/network/statements/{statement.pk}/", f"need::{statement.pk}"),
    ):
        body = client.get(page).content.decode()
        assert f'name="of" value="{of}" formaction="/search/similar/"' in body and f'data-similar-to="{of}"' in body


def test_similar_bears_anything(client: Client, indexed: Network) -> None:
    for typed in (
        {},
        {"text": "😀"},
        {"of": "x" * 100, "text": "a"},
        {"text": "لا " * 3000, "language": "xx", "kind": "person"},
    ):
        assert client.post("/search/similar/", typed, headers={"X-Part": "1"}).status_code == 200
    assert client.get("/search/similar/").status_code == 405
