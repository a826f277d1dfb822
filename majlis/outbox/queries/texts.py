"""Reads of the mails' texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from majlis.outbox.models import Mail, MailText
from majlis.outbox.terms import MailKind
from majlis.outbox.texts import Value, Words, kinds

MOST_RECIPIENTS = 30


@dataclass(frozen=True)
class KindView:
    """A kind of mail with the languages in which a scope has its own words, and how many drafts wait there."""

    template: str
    title: str
    own: frozenset[str]


def own_words(scope: str) -> dict[tuple[str, str], Words]:
    """{(template, language): a dialogue's own words}."""
    rows = MailText.objects.filter(scope=scope).values_list("template", "language", "subject", "body")
    return {(template, language): Words(subject, body) for template, language, subject, body in rows}


def kinds_of(scope: str) -> list[KindView]:
    """Every kind of mail that this scope sends: the network's own for the network, the steps' for a dialogue."""
    own = own_words(scope)
    is_network = scope == "network"
    return [
        KindView(template, gettext(kind.title), frozenset(language for name, language in own if name == template))
        for template, kind in kinds().items()
        if template.startswith("network/") == is_network
    ]


def languages_own(scope: str, template: str) -> set[str]:
    return set(MailText.objects.filter(scope=scope, template=template).values_list("language", flat=True))


def recipients_of(scope: str, template: str, language: str) -> list[Mail]:
    """The latest mails of a kind whose values a preview may take: drafts first, those in the same language first of all."""
    kept = Mail.objects.filter(batch__scope=scope, template=template, batch__is_private=False).exclude(values={})
    slim = kept.select_related("account").only("pk", "address", "language", "state", "account__name", "account__email")
    mails = list(slim.order_by("-pk")[:MOST_RECIPIENTS])
    return sorted(mails, key=lambda mail: (mail.language != language, mail.state != Mail.State.DRAFT, -mail.pk))


def values_for(scope: str, template: str, language: str, number: str, kind: MailKind) -> Mapping[str, Value]:
    """The values of one of those mails; without one the placeholders' names stand for themselves."""
    if number.isascii() and number.isdigit() and len(number) < 18:
        found = Mail.objects.filter(pk=int(number), batch__scope=scope, template=template, batch__is_private=False)
        values = found.values_list("values", flat=True).first()
        if values:
            return dict(values)
    return {
        each.name: [f"{{{each.name}}}"] * 2 if each.shape == "list" else f"{{{each.name}}}"
        for each in kind.placeholders
    }
