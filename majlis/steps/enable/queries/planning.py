"""A dialogue as a grouping problem, and a grouping plan as seats with roles and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop as _

from majlis.algorithms import grouping
from majlis.dialogue.models import Dialogue, Participant, Session
from majlis.network.models import Statement
from majlis.network.terms import main_themes
from majlis.room.models import Member
from majlis.solutions.models import Solution
from majlis.steps.enable.models import AgendaBlock, BroughtCase, Round
from majlis.steps.enable.rules import CONSULT, practitioners, round_block, some
from majlis.steps.invite.models import Invitation
from majlis.web.sentences import Sentence

GIVER = "case_giver"


@dataclass
class Table:
    """One group of a plan before it is written: who sits there, with which role and why, on which case."""

    session: Session
    number: int
    seats: list[tuple[Participant, Member.Role, Sentence]]
    language: str
    brought: BroughtCase | None = None
    giver: int | None = None


@dataclass
class People:
    """The practitioners of a dialogue and what the algorithm needs to know of them."""

    by_number: dict[int, Participant]
    facilitators: list[Participant]
    persons: tuple[grouping.Person, ...]
    away: dict[int, set[int]] = field(default_factory=dict)
    served: Counter[tuple[str, int]] = field(default_factory=Counter)

    def expected(self, session: int) -> tuple[int, ...]:
        """Who comes to a session: everybody but those who accepted others only."""
        return tuple(number for number in self.by_number if number not in self.away.get(session, ()))

    def tasks(self, who: int) -> int:
        """How often somebody has led or written so far."""
        return sum(count for (_task, served), count in self.served.items() if served == who)


def people_of(dialogue: Dialogue) -> People:
    """Everybody to be seated, with what their cities need and offer, in few queries."""
    found = {each.pk: each for each in practitioners(dialogue)}
    cities = {each.person.city_id for each in found.values()}
    needs: dict[int, set[str]] = {}
    offers: dict[int, set[str]] = {}
    for city, kind, themes in Statement.objects.filter(city__in=cities).values_list("city_id", "kind", "themes"):
        (offers if kind == Statement.Kind.OFFER else needs).setdefault(city, set()).update(themes)
    # What a city has tried and published is experience that it offers.
    published_ = Solution.objects.filter(city__in=cities, state=Solution.State.PUBLISHED)
    for city, themes in published_.values_list("city_id", "themes"):
        offers.setdefault(city, set()).update(themes)
    persons = tuple(
        grouping.Person(
            id=number,
            municipality=city.slug if city else "",
            country=city.country if city else "",
            size_class=city.size_class if city else "",
            languages=frozenset(each.person.languages),
            needs=frozenset(needs.get(each.person.city_id or 0, ())),
            offers=frozenset(offers.get(each.person.city_id or 0, ())),
        )
        for number, each in found.items()
        for city in [each.person.city]
    )
    facilitators = list(
        dialogue.participants.filter(role=Participant.Role.FACILITATOR).select_related("person").order_by("pk")
    )
    return People(found, facilitators, persons, _away(dialogue))


def _away(dialogue: Dialogue) -> dict[int, set[int]]:
    """{session: participants who accepted other sessions but not this one}."""
    sessions = list(dialogue.sessions.values_list("pk", flat=True))
    answered = Invitation.objects.filter(participant__dialogue=dialogue).exclude(sessions=[])
    found: dict[int, set[int]] = {}
    for participant, accepted in answered.values_list("participant", "sessions"):
        for session in set(sessions) - set(accepted):
            found.setdefault(session, set()).add(participant)
    return found


def blocks_in_rounds(sessions: Iterable[Session]) -> list[AgendaBlock]:
    """The one block of each session in which people sit in groups, in the order of the sessions."""
    found = []
    for session in sessions:
        block = round_block(session.blocks.all())
        if block:
            block.session = session
            found.append(block)
    return found


def cases_by_session(
    dialogue: Dialogue, people: People, blocks: Sequence[AgendaBlock], groups: int
) -> tuple[dict[int, list[BroughtCase]], list[BroughtCase]]:
    """{session: its cases, at most one per group} and the cases no session has room for, to be consulted in writing.

    A case goes to the session it wishes for, else to the session of its theme's track, else wherever there is room.
    """
    sessions = [block.session for block in blocks if block.code == CONSULT]
    found: dict[int, list[BroughtCase]] = {session.pk: [] for session in sessions}
    waiting = []
    room = {session.pk: groups_in(people, session.pk, groups) for session in sessions}

    def takes(session: int, brought: BroughtCase) -> bool:
        is_free = session in found and len(found[session]) < room[session]
        return is_free and brought.participant_id in people.expected(session)

    for brought in dialogue.brought_cases.select_related("case__city", "participant"):
        if takes(brought.session_id or 0, brought):
            found[brought.session_id or 0].append(brought)
        else:
            waiting.append(brought)
    left = []
    for brought in waiting:
        tracks = {main_themes()[code.partition(".")[0]]["track"] for code in brought.case.themes}
        order = sorted(sessions, key=lambda session: (session.track not in tracks, len(found[session.pk])))
        place = next((session for session in order if takes(session.pk, brought)), None)
        if place is None:
            left.append(brought)
        else:
            found[place.pk].append(brought)
    return found, left


def groups_in(people: People, session: int, groups: int) -> int:
    """How many groups a session has: as planned, fewer where too few people come."""
    return max(1, min(groups, len(people.expected(session)) // 2))


def givers_of(people: People, cases: Mapping[int, list[BroughtCase]], groups: int) -> dict[int, list[int]]:
    """{session: one case giver per group}: those who bring its cases, then people whose city has not been heard yet,
    who find their case in the room ("Who brings a case today?" is the method's first phase)."""
    heard = Counter(
        people.by_number[brought.participant_id].person.city_id
        for brought_cases in cases.values()
        for brought in brought_cases
        if brought.participant_id in people.by_number
    )
    found: dict[int, list[int]] = {}
    for session, brought_cases in cases.items():
        givers = [each.participant_id for each in brought_cases if each.participant_id in people.by_number]
        here = {people.by_number[number].person.city_id for number in givers}
        while len(givers) < groups_in(people, session, groups):
            free = [number for number in people.expected(session) if number not in givers]
            number = min(
                free,
                key=lambda number: (
                    people.by_number[number].person.city_id in here,
                    heard[people.by_number[number].person.city_id],
                    people.by_number[number].person.seat,
                    number,
                ),
            )
            givers.append(number)
            here.add(people.by_number[number].person.city_id)
            heard[people.by_number[number].person.city_id] += 1
        found[session] = givers
    return found


def problem_of(
    people: People, blocks: Sequence[AgendaBlock], givers: Mapping[int, list[int]], groups: int
) -> grouping.Problem:
    """All rounds of a dialogue with everybody who is expected."""
    rounds = tuple(
        grouping.Round(
            people.expected(block.session_id),
            groups_in(people, block.session_id, groups),
            {GIVER: tuple(givers[block.session_id])} if block.session_id in givers else {},
        )
        for block in blocks
    )
    return grouping.Problem(people.persons, rounds)


def published(rounds: Iterable[Round]) -> list[list[list[int]]]:
    """The groups of rounds as the algorithm has them: practitioners only, facilitators are not planned by it."""
    return [
        [
            [
                seat.participant_id
                for seat in group.seats.all()
                if seat.participant.role == Participant.Role.PRACTITIONER
            ]
            for group in round_.groups.all()
        ]
        for round_ in rounds
    ]


def tables(
    people: People,
    problem: grouping.Problem,
    plan: grouping.Plan,
    number: int,
    session: Session,
    cases: Mapping[int, BroughtCase],
    former: Mapping[tuple[int, int], Member.Role] | None = None,
) -> list[Table]:
    """The groups of one round with roles and reasons. cases: {case giver: what they bring}. Roles rotate over the
    rounds; `former` {(participant, group from 0): role} keeps them where somebody stays in their group."""
    persons = {person.id: person for person in people.persons}
    givers = set(problem.rounds[number].classes.get(GIVER, ()))
    hosts = _hosts(people, number, len(plan.groups[number]))
    found = []
    for place, group in enumerate(plan.groups[number]):
        giver = next((who for who in group if who in givers), None)
        kept = {who: former[who, place] for who in group if (who, place) in former} if former else {}
        roles = _roles(people, persons, group, giver, hosts.get(place), kept)
        seats = [
            (people.by_number[who], role, reason_of(people, grouping.explain(problem, plan, who, number)))
            for who, role in roles.items()
        ]
        if host := hosts.get(place):
            seats.append((host, Member.Role.FACILITATOR, Sentence(_("Facilitates the dialogue and leads this room."))))
        language = _language([persons[who] for who in group])
        brought = cases.get(giver) if giver is not None else None
        found.append(Table(session, place + 1, seats, language, brought, giver))
    return found


def _hosts(people: People, number: int, groups: int) -> dict[int, Participant]:
    """{group: facilitator of the dialogue}: each leads one room, another one each round; peers lead the others."""
    return {(nth + number) % groups: each for nth, each in enumerate(people.facilitators[:groups])}


def _roles(
    people: People,
    persons: Mapping[int, grouping.Person],
    group: Sequence[int],
    giver: int | None,
    host: Participant | None,
    former: Mapping[int, Member.Role],
) -> dict[int, Member.Role]:
    """Case giver, a facilitator from another city who understands them, a note taker; the others advise.

    Whoever has led or written least so far is asked first. Three is the least for a room with all three roles.
    """
    roles = dict.fromkeys(group, Member.Role.CONSULTANT)
    if giver is not None:
        roles[giver] = Member.Role.CASE_GIVER
    tasks = [Member.Role.NOTE_TAKER] if host else [Member.Role.FACILITATOR, Member.Role.NOTE_TAKER]
    for task in tasks:
        free = [who for who in group if roles[who] == Member.Role.CONSULTANT]
        if (len(free) < 2 and task == Member.Role.NOTE_TAKER) or not free:
            break
        order = [
            (former.get(who) != task, *_unfit(persons, who, giver), people.served[task, who], people.tasks(who), who)
            for who in free
        ]
        chosen = min(order)[-1]
        roles[chosen] = task
        people.served[task, chosen] += 1
    return roles


def _unfit(persons: Mapping[int, grouping.Person], who: int, giver: int | None) -> tuple[bool, bool]:
    if giver is None:
        return False, False
    one, other = persons[who], persons[giver]
    return one.municipality == other.municipality, bool(other.languages) and not one.languages & other.languages


def _language(group: Sequence[grouping.Person]) -> str:
    """The language most of a group speak; English where nothing is known."""
    spoken = Counter(language for person in group for language in person.languages)
    return min(spoken, key=lambda language: (-spoken[language], language), default="en")


def reason_of(people: People, reason: grouping.Reason) -> Sentence:
    """One sentence on a seat: whom it brings together for the first time, and what they have to give each other."""
    cities = {}
    for who in reason.helpful:
        city = people.by_number[who].person.city
        if city:
            cities[city.slug] = city.name.in_all()
    params: dict[str, object] = {"countries": reason.countries, "again": len(reason.again)}
    count = len(reason.new)
    if GIVER in reason.classes:
        return Sentence(
            _("Brings a case; is advised by %(count)s person met here for the first time, from a group of %(countries)s countries."),
            params, _("Brings a case; is advised by %(count)s people met here for the first time, from a group of %(countries)s countries."),
            count,
        )  # fmt: skip
    if cities:
        return Sentence(
            _("Meets %(count)s person for the first time; %(cities)s offer what their own city needs."),
            params | {"cities": some(list(cities.values()))},
            _("Meets %(count)s people for the first time; %(cities)s offer what their own city needs."), count,
        )  # fmt: skip
    if reason.again:
        return Sentence(
            _("Meets %(count)s person for the first time and %(again)s again: there are too few groups to avoid it."),
            params, _("Meets %(count)s people for the first time and %(again)s again: there are too few groups to avoid it."),
            count,
        )  # fmt: skip
    return Sentence(
        _("Meets %(count)s person for the first time, in a group of %(countries)s countries."), params,
        _("Meets %(count)s people for the first time, in a group of %(countries)s countries."), count,
    )  # fmt: skip


def quality(people: People, plan: grouping.Plan) -> dict[str, object]:
    """What Round.plan keeps of the whole plan."""
    return {
        "seed": plan.seed,
        "repeats": plan.repeats,
        "distinct_pairs": plan.distinct_pairs,
        "most_pairs": plan.bounds.distinct_pairs,
        "possible_pairs": plan.bounds.possible_pairs,
        "least_repeats": plan.bounds.repeats,
        "together": [list(item.people) for item in plan.violations],
        "uncovered": [[number + 1, group + 1, list(absent)] for number, group, absent in plan.uncovered],
    }
