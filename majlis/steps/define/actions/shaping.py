"""Changing sub-topics and their ties. Whoever answered before is asked again when what they hold changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue
from majlis.language.models import Text
from majlis.network.models import Statement
from majlis.network.terms import names
from majlis.steps.define.actions.versioning import may_shape, note
from majlis.steps.define.models import Topic, Vote
from majlis.steps.define.queries import statements as statements_of
from majlis.steps.define.rules import DOTS
from majlis.steps.define.terms import indicators
from majlis.web.refused import NotThere, Refused
from majlis.web.sentences import Sentence

NEEDS_NAME = _("A sub-topic needs a name.")
GONE = _("This sub-topic is not there any more. Reload the page and try again.")
ELSEWHERE = _("Only needs and visions of this dialogue's partners can be tied to its sub-topics.")
SPLIT_SOME = _("Choose some, but not all, of the needs and visions for the new sub-topic.")
CHOOSE_TWO = _("Choose at least two sub-topics of one dialogue to merge.")
OTHER_LIST = _("The list has changed meanwhile. Reload the page and put it in order again.")
SAY_WHAT = _("Say what is measured.")
SAY_WHEN = _("Say on which day the value was measured.")


@transaction.atomic
def add_topic(*, by: Account, dialogue: Dialogue, name: Text, statements: Iterable[Statement] = ()) -> Topic:
    """Add a topic at the end, tied to `statements`."""
    may_shape(by, dialogue)
    tied = _known(dialogue, statements)
    topic = Topic.objects.create(dialogue=dialogue, position=_last(dialogue) + 1, name=_named(name))
    topic.statements.set(tied)
    words = Sentence(_("The sub-topic “%(topic)s” was added"), {"topic": name.in_all()})
    note(act="add_topic", by=by, dialogue=dialogue, sentence=words, subject=topic)
    return topic


@transaction.atomic
def rename_topic(*, by: Account, topic: Topic, name: Text) -> Topic:
    """Give a topic another name. Another wording of the original means that partners are asked again."""
    may_shape(by, topic.dialogue)
    topic = _fresh(topic)
    before, topic.name = topic.name, _named(name)
    topic.save(update_fields=["name"])
    params = {"before": before.in_all(), "topic": name.in_all()}
    words = Sentence(_("The sub-topic “%(before)s” is now called “%(topic)s”"), params)
    note(act="rename_topic", by=by, dialogue=topic.dialogue, sentence=words, subject=topic)
    return topic


@transaction.atomic
def merge_topics(*, by: Account, topics: Sequence[Topic], name: Text | None = None) -> Topic:
    """Make one topic of several of one dialogue: the first stays, with all statements and each partner's dots together."""
    if len({topic.pk for topic in topics}) < 2 or len({topic.dialogue_id for topic in topics}) != 1:
        raise Refused(CHOOSE_TWO)
    dialogue = topics[0].dialogue
    may_shape(by, dialogue)
    kept, *others = [_fresh(topic) for topic in topics]
    for other in others:
        kept.statements.add(*other.statements.all())
        for vote in other.votes.all():
            mine = kept.votes.filter(partner=vote.partner_id).first() or Vote(topic=kept, partner=vote.partner, dots=0)
            mine.dots = min(DOTS, mine.dots + vote.dots)
            mine.save()
        other.delete()
    if name is not None:
        kept.name = _named(name)
        kept.save(update_fields=["name"])
    merged = [topic.name.in_all() for topic in topics]
    words = Sentence(_("Sub-topics were merged: %(topics)s"), {"topics": merged})
    note(act="merge_topics", by=by, dialogue=dialogue, sentence=words, subject=kept)
    return kept


@transaction.atomic
def split_topic(*, by: Account, topic: Topic, name: Text, statements: Collection[Statement]) -> Topic:
    """Take some of a topic's statements into a new topic and return that."""
    may_shape(by, topic.dialogue)
    topic = _fresh(topic)
    chosen = {statement.pk for statement in statements}
    moved = [statement for statement in topic.statements.all() if statement.pk in chosen]
    if not moved or len(moved) == topic.statements.count():
        raise Refused(SPLIT_SOME)
    split = Topic.objects.create(dialogue=topic.dialogue, position=_last(topic.dialogue) + 1, name=_named(name))
    split.statements.set(moved)
    topic.statements.remove(*moved)
    params = {"before": topic.name.in_all(), "topic": name.in_all()}
    words = Sentence(_("The sub-topic “%(topic)s” was split off from “%(before)s”"), params)
    note(act="split_topic", by=by, dialogue=topic.dialogue, sentence=words, subject=split)
    return split


@transaction.atomic
def remove_topic(*, by: Account, topic: Topic) -> None:
    """Remove a topic with its ties and dots."""
    may_shape(by, topic.dialogue)
    topic = _fresh(topic)
    name, dialogue = topic.name.in_all(), topic.dialogue
    topic.delete()
    words = Sentence(_("The sub-topic “%(topic)s” was removed"), {"topic": name})
    note(act="remove_topic", by=by, dialogue=dialogue, sentence=words)


@transaction.atomic
def order_topics(*, by: Account, dialogue: Dialogue, order: Sequence[int]) -> None:
    """Put the topics in this order of their ids; all of them must be named. Answers of the partners stay valid."""
    may_shape(by, dialogue)
    found = {topic.pk: topic for topic in dialogue.topics.all()}
    if sorted(order) != sorted(found):
        raise Refused(OTHER_LIST)
    if list(found) == list(order):
        return
    for position, pk in enumerate(order, 1):
        found[pk].position = position
    Topic.objects.bulk_update(found.values(), ["position"])
    note(act="order_topics", by=by, dialogue=dialogue, sentence=Sentence(_("The sub-topics were put in another order")))


