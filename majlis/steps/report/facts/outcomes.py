"""What came of it: gaps, support, projects, solutions, the network. Facts 16 to 18 and 32 to 34 of the report."""

from collections import defaultdict

from majlis.dialogue.models import Dialogue
from majlis.network.models import City, Person
from majlis.projects.models import ChangeProject, Resource, SupportRequest
from majlis.projects.terms import resource_types, support_types
from majlis.solutions.models import Solution
from majlis.steps.report.facts.tree import Fact, Records, counted, ranked


def outcomes(dialogue: Dialogue) -> list[Fact]:
    return [*_projects(dialogue), *_solutions(dialogue), *_network()]


def _projects(dialogue: Dialogue) -> list[Fact]:
    """Change projects of this dialogue, what they lack by kind of resource, what they ask for by kind of support."""
    projects = list(ChangeProject.objects.filter(scope=dialogue.scope).select_related("city"))
    numbers = [project.pk for project in projects]
    gaps: dict[str, set[int]] = defaultdict(set)
    for resource in Resource.objects.filter(project__in=numbers):
        if resource.gap > 0:
            gaps[resource.type].add(resource.project_id)
    asked: dict[str, set[int]] = defaultdict(set)
    met: set[int] = set()
    requests = list(SupportRequest.objects.filter(project__in=numbers))
    for request in requests:
        asked[request.type].add(request.project_id)
        if request.state in {SupportRequest.State.MATCHED, SupportRequest.State.DELIVERED}:
            met.add(request.pk)
    chosen = [p.pk for p in projects if p.stage not in {ChangeProject.Stage.DRAFTED, ChangeProject.Stage.PARKED}]
    return [
        counted("projects", "project", numbers),
        counted("projects.cities", "city", (project.city_id for project in projects)),
        counted("projects.chosen", "project", chosen),
        counted("projects.lacking", "project", (number for ids in gaps.values() for number in ids)),
        *ranked("gap", "project", gaps, resource_types()),
        counted("requests", "request", (request.pk for request in requests)),
        counted("requests.met", "request", met),
        *ranked("support", "project", asked, support_types()),
    ]


def _solutions(dialogue: Dialogue) -> list[Fact]:
    """Published solutions of the partner cities."""
    found = list(
        Solution.objects.filter(state=Solution.State.PUBLISHED, city__partnerships__dialogue=dialogue).order_by("code")
    )
    return [
        counted("solutions", "solution", (solution.pk for solution in found)),
        counted("solutions.cities", "city", (solution.city_id for solution in found)),
    ]


def _network() -> list[Fact]:
    """How large the network is now; counted without listing everybody in it."""
    places = Records.of("city", City.objects.values_list("pk", flat=True))
    return [
        Fact("network.cities", places.count, "count", places),
        counted("network.people", "person", Person.objects.values_list("pk", flat=True)),
    ]
