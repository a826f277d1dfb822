"""What makes a report complete."""

from django.utils.translation import gettext_noop as _

from majlis.dialogue.models import Dialogue
from majlis.dialogue.rules import Condition, Gate, step_name
from majlis.steps.report.facts import Facts
from majlis.steps.report.facts.activities import Activity, activities
from majlis.steps.report.models import ActivityEntry, Summary
from majlis.web.sentences import Sentence


def gate(dialogue: Dialogue) -> Gate:
    """Every activity has its entry; the summary exists; every number in it is counted from records."""
    return Gate([_entries(dialogue), *_summary(latest_summary(dialogue))])


def latest_summary(dialogue: Dialogue) -> Summary | None:
    return Summary.objects.filter(dialogue=dialogue).first()


def undocumented(dialogue: Dialogue) -> list[Activity]:
    """The activities without an entry."""
    there = set(ActivityEntry.objects.filter(dialogue=dialogue).values_list("activity", flat=True))
    return [activity for activity in activities(dialogue) if activity.name not in there]


def without_records(facts: Facts) -> list[str]:
    """Keys of numbers that cannot be led back to records: there should be none."""
    return [key for key, fact in facts.items() if fact.kind in {"count", "number"} and fact and not fact.records.ids]


def activity_name(activity: Activity) -> dict[str, str]:
    """The step's name or the session's title in all four languages."""
    return activity.session.title.in_all() if activity.session else step_name(activity.step) if activity.step else {}


def _entries(dialogue: Dialogue) -> Condition:
    lacking = [activity_name(activity) for activity in undocumented(dialogue)]
    total = len(activities(dialogue))
    if not lacking:
        return Condition(Sentence(_("Each of the %(total)s activities has its entry"), {"total": total}), True)
    words = _("%(done)s of %(total)s activities have their entry; still missing: %(missing)s")
    return Condition(Sentence(words, {"done": total - len(lacking), "total": total, "missing": lacking}), False)


def _summary(summary: Summary | None) -> list[Condition]:
    if summary is None:
        return [
            Condition(Sentence(_("The summary is not written yet")), False),
            Condition(Sentence(_("Every number in the summary leads to its records")), False),
        ]
    loose = without_records(Facts.from_json(summary.facts))
    words = _("These numbers in the summary lead to no records: %(facts)s")
    return [
        Condition(Sentence(_("The summary exists in version %(version)s"), {"version": summary.version}), True),
        Condition(Sentence(words, {"facts": loose}), False)
        if loose
        else Condition(Sentence(_("Every number in the summary leads to its records")), True),
    ]
