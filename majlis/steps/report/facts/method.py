"""How the six steps were walked: facts 12, 15, 21 to 27 of the report."""

from collections import defaultdict
from itertools import combinations

from django.db.models import Q, QuerySet

from majlis.dialogue.models import Dialogue, Participant, Session
from majlis.network.models import Statement
from majlis.network.terms import main_themes
from majlis.room.methods import method as method_template
from majlis.room.models import Card, Room
from majlis.steps.cluster.models import Cluster
from majlis.steps.define.models import Consent, Topic
from majlis.steps.enable.models import AgendaBlock, Seat
from majlis.steps.enable.terms import kinds
from majlis.steps.invite.models import ConceptNote, Invitation, RoleAgreement
from majlis.steps.report.facts.tree import Fact, Records, counted, ranked


def method(dialogue: Dialogue) -> list[Fact]:
    return [
        *_clusters(dialogue),
        *_topics(dialogue),
        *_agreements(dialogue),
        *_consultations(dialogue),
        *_meetings(dialogue),
        *_interaction(dialogue),
    ]


def _clusters(dialogue: Dialogue) -> list[Fact]:
    clusters = list(Cluster.objects.filter(proposal__dialogue=dialogue, proposal__adopted_at__isnull=False))
    return [
        counted("partners", "partner", dialogue.partners.values_list("pk", flat=True)),
        counted("clusters", "cluster", (cluster.pk for cluster in clusters)),
        Fact("clusters.names", [cluster.name.in_all() for cluster in clusters], "names",
             Records.of("cluster", (cluster.pk for cluster in clusters))),
    ]  # fmt: skip


def _topics(dialogue: Dialogue) -> list[Fact]:
    topics = list(Topic.objects.filter(dialogue=dialogue).prefetch_related("statements"))
    by_kind = defaultdict(set)
    for topic in topics:
        for statement in topic.statements.all():
            by_kind[statement.kind].add(statement.pk)
    agreed = Consent.objects.filter(dialogue=dialogue).exclude(answer=Consent.Answer.OBJECT)
    records = Records.of("topic", (topic.pk for topic in topics))
    return [
        Fact("topics", [topic.name.in_all() for topic in topics], "names", records),
        Fact("topics.n", len(topics), "count", records),
        counted("needs", "statement", by_kind[Statement.Kind.NEED]),
        counted("visions", "statement", by_kind[Statement.Kind.VISION]),
        counted("consents", "partner", agreed.values_list("partner", flat=True)),
    ]


def _agreements(dialogue: Dialogue) -> list[Fact]:
    note = ConceptNote.objects.filter(dialogue=dialogue).first()
    agreed = RoleAgreement.objects.filter(partner__dialogue=dialogue, answer=RoleAgreement.Answer.AGREED)
    if note:
        agreed = agreed.filter(of_version=note.terms_version)
    invited = _invitations(dialogue)
    accepted = invited.filter(answer=Invitation.Answer.YES)
    facts = [
        counted("agreements", "partner", agreed.values_list("partner", flat=True)),
        counted("invited", "person", invited.values_list("participant__person", flat=True)),
        counted("accepted", "person", accepted.values_list("participant__person", flat=True)),
        counted("practices", "person", _brought(dialogue, Invitation.Contribution.PRACTICE)),
        counted("challenges", "person", _brought(dialogue, Invitation.Contribution.CHALLENGE)),
    ]
    if note:
        facts += [
            Fact("goal", note.goal.in_all() if note.goal else None, "name"),
            Fact("outcome", note.expected_outcome.in_all() if note.expected_outcome else None, "name"),
        ]
    return facts


def _invitations(dialogue: Dialogue) -> QuerySet[Invitation]:
    """The practitioners' invitations; those who facilitate are invited too but counted nowhere."""
    return Invitation.objects.filter(participant__dialogue=dialogue, participant__role=Participant.Role.PRACTITIONER)


def _brought(dialogue: Dialogue, contribution: str) -> list[int]:
    found = _invitations(dialogue).filter(contribution__in=[contribution, Invitation.Contribution.BOTH])
    return list(found.values_list("participant__person", flat=True))


def held_rooms(dialogue: Dialogue) -> list[Room]:
    """Rooms in which a method was run: closed, or past their first phase when their session was held."""
    here = Q(scope=dialogue.scope) | Q(group__round__block__session__dialogue=dialogue)
    run = Q(state=Room.State.CLOSED) | Q(group__round__block__session__state=Session.State.HELD, phase__gt=0)
    return list(Room.objects.filter(here & run).exclude(method="").select_related("case").distinct().order_by("pk"))


def _consultations(dialogue: Dialogue) -> list[Fact]:
    """Consultations, the cities consulted, the methods run, the themes of the cases. Never what was said."""
    rooms = held_rooms(dialogue)
    records = Records.of("room", (room.pk for room in rooms))
    codes = sorted({room.method for room in rooms})
    by_theme: dict[str, set[int]] = defaultdict(set)
    for room in rooms:
        for code in room.case.themes if room.case else []:
            by_theme[code[:3]].add(room.pk)
    advice = Card.objects.filter(room__in=rooms, kind__in=Card.ADVICE).values_list("pk", flat=True)
    came = dialogue.participants.filter(role=Participant.Role.PRACTITIONER, attendance__isnull=False)
    writers = Card.objects.filter(room__in=rooms, author__in=came.values("person")).values_list("author", flat=True)
    return [
        Fact("consultations", records.count, "count", records),
        counted("consulted", "city", (room.case.city_id for room in rooms if room.case)),
        Fact("methods", [_method_name(code) for code in codes], "names", records),
        *ranked("challenge", "room", by_theme, main_themes()),
        # Counted by room: which card is whose stays in the room.
        Fact("advice", len(advice), "count", records),
        counted("voices", "person", writers),
    ]


def _method_name(code: str) -> dict[str, str]:
    return method_template(code).name.in_all()


def _meetings(dialogue: Dialogue) -> list[Fact]:
    """Which municipalities sat in a room together (indicator N08), over all groups of the sessions held."""
    seats = Seat.objects.filter(
        group__round__block__session__dialogue=dialogue,
        group__round__block__session__state=Session.State.HELD,
        participant__partner__isnull=False,
    )
    groups: dict[int, set[int]] = defaultdict(set)
    nations: dict[int, str] = {}
    for group, city, country in seats.values_list(
        "group", "participant__partner__city", "participant__partner__city__country"
    ):
        groups[group].add(city)
        nations[city] = country
    pairs = {pair for cities in groups.values() for pair in combinations(sorted(cities), 2)}
    abroad = [pair for pair in pairs if nations[pair[0]] != nations[pair[1]]]
    records = Records.of("group", groups)
    return [
        Fact("groups", records.count, "count", records),
        Fact("pairs", len(pairs), "count", records),
        Fact("pairs.abroad", len(abroad), "count", records),
    ]


def _interaction(dialogue: Dialogue) -> list[Fact]:
    """Share of the planned minutes in which participants, not hosts, are active (indicator I03), in percent."""
    blocks = AgendaBlock.objects.filter(session__dialogue=dialogue, session__state=Session.State.HELD)
    planned, active, sessions = 0, 0.0, set()
    for session, code, minutes in blocks.values_list("session", "code", "minutes"):
        if code in kinds():
            planned, active = planned + minutes, active + minutes * kinds()[code].interaction
            sessions.add(session)
    share = round(100 * active / planned) if planned else None
    return [Fact("interaction", share, "number", Records.of("session", sessions))]