@transaction.atomic
def move_topic(*, by: Account, topic: Topic, places: int) -> None:
    """Move a topic so many places down the list (up when negative); at its ends it stays."""
    order = list(topic.dialogue.topics.values_list("pk", flat=True))
    if topic.pk not in order:
        raise NotThere(GONE)
    at = order.index(topic.pk)
    order.insert(max(0, at + places), order.pop(at))
    order_topics(by=by, dialogue=topic.dialogue, order=order)


@transaction.atomic
def tie_statement(*, by: Account, topic: Topic, statement: Statement) -> None:
    """Tie a need or vision of a partner to a topic."""
    may_shape(by, topic.dialogue)
    topic = _fresh(topic)
    if topic.statements.contains(statement):
        return
    topic.statements.add(*_known(topic.dialogue, [statement]))
    _note_tie(by, topic, statement, _("A statement of %(city)s was tied to “%(topic)s”"), "tie_statement")


@transaction.atomic
def untie_statement(*, by: Account, topic: Topic, statement: Statement) -> None:
    """Take a need or vision away from a topic."""
    may_shape(by, topic.dialogue)
    topic = _fresh(topic)
    if not topic.statements.contains(statement):
        return
    topic.statements.remove(statement)
    _note_tie(by, topic, statement, _("A statement of %(city)s was untied from “%(topic)s”"), "untie_statement")


def _note_tie(by: Account, topic: Topic, statement: Statement, words: str, act: str) -> None:
    params = {"city": statement.city.name.in_all(), "topic": topic.name.in_all()}
    note(
        act=act, by=by, dialogue=topic.dialogue, sentence=Sentence(words, params), subject=topic,
        facts={"statement": statement.pk},
    )  # fmt: skip


@transaction.atomic
def set_ties(*, by: Account, dialogue: Dialogue, ties: Mapping[int, Collection[int]]) -> int:
    """Set all ties at once: {topic id: statement ids}. Topics left out keep theirs. Returns how many ties changed."""
    may_shape(by, dialogue)
    known = {statement.pk for statement in statements_of(dialogue)}
    if not {pk for wanted in ties.values() for pk in wanted} <= known:
        raise Refused(ELSEWHERE)
    changes = {}
    for topic in dialogue.topics.filter(pk__in=ties).prefetch_related("statements"):
        before, wanted = {each.pk for each in topic.statements.all()}, set(ties[topic.pk])
        if before != wanted:
            topic.statements.set(wanted)
            changes[str(topic.pk)] = {"added": sorted(wanted - before), "removed": sorted(before - wanted)}
    count = sum(len(each["added"]) + len(each["removed"]) for each in changes.values())
    if count:
        words = Sentence(
            _("%(count)s tie between statements and sub-topics was changed"), {},
            _("%(count)s ties between statements and sub-topics were changed"), count,
        )  # fmt: skip
        note(act="set_ties", by=by, dialogue=dialogue, sentence=words, facts=changes)
    return count


@transaction.atomic
def set_baseline(
    *,
    by: Account,
    topic: Topic,
    indicator: Text | None = None,
    code: str = "",
    value: Decimal | int | float | None = None,
    unit: str = "",
    on: date | None = None,
) -> Topic:
    """Agree what the topic's change is measured by: an indicator with its value and unit on a day before the dialogue.

    code: of terms.indicators(); without it `indicator` says in own words what is measured. A value needs its day.
    """
    may_shape(by, topic.dialogue)
    known = indicators().get(code)
    measured = Text.of(names(known)) if known else indicator
    if not measured or not measured.body.strip():
        raise Refused(SAY_WHAT)
    if value is not None and on is None:
        raise Refused(SAY_WHEN)
    topic = _fresh(topic)
    topic.baseline_code, topic.baseline_indicator = code if known else "", measured
    topic.baseline_unit, topic.baseline_on = unit.strip(), on
    topic.baseline_value = None if value is None else round(Decimal(str(value)), 2)
    topic.save(update_fields=["baseline_code", "baseline_indicator", "baseline_value", "baseline_unit", "baseline_on"])
    params = {"topic": topic.name.in_all(), "indicator": measured.in_all()}
    words = Sentence(_("“%(topic)s” is measured by: %(indicator)s"), params)
    note(act="set_baseline", by=by, dialogue=topic.dialogue, sentence=words, subject=topic)
    return topic


def _named(name: Text) -> Text:
    if not name.body.strip():
        raise Refused(NEEDS_NAME)
    return name


def _fresh(topic: Topic) -> Topic:
    found = Topic.objects.select_for_update(of=("self",)).select_related("dialogue").filter(pk=topic.pk).first()
    if found is None:
        raise NotThere(GONE)
    return found


def _last(dialogue: Dialogue) -> int:
    return dialogue.topics.aggregate(last=Max("position"))["last"] or 0


def _known(dialogue: Dialogue, chosen: Iterable[Statement]) -> list[Statement]:
    """The chosen statements if all are needs or visions of partners."""
    known = {statement.pk for statement in statements_of(dialogue)}
    wanted = list(chosen)
    if not {statement.pk for statement in wanted} <= known:
        raise Refused(ELSEWHERE)
    return wanted
