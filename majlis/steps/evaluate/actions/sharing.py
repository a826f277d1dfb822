"""Results to every partner, a place for further exchange, and the end of the step."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.actions import issue_link
from majlis.accounts.models import Account
from majlis.dialogue.actions import complete_step, record_gate
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.dialogue.rules import can_facilitate, require_open, require_run
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.outbox.actions import Letter, draft_batch
from majlis.outbox.models import Batch, Mail
from majlis.outbox.rules import NOT_ARRIVED
from majlis.steps.evaluate.actions.surveys import TEAM_ONLY
from majlis.steps.evaluate.models import Delivery, ExchangeSpace
from majlis.steps.evaluate.queries.deliveries import DeliveryRow, delivery_log
from majlis.steps.evaluate.rules import gate, require_sessions_closed
from majlis.web.refused import Forbidden, Refused
from majlis.web.sentences import Sentence

READ_RESULTS = "evaluate.read_results"
NO_FOCAL_POINT = _(
    "These cities have no focal point to receive the results: %(cities)s. Name one in the network first."
)


@transaction.atomic
def open_space(*, by: Account, dialogue: Dialogue, name: Text, purpose: Text | None = None) -> ExchangeSpace:
    """Name a standing place for further exchange."""
    if not can_facilitate(by, dialogue):
        raise Forbidden(TEAM_ONLY)
    if not name.body.strip():
        raise Refused(_("Give the space a name that people will recognise."))
    require_open(dialogue, Step.EVALUATE)
    space = ExchangeSpace.objects.create(dialogue=dialogue, name=name, purpose=purpose or Text())
    record(
        act="evaluate.open_space", by=by, scope=dialogue.scope, subject=space,
        sentence=Sentence(_("A space for further exchange was opened: “%(name)s”"), {"name": name.in_all()}),
    )  # fmt: skip
    record_gate(dialogue, Step.EVALUATE, gate(dialogue))
    return space


@transaction.atomic
def share_results(*, by: Account, dialogue: Dialogue) -> Batch:
    """Close the surveys and draft the results mail to every partner's focal point that has none yet.

    Drafts that have not left are returned as they are; failed or cancelled ones are drafted anew.
    """
    require_run(by, dialogue)
    require_open(dialogue, Step.EVALUATE)
    require_sessions_closed(dialogue)
    rows = delivery_log(dialogue)
    lacking = [row for row in rows if row.mail is None or row.mail.state in NOT_ARRIVED]
    if not lacking:
        return _drafted(rows)
    homeless = [row.partner.city.name.in_all() for row in lacking if row.focal_point is None]
    if homeless:
        raise Refused(NO_FOCAL_POINT, cities=homeless)
    # Answers after this moment would let a reader subtract the results before from those after.
    dialogue.surveys.filter(closes_at__gt=timezone.now()).update(closes_at=timezone.now())
    batch = _draft(by, dialogue, lacking)
    record(
        act="evaluate.share_results", by=by, scope=dialogue.scope,
        sentence=Sentence(_("The results were drafted for %(count)s partner"), {}, _("The results were drafted for %(count)s partners"), len(lacking)),
        facts={"partners": [row.partner.pk for row in lacking]},
    )  # fmt: skip
    record_gate(dialogue, Step.EVALUATE, gate(dialogue))
    return batch


def complete(*, by: Account, dialogue: Dialogue) -> StepRecord:
    """Close the evaluation and open the report; refuses in words while something is missing."""
    return complete_step(by=by, dialogue=dialogue, step=Step.EVALUATE, gate=gate(dialogue))


def _drafted(rows: list[DeliveryRow]) -> Batch:
    """The newest batch that holds a delivery."""
    batches = [row.mail.batch for row in rows if row.mail]
    if not batches:
        raise Refused(_("This dialogue has no partners to share results with."))
    return max(batches, key=lambda batch: batch.pk)


def _draft(by: Account, dialogue: Dialogue, rows: list[DeliveryRow]) -> Batch:
    letters = {row.partner.pk: _letter(dialogue, row) for row in rows}
    batch = draft_batch(by=by, kind="evaluate.results", scope=dialogue.scope, letters=letters.values())
    mails = {mail.once: mail for mail in Mail.objects.filter(once__in=[letter.once for letter in letters.values()])}
    for number, letter in letters.items():
        Delivery.objects.update_or_create(partner_id=number, defaults={"mail": mails.get(letter.once)})
    return batch


def _letter(dialogue: Dialogue, row: DeliveryRow) -> Letter:
    assert row.focal_point is not None
    account = row.focal_point.account
    link = issue_link(account=account, act=READ_RESULTS, subject=dialogue, days=365)
    path = reverse("evaluate:results", args=[dialogue.slug, link.token])
    # A failed mail is drafted anew under the number of the one it replaces.
    attempt = row.mail.pk if row.mail else 0
    return Letter(
        account, "evaluate/mail/results",
        {"dialogue": dialogue, "city": row.partner.city, "url": settings.PUBLIC_URL + path},
        f"evaluate.results:partner:{row.partner.pk}:{attempt}",
    )  # fmt: skip
