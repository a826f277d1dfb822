"""Gathering messages from code and templates."""

from majlis.language.catalogues import Message, python_messages, template_messages


def found(messages: object) -> set[tuple[str, str, str]]:
    assert hasattr(messages, "__iter__")
    return {(m.context, m.singular, m.plural) for m in messages if isinstance(m, Message)}


def test_python_calls_and_pairs_of_a_sentence() -> None:
    code = """
from django.utils.translation import gettext_noop as _, ngettext, pgettext
ONE = _("%(count)s city")
MANY = _("%(count)s cities")
Sentence(ONE, {}, MANY, 3)
Sentence(_("Done"), {"x": 1})
ngettext("%(n)s day", "%(n)s days", 2)
pgettext("month", "May")
other("not for people")
"""
    assert found(python_messages(code, "x.py")) == {
        ("", "%(count)s city", ""), ("", "%(count)s cities", ""), ("", "%(count)s city", "%(count)s cities"),
        ("", "Done", ""), ("", "%(n)s day", "%(n)s days"), ("month", "May", ""),
    }  # fmt: skip


def test_template_tags() -> None:
    source = (
        '{% translate "60 % met" %}{% translate "Hello" %}{% translate "May" context "month" %}'
        "{% blocktranslate with name=x %}Dear {{ name }}{% endblocktranslate %}"
        "{% blocktranslate count n=3 %}{{ n }} mail{% plural %}{{ n }} mails{% endblocktranslate %}"
    )
    assert found(template_messages(source, "x.html")) == {
        ("", "60 %% met", ""), ("", "Hello", ""), ("month", "May", ""), ("", "Dear %(name)s", ""), ("", "%(n)s mail", "%(n)s mails"),
    }  # fmt: skip
