"""Drafting mails: one for each letter, in its reader's language, in the dialogue's own words where it has some."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.outbox.actions.budgets import spend
from majlis.outbox.actions.stopping import footer, stop_urls
from majlis.outbox.letters import Letter, OwnWords, write
from majlis.outbox.models import Batch, Mail
from majlis.outbox.queries import own_words, who_stopped
from majlis.outbox.terms import STOPPABLE
from majlis.web.sentences import Sentence

CHUNK = 500
WRITTEN = [
    "batch", "account", "address", "language", "subject", "body_text", "body_html", "calendar", "state", "template", "values", "stop_url",
]  # fmt: skip


@transaction.atomic
def draft_batch(
    *,
    by: Account | None,
    kind: str,
    scope: str,
    letters: Iterable[Letter],
    held: Sentence | None = None,
    held_at: str = "",
    is_private: bool = False,
    send_at: datetime | None = None,
    digest: str = "",
    may_stop: str = "",
    network: str = "",
) -> Batch:
    """Draft a mail for each letter, rendered in its reader's language, and return their batch.

    A letter whose `once` was sent before is left out; one that is still a draft is written anew and moves to this batch.
    If nothing new is left, the batch that already holds them is returned. held: why nobody may send them yet
    (only `release_batch` lets them go); held_at: path of the page where that is done.
    send_at: nothing leaves before, whoever presses Send; with `approve_batch` it leaves by itself at that time.
    digest: a class such as "projects.news"; mails of one class that wait for the same person leave as one, an hour after
    the first (terms.DIGEST_WINDOW). may_stop: terms.REMINDER or terms.NEWS, so that readers may unsubscribe; those who
    did are left out. network: the network address of whoever caused this by a form, for the budgets: mails caused by
    others than secretariat and facilitators are counted, and refused with TooOften (429) beyond (actions.spend).
    """
    if may_stop and may_stop not in STOPPABLE:
        raise ValueError(f"{may_stop} is not among {list(STOPPABLE)}")
    batch = Batch.objects.create(
        kind=kind, scope=scope, created_by=by, is_held=held is not None, held_at=held_at, held_reason=held.as_json() if held else {},
        is_private=is_private, send_at=send_at, digest=digest, may_stop=may_stop,
    )  # fmt: skip
    own = own_words(scope)
    stopped = who_stopped(may_stop, scope) if may_stop else set()
    count, earlier = 0, None
    stream = (letter for letter in letters if letter.account.is_active)
    while chunk := list(islice(stream, CHUNK)):
        batch.left_out += sum(letter.account.pk in stopped for letter in chunk)
        new, known = _drafted(batch, [letter for letter in chunk if letter.account.pk not in stopped], own)
        if by is not None or network:
            spend(addresses=new, by=by, network=network)
        count, earlier = count + len(new), earlier or known
    if not count and earlier:
        batch.delete()
        return earlier
    if batch.left_out:
        batch.save(update_fields=["left_out"])
    # Drafts that were written anew have left their old batch; an empty one is not shown and cannot be sent.
    unsent = [Batch.State.DRAFT, Batch.State.APPROVED]
    emptied = Batch.objects.filter(kind=kind, scope=scope, state__in=unsent, mails=None).exclude(pk=batch.pk)
    emptied.update(state=Batch.State.CANCELLED)
    record(
        act="outbox.draft_batch", by=by, scope=scope, subject=batch, facts={"kind": kind, "count": count},
        sentence=Sentence(_("%(count)s mail was drafted"), {}, _("%(count)s mails were drafted"), count),
    )  # fmt: skip
    return batch


def _drafted(batch: Batch, letters: list[Letter], own: OwnWords) -> tuple[list[str], Batch | None]:
    """Write the drafts of one chunk; return their addresses, and a batch that holds one already sent."""
    wanted = {letter.once: letter for letter in letters}
    known = {
        mail.once: mail
        for mail in Mail.objects.select_for_update(of=("self",)).select_related("batch").filter(once__in=wanted)
    }
    stops = stop_urls([letter.account for letter in letters], batch.may_stop, batch.scope) if batch.may_stop else {}
    new, earlier = [], None
    for once, letter in wanted.items():
        mail = known.get(once) or Mail(once=once, message_id=message_id())
        if mail.pk and mail.state not in {Mail.State.DRAFT, Mail.State.CANCELLED}:
            earlier = earlier or mail.batch
            continue
        for name, value in _fields(letter, own, stops.get(letter.account.pk, ""), batch.may_stop).items():
            setattr(mail, name, value)
        mail.batch, mail.state = batch, Mail.State.DRAFT
        new.append(mail)
    Mail.objects.bulk_create([mail for mail in new if not mail.pk])
    Mail.objects.bulk_update([mail for mail in new if mail.once in known], WRITTEN)
    return [mail.address for mail in new], earlier


def _fields(letter: Letter, own: OwnWords, stop_url: str, may_stop: str) -> dict[str, Any]:
    """What a mail's row keeps of its letter."""
    written = write(letter, own, footer(stop_url, may_stop, letter.read_in) if stop_url else "")
    return {
        "account": letter.account, "address": letter.account.email, "language": letter.read_in, "subject": written.subject,
        "body_text": written.text, "body_html": written.html, "calendar": letter.calendar, "template": letter.template,
        "values": written.values, "stop_url": stop_url,
    }  # fmt: skip


def message_id() -> str:
    """A Message-ID of our own domain, made with the draft, so that it is the same however often a mail is handed over."""
    domain = parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2]
    return f"<{secrets.token_hex(16)}@{domain}>"
