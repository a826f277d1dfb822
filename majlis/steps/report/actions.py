"""The acts of reporting."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.actions import complete_step, record_gate
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.dialogue.rules import require_open, require_run
from majlis.journal.actions import record
from majlis.language.models import LANGUAGES
from majlis.steps.report.drawings import DRAWINGS
from majlis.steps.report.facts import Facts, facts
from majlis.steps.report.facts.activities import activities, activity_facts
from majlis.steps.report.models import ActivityEntry, Summary
from majlis.steps.report.queries import report, summary_of
from majlis.steps.report.rules import gate
from majlis.web.refused import NotNow
from majlis.web.sentences import Sentence

NO_SUMMARY = _("The summary is not written yet. Write it first; the files are drawn from it.")


@transaction.atomic
def write_activity_entries(*, by: Account, dialogue: Dialogue) -> list[ActivityEntry]:
    """Write the entry of every activity from the records as they stand; entries that are there are written anew."""
    require_run(by, dialogue)
    require_open(dialogue, Step.REPORT)
    known = facts(dialogue)
    entries = [
        ActivityEntry.objects.update_or_create(
            dialogue=dialogue, activity=activity.name,
            defaults={"session": activity.session, "facts": activity_facts(activity, known).as_json()},
        )[0]
        for activity in activities(dialogue)
    ]  # fmt: skip
    record(
        act="report.write_activity_entries", by=by, scope=dialogue.scope,
        sentence=Sentence(_("The entry of %(count)s activity was written"), {}, _("The entries of %(count)s activities were written"), len(entries)),
    )  # fmt: skip
    record_gate(dialogue, Step.REPORT, gate(dialogue))
    return entries


@transaction.atomic
def write_summary(*, by: Account, dialogue: Dialogue) -> Summary:
    """Write a new version of the summary from the records as they stand; earlier versions stay."""
    require_run(by, dialogue)
    require_open(dialogue, Step.REPORT)
    last = Summary.objects.filter(dialogue=dialogue).aggregate(last=Max("version"))["last"] or 0
    summary = Summary.objects.create(
        dialogue=dialogue, version=last + 1, facts=facts(dialogue).as_json(), written_by=by
    )
    record(
        act="report.write_summary", by=by, scope=dialogue.scope, subject=summary,
        sentence=Sentence(_("Version %(version)s of the summary was written"), {"version": summary.version}),
    )  # fmt: skip
    record_gate(dialogue, Step.REPORT, gate(dialogue))
    return summary


def complete(*, by: Account, dialogue: Dialogue) -> StepRecord:
    """Close the report and with it the dialogue; refuses in words while something is missing."""
    return complete_step(by=by, dialogue=dialogue, step=Step.REPORT, gate=gate(dialogue))


def write_files(*, by: Account, dialogue: Dialogue, folder: Path, languages: Sequence[str] = LANGUAGES) -> list[Path]:
    """Draw the latest summary into `folder`: <slug>.<language>.html, .pdf and .docx for each language, <slug>.json once.

    Raises NotNow while there is no summary. Returns the files' paths.
    """
    require_run(by, dialogue)
    summary = summary_of(dialogue)
    if summary is None:
        raise NotNow(NO_SUMMARY)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for language in languages:
        document = report(dialogue, language, summary)
        for ending, draw in DRAWINGS.items():
            paths.append(_written(folder / f"{dialogue.slug}.{language}.{ending}", draw(document)))
    paths.append(_written(folder / f"{dialogue.slug}.json", as_json(dialogue, summary)))
    with transaction.atomic():
        record(
            act="report.write_files", by=by, scope=dialogue.scope, subject=summary,
            sentence=Sentence(_("The report was written to %(count)s file"), {}, _("The report was written to %(count)s files"), len(paths)),
        )  # fmt: skip
    return paths


def as_json(dialogue: Dialogue, summary: Summary) -> bytes:
    """The facts of a summary as JSON, UTF-8: of people, rooms and answers only how many there are."""
    content: dict[str, Any] = {
        "dialogue": dialogue.slug,
        "version": summary.version,
        "written_at": summary.written_at.isoformat(),
        "facts": Facts.from_json(summary.facts).as_public_json(),
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _written(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all: a reader never finds half a report."""
    draft = path.with_suffix(path.suffix + ".part")
    draft.write_bytes(content)
    return draft.replace(path)
