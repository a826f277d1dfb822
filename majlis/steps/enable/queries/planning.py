"""A dialogue as a grouping problem: who is to be seated, on which cases, and what everybody asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from majlis.algorithms import grouping
from majlis.dialogue.models import Dialogue, Participant, Session
from majlis.network.models import Statement
from majlis.network.terms import main_themes
from majlis.room.models import Member
from majlis.solutions.models import Solution
from majlis.steps.enable.models import AgendaBlock, BroughtCase, PairRule, Round, SeatLock
from majlis.steps.enable.rules import CONSULT, practitioners, round_block
from majlis.steps.invite.models import Invitation

GIVER = "case_giver"


@dataclass
class People:
    """The practitioners of a dialogue and what the algorithm needs to know of them.

    away: {session: who does not come}. willing: who would facilitate. locks: {(session, participant): group from 1}.
    pairs: {PairRule.Kind: pairs}. served: {(role, participant): how often so far}.
    """

    by_number: dict[int, Participant]
    facilitators: list[Participant]
    persons: tuple[grouping.Person, ...]
    away: dict[int, set[int]] = field(default_factory=dict)
    willing: frozenset[int] = frozenset()
    locks: dict[tuple[int, int], int] = field(default_factory=dict)
    pairs: dict[str, tuple[frozenset[int], ...]] = field(default_factory=dict)
    served: Counter[tuple[str, int]] = field(default_factory=Counter)

    def expected(self, session: int) -> tuple[int, ...]:
        """Who comes to a session: everybody but those who accepted others only."""
        return tuple(number for number in self.by_number if number not in self.away.get(session, ()))

    def tasks(self, who: int) -> int:
        """How often somebody has led or written so far."""
        return sum(count for (_task, served), count in self.served.items() if served == who)


def people_of(dialogue: Dialogue, joined: Collection[int] = ()) -> People:
    """Everybody to be seated, with what their cities need and offer, in few queries. joined: numbers of those who came
    although they had declined."""
    found = {each.pk: each for each in practitioners(dialogue, joined)}
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
            languages=dict.fromkeys(each.person.languages, grouping.WORKING_LEVEL),
            needs=frozenset(needs.get(each.person.city_id or 0, ())),
            offers=frozenset(offers.get(each.person.city_id or 0, ())),
        )
        for number, each in found.items()
        for city in [each.person.city]
    )
    facilitators = list(
        dialogue.participants.filter(role=Participant.Role.FACILITATOR).select_related("person").order_by("pk")
    )
    away, willing = _answers(dialogue)
    return People(found, facilitators, persons, away, willing, _locks(dialogue, found), _pairs(dialogue, found))


def _answers(dialogue: Dialogue) -> tuple[dict[int, set[int]], frozenset[int]]:
    """{session: participants who declined it or have no place in it}, and who would facilitate."""
    sessions = set(dialogue.sessions.values_list("pk", flat=True))
    answered = list(
        Invitation.objects.filter(participant__dialogue=dialogue)
        .only("participant_id", "answer", "details").prefetch_related("by_session")
    )  # fmt: skip
    away: dict[int, set[int]] = {}
    for each in answered:
        for session in _declined(each, sessions):
            away.setdefault(session, set()).add(each.participant_id)
    willing = (each for each in answered if Member.Role.FACILITATOR in each.details.get("role_willing", ()))
    return away, frozenset(each.participant_id for each in willing)


def _declined(invitation: Invitation, sessions: set[int]) -> set[int]:
    """The sessions somebody does not come to; who has not answered is expected everywhere."""
    rows = invitation.by_session.all()
    if rows:
        return {row.session_id for row in rows if not row.is_expected}
    return sessions if invitation.answer == Invitation.Answer.NO else set()


def _locks(dialogue: Dialogue, known: Collection[int]) -> dict[tuple[int, int], int]:
    rows = SeatLock.objects.filter(session__dialogue=dialogue, participant__in=known)
    return {(session, who): group for session, who, group in rows.values_list("session", "participant", "group")}


def _pairs(dialogue: Dialogue, known: Collection[int]) -> dict[str, tuple[frozenset[int], ...]]:
    found: dict[str, list[frozenset[int]]] = {}
    for kind, one, other in dialogue.pair_rules.values_list("kind", "one", "other"):
        if one in known and other in known:
            found.setdefault(kind, []).append(frozenset((one, other)))
    return {kind: tuple(pairs) for kind, pairs in found.items()}


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
            free = [number for number in free if not _is_taken(people, session, number, givers)] or free
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


def _is_taken(people: People, session: int, who: int, givers: Sequence[int]) -> bool:
    """Whether this person must sit with somebody who gives a case already: locked in their group, or kept together."""
    group = people.locks.get((session, who))
    if group is not None and any(people.locks.get((session, giver)) == group for giver in givers):
        return True
    return any(who in pair and pair & set(givers) for pair in people.pairs.get(PairRule.Kind.TOGETHER, ()))


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
    locks = tuple(
        grouping.Lock(who, nth, group - 1)
        for nth, block in enumerate(blocks)
        for (session, who), group in people.locks.items()
        if session == block.session_id and who in rounds[nth].attendees
    )
    return grouping.Problem(people.persons, rounds, locks, *together_and_apart(people))


def together_and_apart(people: People) -> tuple[tuple[frozenset[int], ...], tuple[frozenset[int], ...]]:
    """The pairs that every plan keeps together, and those it keeps apart."""
    return people.pairs.get(PairRule.Kind.TOGETHER, ()), people.pairs.get(PairRule.Kind.APART, ())


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
