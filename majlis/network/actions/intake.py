"""Asking focal points for needs, visions and offers, and taking their answers from a link in a mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.actions import GONE, issue_link, open_link, use_link
from majlis.accounts.models import Account, ActionLink
from majlis.network import queries
from majlis.network.actions.statements import Words, add_statement, edit_statement
from majlis.network.models import City, Person, Statement
from majlis.network.rules import SECRETARIAT_ONLY, can_edit_city, is_secretariat
from majlis.outbox.actions import Letter, draft_batch
from majlis.outbox.models import Batch
from majlis.web.refused import Forbidden, NotThere, Refused

ACT = queries.INTAKE
NOBODY = _("None of these cities has a focal point with an address. Name one in the workbook first.")


@dataclass(frozen=True)
class Given:
    """One field of the intake form: a statement that is there (and the version that was shown) or a new one of its kind."""

    kind: str
    words: Words
    statement: Statement | None = None
    seen: int | None = None


def ask_intake(*, by: Account, cities: Iterable[City]) -> Batch:
    """Draft a mail to each city's focal point, in their language, with a link to the city's form. One a day at most."""
    if not is_secretariat(by):
        raise Forbidden(SECRETARIAT_ONLY)
    people = Person.objects.filter(city__in=list(cities), is_focal_point=True).select_related("account", "city")
    if not people:
        raise Refused(NOBODY)
    today = timezone.localdate().isoformat()
    with transaction.atomic():
        letters = [
            Letter(
                person.account,
                "network/mail/intake",
                {
                    "city": person.city,
                    "url": link_url(issue_link(account=person.account, act=ACT, subject=_city(person))),
                },
                once=f"{ACT}:person:{person.pk}:{today}",
            )
            for person in people
        ]
        return draft_batch(by=by, kind=ACT, scope="network", letters=letters)


def link_url(link: ActionLink) -> str:
    """The full address of the form behind a link."""
    return settings.PUBLIC_URL + reverse("network:intake", args=[link.token])


def opened_intake(token: str) -> tuple[ActionLink, City]:
    """The link and its city. NotThere in the same words for every link that does not work, also once another person
    became focal point.
    """  # fmt: skip
    link = open_link(token, act=ACT)
    city = City.objects.filter(pk=int(link.subject.partition(":")[2])).first()
    if city is None or not can_edit_city(link.account, city):
        raise NotThere(GONE)
    return link, city


def save_intake(*, token: str, given: Sequence[Given]) -> int:
    """Write all statements of a form, or none; return how many were new or changed. The account of the link acts."""
    link, city = opened_intake(token)
    saved = 0
    with transaction.atomic():
        open_link(token, act=ACT, for_update=True)
        for each in given:
            words = each.words
            if each.statement is None:
                add_statement(
                    by=link.account,
                    city=city,
                    kind=each.kind,
                    language=words.language,
                    text=words.text,
                    themes=words.themes,
                )
                saved += 1
                continue
            if each.statement.city_id != city.pk:
                raise NotThere(GONE)
            before = each.statement.updated_at
            after = edit_statement(
                by=link.account, statement=each.statement, language=words.language, text=words.text,
                themes=words.themes, seen=each.seen,
            )  # fmt: skip
            saved += after.updated_at != before
        use_link(link)
    return saved


def _city(person: Person) -> City:
    if person.city is None:
        raise Refused(NOBODY)
    return person.city
