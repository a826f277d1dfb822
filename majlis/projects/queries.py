"""Reads of change projects: lists, the gap ledger, support asked and given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from majlis.network.models import Person
from majlis.network.terms import names
from majlis.projects.models import ChangeProject, Resource, SupportRequest
from majlis.projects.terms import resource_types, support_types, unit_name


@dataclass(frozen=True)
class UnitSum:
    """Sums over projects in one unit: what is required, available and missing."""

    unit: str
    required: Decimal
    available: Decimal
    gap: Decimal

    @property
    def unit_name(self) -> str:
        return unit_name(self.unit)


@dataclass(frozen=True)
class GapRow:
    """One kind of resource: how many projects name it, how many lack some of it, and the sums per unit (largest gap first).

    name: {language: name}.
    """

    type: str
    name: dict[str, str]
    n_projects: int
    n_named: int
    sums: Sequence[UnitSum]
    projects: Sequence[str]


@dataclass(frozen=True)
class SupportRow:
    """One kind of support: how often asked, and how far the requests have come. matched includes delivered."""

    type: str
    name: dict[str, str]
    n_asked: int
    n_open: int
    n_offered: int
    n_matched: int
    n_delivered: int

    @property
    def n_unmatched(self) -> int:
        return self.n_asked - self.n_matched


def projects_of(scope: str = "") -> QuerySet[ChangeProject]:
    """The projects that grew from a dialogue (its scope as in the journal); all projects for an empty scope."""
    found = ChangeProject.objects.select_related("city")
    return found.filter(scope=scope) if scope else found


def filtered(
    *, scope: str = "", city: str = "", theme: str = "", stage: str = "", lacks: str = "", asks: str = ""
) -> QuerySet[ChangeProject]:
    """Projects of a city (slug), with a theme (GRN or GRN.03), in a stage, lacking a kind of resource, asking a kind of
    support that nobody has matched yet; empty words filter nothing."""
    found = projects_of(scope)
    if city:
        found = found.filter(city__slug=city)
    if theme:
        found = found.filter(pk__in=[pk for pk, codes in found.values_list("pk", "themes") if _has(codes, theme)])
    if stage:
        found = found.filter(stage=stage)
    if lacks:
        lacking = Resource.objects.filter(type=lacks, required__gt=F("available"))
        found = found.filter(pk__in=lacking.values("project"))
    if asks:
        unmatched = SupportRequest.objects.filter(type=asks, state__in=["open", "offered"])
        found = found.filter(pk__in=unmatched.values("project"))
    return found


def _has(codes: Sequence[str], theme: str) -> bool:
    return any(code == theme or code.startswith(f"{theme}.") for code in codes)


def listed(found: QuerySet[ChangeProject]) -> QuerySet[ChangeProject]:
    """With what a list shows of each project, in a fixed number of queries."""
    return found.prefetch_related("resources", "support_requests")


def gaps(scope: str = "") -> list[GapRow]:
    """The gap ledger: one row for each kind of resource that a project names, most often lacked first."""
    found: dict[str, list[Resource]] = {}
    for resource in Resource.objects.filter(_in(scope)).select_related("project"):
        found.setdefault(resource.type, []).append(resource)
    rows = [_gap_row(type_, resources) for type_, resources in found.items()]
    order = list(resource_types())
    return sorted(rows, key=lambda row: (-row.n_projects, -row.n_named, order.index(row.type)))


def _in(scope: str) -> Q:
    return Q(project__scope=scope) if scope else Q()


def _gap_row(type_: str, resources: Sequence[Resource]) -> GapRow:
    units: dict[str, list[Resource]] = {}
    for resource in resources:
        units.setdefault(resource.unit, []).append(resource)
    sums = [
        UnitSum(
            unit,
            sum((each.required for each in here), Decimal()),
            sum((each.available for each in here), Decimal()),
            sum((each.gap for each in here), Decimal()),
        )
        for unit, here in units.items()
    ]
    lacking = sorted({each.project.code for each in resources if each.gap > 0})
    return GapRow(
        type_,
        names(resource_types()[type_]),
        len(lacking),
        len({each.project_id for each in resources}),
        sorted(sums, key=lambda each: (-each.gap, each.unit)),
        lacking,
    )


def support(scope: str = "") -> list[SupportRow]:
    """Support asked per kind, most asked first."""
    counted = Counter(SupportRequest.objects.filter(_in(scope)).values_list("type", "state"))
    states = SupportRequest.State
    rows = []
    for type_ in support_types():
        of = {state: counted[type_, state.value] for state in states}
        if asked := sum(of.values()):
            rows.append(
                SupportRow(
                    type_,
                    names(support_types()[type_]),
                    asked,
                    of[states.OPEN],
                    of[states.OFFERED],
                    of[states.MATCHED] + of[states.DELIVERED],
                    of[states.DELIVERED],
                )
            )
    return sorted(rows, key=lambda row: -row.n_asked)


def stages(scope: str = "") -> dict[ChangeProject.Stage, int]:
    """{stage: number of projects} in the order of the pipeline, stages without projects included."""
    counted = Counter(projects_of(scope).values_list("stage", flat=True))
    return {stage: counted[stage.value] for stage in ChangeProject.Stage}


def own_projects(person: Person) -> QuerySet[ChangeProject]:
    """The projects of a person's city."""
    return ChangeProject.objects.filter(city=person.city_id).select_related("city")
