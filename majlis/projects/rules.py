"""Who may change a change project, and which way it goes through its stages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account, Role
from majlis.network.models import City, Person
from majlis.projects.models import ChangeProject, SupportRequest
from majlis.web.refused import Forbidden, NotThere

Stage = ChangeProject.Stage

NOT_YOURS = _("Only people from %(city)s and the secretariat may change its projects.")
NOT_YOUR_OFFER = _("Support is offered by people from the city that gives it, or noted by the secretariat.")
NOT_THERE = _("There is no such change project.")

# The idea pipeline (design/product.md): one step at a time; parked from anywhere, and back to the start.
NEXT: Mapping[Stage, tuple[Stage, ...]] = {
    Stage.DRAFTED: (Stage.VALIDATED,),
    Stage.VALIDATED: (Stage.SELECTED, Stage.DRAFTED),
    Stage.SELECTED: (Stage.WORKSHOP,),
    Stage.WORKSHOP: (Stage.PROPOSAL,),
    Stage.PROPOSAL: (Stage.PITCHED,),
    Stage.PITCHED: (Stage.FUNDED, Stage.PROPOSAL),
    Stage.FUNDED: (),
    Stage.PARKED: (Stage.DRAFTED,),
}
CHOSEN_BY_SECRETARIAT = {Stage.SELECTED, Stage.WORKSHOP}


def is_secretariat(account: Account | None) -> bool:
    return bool(account and account.is_authenticated and account.is_active and account.role == Role.SECRETARIAT)


def speaks_for(account: Account | None, city: City) -> bool:
    """The city's focal point and its delegates: everybody with an account who belongs to it."""
    if account is None or not account.is_authenticated or not account.is_active:
        return False
    return Person.objects.filter(account=account, city=city).exists()


def can_edit(account: Account | None, project: ChangeProject) -> bool:
    return is_secretariat(account) or speaks_for(account, project.city)


def require_edit(account: Account | None, project: ChangeProject) -> None:
    if not can_edit(account, project):
        raise Forbidden(NOT_YOURS, city=project.city.name.in_all())


def require_start(account: Account | None, city: City) -> None:
    if not (is_secretariat(account) or speaks_for(account, city)):
        raise Forbidden(NOT_YOURS, city=city.name.in_all())


def require_offer(account: Account | None, request: SupportRequest, city: City) -> None:
    if not (is_secretariat(account) or speaks_for(account, city)):
        raise Forbidden(NOT_YOUR_OFFER)


def next_stages(project: ChangeProject, account: Account | None) -> list[Stage]:
    """The stages this account may move the project to now."""
    if not can_edit(account, project):
        return []
    now = Stage(project.stage)
    found = [*NEXT[now], *([] if now in {Stage.PARKED, Stage.FUNDED} else [Stage.PARKED])]
    return [stage for stage in found if stage not in CHOSEN_BY_SECRETARIAT or is_secretariat(account)]


def require_there(project: ChangeProject | None) -> ChangeProject:
    if project is None:
        raise NotThere(NOT_THERE)
    return project
