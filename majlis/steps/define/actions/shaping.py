"""Making and changing sub-topics and their ties. Whoever answered before is asked again when topics change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, cast

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.algorithms import topics as algorithm
from majlis.dialogue.actions import record_gate
from majlis.dialogue.models import Dialogue, Step
from majlis.dialogue.rules import require_open, require_run
from majlis.journal.actions import record
from majlis.language.models import LANGUAGES, Text
from majlis.language.words import in_all_languages
from majlis.network.models import Statement
from majlis.steps.cluster.terms import families, theme_names, track_names
from majlis.steps.define.models import Topic, Vote
from majlis.steps.define.queries import statements as statements_of
from majlis.steps.define.rules import DOTS, gate
from majlis.web.refused import NotThere, Refused
from majlis.web.sentences import Sentence

NEEDS_NAME = _("A sub-topic needs a name.")
THERE_ALREADY = _("There are sub-topics already. Say that they may be replaced, or change them one by one.")
NO_THEMES = _(
    "Sub-topics follow from the themes of needs and visions. At least one need and one vision must have a theme."
)
GONE = _("This sub-topic is not there any more. Reload the page and try again.")
ELSEWHERE = _("Only needs and visions of this dialogue's partners can be tied to its sub-topics.")
TWO_THEMES = _("%(one)s; %(other)s")


@transaction.atomic
def propose_topics(*, by: Account, dialogue: Dialogue, count: int | None = None, replace: bool = False) -> list[Topic]:
    """Make topics from the themes of the partners' needs and visions, tied to them and named in four languages.

    count: how many at most; None decides from the number of partners (22 → 3). Existing topics and their dots are
    replaced only with `replace`.
    """
    _may_shape(by, dialogue)
    existing = list(dialogue.topics.all())
    if existing and not replace:
        raise Refused(THERE_ALREADY)
    if count is not None and not 1 <= count <= 12:
        raise Refused(_("Choose between 1 and 12 sub-topics."))
    said = {str(each.pk): each for each in statements_of(dialogue)}
    try:
        found = algorithm.propose([_as_given(key, each) for key, each in said.items()], tracks=families(), count=count)
    except algorithm.NoTopics as wrong:
        raise Refused(NO_THEMES) from wrong
    dialogue.topics.all().delete()
    made = []
    for position, each in enumerate(found.topics, 1):
        topic = Topic.objects.create(dialogue=dialogue, position=position, name=_name(each))
        topic.statements.set([said[key] for key in each.statements])
        made.append(topic)
    _note(
        "propose_topics", by, dialogue,
        Sentence(_("%(count)s sub-topic was proposed"), {}, _("%(count)s sub-topics were proposed"), len(made)),
        facts={
            "topics": [topic.name.in_all() for topic in made],
            "replaced": [topic.name.in_all() for topic in existing],
            "need_coverage": found.need_coverage,
            "vision_coverage": found.vision_coverage,
        },
    )  # fmt: skip
    return made


def _as_given(key: str, statement: Statement) -> algorithm.Statement:
    kind = cast(Literal["need", "vision"], statement.kind)
    return algorithm.Statement(key, kind, str(statement.city_id), frozenset(statement.themes))


def _name(topic: algorithm.Topic) -> Text:
    """A track has its own name; another group of themes is called after the two that are named most."""
    if topic.track:
        return Text.of(track_names(topic.track))
    names = [theme_names(code) for code in topic.codes[:2]]
    if len(names) == 1:
        return Text.of({language: names[0].get(language, "") for language in LANGUAGES})
    return Text.of(in_all_languages(Sentence(TWO_THEMES, {"one": names[0], "other": names[1]})))


@transaction.atomic
def add_topic(*, by: Account, dialogue: Dialogue, name: Text, statements: Iterable[Statement] = ()) -> Topic:
    """Add a topic at the end, tied to `statements`."""
    _may_shape(by, dialogue)
    tied = _known(dialogue, statements)
    topic = Topic.objects.create(dialogue=dialogue, position=_last(dialogue) + 1, name=_named(name))
    topic.statements.set(tied)
    _note(
        "add_topic", by, dialogue, Sentence(_("The sub-topic “%(topic)s” was added"), {"topic": name.in_all()}), topic
    )
    return topic


@transaction.atomic
def rename_topic(*, by: Account, topic: Topic, name: Text) -> Topic:
    """Give a topic another name. Another wording of the original means that partners are asked again."""
    _may_shape(by, topic.dialogue)
    topic = _fresh(topic)
    before, topic.name = topic.name, _named(name)
    topic.save(update_fields=["name"])
    params = {"before": before.in_all(), "topic": name.in_all()}
    _note(
        "rename_topic",
        by,
        topic.dialogue,
        Sentence(_("The sub-topic “%(before)s” is now called “%(topic)s”"), params),
        topic,
    )
    return topic


@transaction.atomic
def merge_topics(*, by: Account, topics: Sequence[Topic], name: Text | None = None) -> Topic:
    """Make one topic of several of one dialogue: the first stays, with all statements and each partner's dots together."""
    if len({topic.pk for topic in topics}) < 2 or len({topic.dialogue_id for topic in topics}) != 1:
        raise Refused(_("Choose at least two sub-topics of one dialogue to merge."))
    dialogue = topics[0].dialogue
    _may_shape(by, dialogue)
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
    _note("merge_topics", by, dialogue, Sentence(_("Sub-topics were merged: %(topics)s"), {"topics": merged}), kept)
    return kept


