"""Writing the concept note, and closing the step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.actions import complete_step, record_gate
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.dialogue.rules import require_open, require_run
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.outbox.actions import hold_batch
from majlis.outbox.models import Batch
from majlis.room.methods import methods as known_methods
from majlis.steps.invite.comparing import is_same, terms_of
from majlis.steps.invite.models import ConceptNote, ConceptNoteVersion, RoleAgreement
from majlis.steps.invite.rules import gate
from majlis.steps.invite.terms import INVOLVED, LABELS, RESPONSIBILITIES, longest
from majlis.web.refused import NotNow, Refused
from majlis.web.sentences import Sentence

TERMS = ("goal", "expected_outcome", "roles")
WAITS = _(
    "Invitations leave from the step Invite, once goal, expected outcome and the agreement of every partner are there."
)
KINDS = ("invite.invitation", "invite.update", "invite.delegation")  # the batches that the gate holds

OUTDATED = _(
    "Somebody has written version %(version)s meanwhile. What you typed is still here: look at the new version on the page "
    "of the concept note, then keep yours if it should replace it."
)


class Outdated(NotNow):
    """Two people wrote at the same time."""


@transaction.atomic
def write_concept_note(
    *,
    by: Account,
    dialogue: Dialogue,
    goal: Text,
    expected_outcome: Text,
    roles: Text,
    fields: Mapping[str, Text],
    responsibilities: Mapping[str, str] | None = None,
    effort_hours: int | None = None,
    methods: Sequence[str] = (),
    keeps_agreements: bool = False,
    of_version: int | None = None,
) -> ConceptNote:
    """Write the concept note or a new version of it; nothing changes if it says the same as before.

    fields: the template's other fields by key (terms.LABELS). responsibilities: {terms.RESPONSIBILITIES: R, A, C or I} of
    every partner. methods: codes of room.methods. When the original of goal, outcome or roles, responsibilities or hours
    change, every partner is asked again, unless only the wording changed (keeps_agreements). Translations ask nobody
    again, and what a partner has agreed to before, word for word, is agreed. of_version: the version that was read before
    it was changed; Outdated if somebody has written another one meanwhile.
    """
    require_run(by, dialogue)
    terms = {"goal": goal, "expected_outcome": expected_outcome, "roles": roles}
    _check_lengths(terms, fields)
    chart = check_responsibilities(responsibilities or {}, effort_hours)
    if not set(methods) <= set(known_methods()):
        raise Refused(_("Choose methods from the list."))
    require_open(dialogue, Step.INVITE)
    note = ConceptNote.objects.select_for_update().filter(dialogue=dialogue).first()
    if of_version is not None and of_version != (note.version if note else 0):
        raise Outdated(OUTDATED, version=note.version if note else 0)
    before = _content(note) if note else {}
    content: dict[str, Any] = {key: text.as_json() for key, text in {**terms, **fields}.items()}
    content |= {"responsibilities": chart, "effort_hours": effort_hours, "methods": list(methods)}
    if note and content == before:
        return note
    is_new, note = note is None, note or ConceptNote(dialogue=dialogue, version=0, terms_version=0)
    is_reworded = any(getattr(note, key).body != text.body for key, text in terms.items())
    has_new_terms = is_new or is_reworded or (note.responsibilities, note.effort_hours) != (chart, effort_hours)
    note.responsibilities, note.effort_hours, note.methods = chart, effort_hours, list(methods)
    note.goal, note.expected_outcome, note.roles = goal, expected_outcome, roles
    note.fields = {key: text.as_json() for key, text in fields.items()}
    note.version += 1
    if has_new_terms and (is_new or not keeps_agreements):
        note.terms_version += 1
    note.save()
    keep_what_was_agreed(note)
    ConceptNoteVersion.objects.create(
        note=note, version=note.version, terms_version=note.terms_version, content=content, written_by=by
    )
    record(
        act="invite.write_concept_note", by=by, scope=dialogue.scope, subject=note, facts={"version": note.version},
        sentence=Sentence(_("Version %(version)s of the concept note was written"), {"version": note.version}),
    )  # fmt: skip
    follow_gate(dialogue)
    return note


def _content(note: ConceptNote) -> dict[str, object]:
    chart = {key: getattr(note, key) for key in ("responsibilities", "effort_hours", "methods")}
    return {key: getattr(note, key).as_json() for key in TERMS} | dict(note.fields) | chart


def keep_what_was_agreed(note: ConceptNote) -> None:
    """Whoever once agreed to exactly what is asked now need not be asked again."""
    changed = RoleAgreement.objects.filter(partner__dialogue=note.dialogue_id).exclude(of_version=note.terms_version)
    for agreement in changed.exclude(agreed_terms={}):
        if is_same(agreement.agreed_terms, terms_of(note, agreement)):
            agreement.answer, agreement.of_version = RoleAgreement.Answer.AGREED, note.terms_version
            agreement.save(update_fields=["answer", "of_version"])


def check_responsibilities(chart: Mapping[str, str], hours: int | None) -> dict[str, str]:
    """The chart without empty entries, in the order of terms.RESPONSIBILITIES; raises Refused for what is not in it."""
    given = {key: letter for key, letter in chart.items() if letter}
    if not set(given) <= set(RESPONSIBILITIES) or not set(given.values()) <= set(INVOLVED):
        raise Refused(_("Choose responsibilities from the list."))
    if hours is not None and not 0 < hours <= 1000:
        raise Refused(_("Hours are a number from 1 to 1000."))
    return {key: given[key] for key in RESPONSIBILITIES if key in given}


def _check_lengths(terms: Mapping[str, Text], fields: Mapping[str, Text]) -> None:
    objectives = [line for line in fields.get("objectives", Text()).body.splitlines() if line.strip()]
    if objectives and not 2 <= len(objectives) <= 5:
        raise Refused(
            _("Two to five objectives, each on its own line: now there are %(count)s lines."), count=len(objectives)
        )
    if unknown := set(fields) - set(LABELS):
        raise Refused(_("The concept note has no field “%(field)s”."), field=sorted(unknown)[0])
    for key, text in {**terms, **fields}.items():
        most = longest(key)
        for body in text.in_all().values():
            if len(body) > most:
                raise Refused(
                    _("“%(start)s…” is %(count)s characters long; at most %(most)s fit here. Shorten it."),
                    start=body[:40], count=len(body), most=most,
                )  # fmt: skip


def follow_gate(dialogue: Dialogue) -> None:
    """Keep what the gate says after an act; if it closed, hold back every invitation that has not left yet."""
    present = gate(dialogue)
    record_gate(dialogue, Step.INVITE, present)
    if not present.is_open:
        for batch in Batch.objects.filter(scope=dialogue.scope, kind__in=KINDS, is_held=False):
            hold_batch(batch=batch, reason=Sentence(WAITS))


def complete(*, by: Account, dialogue: Dialogue) -> StepRecord:
    """Close the step and open Enable; refused in words until the gate holds."""
    return complete_step(by=by, dialogue=dialogue, step=Step.INVITE, gate=gate(dialogue))
