"""Acts on accounts and action links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import available_timezones

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account, ActionLink
from majlis.journal.actions import record
from majlis.language.models import LANGUAGES
from majlis.web.refused import Forbidden, NotThere, Refused
from majlis.web.sentences import Sentence

GONE = _("This link no longer works. It may have been used, withdrawn or replaced by a newer one. "
         "Ask the secretariat for a new link, or sign in with a code.")  # fmt: skip


def subject_name(thing: models.Model) -> str:
    return f"{thing._meta.model_name}:{thing.pk}"


@transaction.atomic
def issue_link(
    *, account: Account, act: str, subject: models.Model, days: int = 60, single_use: bool = False
) -> ActionLink:
    """Return the live link of this account for this act on this thing, made if there is none; it lives `days` from now.

    The caller is an action with its own permission and journal entry; a link is part of that act.
    """
    link, _created = ActionLink.objects.get_or_create(
        account=account,
        act=act,
        subject=subject_name(subject),
        revoked_at=None,
        defaults={"expires_at": timezone.now() + timedelta(days=days), "is_single_use": single_use},
    )
    return link


@transaction.atomic
def issue_links(
    *, act: str, wanted: Sequence[tuple[Account, models.Model]], days: int = 60, single_use: bool = False
) -> list[ActionLink]:
    """As `issue_link` for many (account, thing) at once, in three queries for any number; in the order of `wanted`."""
    keys = [(account.pk, subject_name(thing)) for account, thing in wanted]
    mine = ActionLink.objects.filter(
        act=act, revoked_at=None, account__in={number for number, _name in keys}, subject__in={name for _number, name in keys}
    )  # fmt: skip
    found = {(link.account_id, link.subject): link for link in mine}
    if missing := [key for key in dict.fromkeys(keys) if key not in found]:
        expires_at = timezone.now() + timedelta(days=days)
        made = [
            ActionLink(account_id=number, act=act, subject=name, expires_at=expires_at, is_single_use=single_use)
            for number, name in missing
        ]
        # Somebody else may make one of them at this moment: theirs is as good.
        ActionLink.objects.bulk_create(made, ignore_conflicts=True)
        found = {(link.account_id, link.subject): link for link in mine.all()}
    accounts = {account.pk: account for account, _thing in wanted}
    for link in found.values():
        link.account = accounts[link.account_id]
    return [found[key] for key in keys]


def open_link(token: str, *, act: str, for_update: bool = False) -> ActionLink:
    """Return the live link with this token for this act; raise NotThere with the same calm words in every other case."""
    number, _dash, _rest = token.partition("-")
    links = ActionLink.objects.select_related("account")
    if for_update:
        links = links.select_for_update(of=("self",))
    link = (
        links.filter(pk=int(number), act=act).first()
        if number.isascii() and number.isdigit() and len(number) < 18
        else None
    )
    if link is None or not link.matches(token) or not link.is_live() or not link.account.is_active:
        raise NotThere(GONE)
    return link


def use_link(link: ActionLink) -> None:
    """Mark a link as used, in the transaction of the act it allowed."""
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])


def revoke_links(*, act: str, subject: models.Model, account: Account | None = None) -> int:
    """Withdraw all live links for an act on a thing (of one account, if given); return how many."""
    links = ActionLink.objects.filter(act=act, subject=subject_name(subject), revoked_at=None)
    if account:
        links = links.filter(account=account)
    return links.update(revoked_at=timezone.now())


@dataclass(frozen=True)
class NewAccount:
    """Somebody who shall be able to sign in: `name` is a role title, `zone` an IANA time zone."""

    email: str
    name: str
    language: str
    zone: str
    role: str


def ensure_account(*, by: Account | None, email: str, name: str, language: str, zone: str, role: str) -> Account:
    """Return the account of this address, made if there is none; one that is there stays as it is, its role above all."""
    return ensure_accounts(by=by, wanted=[NewAccount(email, name, language, zone, role)])[email.lower()]


@transaction.atomic
def ensure_accounts(*, by: Account | None, wanted: Sequence[NewAccount]) -> dict[str, Account]:
    """{address in small letters: account} for all wanted; those missing are made, in a few queries for any number."""
    if by is not None and not (by.is_active and by.is_secretariat):
        raise Forbidden(_("Only the secretariat may do this."))
    addresses = [each.email.lower() for each in wanted]
    there = {account.email.lower(): account for account in Account.objects.filter(email__in=addresses)}
    missing = {each.email.lower(): each for each in wanted if each.email.lower() not in there}
    made = [
        Account(email=email, name=each.name[:120], language=each.language, zone=each.zone, role=each.role)
        for email, each in missing.items()
    ]
    for account in made:
        account.set_unusable_password()
    Account.objects.bulk_create(made, batch_size=1000)
    if made:
        sentence = Sentence(_("%(count)s account made"), {}, _("%(count)s accounts made"), len(made))
        record(act="accounts.ensure_accounts", by=by, scope="network", sentence=sentence)
    return there | {account.email: account for account in made}


@transaction.atomic
def set_preferences(
    *, by: Account, language: str | None = None, zone: str | None = None, name: str | None = None
) -> Account:
    """Change one's own language, time zone (empty: the browser's) or shown name; what is None stays as it is."""
    if language is not None and language not in LANGUAGES:
        raise Refused(_("Majlis does not speak this language yet. Choose one of the list."))
    if zone and zone not in available_timezones():
        raise Refused(_("“%(zone)s” is not a time zone. Choose one of the list, such as Africa/Tunis."), zone=zone)
    account = Account.objects.select_for_update().get(pk=by.pk)
    wanted = {"language": language, "zone": zone, "name": " ".join(name.split())[:120] if name is not None else None}
    changed = [key for key, value in wanted.items() if value is not None and getattr(account, key) != value]
    for key in changed:
        setattr(account, key, wanted[key])
    if changed:
        account.save(update_fields=changed)
        record(
            act="accounts.set_preferences", by=account, scope="network", subject=account, facts={"changed": changed},
            sentence=Sentence(_("Language, time zone or name was changed")),
        )  # fmt: skip
    return account
