"""Writing the concept note, and closing the step."""

from __future__ import annotations

from collections.abc import Mapping

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
from majlis.steps.invite.models import ConceptNote, ConceptNoteVersion
from majlis.steps.invite.rules import gate
from majlis.steps.invite.terms import LABELS, longest
from majlis.web.refused import Refused
from majlis.web.sentences import Sentence

TERMS = ("goal", "expected_outcome", "roles")
WAITS = _(
    "Invitations leave from the step Invite, once goal, expected outcome and the agreement of every partner are there."
)
KINDS = ("invite.invitation", "invite.update")  # the batches that the gate holds


@transaction.atomic
def write_concept_note(
    *,
    by: Account,
    dialogue: Dialogue,
    goal: Text,
    expected_outcome: Text,
    roles: Text,
    fields: Mapping[str, Text],
    keeps_agreements: bool = False,
) -> ConceptNote:
    """Write the concept note or a new version of it; nothing changes if it says the same as before.

    fields: the template's other fields by key (terms.LABELS). When the original of goal, outcome or roles changes, every
    partner is asked again, unless only the wording changed (keeps_agreements). Translations ask nobody again.
    """
    require_run(by, dialogue)
    terms = {"goal": goal, "expected_outcome": expected_outcome, "roles": roles}
    _check_lengths(terms, fields)
    require_open(dialogue, Step.INVITE)
    note = ConceptNote.objects.select_for_update().filter(dialogue=dialogue).first()
    before = _content(note) if note else {}
    content = {key: text.as_json() for key, text in {**terms, **fields}.items()}
    if note and content == before:
        return note
    is_new, note = note is None, note or ConceptNote(dialogue=dialogue, version=0, terms_version=0)
    has_new_terms = is_new or any(getattr(note, key).body != text.body for key, text in terms.items())
    note.goal, note.expected_outcome, note.roles = goal, expected_outcome, roles
    note.fields = {key: text.as_json() for key, text in fields.items()}
    note.version += 1
    if has_new_terms and (is_new or not keeps_agreements):
        note.terms_version += 1
    note.save()
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
    return {key: getattr(note, key).as_json() for key in TERMS} | dict(note.fields)


def _check_lengths(terms: Mapping[str, Text], fields: Mapping[str, Text]) -> None:
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
