"""Showing text with its language and direction."""

from dataclasses import dataclass

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from majlis.language.models import Text, direction

register = template.Library()


@dataclass(frozen=True)
class Wording:
    """The text in one of its languages; `origin` is original, human or machine."""

    body: str
    language: str
    origin: str

    @property
    def direction(self) -> str:
        return direction(self.language)


@dataclass(frozen=True)
class Original:
    """An original, whether the reader was shown a translation instead, and the wordings that were not shown."""

    body: str
    language: str
    is_translated: bool
    others: list[Wording]
    # English beside a text that is in neither the reader's language nor in English.
    bridge: Wording | None

    @property
    def direction(self) -> str:
        return direction(self.language)


@register.simple_tag
def original(value: Text) -> Original:
    """What stands behind the text that the reader was shown: {% original value as behind %}.

    Somebody who reads neither the original nor any interface language's translation finds the others here.
    """
    shown = value.shown()
    wordings = [Wording(value.body, value.language, "original")]
    wordings += [Wording(each.body, language, each.origin) for language, each in value.translations.items()]
    others = [wording for wording in wordings if wording.language != shown.language]
    is_foreign = shown.language not in {get_language(), "en"}
    bridge = next((each for each in others if is_foreign and each.language == "en"), None)
    return Original(value.body, value.language, shown.kind != "original", others, bridge)


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
