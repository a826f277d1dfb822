"""Odd statements all the way: typed behind the link or brought in by a workbook, then clustered, defined, asked about, found."""

import pytest
from django.test import Client
from django.urls import reverse

from majlis.accounts.actions import issue_link
from majlis.accounts.models import ActionLink
from majlis.dialogue.models import Dialogue, Step
from majlis.language.models import Text
from majlis.network.actions import bring_in, preview_workbook
from majlis.network.actions.intake import ACT
from majlis.network.models import Statement
from majlis.outbox.models import Mail
from majlis.search import actions as index
from majlis.steps.cluster import actions as cluster
from majlis.steps.define import actions as define
from majlis.steps.define.models import Proposal
from tests.network.sheets import NEED, changed, partners
from tests.network.views.test_intake import filled
from tests.world import World

LONG = ("نحتاج إلى فرز النفايات المنزلية وتدويرها في أحياء المدينة. " * 40)[:2000].strip()
ODD = {
    "one word": "ماء",
    "emoji only": "💧🌱🏙️",
    "as long as may be": LONG,
    "mixed languages": "نحتاج إلى coworking spaces für junge Leute",
    "the wrong language": "Wir brauchen mehr Ausbildungsplätze für junge Menschen.",
    "only marks": "…؟!",
    "markup": "<script>alert(1)</script> & <b>ماء</b>",
}
WORK = Text.of({"en": "Work", "ar": "العمل", "de": "Arbeit", "fr": "Travail"})
EMPTY = ("", "   ", "\n\t ")


@pytest.fixture
def dialogue(world: World) -> Dialogue:
    """Four cities, of which nobody has said anything yet."""
    dialogue = world.dialogue(4)
    Statement.objects.all().delete()
    return dialogue


def says(client: Client, dialogue: Dialogue, place: int, need: str, vision: str) -> tuple[int, str]:
    """A city's focal point fills in the form behind its link, in its own language; gives the answer's status and page."""
    city = dialogue.partners.order_by("pk")[place].city
    focal = city.people.get(is_focal_point=True).account
    link = issue_link(account=focal, act=ACT, subject=city)
    given = {
        name: focal.language if value == "ar" else value for name, value in filled(need=need, vision=vision).items()
    }
    answer = client.post(reverse("network:intake", args=[link.token]), given)
    return answer.status_code, answer.content.decode()


def all_say(client: Client, dialogue: Dialogue, odd: str) -> None:
    """The first city says it as its need and its vision; the others speak plainly. No one has chosen a theme."""
    said = [
        (odd, odd),
        ("نريد وظائف للشباب", "مدينة خضراء"),
        ("نحتاج إلى الماء", "لكل شاب عمل"),
        ("أسواق للحرفيين", "مدينة آمنة"),
    ]
    for place, (need, vision) in enumerate(said):
        assert says(client, dialogue, place, need, vision)[0] == 302


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_statement_stops_nobody(client: Client, world: World, dialogue: Dialogue, odd: str) -> None:
    all_say(client, dialogue, odd)
    city = dialogue.partners.order_by("pk")[0].city
    assert {each.text.body for each in Statement.objects.filter(city=city)} == {odd}
    desk = Client()
    desk.force_login(world.secretariat)

    # A city whose words name no theme has its home all the same.
    cluster.adopt(
        by=world.secretariat, proposal=cluster.propose(by=world.secretariat, dialogue=dialogue, smallest=1, largest=2)
    )
    seen(desk, "cluster:page", dialogue.slug)
    cluster.complete(by=world.secretariat, dialogue=dialogue)

    # What is there to read is read by meaning; what is not is tied to nothing, and the page says so.
    asked = define.ask_proposal(by=world.secretariat, dialogue=dialogue)
    define.work_off(proposal_id=asked.pk)
    assert Proposal.objects.get().state in {"done", "failed"}
    if not dialogue.topics.exists():
        define.add_topic(by=world.secretariat, dialogue=dialogue, name=WORK)
    topic = dialogue.topics.all()[0]
    define.set_ties(
        by=world.secretariat, dialogue=dialogue, ties={each.pk: all_of(dialogue) for each in dialogue.topics.all()}
    )
    for page in ("define:page", "define:shape", "define:statements"):
        seen(desk, page, dialogue.slug)
    seen(desk, "define:topic", dialogue.slug, topic.pk)
    seen(desk, "network:city", city.slug)

    define.ask_consent(by=world.secretariat, dialogue=dialogue)
    assert Mail.objects.filter(batch__kind="define.consent").count() == 4
    for link in ActionLink.objects.filter(act="define.consent"):
        answer = client.get(reverse("define:answer", args=[dialogue.slug, link.token]))
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()

    index.refresh()
    assert desk.get("/search/", {"q": odd}).status_code == 200


