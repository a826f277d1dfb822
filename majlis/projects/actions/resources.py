"""What a project plans to do, needs and has."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.network.terms import names
from majlis.projects.actions.projects import scope_of
from majlis.projects.models import ChangeProject, PlannedAction, Resource
from majlis.projects.rules import require_edit
from majlis.projects.terms import resource_types
from majlis.web.refused import NotThere, Refused
from majlis.web.sentences import Sentence

MOST = Decimal(10) ** 10  # what the column holds


@transaction.atomic
def plan_action(
    *, by: Account, project: ChangeProject, text: Text, responsible: Text, starts_on: date, ends_on: date
) -> PlannedAction:
    """Add a line to the action plan: what, one responsible role, from when until when."""
    require_edit(by, project)
    if not text.body.strip():
        raise Refused(_("Say in a sentence what is to be done."))
    if not responsible.body.strip():
        raise Refused(_("Name the one role that is responsible."))
    if ends_on < starts_on:
        raise Refused(_("The action ends before it starts. Check the two days."))
    project = ChangeProject.objects.select_for_update().get(pk=project.pk)
    last = project.planned_actions.order_by("-position").first()
    action = PlannedAction.objects.create(
        project=project, position=last.position + 1 if last else 1, text=text, responsible=responsible,
        starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    record(
        act="projects.plan_action", by=by, scope=scope_of(project), subject=project,
        sentence=Sentence(_("An action was planned in “%(title)s”"), {"title": project.title.in_all()}),
        facts={"action": action.pk},
    )  # fmt: skip
    return action


@transaction.atomic
def drop_action(*, by: Account, project: ChangeProject, action: int) -> None:
    """Take a line out of the action plan."""
    require_edit(by, project)
    if not project.planned_actions.filter(pk=action).delete()[0]:
        raise NotThere(_("This action is no longer in the plan."))
    record(
        act="projects.drop_action", by=by, scope=scope_of(project), subject=project, facts={"action": action},
        sentence=Sentence(_("An action was taken out of “%(title)s”"), {"title": project.title.in_all()}),
    )  # fmt: skip


@transaction.atomic
def state_resource(
    *, by: Account, project: ChangeProject, type: str, required: Decimal, available: Decimal, unit: str
) -> Resource:
    """Say what a project needs of one kind and has of it, in one unit; said again it replaces the former figures."""
    require_edit(by, project)
    if type not in resource_types():
        raise Refused(_("There is no kind of resource with the code “%(code)s”."), code=type)
    unit = " ".join(unit.split())
    if not unit or len(unit) > 30:
        raise Refused(_("Name the unit, for example EUR, days or pieces."))
    if not (required.is_finite() and available.is_finite() and 0 <= required < MOST and 0 <= available < MOST):
        raise Refused(_("Required and available are numbers from zero up."))
    resource, _is_new = Resource.objects.update_or_create(
        project=project, type=type, unit=unit, defaults={"required": required, "available": available}
    )
    resource.refresh_from_db()
    record(
        act="projects.state_resource", by=by, scope=scope_of(project), subject=project,
        sentence=Sentence(
            _("“%(title)s” needs %(required)s %(unit)s of %(resource)s and has %(available)s"),
            {"title": project.title.in_all(), "required": _plain(required), "available": _plain(available),
             "unit": unit, "resource": names(resource_types()[type])}),
        facts={"type": type, "required": str(required), "available": str(available), "unit": unit},
    )  # fmt: skip
    return resource


@transaction.atomic
def drop_resource(*, by: Account, project: ChangeProject, resource: int) -> None:
    """Take back what was said about a resource."""
    require_edit(by, project)
    if not project.resources.filter(pk=resource).delete()[0]:
        raise NotThere(_("This resource no longer stands in the project."))
    record(
        act="projects.drop_resource", by=by, scope=scope_of(project), subject=project, facts={"resource": resource},
        sentence=Sentence(_("A resource was taken out of “%(title)s”"), {"title": project.title.in_all()}),
    )  # fmt: skip


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
