"""Reads of batches and their mails."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.outbox.models import Batch, Mail, Stop
from majlis.outbox.rules import can_list, can_read, can_read_links
from majlis.outbox.terms import SCOPES
from majlis.web.refused import NotThere

NOT_THERE = _("There is no such mail, or it is not open to you.")
# The part of an address that acts in somebody's name: number, dash, signature (accounts.ActionLink.token).
TOKEN = re.compile(r"\b\d+-[0-9a-f]{40}\b")


UNDER_WAY = [Mail.State.WAITING, Mail.State.QUEUED, Mail.State.SENDING, Mail.State.HANDING]


@dataclass(frozen=True)
class Preview:
    """A mail as this reader may see it."""

    mail: Mail
    text: str
    html: str
    calendar: str


def batches(*, scope: str = "", state: str = "") -> QuerySet[Batch]:
    """Batches, newest first, each with `count`, `sent`, `failed`, `came_back`, `unclear`, `waiting` and the `subject` of its first mail."""
    first = Mail.objects.filter(batch=OuterRef("pk")).order_by("pk")
    found = Batch.objects.select_related("created_by").annotate(
        count=Count("mails"),
        sent=Count("mails", filter=Q(mails__state=Mail.State.SENT)),
        failed=Count("mails", filter=Q(mails__state=Mail.State.FAILED)),
        came_back=Count("mails", filter=Q(mails__state=Mail.State.CAME_BACK)),
        unclear=Count("mails", filter=Q(mails__state=Mail.State.UNCLEAR)),
        waiting=Count("mails", filter=Q(mails__state__in=UNDER_WAY)),
        subject=Subquery(first.values("subject")[:1]),
    )
    found = found.filter(count__gt=0).order_by("-pk")
    if scope:
        found = found.filter(scope=scope)
    if state == "failed":
        return found.filter(Q(failed__gt=0) | Q(came_back__gt=0) | Q(unclear__gt=0))
    if state == "scheduled":
        return found.filter(state=Batch.State.APPROVED, send_at__isnull=False).order_by("send_at")
    return found.filter(state=state) if state in Batch.State.values else found


def scopes() -> list[str]:
    return list(Batch.objects.order_by("scope").values_list("scope", flat=True).distinct())


def who_stopped(what: str, scope: str) -> set[int]:
    """Numbers of the accounts that want no mails of this kind, here or at all."""
    return set(Stop.objects.filter(what=what, scope__in={"", scope}).values_list("account_id", flat=True))


def stopped_scopes(account: Account, what: str) -> set[str]:
    """Where an account wants no mails of this kind; "" stands for everywhere."""
    return set(Stop.objects.filter(account=account, what=what).values_list("scope", flat=True))


def scope_titles(wanted: Iterable[str]) -> dict[str, str]:
    """What people call these scopes, in the active language; the dialogues' titles come from `settings.SCOPE_TITLES`."""
    named = {scope: str(SCOPES[scope]) for scope in wanted if scope in SCOPES}
    found = import_string(settings.SCOPE_TITLES)(set(wanted) - set(named)) if settings.SCOPE_TITLES else {}
    return named | {scope: str(title) for scope, title in found.items()}


def scope_title(scope: str) -> str:
    return scope_titles([scope]).get(scope, scope) if scope else ""


def visible_batch(number: int, account: Account | None) -> Batch:
    """The batch if the account may list it; absent and forbidden look the same."""
    batch = Batch.objects.select_related("created_by", "sent_by").filter(pk=number).first()
    if batch is None or not can_list(account):
        raise NotThere(NOT_THERE)
    return batch


def visible_mail(number: int, account: Account | None) -> Mail:
    mail = Mail.objects.select_related("batch", "account").filter(pk=number).first()
    if mail is None or not can_read(account, mail):
        raise NotThere(NOT_THERE)
    return mail


def preview(mail: Mail, account: Account | None) -> Preview:
    """The mail's text and HTML; links that act for its reader are blotted out for others once mails really leave."""
    if can_read_links(account, mail):
        return Preview(mail, mail.body_text, mail.body_html, unfolded(mail.calendar))
    blotted = [TOKEN.sub("…", part) for part in (mail.body_text, mail.body_html, unfolded(mail.calendar))]
    return Preview(mail, *blotted)


def unfolded(calendar: str) -> str:
    """A calendar object with its folded lines joined, to be read and to hide no link's other half."""
    return re.sub(r"\r?\n[ \t]", "", calendar)


def tallies(batch: Batch) -> tuple[dict[str, int], dict[str, int]]:
    """How many mails of a batch there are in each language and in each state."""
    rows = batch.mails.order_by().values("language", "state").annotate(count=Count("pk"))
    languages: Counter[str] = Counter()
    states: Counter[str] = Counter()
    for row in rows:
        languages[row["language"]] += row["count"]
        states[row["state"]] += row["count"]
    return dict(sorted(languages.items())), dict(sorted(states.items()))


def mails(batch: Batch, *, state: str = "", language: str = "", words: str = "") -> QuerySet[Mail]:
    """The mails of a batch without their bodies, filtered by state, language, or words in address, name or subject."""
    found = batch.mails.select_related("account", "batch").defer("body_text", "body_html", "calendar")
    if state in Mail.State.values:
        found = found.filter(state=state)
    if language:
        found = found.filter(language=language)
    if words:
        found = found.filter(
            Q(address__icontains=words) | Q(subject__icontains=words) | Q(account__name__icontains=words)
        )
    return found
