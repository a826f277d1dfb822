"""Texts with placeholders: every default in every language, checking, filling, a dialogue's own words."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from majlis.language.models import LANGUAGES
from majlis.outbox import actions, texts
from majlis.outbox.actions import Letter, approve_batch, draft_batch, write_text
from majlis.outbox.letters import write
from majlis.outbox.models import Batch, Mail, MailText
from majlis.outbox.terms import MailKind, Placeholder
from majlis.outbox.texts import Words, checked, default_words, filled, kinds, values_of
from majlis.web.refused import Forbidden, NotThere, Refused
from tests.world import World

KIND = MailKind(
    "letter", "A letter",
    [
        Placeholder("title", "title"), Placeholder("body", "text", shape="text"), Placeholder("link", "link", shape="link", is_needed=True),
        Placeholder("topics", "topics", shape="list"), Placeholder("dates", "dates", shape="list", line="{when}: {title}"),
    ],
)  # fmt: skip
KINDS = [KIND]


@pytest.fixture
def kind(settings: Any, template: str) -> MailKind:
    settings.MAIL_KINDS = ["tests.outbox.test_texts.KINDS"]
    return KIND


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", list(kinds()))
def test_every_default_passes_its_own_check(template: str, language: str) -> None:
    """So it can be opened, changed in one word and kept."""
    kind = kinds()[template]
    texts._default_words.cache_clear()
    words = default_words(kind, language)
    assert checked(kind, words.subject, words.body) == words


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("Hello", "{link} {cty}", "There is no placeholder {cty}. Use those of the list: {title}, {body}, {link}, {topics}, {dates}."),
        ("Hello", "{link} {Your city}", "“{Your city}” is no placeholder: write its name alone between the braces, as in {title}."),
        ("Hello", "{link} {{title}}", None),
        ("Hello", "{title}", "The text must name {link}: without it the mail is of no use to its reader."),
        ("", "{link}", "Write a subject."),
        ("Hello", " \n ", "Write a text."),
        ("x" * 151, "{link}", "The subject is 151 characters long; at most 150 fit here."),
        ("{topics}", "{link}", "{topics} is a list or a longer text and has no place in the subject."),
        ("Hello", "{link}\n{topics} {dates}", "One line can name one list only: “{topics} {dates}”. Put the other one on a line of its own."),
    ],
)  # fmt: skip
def test_what_cannot_be_filled_is_refused_in_words(subject: str, body: str, said: str | None) -> None:
    if said is None:
        assert checked(KIND, subject, body).body == "{link} {{title}}\n"
        return
    with pytest.raises(Refused) as refused:
        checked(KIND, subject, body)
    assert str(refused.value.sentence) == said


def test_filling_leaves_out_what_is_empty_and_repeats_what_is_many() -> None:
    words = Words(
        "{title}!", "Good day {title}\n\nTopics\n---\n- {topics}\n\nDates\n---\n- {dates}\n\nMore:\n{body}\n\n{link}\n"
    )
    context = {
        "title": "Jobs", "body": "", "link": "http://127.0.0.1:8000/x/", "topics": ["Water", "{title}"],
        "dates": [{"when": "Tuesday", "title": "Start"}],
    }  # fmt: skip
    assert filled(words, values_of(KIND, context)) == Words(
        "Jobs!",
        "Good day Jobs\n\nTopics\n---\n- Water\n- {title}\n\nDates\n---\n- Tuesday: Start\n\nhttp://127.0.0.1:8000/x/\n",
    )


HOSTILE = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    [
        "{link}",
        "a\r\nBcc: b@c",
        "x\n-----\ny",
        "https://evil.example/",
        "\u202eabc",
        "{title}{body}",
        "%(title)s",
        "{{ settings }}",
    ]
)


@given(title=HOSTILE, body=HOSTILE, topics=st.lists(HOSTILE, max_size=4))
def test_values_are_never_more_than_values(title: str, body: str, topics: list[str]) -> None:
    context = {"title": title, "body": body, "link": "http://127.0.0.1:8000/x/", "topics": topics, "dates": []}
    words = filled(Words("S {title}", "T {title}.\n\n- {topics}\n\n{link}\n"), values_of(KIND, context))
    assert len(words.subject.splitlines()) == 1
    assert words.body.count("http://127.0.0.1:8000/x/") == 1 + "".join([title, *topics]).count(
        "http://127.0.0.1:8000/x/"
    )
    assert "https://evil" not in words.subject + words.body
    assert texts.CONTROLS.search(words.body) is None


def letter(world: World, kind: MailKind, language: str = "en", **more: Any) -> Letter:
    account = world.account(language=language)
    context = {
        "title": "Jobs",
        "body": "Good day",
        "link": "http://127.0.0.1:8000/my/",
        "topics": [],
        "dates": [],
    } | more
    return Letter(account, kind.template, context, f"test:{account.pk}")


def draft(world: World, *letters: Letter, **fields: Any) -> Batch:
    return draft_batch(by=world.secretariat, kind="test.mail", scope="dialogue:x", letters=letters, **fields)


pytestmark = pytest.mark.django_db


def test_a_dialogues_own_words_hold_for_it_alone(world: World, kind: MailKind) -> None:
    own = {"template": kind.template, "language": "en", "subject": "Ours: {title}", "body": "Dear all,\n\n{link}"}
    assert write_text(by=world.secretariat, scope="dialogue:x", **own) == 0
    assert draft(world, letter(world, kind)).mails.get().subject == "Ours: Jobs"
    assert draft(world, letter(world, kind, "de")).mails.get().subject == "Entwurf: Jobs"
    other = draft_batch(by=world.secretariat, kind="test.mail", scope="dialogue:y", letters=[letter(world, kind)])
    assert other.mails.get().subject == "Draft: Jobs"


def test_drafts_follow_the_text_and_lose_their_approval(world: World, kind: MailKind) -> None:
    batch = draft(world, letter(world, kind), letter(world, kind), letter(world, kind, "ar"))
    approve_batch(by=world.secretariat, batch=batch)
    own = {"scope": "dialogue:x", "template": kind.template, "language": "en"}
    assert write_text(by=world.secretariat, **own, subject="New {title}", body="{body}\n\n{link}") == 2
    assert [mail.subject for mail in batch.mails.all()][:2] == ["New Jobs"] * 2
    assert "Good day" in batch.mails.all()[0].body_html
    batch.refresh_from_db()
    assert (batch.state, batch.approved_by) == ("draft", None)
    # Words like the default are no words of one's own.
    usual = default_words(kind, "en")
    assert write_text(by=world.secretariat, **own, subject=usual.subject, body=usual.body) == 2
    assert MailText.objects.count() == 0
    assert batch.mails.all()[0].subject == "Draft: Jobs"


def test_only_the_secretariat_writes_texts(world: World, kind: MailKind) -> None:
    own = {"scope": "dialogue:x", "template": kind.template, "language": "en"}
    with pytest.raises(Forbidden):
        write_text(by=world.account(), **own, subject="x", body="{link}")
    with pytest.raises(NotThere):
        write_text(by=world.secretariat, **own | {"template": "account/email/login_code"}, subject="x", body="{link}")


def test_a_letter_that_is_no_kind_is_rendered_as_before(world: World, template: str, settings: Any) -> None:
    settings.MAIL_KINDS = []
    written = write(Letter(world.account(), template, {"title": "Jobs", "body": "x", "link": ""}, "test:1"))
    assert (written.subject, written.values) == ("Draft: Jobs", {})


def test_the_pages_show_check_preview_and_reset(world: World, kind: MailKind, client: Client) -> None:
    scope = world.dialogue(1).scope
    letters = [letter(world, kind), letter(world, kind, "ar")]
    batch = draft_batch(by=world.secretariat, kind="test.mail", scope=scope, letters=letters)
    page = f"/outbox/texts/{scope}/en/{kind.template}/"
    assert client.get(page).status_code == 302
    client.force_login(world.account())
    assert client.get(page).status_code == 403
    client.force_login(world.secretariat)
    assert "A letter" in client.get(f"/outbox/texts/{scope}/").content.decode()
    shown = client.get(page).content.decode()
    assert "Draft: {title}" in shown
    wrong = client.post(page, {"subject": "Hello {nobody}", "body": "My own words"})
    assert wrong.status_code == 422
    assert "My own words" in wrong.content.decode()
    assert "There is no placeholder {nobody}" in wrong.content.decode()
    mail = batch.mails.filter(language="en").get()
    seen = client.post(page + "look/", {"subject": "Hello {title}", "body": "{body} <b>\n\n{link}", "mail": mail.pk})
    assert "Good day &lt;b&gt;" in seen.content.decode()
    assert "frame-ancestors 'self'" in seen["Content-Security-Policy"]
    assert client.post(page + "look/", {"subject": "{nobody}", "body": "{link}"}).status_code == 422
    assert client.post(page, {"subject": "Hello {title}", "body": "{link}"}).status_code == 302
    assert Mail.objects.get(pk=mail.pk).subject == "Hello Jobs"
    assert client.post(page + "reset/").status_code == 302
    assert Mail.objects.get(pk=mail.pk).subject == "Draft: Jobs"
    assert actions.reset_text(by=world.secretariat, scope=scope, template=kind.template, language="en") == 0
    assert client.get(f"/outbox/texts/dialogue:nowhere/en/{kind.template}/").status_code == 404
    assert client.get(f"/outbox/texts/{scope}/xx/{kind.template}/").status_code == 404
