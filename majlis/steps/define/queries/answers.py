"""What partners were asked, how they gave their dots, what they consent and object to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from majlis.dialogue.models import Dialogue, Partner
from majlis.network.models import Statement
from majlis.steps.define.changes import Listed, TopicChange, differences, listed
from majlis.steps.define.models import Consent, ConsentRound, Objection, Topic, Vote
from majlis.steps.define.queries.topics import statements, topics
from majlis.steps.define.queries.versions import version_of
from majlis.steps.define.rules import Standing, digest


def asked(dialogue: Dialogue, digest: str) -> ConsentRound | None:
    """The round in which partners were asked about the topics with this digest."""
    return dialogue.consent_rounds.filter(of_topics=digest).select_related("batch").first()


@dataclass(frozen=True)
class ConsentView:
    """What one partner said, or that it has not answered; is_old: it spoke of topics that have changed since.

    numbers: of the topics that cover it, counted from 1 as the page shows them.
    """

    partner: Partner
    consent: Consent | None
    is_old: bool
    objects: bool
    numbers: list[int]


def consent_views(now: Standing, dialogue: Dialogue) -> list[ConsentView]:
    given = {consent.partner_id: consent for consent in dialogue.consents.all()}
    covering: dict[int, list[int]] = defaultdict(list)
    for number, topic in enumerate(now.topics, 1):
        for city in dict.fromkeys(statement.city_id for statement in now.ties[topic.pk]):
            covering[city].append(number)
    return [
        ConsentView(
            partner=partner,
            consent=given.get(partner.pk),
            is_old=partner.pk in given and partner.pk not in now.consents,
            objects=partner.pk in now.objections,
            numbers=covering[partner.city_id],
        )
        for partner in now.partners
    ]


@dataclass(frozen=True)
class Result:
    """The dots of one topic, over all partners. Which city gave how many is not told."""

    topic: Topic
    dots: int
    voters: int


def results(dialogue: Dialogue) -> list[Result]:
    """In the order of the list: dots say what matters to how many, they rank nobody."""
    found = Topic.objects.filter(dialogue=dialogue).annotate(given=Sum("votes__dots")).prefetch_related("votes")
    return [Result(topic, topic.given or 0, len(topic.votes.all())) for topic in found]


def objections(dialogue: Dialogue) -> QuerySet[Objection]:
    """All that were ever raised, the newest first."""
    return Objection.objects.filter(dialogue=dialogue).select_related("partner__city", "dialogue")


@dataclass(frozen=True)
class Ballot:
    """One topic for one partner: its own statements first, what others said, and the dots it gave."""

    topic: Topic
    own: list[Statement]
    others: list[Statement]
    dots: int


def ballot(partner: Partner) -> list[Ballot]:
    given = {vote.topic_id: vote.dots for vote in Vote.objects.filter(partner=partner)}
    return [
        Ballot(
            topic=topic,
            own=[each for each in topic.statements.all() if each.city_id == partner.city_id],
            others=[each for each in topic.statements.all() if each.city_id != partner.city_id],
            dots=given.get(topic.pk, 0),
        )
        for topic in topics(partner.dialogue)
    ]


def changes_since(of_topics: str, dialogue: Dialogue, now: Sequence[Topic]) -> list[TopicChange] | None:
    """How the topics differ from those that somebody answered to; empty when they are the same, None when nobody knows."""
    if digest(now) == of_topics:
        return []
    version = version_of(dialogue, of_topics)
    if version is None:
        return None
    said = {each.pk: each for each in statements(dialogue)}
    present = [Listed(topic.pk, topic.name, frozenset(each.pk for each in topic.statements.all())) for topic in now]
    return differences(listed(version), present, said)
