"""Reads of sub-topics, votes and consents, and what waits in this step."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account, Role
from majlis.dialogue.models import Dialogue, Partner, Step, StepRecord
from majlis.dialogue.rules import can_facilitate, can_run
from majlis.network.models import Statement
from majlis.steps.cluster.models import Cluster
from majlis.steps.cluster.queries import cluster_of
from majlis.steps.define.models import Consent, ConsentRound, Topic, Vote
from majlis.steps.define.rules import Standing, is_focal_point, standing, tying_conditions
from majlis.web.sentences import Sentence
from majlis.web.waiting import NextAction

SECRETARIAT = _("Secretariat")


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


def asked(dialogue: Dialogue, digest: str) -> ConsentRound | None:
    """The round in which partners were asked about the topics with this digest."""
    return dialogue.consent_rounds.filter(of_topics=digest).select_related("batch").first()


@dataclass(frozen=True)
class TopicView:
    """One topic as the page shows it: its statements, the partners it covers and their clusters, its dots."""

    topic: Topic
    needs: list[Statement]
    visions: list[Statement]
    partners: list[Partner]
    clusters: list[tuple[Cluster, int]]
    dots: int
    voters: int


def topic_views(now: Standing, dialogue: Dialogue) -> list[TopicView]:
    given, home = votes(dialogue), cluster_of(dialogue)
    shown = []
    for topic in now.topics:
        tied = now.ties[topic.pk]
        cities = {statement.city_id for statement in tied}
        partners = [partner for partner in now.partners if partner.city_id in cities]
        clusters = Counter(home[partner.pk] for partner in partners if partner.pk in home)
        shown.append(
            TopicView(
                topic=topic,
                needs=[each for each in tied if each.kind == Statement.Kind.NEED],
                visions=[each for each in tied if each.kind == Statement.Kind.VISION],
                partners=partners,
                clusters=sorted(clusters.items(), key=lambda item: item[0].position),
                dots=given[topic.pk].total(),
                voters=sum(dots > 0 for dots in given[topic.pk].values()),
            )
        )
    return shown


@dataclass(frozen=True)
class ConsentView:
    """What one partner said, or that it has not answered; is_old: it spoke of topics that have changed since.

    numbers: of the topics that cover it, counted from 1 as the page shows them.
    """

    partner: Partner
    consent: Consent | None
    is_old: bool
    numbers: list[int]


def consent_views(now: Standing, dialogue: Dialogue) -> list[ConsentView]:
    given = {consent.partner_id: consent for consent in dialogue.consents.all()}
    covering: dict[int, list[int]] = defaultdict(list)
    for number, topic in enumerate(now.topics, 1):
        for city in dict.fromkeys(statement.city_id for statement in now.ties[topic.pk]):
            covering[city].append(number)
    return [
        ConsentView(
            partner,
            given.get(partner.pk),
            partner.pk in given and partner.pk not in now.consents,
            covering[partner.city_id],
        )
        for partner in now.partners
    ]


@dataclass(frozen=True)
class Ballot:
    """One topic for one partner: its own statements first, what others said, and the dots it gave."""

    topic: Topic
    own: list[Statement]
    others: list[Statement]
    dots: int


def ballot(partner: Partner) -> list[Ballot]:
    given = {vote.topic_id: vote.dots for vote in partner.votes.all()}
    return [
        Ballot(
            topic=topic,
            own=[each for each in topic.statements.all() if each.city_id == partner.city_id],
            others=[each for each in topic.statements.all() if each.city_id != partner.city_id],
            dots=given.get(topic.pk, 0),
        )
        for topic in topics(partner.dialogue)
    ]


def next_action(dialogue: Dialogue, account: Account, now: Standing | None = None) -> NextAction | None:
    """The one next thing: for the secretariat what moves the step on; for a focal point its answer. None when nothing."""
    if StepRecord.objects.get(dialogue=dialogue, step=Step.DEFINE).state != StepRecord.State.OPEN:
        return None
    now = now or standing(dialogue)
    if not can_run(account, dialogue):
        mine = _own(now, dialogue, account)
        if mine or not can_facilitate(account, dialogue):
            return mine
        return NextAction(Sentence(_("The secretariat prepares the sub-topics")), Sentence(SECRETARIAT))
    return _of_secretariat(now, dialogue)


def _of_secretariat(now: Standing, dialogue: Dialogue) -> NextAction:
    page, who = reverse("define:page", args=[dialogue.slug]), Sentence(SECRETARIAT)

    def action(heading: str, label: str, at: str, detail: Sentence | None = None, is_post: bool = False) -> NextAction:
        url = reverse(f"define:{at}", args=[dialogue.slug]) if is_post else page + at
        return NextAction(Sentence(heading), who, Sentence(label), url, is_post, detail)

    if not now.topics:
        return action(_("Let Majlis propose sub-topics"), _("Propose sub-topics"), "#propose")
    untied = [condition for condition in tying_conditions(now) if not condition.is_met]
    if untied:
        return action(_("Tie needs and visions to the sub-topics"), _("To the ties"), "#ties", untied[0].sentence)
    round_ = asked(dialogue, now.digest)
    if round_ is None:
        return action(_("Ask the partners for their dots and their consent"), _("Ask for consent"), "#consent")
    if round_.batch and round_.batch.state == "draft" and now.unanswered:
        return action(_("Look at the drafted mails and send them"), _("To the drafts"), "#consent")
    if now.objecting:
        return action(_("Answer the open objections"), _("To the objections"), "#consent")
    if now.unanswered:
        return _waiting_for(now.unanswered, page)
    return action(
        _("The gate holds: complete the step and go on to the invitations"),
        _("Complete the step"),
        "complete",
        None,
        True,
    )


def _waiting_for(partners: Sequence[Partner], page: str) -> NextAction:
    cities = [partner.city.name.in_all() for partner in partners]
    return NextAction(
        Sentence(
            _("%(count)s partner has not answered yet"), {}, _("%(count)s partners have not answered yet"), len(cities)
        ),
        Sentence(_("%(cities)s"), {"cities": cities}),
        Sentence(_("Remind them")),
        page + "#consent",
    )


def _own(now: Standing, dialogue: Dialogue, account: Account) -> NextAction | None:
    """What waits for a focal point."""
    if not now.topics or asked(dialogue, now.digest) is None:
        return None
    for partner in now.unanswered:
        if is_focal_point(account, partner):
            return NextAction(
                Sentence(_("Say what %(city)s thinks of the sub-topics"), {"city": partner.city.name.in_all()}),
                Sentence(_("Your turn")),
                Sentence(_("Give dots and consent")),
                reverse("define:partner", args=[dialogue.slug, partner.pk]),
            )
    return None


def waiting(account: Account) -> list[NextAction]:
    """What waits for this person in this step, over all dialogues."""
    open_here = Dialogue.objects.filter(steps__step=Step.DEFINE, steps__state=StepRecord.State.OPEN)
    if account.role != Role.SECRETARIAT:
        open_here = open_here.filter(
            partners__city__people__account=account, partners__city__people__is_focal_point=True
        ).distinct()
    found = (next_action(dialogue, account) for dialogue in open_here)
    return [action for action in found if action]
