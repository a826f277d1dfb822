"""The page on which everything is found, and what is similar to a text that somebody is typing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from majlis.network import terms
from majlis.network.models import Statement
from majlis.search import queries
from majlis.search.models import Entry

LAST_PAGE = 99


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Search over everything that the reader may see: ?q=, the facets, page, and words=1 for what holds every word."""
    words = _plain(request.GET.get("q", ""))
    chosen = _chosen(request.GET)
    number = _number(request.GET.get("page", ""))
    only_literal = request.GET.get("words") == "1"
    found = queries.search(words, request.user, chosen, page=number, only_literal=only_literal)
    is_open = number == 1 and not chosen and not only_literal
    context = {
        "dialogues": queries.dialogues(words, request.user) if is_open else [],
        "words": words, "found": found, "chosen": chosen, "is_filtered": bool(chosen.keys() - {"kind"} or only_literal), "labels": _labels(),
        "only_literal": only_literal, "number": number, "is_first": number == 1,
        "earlier": min(number - 1, found.pages), "later": number + 1 if number < found.pages else 0,
        "longest": queries.LONGEST,
    }  # fmt: skip
    return render(request, "search/page.html", context)


@never_cache
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """What is like a text before it is saved; changes nothing. As a part of a page (htmx) or as a page of its own.

    `of` says what is typed as kind:prefix:number: need:new-need: is a new need in the fields new-need-text and
    new-need-language, vision::12 the statement 12 in the fields text and language.
    """
    kind, prefix, number = (_plain(request.POST.get("of", ""))[:80] + "::").split(":")[:3]
    text, language = (request.POST.get(f"{prefix}-{name}" if prefix else name, "") for name in ("text", "language"))
    kinds = [kind if kind in Statement.Kind.values else Entry.Kind.NEED, Entry.Kind.SOLUTION]
    but = {(kinds[0], int(number))} if number.isascii() and number.isdigit() else set()
    spoken, text = language if language in dict(settings.LANGUAGES) else "", _plain(text)
    context: dict[str, Any] = {
        "text": text, "hits": queries.similar(text, spoken, kinds, request.user, 5, but=but),
    }  # fmt: skip
    is_part = request.headers.get("X-Part") == "1"
    return render(request, "search/similar.html" if is_part else "search/similar_page.html", context)


def _plain(words: str) -> str:
    return words.replace("\x00", "").strip()[: queries.LONGEST]


def _chosen(asked: QueryDict) -> dict[str, str]:
    known: dict[str, Any] = {
        "kind": Entry.Kind.values, "language": dict(settings.LANGUAGES), "country": terms.countries(),
        "theme": terms.themes() | terms.main_themes(),
    }  # fmt: skip
    return {facet: value for facet in queries.FACETS if (value := asked.get(facet, "")) in known[facet]}


def _number(asked: str) -> int:
    return min(max(1, int(asked[:4])), LAST_PAGE) if asked.isascii() and asked.isdigit() else 1


def _labels() -> dict[str, str]:
    return {
        "kind": _("Kind"), "language": _("Language of the original"), "country": _("Country"), "theme": _("Theme"),
    }  # fmt: skip
