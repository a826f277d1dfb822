"""The rows of the report's tables, kept with the summary so that each version can be drawn again as it was."""

from collections import Counter, defaultdict
from typing import Any
from zoneinfo import ZoneInfo

from majlis.dialogue.models import Dialogue
from majlis.language.words import in_all_languages
from majlis.network.models import City
from majlis.network.terms import countries, names
from majlis.projects.models import ChangeProject
from majlis.solutions.models import Solution
from majlis.steps.enable.models import Attendance
from majlis.steps.evaluate.models import Commitment
from majlis.steps.report.facts.event import attendees
from majlis.steps.report.facts.method import held_rooms
from majlis.steps.report.facts.tree import Fact, Records


def tables(dialogue: Dialogue) -> list[Fact]:
    return [
        _countries(dialogue),
        _sessions(dialogue),
        _cases(dialogue),
        _solutions(dialogue),
        _projects(dialogue),
        _commitments(dialogue),
    ]


def _countries(dialogue: Dialogue) -> Fact:
    """The cities of those who came, by country."""
    people = attendees(dialogue)
    cities: dict[str, dict[int, City]] = defaultdict(dict)
    for each in people:
        if each.partner:
            cities[each.partner.city.country][each.partner.city_id] = each.partner.city
    rows = [
        {"name": names(countries()[code]), "cities": [city.name.in_all() for _pk, city in sorted(found.items())]}
        for code, found in sorted(cities.items())
    ]
    numbers = [pk for found in cities.values() for pk in found]
    return Fact("table.countries", rows, "rows", Records.of("city", numbers))


def _sessions(dialogue: Dialogue) -> Fact:
    zone = ZoneInfo(dialogue.zone)
    came = Counter(Attendance.objects.filter(session__dialogue=dialogue).values_list("session", flat=True))
    rows: list[dict[str, Any]] = []
    for session in dialogue.sessions.all():
        starts = session.starts_at.astimezone(zone)
        rows.append({
            "code": session.code, "title": session.title.in_all(), "day": starts.date().isoformat(),
            "time": starts.strftime("%H:%M"), "zone": dialogue.zone, "minutes": session.minutes,
            "state": _labels(session, "state"), "came": came[session.pk],
        })  # fmt: skip
    return Fact("table.sessions", rows, "rows", Records.of("session", (s.pk for s in dialogue.sessions.all())))


def _cases(dialogue: Dialogue) -> Fact:
    """Key questions that their case givers have released, and no others."""
    cases = [room.case for room in held_rooms(dialogue) if room.case and room.case.is_released]
    rows = [{"question": case.key_question.in_all()} for case in cases]
    return Fact("table.cases", rows, "rows", Records.of("case", (case.pk for case in cases)))


def _solutions(dialogue: Dialogue) -> Fact:
    found = Solution.objects.filter(state=Solution.State.PUBLISHED, city__partnerships__dialogue=dialogue)
    rows = [
        {"title": solution.title.in_all(), "city": solution.city.name.in_all()}
        for solution in found.select_related("city").order_by("city__slug", "code")
    ]
    return Fact("table.solutions", rows, "rows", Records.of("solution", found.values_list("pk", flat=True)))


def _projects(dialogue: Dialogue) -> Fact:
    found = ChangeProject.objects.filter(scope=dialogue.scope).select_related("city")
    rows = [
        {"title": project.title.in_all(), "city": project.city.name.in_all(), "stage": _labels(project, "stage")}
        for project in found
    ]
    return Fact("table.projects", rows, "rows", Records.of("project", (project.pk for project in found)))


def _commitments(dialogue: Dialogue) -> Fact:
    found = Commitment.objects.filter(partner__dialogue=dialogue).select_related("partner__city")
    rows = [
        {
            "what": each.what.in_all(), "city": each.partner.city.name.in_all(), "due": each.due_on.isoformat(),
            "status": _labels(each, "status"),
        }
        for each in found
    ]  # fmt: skip
    return Fact("table.commitments", rows, "rows", Records.of("commitment", (each.pk for each in found)))


def _labels(row: Any, field: str) -> dict[str, str]:
    """The name of a choice in all four languages."""
    choices = dict(row._meta.get_field(field).flatchoices)
    return in_all_languages(choices[getattr(row, field)])
