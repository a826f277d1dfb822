"""Showing text with its language and direction."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from majlis.language.models import Text

register = template.Library()


@register.simple_tag
def text(value: Text, tag: str = "span") -> SafeString:
    """The text for this reader in an element with `lang` and `dir`, with a mark when a machine translated it or it is stale."""
    shown = value.shown()
    mark = ""
    if shown.is_stale:
        mark = gettext("The original has changed since this was translated")
    elif shown.kind == "machine":
        mark = gettext("Translated by machine")
    if not mark:
        return format_html('<{0} lang="{1}" dir="{2}">{3}</{0}>', tag, shown.language, shown.direction, shown.body)
    return format_html(
        '<{0} lang="{1}" dir="{2}">{3}</{0}> <small class="origin">{4}</small>',
        tag, shown.language, shown.direction, shown.body, mark,
    )  # fmt: skip
