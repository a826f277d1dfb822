"""Which need or vision belongs to which sub-topic."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from majlis.dialogue.models import Dialogue
from majlis.dialogue.queries import visible_dialogue
from majlis.network.models import Statement
from majlis.steps.cluster.terms import theme_names
from majlis.steps.define import actions, queries
from majlis.steps.define.models import Topic
from majlis.steps.define.rules import Standing, standing
from majlis.steps.define.views.frame import changed, frame, numbers, reader, shown
from majlis.web.sentences import spoken


@login_required
@require_GET
def statements(request: HttpRequest, dialogue: str) -> HttpResponse:
    """All needs and visions with the topics that hold them; ?only=untied shows those that none holds."""
    found = visible_dialogue(dialogue, reader(request))
    now = standing(found)
    rows = [] if not now.topics else _rows(now, found)
    untied = [row for row in rows if not any(is_tied for _topic, is_tied in row.boxes)]
    only = request.GET.get("only") == "untied"
    context = frame(request, found, now) | {
        "tab": "statements",
        "topics": now.topics,
        "rows": untied if only else rows,
        "only": only,
        "all_count": len(rows),
        "untied_count": len(untied),
    }
    return shown(request, "define/ties.html", context)


@dataclass(frozen=True)
class Row:
    """A need or vision with every topic and whether it is tied to it; read: themes that Majlis read from it, and why."""

    statement: Statement
    boxes: list[tuple[Topic, bool]]
    read: list[tuple[str, str]]


def _rows(now: Standing, dialogue: Dialogue) -> list[Row]:
    tied = {(topic.pk, each.pk) for topic in now.topics for each in now.ties[topic.pk]}
    latest = queries.latest_proposal(dialogue)
    read = latest.read if latest else {}
    return [
        Row(
            each,
            [(topic, (topic.pk, each.pk) in tied) for topic in now.topics],
            [(spoken(theme_names(found["code"])), found["because"]) for found in read.get(str(each.pk), [])],
        )
        for each in queries.statements(dialogue)
    ]


@login_required
@require_POST
def ties(request: HttpRequest, dialogue: str) -> HttpResponse:
    """The ties that the form showed: a box named <topic>-<statement> for each that is ticked; ties of statements that it
    did not show stay."""
    found = visible_dialogue(dialogue, reader(request))
    topics = numbers(request.POST.getlist("topic"))
    seen = set(numbers(request.POST.getlist("statement")))
    wanted: dict[int, set[int]] = {number: set() for number in topics}
    if seen:
        kept = Topic.statements.through.objects.filter(topic__dialogue=found, topic__in=topics)
        for topic, statement in kept.exclude(statement__in=seen).values_list("topic", "statement"):
            wanted[topic].add(statement)
    for box in request.POST.getlist("tie"):
        one, _dash, other = box.partition("-")
        for number in set(numbers([one])) & set(wanted):
            wanted[number] |= set(numbers([other]))
    return changed(
        request,
        found,
        lambda: actions.set_ties(by=reader(request), dialogue=found, ties=wanted),
        _("The ties are kept."),
        lambda _count: reverse("define:page", args=[found.slug]),
    )
