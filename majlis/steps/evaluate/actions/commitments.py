"""What a partner says it will do, and how it went."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.actions import record_gate
from majlis.dialogue.models import Participant, Partner, Step, StepRecord
from majlis.dialogue.rules import CLOSED, missing_before, require_open, step_name
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.steps.evaluate.models import Commitment
from majlis.steps.evaluate.rules import gate, require_partner
from majlis.web.refused import NotNow, Refused
from majlis.web.sentences import Sentence


@transaction.atomic
def make_commitment(
    *, by: Account, partner: Partner, what: Text, due_on: date, owner: Participant | None = None
) -> Commitment:
    """Note what a partner will do and by when. The owner, if named, sits in the partner's delegation."""
    require_partner(by, partner)
    if not what.body.strip():
        raise Refused(_("Say what the city will do, in one sentence."))
    if owner is not None and owner.partner_id != partner.pk:
        raise Refused(_("The owner must belong to the delegation of %(city)s."), city=partner.city.name.in_all())
    require_open(partner.dialogue, Step.EVALUATE)
    commitment = Commitment.objects.create(partner=partner, what=what, due_on=due_on, owner=owner)
    record(
        act="evaluate.make_commitment", by=by, scope=partner.dialogue.scope, subject=commitment,
        sentence=Sentence(_("%(city)s committed itself: %(what)s"), {"city": partner.city.name.in_all(), "what": what.in_all()}),
    )  # fmt: skip
    record_gate(partner.dialogue, Step.EVALUATE, gate(partner.dialogue))
    return commitment


@transaction.atomic
def update_commitment(
    *,
    by: Account,
    commitment: Commitment,
    status: Commitment.Status,
    due_on: date | None = None,
    reason: Text | None = None,
) -> Commitment:
    """Say where a commitment stands; to drop it or to move its date needs a reason.

    Follow-up goes on for months, so this stays possible when the step is done; only before it opened it is not.
    """
    require_partner(by, commitment.partner)
    why = reason if reason is not None and reason.body.strip() else None
    if status == Commitment.Status.DROPPED and why is None:
        raise Refused(_("Say why the commitment is dropped: others learn from it."))
    _require_not_closed(commitment)
    commitment = (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("partner__dialogue", "partner__city")
        .get(pk=commitment.pk)
    )
    if due_on is not None and due_on != commitment.due_on and why is None:
        raise Refused(_("Say why the date is moved: others rely on it."))
    commitment.status, commitment.due_on = status, due_on or commitment.due_on
    commitment.reason = why or commitment.reason
    commitment.save(update_fields=["status", "due_on", "reason"])
    partner = commitment.partner
    record(
        act="evaluate.update_commitment", by=by, scope=partner.dialogue.scope, subject=commitment,
        sentence=Sentence(_("%(city)s reported on its commitment “%(what)s”"), {"city": partner.city.name.in_all(), "what": commitment.what.in_all()}),
        facts={"status": str(status)},
    )  # fmt: skip
    return commitment


def _require_not_closed(commitment: Commitment) -> None:
    step = StepRecord.objects.get(dialogue=commitment.partner.dialogue_id, step=Step.EVALUATE)
    if step.state == StepRecord.State.CLOSED:
        raise NotNow(CLOSED, step=step_name(Step.EVALUATE), missing=missing_before(step))
