"""Forms as they are drawn everywhere: each field with its label, its help and what is wrong with it."""

from django import forms
from django.test import Client

from majlis.web import icons
from majlis.web.templatetags.web import role_name


class Answer(forms.Form):
    email = forms.EmailField(label="E-mail address", help_text="The one of the invitation")
    note = forms.CharField(label="Note", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="I agree")


def test_fields_are_tied_to_their_words() -> None:
    drawn = str(Answer({"email": "nobody", "kind": "a", "agreed": "on"}))
    assert '<label for="id_email">E-mail address</label>' in drawn
    assert 'aria-describedby="id_email_helptext id_email_error"' in drawn and 'id="id_email_helptext"' in drawn
    assert 'id="id_email_error"' in drawn and 'aria-invalid="true"' in drawn
    assert drawn.index('role="alert"') < drawn.index('<label for="id_email">') and 'href="#id_email"' in drawn
    assert drawn.count("(optional)") == 1
    assert "<legend>Kind</legend>" in drawn.replace(" for=", "").replace(":", "")
    assert '<label class="choice" for="id_agreed">' in drawn


def test_what_was_typed_is_escaped() -> None:
    assert "<script>" not in str(Answer({"email": "<script>alert(1)</script>"}))


def test_icons_are_silent_unless_they_are_given_a_name() -> None:
    assert 'aria-hidden="true"' in icons.icon("check")
    assert 'role="img" aria-label="done &lt;b&gt;"' in icons.icon("check", "done <b>")
    assert "turns" in icons.icon("arrow-right") and "turns" not in icons.icon("check")


def test_style_guide_shows_every_icon(client: Client, db: None) -> None:
    page = client.get("/styleguide/")
    assert page.status_code == 200
    assert [name for name in icons.drawings() if f"</svg>{name}</li>" not in page.content.decode()] == []


def test_roles_in_the_journal_have_names() -> None:
    assert role_name("focal_point") == "Focal point"
    assert role_name("something else") == "something else"
