"""A person decides: which pairs sit together, who is asked again, which version holds, when the step is done."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.actions import complete_step, record_gate
from majlis.dialogue.models import Dialogue, Partner, Step, StepRecord
from majlis.dialogue.rules import require_open, require_run
from majlis.journal.actions import record
from majlis.network.actions import ask_intake
from majlis.outbox.models import Batch
from majlis.steps.cluster.models import Pair, Proposal
from majlis.steps.cluster.queries import missing
from majlis.steps.cluster.rules import gate, stated_partners
from majlis.web.refused import NotThere, Refused
from majlis.web.sentences import Sentence

SAME_CITY = _("Choose two different cities.")
NO_PARTNER = _("This city is not a partner of the dialogue.")
CLASH = _("%(one)s and %(other)s are kept together already, by themselves or through others. Remove that first.")
CLASH_APART = _("%(one)s and %(other)s are kept apart already, by themselves or through others. Remove that first.")
NO_PAIR = _("This is not there any more. Reload the page and try again.")
ALL_STATED = _("Every partner stated a need and a vision: there is nobody to remind.")
TOGETHER_NOW = _("%(one)s and %(other)s shall stay together in every new run")
APART_NOW = _("%(one)s and %(other)s shall stay apart in every new run")


@transaction.atomic
def pair(*, by: Account, dialogue: Dialogue, kind: Pair.Kind, one: Partner, other: Partner) -> Pair:
    """Decide that two partners sit together, or apart, in every later run. Refused where that contradicts itself."""
    require_run(by, dialogue)
    require_open(dialogue, Step.CLUSTER)
    if one.pk == other.pk:
        raise Refused(SAME_CITY)
    if {one.dialogue_id, other.dialogue_id} != {dialogue.pk}:
        raise Refused(NO_PARTNER)
    first, second = sorted((one, other), key=lambda partner: partner.pk)
    rules = list(dialogue.cluster_pairs.exclude(one=first, other=second))
    names = {"one": one.city.name.in_all(), "other": other.city.name.in_all()}
    groups = _groups(rules)
    if kind == Pair.Kind.APART and other.pk in groups.get(one.pk, {one.pk}):
        raise Refused(CLASH, **names)
    if kind == Pair.Kind.TOGETHER:
        joined = groups.get(one.pk, {one.pk}) | groups.get(other.pk, {other.pk})
        if any({each.one_id, each.other_id} <= joined for each in rules if each.kind == Pair.Kind.APART):
            raise Refused(CLASH_APART, **names)
    found, _is_new = Pair.objects.update_or_create(
        dialogue=dialogue, one=first, other=second, defaults={"kind": kind, "created_by": by}
    )
    record(
        act="cluster.pair", by=by, scope=dialogue.scope, subject=found, facts={"kind": kind, "partners": [one.pk, other.pk]},
        sentence=Sentence(TOGETHER_NOW if kind == Pair.Kind.TOGETHER else APART_NOW, names),
    )  # fmt: skip
    return found


def _groups(rules: Iterable[Pair]) -> dict[int, set[int]]:
    """{partner: all who are kept together with it}, through others too."""
    groups: dict[int, set[int]] = {}
    for each in rules:
        if each.kind == Pair.Kind.TOGETHER:
            joined = groups.get(each.one_id, {each.one_id}) | groups.get(each.other_id, {each.other_id})
            groups |= dict.fromkeys(joined, joined)
    return groups


@transaction.atomic
def unpair(*, by: Account, dialogue: Dialogue, number: int) -> None:
    """Let two partners sit wherever a new run puts them."""
    require_run(by, dialogue)
    require_open(dialogue, Step.CLUSTER)
    found = dialogue.cluster_pairs.select_related("one__city", "other__city").filter(pk=number).first()
    if found is None:
        raise NotThere(NO_PAIR)
    names = {"one": found.one.city.name.in_all(), "other": found.other.city.name.in_all()}
    record(
        act="cluster.unpair", by=by, scope=dialogue.scope, subject=found,
        sentence=Sentence(_("%(one)s and %(other)s may sit together or apart again"), names),
    )  # fmt: skip
    found.delete()


@transaction.atomic
def remind(*, by: Account, dialogue: Dialogue) -> Batch:
    """Draft a mail with a link to the form for every partner that lacks a need or a vision; a person looks and sends."""
    require_run(by, dialogue)
    require_open(dialogue, Step.CLUSTER)
    lacking = missing(stated_partners(dialogue))
    if not lacking:
        raise Refused(ALL_STATED)
    return ask_intake(by=by, cities=[each.partner.city for each in lacking])


@transaction.atomic
def adopt(*, by: Account, proposal: Proposal) -> Proposal:
    """A person decides that this version holds. The one adopted before stays as a version."""
    dialogue = proposal.dialogue
    require_run(by, dialogue)
    require_open(dialogue, Step.CLUSTER)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.adopted_at:
        return proposal
    missing = dialogue.partners.exclude(cluster_places__proposal=proposal).select_related("city")
    if missing:
        raise Refused(
            _("%(cities)s sit in no cluster of this version. Place them, or propose anew."),
            cities=[partner.city.name.in_all() for partner in missing],
        )
    now = timezone.now()
    for former in dialogue.cluster_proposals.filter(adopted_at__isnull=False):
        former.formerly_adopted_at, former.adopted_at = former.adopted_at, None
        former.save(update_fields=["formerly_adopted_at", "adopted_at"])
    proposal.adopted_at, proposal.adopted_by = now, by
    proposal.save(update_fields=["adopted_at", "adopted_by"])
    record(
        act="cluster.adopt", by=by, scope=dialogue.scope, subject=proposal,
        sentence=Sentence(_("Version %(version)s of the clusters was adopted"), {"version": proposal.version}),
    )  # fmt: skip
    record_gate(dialogue, Step.CLUSTER, gate(dialogue))
    return proposal


@transaction.atomic
def complete(*, by: Account, dialogue: Dialogue) -> StepRecord:
    """Close the step if its gate holds; Define opens."""
    return complete_step(by=by, dialogue=dialogue, step=Step.CLUSTER, gate=gate(dialogue))
