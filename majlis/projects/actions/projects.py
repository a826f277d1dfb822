"""A change project: what a city wants to change, and how far it has come."""

import re
from collections.abc import Sequence

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.language.models import LANGUAGES, Text
from majlis.network.models import City
from majlis.network.terms import themes as all_themes
from majlis.projects.models import ChangeProject
from majlis.projects.rules import next_stages, require_edit, require_start
from majlis.web.refused import NotNow, Refused
from majlis.web.sentences import Sentence

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
TAKEN_BY_PAGES = {"new", "gaps"}  # addresses beside those of the projects
LONGEST_TITLE = 200
SCOPE = "projects"


def scope_of(project: ChangeProject) -> str:
    """Where the journal notes it: the dialogue it grew from, else the projects."""
    return project.scope or SCOPE


def next_code(city: City) -> str:
    """A short name that is free: the city's and a number, e.g. tn-sfax-2."""
    stem = slugify(city.slug)[:24].strip("-")
    taken = set(ChangeProject.objects.filter(code__startswith=f"{stem}-").values_list("code", flat=True))
    return next(code for number in range(1, len(taken) + 2) if (code := f"{stem}-{number}") not in taken)


@transaction.atomic
def start_project(
    *,
    by: Account,
    city: City,
    code: str,
    title: Text,
    problem: Text,
    objective: Text,
    themes: Sequence[str],
    scope: str = "",
    is_illustrative: bool = False,
) -> ChangeProject:
    """Begin a change project of a city. code: its short name in addresses. themes: codes such as GRN.03.

    scope: the dialogue it grew from, as in the journal.
    """
    require_start(by, city)
    _check(title, themes)
    if not CODE.match(code) or len(code) > 30 or code in TAKEN_BY_PAGES:
        raise Refused(_("“%(code)s” cannot be a short name: use small letters a–z, digits and hyphens."), code=code)
    if ChangeProject.objects.filter(code=code).exists():
        raise Refused(_("There is already a project with the short name “%(code)s”. Choose another one."), code=code)
    project = ChangeProject.objects.create(
        city=city, code=code, title=title, problem=problem, objective=objective, themes=list(themes), scope=scope,
        is_illustrative=is_illustrative,
    )  # fmt: skip
    record(
        act="projects.start_project", by=by, scope=scope_of(project), subject=project,
        sentence=Sentence(_("%(city)s began the change project “%(title)s”"),
                          {"city": city.name.in_all(), "title": title.in_all()}),
    )  # fmt: skip
    return project


@transaction.atomic
def edit_project(
    *, by: Account, project: ChangeProject, title: Text, problem: Text, objective: Text, themes: Sequence[str]
) -> ChangeProject:
    """Write a project anew; translations of changed texts stay and count as stale."""
    require_edit(by, project)
    _check(title, themes)
    project = ChangeProject.objects.select_for_update(of=("self",)).select_related("city").get(pk=project.pk)
    before = (project.title, project.problem, project.objective, project.themes)
    project.title, project.problem, project.objective = title, problem, objective
    project.themes = list(themes)
    if before == (project.title, project.problem, project.objective, project.themes):
        return project
    project.save()
    record(
        act="projects.edit_project", by=by, scope=scope_of(project), subject=project,
        sentence=Sentence(_("The change project “%(title)s” was rewritten"), {"title": title.in_all()}),
    )  # fmt: skip
    return project


@transaction.atomic
def move_stage(*, by: Account, project: ChangeProject, stage: str) -> ChangeProject:
    """Bring a project one stage further, or park it. Validating needs problem and objective; the secretariat selects."""
    require_edit(by, project)
    if stage not in ChangeProject.Stage.values:
        raise Refused(_("There is no stage called “%(stage)s”."), stage=stage)
    project = ChangeProject.objects.select_for_update(of=("self",)).select_related("city").get(pk=project.pk)
    wanted = ChangeProject.Stage(stage)
    if wanted not in next_stages(project, by):
        raise NotNow(
            _("From “%(now)s” this project does not go to “%(stage)s”."),
            now=_label(ChangeProject.Stage(project.stage)), stage=_label(wanted),
        )  # fmt: skip
    if wanted == ChangeProject.Stage.VALIDATED and not (project.problem and project.objective):
        raise NotNow(_("Write the problem and the objective first: local actors can validate only what is written."))
    project.stage = wanted
    project.save(update_fields=["stage"])
    record(
        act="projects.move_stage", by=by, scope=scope_of(project), subject=project, facts={"stage": wanted.value},
        sentence=Sentence(_("The change project “%(title)s” is now: %(stage)s"),
                          {"title": project.title.in_all(), "stage": _label(wanted)}),
    )  # fmt: skip
    return project


def _check(title: Text, themes: Sequence[str]) -> None:
    if not title.body.strip():
        raise Refused(_("Give the project a title."))
    if len(title.body) > LONGEST_TITLE:
        raise Refused(_("The title is too long: at most %(most)s characters."), most=LONGEST_TITLE)
    if unknown := [code for code in themes if code not in all_themes()]:
        raise Refused(_("There is no theme with the code “%(code)s”."), code=unknown[0])


def _label(stage: ChangeProject.Stage) -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(stage.label)
    return found
