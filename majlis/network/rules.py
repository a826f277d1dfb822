"""Who may change what in the network."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account, Role
from majlis.network.models import City, Person, Statement
from majlis.web.refused import Forbidden, NotThere

SECRETARIAT_ONLY = _("Only the secretariat may do this.")
NOT_YOURS = _("Only the secretariat and the focal point of %(city)s may change what stands here.")
NO_CITY = _("There is no such city in the network.")
NO_IMPORT = _("There is no such upload, or it is not open to you.")


def is_secretariat(account: Account | None) -> bool:
    return bool(account and account.is_authenticated and account.is_active and account.role == Role.SECRETARIAT)


def can_import(account: Account | None) -> bool:
    """Bringing in and taking out workbooks shows everybody's addresses: the secretariat's alone."""
    return is_secretariat(account)


def can_edit_city(account: Account | None, city: City) -> bool:
    """The secretariat for every city, a focal point for its own."""
    if is_secretariat(account):
        return True
    if not account or not account.is_authenticated or not account.is_active:
        return False
    return Person.objects.filter(account=account, city=city, is_focal_point=True).exists()


def can_edit_statement(account: Account | None, statement: Statement) -> bool:
    return can_edit_city(account, statement.city)


def can_see_person(account: Account | None, person: Person) -> bool:
    """Who agreed to be listed is seen by everybody; others by the secretariat and themselves."""
    return person.is_listed or is_secretariat(account) or bool(account and account.pk == person.account_id)


def require_import(account: Account | None) -> None:
    if not can_import(account):
        raise Forbidden(SECRETARIAT_ONLY)


def require_edit(account: Account | None, city: City) -> None:
    if not can_edit_city(account, city):
        raise Forbidden(NOT_YOURS, city=city.name.in_all())


def require_there(city: City | None) -> City:
    if city is None:
        raise NotThere(NO_CITY)
    return city
