"""The focal point's form behind a link, without signing in."""

import pytest
from django.test import Client
from django.urls import reverse

from majlis.accounts.actions import issue_link, revoke_links
from majlis.accounts.models import ActionLink
from majlis.network.actions.intake import ACT
from majlis.network.models import City, Person, Statement
from majlis.outbox.models import Mail
from tests.world import World


@pytest.fixture
def focal(world: World) -> Person:
    return world.person(world.city(1), is_focal_point=True, language="ar")


@pytest.fixture
def link(focal: Person) -> ActionLink:
    assert focal.city is not None
    return issue_link(account=focal.account, act=ACT, subject=focal.city)


def url(link: ActionLink) -> str:
    return reverse("network:intake", args=[link.token])


def filled(**texts: str) -> dict[str, str]:
    """The three empty forms, some with a text."""
    fields: dict[str, str] = {}
    for kind in ("need", "vision", "offer"):
        fields |= {f"new-{kind}-text": texts.get(kind, ""), f"new-{kind}-language": "ar", f"new-{kind}-seen": ""}
        fields |= {f"new-{kind}-theme_{number}": "" for number in (1, 2, 3)}
    return fields


def test_get_shows_in_the_persons_language_and_changes_nothing(client: Client, link: ActionLink) -> None:
    page = client.get(url(link))
    assert page.status_code == 200
    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    assert not Statement.objects.exists()
    assert ActionLink.objects.get().used_at is None


def test_another_language_for_no_words_is_no_statement(client: Client, link: ActionLink) -> None:
    given = filled(need="Wir brauchen einen Plan") | {
        f"new-{kind}-language": "de" for kind in ("need", "vision", "offer")
    }
    assert client.post(url(link), given).status_code == 302
    assert [(each.kind, each.text.language) for each in Statement.objects.all()] == [("need", "de")]


def test_need_and_vision_are_saved_and_can_be_changed(client: Client, link: ActionLink, focal: Person) -> None:
    given = filled(need="نحتاج إلى خطة", vision="مدينة خضراء") | {"new-need-theme_1": "GRN.01"}
    assert client.post(url(link), given).status_code == 302
    need = Statement.objects.get(kind="need")
    assert (need.city, need.themes, need.text.language, Statement.objects.count()) == (focal.city, ["GRN.01"], "ar", 2)
    page = client.get(url(link)).content.decode()
    assert "نحتاج إلى خطة" in page
    vision = Statement.objects.get(kind="vision")
    again = filled()
    for statement in (need, vision):
        again |= {
            f"s{statement.pk}-text": statement.text.body,
            f"s{statement.pk}-language": "ar",
            f"s{statement.pk}-seen": "1",
        }
    again[f"s{need.pk}-text"] = "نحتاج إلى تمويل"
    assert client.post(url(link), again).status_code == 302
    need.refresh_from_db()
    vision.refresh_from_db()
    assert (need.text.body, need.text.version, vision.text.version) == ("نحتاج إلى تمويل", 2, 1)


def test_what_was_typed_stays_when_something_is_wrong(client: Client, link: ActionLink) -> None:
    given = filled(need="نحتاج إلى خطة", vision="ن" * 2001) | {"new-need-theme_1": "no such theme"}
    answer = client.post(url(link), given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "نحتاج إلى خطة" in page and "no such theme" in page
    assert not Statement.objects.exists()


def test_emptied_statement_is_told_not_removed(world: World, client: Client, link: ActionLink, focal: Person) -> None:
    assert focal.city is not None
    there = world.statement(focal.city, "need")
    answer = client.post(url(link), filled() | {f"s{there.pk}-text": "  ", f"s{there.pk}-language": "en"})
    assert answer.status_code == 422
    assert Statement.objects.count() == 1


def test_link_that_does_not_work_is_the_same_page(
    world: World, client: Client, link: ActionLink, focal: Person
) -> None:
    """Abuse case 4: withdrawn, forged, of another act, of somebody who is focal point no more."""
    other = issue_link(account=focal.account, act="define.consent", subject=City.objects.get())
    statuses = [client.get(reverse("network:intake", args=[token])).status_code for token in ("1-x", "x", other.token)]
    Person.objects.update(is_focal_point=False)
    statuses += [client.get(url(link)).status_code, client.post(url(link), filled(need="x")).status_code]
    Person.objects.update(is_focal_point=True)
    revoke_links(act=ACT, subject=City.objects.get())
    statuses += [client.get(url(link)).status_code, client.post(url(link), filled(need="x")).status_code]
    assert statuses == [404] * 7
    assert not Statement.objects.exists()


def test_link_reaches_its_own_city_only(world: World, client: Client, link: ActionLink) -> None:
    foreign = world.statement(world.city(2), "need")
    given = filled(need="ours") | {f"s{foreign.pk}-text": "taken over", f"s{foreign.pk}-language": "en"}
    client.post(url(link), given)
    foreign.refresh_from_db()
    assert foreign.text.body == "need of de-dortmund"


def test_secretariat_asks_by_mail(world: World, client: Client, focal: Person) -> None:
    client.force_login(world.account())
    assert client.post(reverse("network:ask-intake")).status_code == 403
    client.force_login(world.secretariat)
    for _twice in range(2):
        assert client.post(reverse("network:ask-intake"), {"city": "ma-agadir"}).status_code == 302
    mail = Mail.objects.get()
    assert (mail.account, mail.language, mail.state) == (focal.account, "ar", "draft")
    link = ActionLink.objects.get(act=ACT)
    assert url(link) in mail.body_text
    client.logout()
    assert client.get(url(link)).status_code == 200


def test_nobody_to_ask(world: World, client: Client) -> None:
    world.city()
    client.force_login(world.secretariat)
    assert client.post(reverse("network:ask-intake")).status_code == 422


ODD = {
    "one word": "ماء",
    "emoji only": "💧🌱🏙️",
    "mixed languages": "نحتاج إلى coworking spaces für junge Leute",
    "the wrong language": "Wir brauchen mehr Ausbildungsplätze.",
    "as long as may be": "ماء " * 499 + "ماء",
    "only marks": "…؟!",
    "joined and turned about": "مرحبا\u202e\u200dabc",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_words_are_kept_as_they_are_and_shown_again(client: Client, link: ActionLink, text: str) -> None:
    assert client.post(url(link), filled(need=text)).status_code == 302
    kept = Statement.objects.get().text
    # Marks that turn the writing direction are taken out, nothing else is.
    assert kept.body == text.replace("\u202e", "")
    assert kept.language == "ar"
    assert client.get(url(link)).status_code == 200


def test_five_thousand_letters_are_refused_with_both_lengths_and_stay(client: Client, link: ActionLink) -> None:
    text = "ماء وعمل " * 555 + "حدود"
    page = client.post(url(link), filled(need=text, vision="مدينة خضراء"))
    assert page.status_code == 422
    shown = page.content.decode()
    assert text in shown
    assert "مدينة خضراء" in shown
    assert "2000" in shown
    assert "aria-invalid" in shown
    assert not Statement.objects.exists()


def test_letters_that_nobody_sees_are_no_statement(client: Client, link: ActionLink) -> None:
    page = client.post(url(link), filled(need="\u200b\u200b", vision="مدينة خضراء"))
    assert page.status_code == 422
    assert "مدينة خضراء" in page.content.decode()
    assert not Statement.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "\n\t "])
def test_nothing_said_is_nothing_kept(client: Client, link: ActionLink, text: str) -> None:
    client.post(url(link), filled(need=text, vision="مدينة خضراء"))
    assert [each.kind for each in Statement.objects.all()] == ["vision"]
