"""What the step Define needs before Invite may open, and who may speak for a partner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Partner
from majlis.dialogue.rules import Condition, Gate, can_run
from majlis.network.models import Statement
from majlis.steps.cluster.rules import some
from majlis.steps.define.models import Consent, Objection, Topic
from majlis.web.sentences import Sentence

# Five dots are few enough that giving one means not giving it elsewhere, and enough for two or three favourites.
DOTS = 5

HAS_TOPICS = _("The dialogue has sub-topics")
NO_TOPICS = _("There are no sub-topics yet")
TIED_TO_NEED = _("Every sub-topic is tied to a need")
NO_NEED = _("No need is tied to %(topics)s")
TIED_TO_VISION = _("Every sub-topic is tied to a vision")
NO_VISION = _("No vision is tied to %(topics)s")
COVERED = _("Every partner is covered by a sub-topic")
NOT_COVERED = _("No sub-topic covers %(cities)s")
ANSWERED = _("Every partner said whether it consents")
NOT_ANSWERED = _("An answer to the sub-topics is missing from %(cities)s")
NO_OBJECTION = _("No objection is open")
STANDS = _("No objection is open; what %(cities)s objected to was answered and stays on record")
OBJECTION = _("An objection waits for an answer: %(cities)s")


@dataclass(frozen=True)
class Standing:
    """All that the gate and the page look at, read in six queries."""

    partners: Sequence[Partner]
    topics: Sequence[Topic]
    ties: dict[int, list[Statement]]  # topic id → statements
    consents: dict[int, Consent]  # partner id → what it says to the topics as they stand now, as far as they concern it
    objections: dict[int, Objection]  # partner id → its objection that nobody has answered, to whatever list
    digest: str

    def covered(self) -> set[int]:
        """City ids with a statement tied to a topic."""
        return {statement.city_id for statements in self.ties.values() for statement in statements}

    @property
    def uncovered(self) -> list[Partner]:
        cities = self.covered()
        return [partner for partner in self.partners if partner.city_id not in cities]

    @property
    def unanswered(self) -> list[Partner]:
        return [partner for partner in self.partners if partner.pk not in self.consents]

    @property
    def objecting(self) -> list[Partner]:
        """Partners whose objection nobody has answered."""
        return [partner for partner in self.partners if partner.pk in self.objections]

    @property
    def answered_objectors(self) -> list[Partner]:
        """Partners that object to the topics as they stand and were answered."""
        return [
            partner
            for partner in self.partners
            if partner.pk not in self.objections
            and partner.pk in self.consents
            and self.consents[partner.pk].answer == Consent.Answer.OBJECT
        ]

    def without(self, kind: str) -> list[Topic]:
        return [topic for topic in self.topics if all(each.kind != kind for each in self.ties[topic.pk])]


def standing(dialogue: Dialogue) -> Standing:
    partners = list(dialogue.partners.select_related("city"))
    cities = {partner.city_id for partner in partners}
    topics = list(dialogue.topics.prefetch_related("statements__city"))
    ties: dict[int, list[Statement]] = defaultdict(list)
    for topic in topics:
        # What a city said counts while it is a partner.
        ties[topic.pk] = [each for each in topic.statements.all() if each.city_id in cities]
    now = digest(topics)
    own = {partner.pk: digest(topics, partner.city_id) for partner in partners}
    consents = {each.partner_id: each for each in dialogue.consents.all() if each.of_own == own.get(each.partner_id)}
    open_ones = {each.partner_id: each for each in dialogue.objections.filter(state=Objection.State.OPEN)}
    return Standing(partners, topics, ties, consents, open_ones, now)


def digest(topics: Iterable[Topic], city: int | None = None) -> str:
    """Names what partners are asked about: which topics, how they are called, which needs and visions they hold.

    Their order and their baselines are not part of it, nor are translations of a name. city: only what concerns this city:
    of the needs and visions its own, so that nobody is asked again because another city's words moved.
    """

    def held(topic: Topic) -> list[int]:
        return sorted(each.pk for each in topic.statements.all() if city is None or each.city_id == city)

    words = sorted(f"{topic.pk}:{topic.name.language}:{topic.name.body}:{held(topic)}" for topic in topics)
    return sha256("\n".join(words).encode()).hexdigest()


def gate(dialogue: Dialogue) -> Gate:
    """Each topic is tied to a need and a vision, every partner is covered, and the partners consented."""
    return gate_of(standing(dialogue))


def gate_of(now: Standing) -> Gate:
    asked = bool(now.topics)
    return Gate(
        [
            *tying_conditions(now),
            _of_partners(ANSWERED, NOT_ANSWERED, now.unanswered if asked else now.partners),
            _of_objections(now),
        ]
    )


def _of_objections(now: Standing) -> Condition:
    if now.answered_objectors and not now.objecting:
        return Condition(
            Sentence(STANDS, {"cities": some([each.city.name.in_all() for each in now.answered_objectors])}), True
        )
    return _of_partners(NO_OBJECTION, OBJECTION, now.objecting)


def tying_conditions(now: Standing) -> list[Condition]:
    """What must hold before partners can be asked."""
    return [
        Condition(Sentence(HAS_TOPICS if now.topics else NO_TOPICS), bool(now.topics)),
        _of_topics(TIED_TO_NEED, NO_NEED, now.without(Statement.Kind.NEED)),
        _of_topics(TIED_TO_VISION, NO_VISION, now.without(Statement.Kind.VISION)),
        _of_partners(COVERED, NOT_COVERED, now.uncovered),
    ]


def _of_topics(met: str, missing: str, lacking: Sequence[Topic]) -> Condition:
    topics = [topic.name.in_all() for topic in lacking]
    return Condition(Sentence(missing, {"topics": topics}) if topics else Sentence(met), not topics)


def _of_partners(met: str, missing: str, lacking: Sequence[Partner]) -> Condition:
    cities = [partner.city.name.in_all() for partner in lacking]
    return Condition(Sentence(missing, {"cities": some(cities)}) if cities else Sentence(met), not cities, cities)


def is_focal_point(account: Account | None, partner: Partner) -> bool:
    return bool(account) and partner.city.people.filter(account=account, is_focal_point=True).exists()


def can_speak(account: Account | None, partner: Partner) -> bool:
    """The city's focal point; the secretariat may note what it was told."""
    return is_focal_point(account, partner) or can_run(account, partner.dialogue)