@transaction.atomic
def split_topic(*, by: Account, topic: Topic, name: Text, statements: Collection[Statement]) -> Topic:
    """Take some of a topic's statements into a new topic and return that."""
    _may_shape(by, topic.dialogue)
    topic = _fresh(topic)
    chosen = {statement.pk for statement in statements}
    moved = [statement for statement in topic.statements.all() if statement.pk in chosen]
    if not moved or len(moved) == topic.statements.count():
        raise Refused(_("Choose some, but not all, of the needs and visions for the new sub-topic."))
    split = Topic.objects.create(dialogue=topic.dialogue, position=_last(topic.dialogue) + 1, name=_named(name))
    split.statements.set(moved)
    topic.statements.remove(*moved)
    params = {"before": topic.name.in_all(), "topic": name.in_all()}
    _note(
        "split_topic",
        by,
        topic.dialogue,
        Sentence(_("The sub-topic “%(topic)s” was split off from “%(before)s”"), params),
        split,
    )
    return split


@transaction.atomic
def remove_topic(*, by: Account, topic: Topic) -> None:
    """Remove a topic with its ties and dots."""
    _may_shape(by, topic.dialogue)
    topic = _fresh(topic)
    name, dialogue = topic.name.in_all(), topic.dialogue
    topic.delete()
    _note("remove_topic", by, dialogue, Sentence(_("The sub-topic “%(topic)s” was removed"), {"topic": name}))


@transaction.atomic
def tie_statement(*, by: Account, topic: Topic, statement: Statement) -> None:
    """Tie a need or vision of a partner to a topic."""
    _may_shape(by, topic.dialogue)
    topic = _fresh(topic)
    topic.statements.add(*_known(topic.dialogue, [statement]))
    _note_tie(by, topic, statement, _("A statement of %(city)s was tied to “%(topic)s”"), "tie_statement")


@transaction.atomic
def untie_statement(*, by: Account, topic: Topic, statement: Statement) -> None:
    """Take a need or vision away from a topic."""
    _may_shape(by, topic.dialogue)
    topic = _fresh(topic)
    topic.statements.remove(statement)
    _note_tie(by, topic, statement, _("A statement of %(city)s was untied from “%(topic)s”"), "untie_statement")


def _note_tie(by: Account, topic: Topic, statement: Statement, words: str, act: str) -> None:
    params = {"city": statement.city.name.in_all(), "topic": topic.name.in_all()}
    _note(act, by, topic.dialogue, Sentence(words, params), topic, {"statement": statement.pk})


@transaction.atomic
def set_ties(*, by: Account, dialogue: Dialogue, ties: Mapping[int, Collection[int]]) -> int:
    """Set all ties at once: {topic id: statement ids}. Topics left out keep theirs. Returns how many ties changed."""
    _may_shape(by, dialogue)
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
        _note("set_ties", by, dialogue, words, facts=changes)
    return count


@transaction.atomic
def set_baseline(
    *, by: Account, topic: Topic, indicator: Text, value: Decimal | int | float | None, unit: str, on: date | None
) -> Topic:
    """Agree what the topic's change is measured by: an indicator with its value and unit on a day before the dialogue."""
    _may_shape(by, topic.dialogue)
    if not indicator.body.strip():
        raise Refused(_("Say what is measured."))
    topic = _fresh(topic)
    topic.baseline_indicator, topic.baseline_unit, topic.baseline_on = indicator, unit.strip(), on
    topic.baseline_value = None if value is None else round(Decimal(str(value)), 2)
    topic.save(update_fields=["baseline_indicator", "baseline_value", "baseline_unit", "baseline_on"])
    params = {"topic": topic.name.in_all(), "indicator": indicator.in_all()}
    _note("set_baseline", by, topic.dialogue, Sentence(_("“%(topic)s” is measured by: %(indicator)s"), params), topic)
    return topic


def _may_shape(by: Account, dialogue: Dialogue) -> None:
    require_run(by, dialogue)
    require_open(dialogue, Step.DEFINE)


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


def _note(
    act: str,
    by: Account,
    dialogue: Dialogue,
    sentence: Sentence,
    subject: Topic | None = None,
    facts: Mapping[str, object] | None = None,
) -> None:
    record(
        act=f"define.{act}", by=by, scope=dialogue.scope, subject=subject, sentence=sentence, facts=dict(facts or {})
    )
    record_gate(dialogue, Step.DEFINE, gate(dialogue))
