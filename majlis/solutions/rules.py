"""Who may write what into the library."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.network.models import City
from majlis.network.rules import can_edit_city
from majlis.solutions.models import Solution
from majlis.web.refused import Forbidden

NOT_YOURS = _("Only the secretariat and the focal point of %(city)s may change its solutions.")


def can_edit(account: Account | None, city: City) -> bool:
    """The secretariat for every city, a focal point for its own."""
    return can_edit_city(account, city)


def require_edit(account: Account | None, city: City) -> None:
    if not can_edit(account, city):
        raise Forbidden(NOT_YOURS, city=city.name.in_all())


def can_see(account: Account | None, solution: Solution) -> bool:
    """What is published is open to everybody; drafts and what was withdrawn only to those who may edit it."""
    return solution.state == Solution.State.PUBLISHED or can_edit(account, solution.city)
