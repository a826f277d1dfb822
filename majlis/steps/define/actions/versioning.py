"""Keeping each state of the list, trying a change without keeping it, and going back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.actions import record_gate
from majlis.dialogue.models import Dialogue, Step
from majlis.dialogue.rules import require_open, require_run
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.steps.define.changes import Effect, Listed, listed
from majlis.steps.define.models import Topic, Version, Vote
from majlis.steps.define.queries import effect_between, snapshot, statements
from majlis.steps.define.rules import digest, gate, standing
from majlis.web.refused import NotThere
from majlis.web.sentences import Sentence

AS_FOUND = _("The sub-topics as they stood before")
NONE_YET = _("No sub-topics yet")
NO_VERSION = _("There is no such version of the sub-topics.")


def may_shape(by: Account | None, dialogue: Dialogue) -> None:
    """Every change of the list begins here: who may, when, and what to go back to is kept.

    Dots and outside corrections since the last change become part of the state before this one.
    """
    require_run(by, dialogue)
    require_open(dialogue, Step.DEFINE)
    newest = dialogue.topic_versions.first()
    topics, now = _state(dialogue)
    if newest and newest.of_topics == now:
        newest.topics = topics
        newest.save(update_fields=["topics"])
    else:
        _keep(dialogue, None, Sentence(AS_FOUND if topics else NONE_YET))


def note(
    *,
    act: str,
    by: Account | None,
    dialogue: Dialogue,
    sentence: Sentence,
    subject: Topic | None = None,
    facts: Mapping[str, object] | None = None,
) -> Version:
    """Every change of the list ends here: its version, its journal entry, what the gate says now."""
    version = _keep(dialogue, by, sentence)
    record(
        act=f"define.{act}", by=by, scope=dialogue.scope, subject=subject, sentence=sentence, facts=dict(facts or {})
    )
    record_gate(dialogue, Step.DEFINE, gate(dialogue))
    return version


def keep_answered(dialogue: Dialogue) -> None:
    """Make sure that the list which somebody is asked about, or answers to, is kept as a version."""
    newest = dialogue.topic_versions.first()
    if newest is None or newest.of_topics != _state(dialogue)[1]:
        _keep(dialogue, None, Sentence(AS_FOUND))


def _keep(dialogue: Dialogue, by: Account | None, sentence: Sentence) -> Version:
    newest = dialogue.topic_versions.first()
    topics, now = _state(dialogue)
    return Version.objects.create(
        dialogue=dialogue, number=newest.number + 1 if newest else 1, of_topics=now, topics=topics,
        sentence=sentence.as_json(), by=by,
    )  # fmt: skip


def _state(dialogue: Dialogue) -> tuple[list[object], str]:
    found = list(Topic.objects.filter(dialogue=dialogue).prefetch_related("statements", "votes"))
    return [Listed.of(topic).as_json() for topic in found], digest(found)


def preview(*, by: Account, dialogue: Dialogue, act: Callable[[], object]) -> Effect:
    """What an act on the list would do: it is done, looked at, and taken back. Raises what the act raises."""
    require_run(by, dialogue)
    with transaction.atomic():
        before, then = snapshot(dialogue), standing(dialogue)
        act()
        after, now = snapshot(dialogue), standing(dialogue)
        asked_again = len(then.consents.keys() - now.consents.keys())
        found = effect_between(before, after, dialogue, asked_again, is_kept=bool(then.consents) and not asked_again)
        transaction.set_rollback(True)
    return found


@transaction.atomic
def restore(*, by: Account, version: Version) -> Version:
    """Go back to a version: its topics, names, order, ties and baselines. Answers given to that list count again.

    Dots come back too, but a partner that has answered since keeps what it gave to topics that are still there.
    """
    dialogue = version.dialogue
    may_shape(by, dialogue)
    version.refresh_from_db()
    if version.dialogue_id != dialogue.pk:
        raise NotThere(NO_VERSION)
    wanted = listed(version)
    following = dialogue.topic_versions.filter(number__gt=version.number).last()
    since = set()
    if following:
        since = set(dialogue.consents.filter(answered_at__gt=following.at).values_list("partner", flat=True))
    partners = set(dialogue.partners.values_list("pk", flat=True))
    dialogue.topics.exclude(pk__in=[each.pk for each in wanted]).delete()
    known = {statement.pk for statement in statements(dialogue)}
    for position, each in enumerate(wanted, 1):
        topic = _again(dialogue, each, position)
        topic.statements.set(each.statements & known)
    _votes_again(dialogue, wanted, partners - since)
    words = Sentence(_("The sub-topics stand again as in version %(number)s"), {"number": version.number})
    return note(act="restore", by=by, dialogue=dialogue, sentence=words, facts={"version": version.number})


def _again(dialogue: Dialogue, kept: Listed, position: int) -> Topic:
    """The topic as it was kept, under its own number, so that what pointed to it points to it again."""
    base = kept.baseline
    topic = Topic(
        pk=kept.pk, dialogue=dialogue, position=position, name=kept.name, baseline_code=base["code"],
        baseline_indicator=Text.from_json(base["indicator"]), baseline_unit=base["unit"],
        baseline_value=None if base["value"] is None else Decimal(base["value"]),
        baseline_on=date.fromisoformat(base["on"]) if base["on"] else None,
    )  # fmt: skip
    topic.save()
    return topic


def _votes_again(dialogue: Dialogue, wanted: Sequence[Listed], partners: set[int]) -> None:
    Vote.objects.filter(topic__dialogue=dialogue, partner__in=partners).delete()
    Vote.objects.bulk_create(
        Vote(topic_id=each.pk, partner_id=partner, dots=dots)
        for each in wanted
        for partner, dots in each.votes.items()
        if partner in partners and dots
    )
