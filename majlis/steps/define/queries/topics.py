"""Sub-topics with their statements, what they cover, and the words that stand for them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from majlis.dialogue.models import Dialogue, Partner
from majlis.network.models import Statement
from majlis.steps.cluster.models import Cluster
from majlis.steps.cluster.queries import cluster_of
from majlis.steps.cluster.terms import theme_names
from majlis.steps.define.models import Topic, Vote
from majlis.steps.define.rules import Standing
from majlis.web.sentences import spoken

CENTRAL = 1  # quotes of each kind on the list: all topics are read in a minute; the topic's own page has every voice

MOST_NAMED = 4


def topics(dialogue: Dialogue) -> QuerySet[Topic]:
    """The sub-topics in their order, with the statements tied to them."""
    return Topic.objects.filter(dialogue=dialogue).prefetch_related("statements__city")


def statements(dialogue: Dialogue) -> list[Statement]:
    """Needs and visions of the partners."""
    found = Statement.objects.filter(city__partnerships__dialogue=dialogue, kind__in=["need", "vision"])
    return list(found.select_related("city"))


def votes(dialogue: Dialogue) -> dict[int, Counter[int]]:
    """{topic id: {partner id: dots}}."""
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for vote in Vote.objects.filter(topic__dialogue=dialogue):
        found[vote.topic_id][vote.partner_id] = vote.dots
    return found


@dataclass(frozen=True)
class TopicView:
    """One topic as the page shows it: its statements, the partners and clusters it covers, its dots.

    quotes: the central needs and visions; themes: those that its statements name most, and how many name them; clusters: each with how many of its partners are covered, and how many it has.
    """

    number: int
    topic: Topic
    needs: list[Statement]
    visions: list[Statement]
    quotes: list[Statement]
    themes: list[tuple[str, int]]
    partners: list[Partner]
    clusters: list[tuple[Cluster, int, int]]
    dots: int
    voters: int

    @property
    def missing_names(self) -> list[str]:
        """Languages in which the topic has no name yet."""
        return [code for code in ("en", "ar", "de", "fr") if not self.topic.name.in_all().get(code)]

    @property
    def others(self) -> int:
        """How many statements are not among the central ones."""
        return len(self.needs) + len(self.visions) - len(self.quotes)


def topic_views(now: Standing, dialogue: Dialogue) -> list[TopicView]:
    given, home = votes(dialogue), cluster_of(dialogue)
    sizes = Counter(home.values())
    shown = []
    for number, topic in enumerate(now.topics, 1):
        tied = now.ties[topic.pk]
        cities = {statement.city_id for statement in tied}
        partners = [partner for partner in now.partners if partner.city_id in cities]
        covered = Counter(home[partner.pk] for partner in partners if partner.pk in home)
        named = Counter(code for each in tied for code in sorted(each.themes))
        needs = [each for each in tied if each.kind == Statement.Kind.NEED]
        visions = [each for each in tied if each.kind == Statement.Kind.VISION]
        shown.append(
            TopicView(
                number=number,
                topic=topic,
                needs=needs,
                visions=visions,
                quotes=_quotes(needs, visions, tied),
                themes=[(spoken(theme_names(code)), count) for code, count in named.most_common(MOST_NAMED)],
                partners=partners,
                clusters=[
                    (cluster, covered[cluster], size)
                    for cluster, size in sorted(sizes.items(), key=lambda item: item[0].position)
                ],
                dots=given[topic.pk].total(),
                voters=sum(dots > 0 for dots in given[topic.pk].values()),
            )
        )
    return shown


def _quotes(needs: list[Statement], visions: list[Statement], tied: list[Statement]) -> list[Statement]:
    """The central need, and a central vision that is in another language where there is one."""
    chosen = central(needs, tied)
    return [*chosen, *central(visions, tied, heard={each.text.language for each in chosen})]


def central(
    among: Sequence[Statement], of: Sequence[Statement], most: int = CENTRAL, heard: Collection[str] = ()
) -> list[Statement]:
    """The statements whose themes are named most often in the topic; each next one in another language where there is one.

    So the quotes speak for many and are not all in one language. Those without a theme come last. heard: languages that
    have had their say already.
    """
    named = Counter(code for statement in of for code in statement.themes)
    chosen: list[Statement] = []
    left = sorted(among, key=lambda each: (-_weight(each, named), each.pk))
    while left and len(chosen) < most:
        known = {*heard, *(each.text.language for each in chosen)}
        following = next((each for each in left if each.text.language not in known), left[0])
        chosen.append(following)
        left.remove(following)
    return chosen


def _weight(statement: Statement, named: Counter[str]) -> float:
    return sum(named[code] for code in statement.themes) / max(1, len(statement.themes))


@dataclass(frozen=True)
class Held:
    """How many needs and visions of one city lie in one topic."""

    needs: int
    visions: int


@dataclass(frozen=True)
class Coverage:
    """The matrix of needs and visions: partners by cluster down, topics across."""

    clusters: list[tuple[Cluster | None, list[tuple[Partner, list[Held]]]]]
    totals: list[Held]


def coverage(now: Standing, dialogue: Dialogue) -> Coverage:
    """Who finds which of its needs and visions in which topic; partners without a cluster come last."""
    held: Counter[tuple[int, int, str]] = Counter(
        (topic.pk, each.city_id, each.kind) for topic in now.topics for each in now.ties[topic.pk]
    )
    home = cluster_of(dialogue)
    rows: dict[Cluster | None, list[tuple[Partner, list[Held]]]] = defaultdict(list)
    for partner in now.partners:
        cells = [
            Held(held[topic.pk, partner.city_id, "need"], held[topic.pk, partner.city_id, "vision"])
            for topic in now.topics
        ]
        rows[home.get(partner.pk)].append((partner, cells))
    ordered = sorted(rows.items(), key=lambda item: (item[0] is None, item[0].position if item[0] else 0))
    totals = [
        Held(*(sum(each.kind == kind for each in now.ties[topic.pk]) for kind in ("need", "vision")))
        for topic in now.topics
    ]
    return Coverage(ordered, totals)