def all_of(dialogue: Dialogue) -> list[int]:
    return list(Statement.objects.filter(city__partnerships__dialogue=dialogue).values_list("pk", flat=True))


def seen(client: Client, name: str, *arguments: object) -> None:
    """The page answers in Arabic and in German, and shows words as words."""
    for language in ("ar", "de"):
        client.cookies["django_language"] = language
        page = client.get(reverse(name, args=arguments))
        assert (name, page.status_code) == (name, 200)
        assert f'<html lang="{language}"' in page.content.decode()
        assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("nothing", EMPTY)
def test_who_said_nothing_is_missing_and_named_by_the_gate(
    client: Client, world: World, dialogue: Dialogue, nothing: str
) -> None:
    all_say(client, dialogue, nothing)
    desk = Client()
    desk.force_login(world.secretariat)
    page = desk.get(reverse("cluster:page", args=[dialogue.slug])).content.decode()
    assert 'id="missing"' in page
    assert "A need is missing from" in page
    assert Statement.objects.count() == 6


def test_five_thousand_letters_are_refused_and_stay_until_they_are_shortened(
    client: Client, dialogue: Dialogue
) -> None:
    words = ("نحتاج إلى ماء وعمل " * 300)[:5000].strip()
    status, page = says(client, dialogue, 0, words, "مدينة خضراء")
    assert (status, words in page) == (422, True)
    assert not Statement.objects.exists()
    assert says(client, dialogue, 0, words[:1990].strip(), "مدينة خضراء")[0] == 302
    assert Statement.objects.count() == 2


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_workbook_brings_an_odd_statement_in_as_it_is(world: World, odd: str) -> None:
    rows = [changed(NEED, c4=odd, c5=None, c6=None)]
    upload = preview_workbook(by=world.secretariat, filename="odd.xlsx", content=partners(statements=rows))
    assert [each for each in upload.problems if each["level"] == "error"] == []
    bring_in(by=world.secretariat, workbook_import=upload)
    assert [each.text.body for each in Statement.objects.all()] == [odd]


def test_a_dialogue_goes_on_after_define_whatever_was_said(client: Client, world: World, dialogue: Dialogue) -> None:
    """Emoji from everybody: nothing can be read, and a person's own topic still leads through the gate."""
    for place in range(4):
        assert says(client, dialogue, place, "💧", "🌱")[0] == 302
    world.at(dialogue, Step.DEFINE)
    asked = define.ask_proposal(by=world.secretariat, dialogue=dialogue)
    define.work_off(proposal_id=asked.pk)
    proposal = Proposal.objects.get()
    assert proposal.state == "failed"
    assert str(proposal.words).startswith("Sub-topics follow from the themes of needs and visions.")
    topic = define.add_topic(by=world.secretariat, dialogue=dialogue, name=WORK)
    define.set_ties(by=world.secretariat, dialogue=dialogue, ties={topic.pk: all_of(dialogue)})
    for partner in dialogue.partners.all():
        define.consent(by=partner.city.people.get(is_focal_point=True).account, partner=partner, answer="agree")
    assert define.complete(by=world.secretariat, dialogue=dialogue).state == "done"
