"""Reads of the report: its document, the records behind a number, whose turn it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Partner, Session, Step, StepRecord
from majlis.dialogue.rules import can_facilitate, can_run
from majlis.language.models import Text
from majlis.network.models import City, Person, Statement
from majlis.network.terms import countries, names
from majlis.projects.models import ChangeProject, SupportRequest
from majlis.room.models import Room
from majlis.solutions.models import Solution
from majlis.steps.cluster.models import Cluster
from majlis.steps.define.models import Topic
from majlis.steps.enable.models import Group
from majlis.steps.evaluate.models import Commitment, ExchangeSpace, Survey
from majlis.steps.evaluate.terms import questionnaires
from majlis.steps.report.document import Document, document
from majlis.steps.report.facts import Fact, Facts, facts
from majlis.steps.report.models import ActivityEntry, Summary
from majlis.steps.report.rules import gate, latest_summary, undocumented
from majlis.steps.report.terms import labels
from majlis.steps.report.wording import Months, Voice
from majlis.web.sentences import Sentence
from majlis.web.waiting import NextAction

YOU = Sentence(_("your turn"))
SECRETARIAT = Sentence(_("the secretariat's turn"))


def summary_of(dialogue: Dialogue, version: int | None = None) -> Summary | None:
    """One version of the summary, the latest without a number."""
    return Summary.objects.filter(dialogue=dialogue, version=version).first() if version else latest_summary(dialogue)


def report(dialogue: Dialogue, language: str, summary: Summary | None = None, months: Months = "both") -> Document:
    """The report in one language, from a summary, or from the records as they stand now where none is given."""
    entries = [
        (entry.activity, Facts.from_json(entry.facts)) for entry in ActivityEntry.objects.filter(dialogue=dialogue)
    ]
    known = Facts.from_json(summary.facts) if summary else facts(dialogue)
    written = summary.written_at if summary else timezone.now()
    return document(
        known, entries, Voice(language, months), slug=dialogue.slug, version=summary.version if summary else 0,
        written_on=timezone.localdate(written),
    )  # fmt: skip


def fact_of(dialogue: Dialogue, key: str, activity: str = "") -> Fact | None:
    """A fact of the latest summary (of the records now, while there is none), or of an activity entry."""
    if activity:
        entry = ActivityEntry.objects.filter(dialogue=dialogue, activity=activity).first()
        return Facts.from_json(entry.facts).get(key) if entry else None
    summary = latest_summary(dialogue)
    known = Facts.from_json(summary.facts) if summary else facts(dialogue)
    return known.get(key)


@dataclass(frozen=True)
class Row:
    """One record as people know it: its name, something beside it, and its page if it has one."""

    name: Text
    beside: Text | None = None
    url: str = ""


@dataclass(frozen=True)
class RecordList:
    """The records behind a fact. `rows` is None where this reader sees only how many there are."""

    fact: Fact
    count: int
    rows: list[Row] | None


def records(fact: Fact, dialogue: Dialogue, account: Account) -> RecordList:
    """The records that a fact was counted from, as far as this account may see them one by one.

    People and rooms are listed for those who run the dialogue; answers to surveys for nobody.
    """
    kind, ids = fact.records.kind, fact.records.ids
    if kind == "country":
        return RecordList(fact, len(ids), [Row(Text.of(names(countries()[str(code)]))) for code in ids])
    if kind == "activity":
        return RecordList(fact, len(ids), [_activity(dialogue, str(name)) for name in ids])
    if kind not in LISTED or (kind in TEAM_ONLY and not can_facilitate(account, dialogue)):
        return RecordList(fact, len(ids), None)
    found, row = LISTED[kind]
    rows = [row(record) for record in found().filter(pk__in=ids)]
    return RecordList(fact, len(ids), sorted(rows, key=lambda each: str(each.name)))


def _activity(dialogue: Dialogue, name: str) -> Row:
    if name in labels():
        return Row(Text.of(dict(labels()[name])))
    session = dialogue.sessions.filter(code=name.partition(":")[2]).first()
    return Row(session.title if session else Text("en", name))


TEAM_ONLY = frozenset({"person", "room", "group"})

Finder = Callable[[], "QuerySet[Any]"]
LISTED: dict[str, tuple[Finder, Callable[[Any], Row]]] = {
    "city": (City.objects.all, lambda city: Row(city.name, Text.of(names(countries()[city.country])))),
    "person": (
        lambda: Person.objects.select_related("city"),
        lambda person: Row(person.role_title, person.city.name if person.city else None),
    ),
    "partner": (lambda: Partner.objects.select_related("city"), lambda partner: Row(partner.city.name)),
    "session": (Session.objects.all, lambda session: Row(session.title, Text("en", session.code))),
    "cluster": (Cluster.objects.all, lambda cluster: Row(cluster.name)),
    "topic": (Topic.objects.all, lambda topic: Row(topic.name)),
    "statement": (
        lambda: Statement.objects.select_related("city"), lambda statement: Row(statement.text, statement.city.name)
    ),
    "room": (Room.objects.all, lambda room: Row(room.name)),
    "group": (lambda: Group.objects.select_related("room"), lambda group: Row(group.room.name)),
    "project": (
        lambda: ChangeProject.objects.select_related("city"), lambda project: Row(project.title, project.city.name)
    ),
    "request": (
        lambda: SupportRequest.objects.select_related("project__city"),
        lambda request: Row(request.project.title, request.project.city.name),
    ),
    "solution": (
        lambda: Solution.objects.select_related("city"), lambda solution: Row(solution.title, solution.city.name)
    ),
    "commitment": (
        lambda: Commitment.objects.select_related("partner__city"),
        lambda commitment: Row(commitment.what, commitment.partner.city.name),
    ),
    "space": (ExchangeSpace.objects.all, lambda space: Row(space.name, space.purpose or None)),
    "survey": (Survey.objects.all, lambda survey: Row(questionnaires()[survey.code].name)),
    "entry": (lambda: ActivityEntry.objects.select_related("session", "dialogue"), lambda entry: _activity(entry.dialogue, entry.activity)),
}  # fmt: skip


def next_action(dialogue: Dialogue, account: Account) -> NextAction | None:
    """The one next thing while the step is open: entries, then the summary, then completing."""
    if not dialogue.steps.filter(step=Step.REPORT, state=StepRecord.State.OPEN).exists():
        return None
    step = _turn(dialogue)
    return step if can_run(account, dialogue) else NextAction(step.heading, SECRETARIAT)


def waiting(account: Account) -> list[NextAction]:
    """Nothing of the report waits for anybody but the secretariat, which finds it on the dialogue's page."""
    return []


def _turn(dialogue: Dialogue) -> NextAction:
    def post(name: str) -> str:
        return reverse(f"report:{name}", args=[dialogue.slug])

    lacking = len(undocumented(dialogue))
    if lacking:
        words = Sentence(
            _("Write the entry of %(count)s activity"), {}, _("Write the entries of %(count)s activities"), lacking
        )
        detail = Sentence(_("They are written from the records; you type nothing."))
        return NextAction(words, YOU, Sentence(_("Write the entries")), post("write_entries"), True, detail)
    if latest_summary(dialogue) is None or not gate(dialogue).is_open:
        detail = Sentence(_("It is written in four languages from the same facts; each number leads to its records."))
        return NextAction(
            Sentence(_("Write the summary")), YOU, Sentence(_("Write the summary")), post("write_summary"), True, detail
        )
    detail = Sentence(_("The dialogue is finished then; the report stays here for everybody."))
    return NextAction(
        Sentence(_("Complete the report")), YOU, Sentence(_("Complete this step")), post("complete"), True, detail
    )
