"""Who may find what: once in SQL over the entry's own columns, once more over what stands there now.

The first narrows the search itself, so that what is hidden changes no order and no count. The second is asked of the
few entries that are about to be shown: somebody who left the directory a second ago is not found, although the index
learns of it only at its next round.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from majlis.accounts.models import Account
from majlis.network.rules import is_secretariat
from majlis.search.models import Entry
from majlis.solutions.models import Solution

Viewer = Account | AnonymousUser | None
Audience = Entry.Audience

OWN_CITIES = "SELECT city_id FROM network_person WHERE account_id = %(viewer)s AND is_focal_point"


def member(viewer: Viewer) -> Account | None:
    """The account of a viewer who has signed in and may still."""
    return viewer if isinstance(viewer, Account) and viewer.is_active else None


def widest_audience(viewer: Viewer) -> int:
    """The highest Audience among whose letters this viewer may search; `may_see_sql` is still asked."""
    account = member(viewer)
    if account is None:
        return Audience.EVERYBODY
    return Audience.SELF if is_secretariat(account) else Audience.CITY


def may_see_sql(viewer: Viewer) -> tuple[str, dict[str, Any]]:
    """A condition over search_entry as `e`, and its parameters."""
    account = member(viewer)
    if account is None:
        return f"e.audience = {Audience.EVERYBODY:d}", {}
    if is_secretariat(account):
        return "TRUE", {}
    condition = (
        f"(e.audience <= {Audience.MEMBERS:d} OR (e.audience = {Audience.CITY:d} AND e.city_id IN ({OWN_CITIES}))"
        f" OR (e.audience = {Audience.SELF:d} AND e.account_id = %(viewer)s))"
    )
    return condition, {"viewer": account.pk}


def may_see_now(viewer: Viewer) -> Q:
    """The same over what the other folders hold at this moment (solutions.rules.can_see, network.rules.can_see_person)."""
    account = member(viewer)
    is_person = Q(person__account__is_active=True)
    if is_secretariat(account):
        return Q(person=None) | is_person
    published, listed = Q(solution__state=Solution.State.PUBLISHED), Q(person__is_listed=True)
    if account is None:
        return Q(project=None) & (Q(solution=None) | published) & (Q(person=None) | (is_person & listed))
    own = Q(solution__city__people__account=account, solution__city__people__is_focal_point=True)
    return (Q(solution=None) | published | own) & (Q(person=None) | (is_person & (listed | Q(person__account=account))))
