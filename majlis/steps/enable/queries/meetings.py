"""Interaction, measured: who met whom, who wrote, how much of the time people were active themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from majlis.dialogue.models import Dialogue, Participant, Session
from majlis.room.models import Card, Room
from majlis.steps.enable.models import AgendaBlock, Attendance, Group, Seat
from majlis.steps.enable.rules import INTERACTION_TARGET, consultation_groups, practitioners, written
from majlis.steps.enable.terms import kinds

Pair = tuple[int, int]


@dataclass(frozen=True)
class Interaction:
    """Targets shown, never enforced. Shares are from 0 to 1; None where nothing can be counted yet.

    share: minutes in which participants are active of all minutes (of sessions not cancelled). pairs: pairs of people
    who sat together, repeats: further meetings of a pair. city_pairs: pairs of cities. voices: people who wrote a card.
    In a session that was held only those present count; before it, everybody with a seat.
    """

    minutes: int
    active_minutes: float
    pairs: int
    possible_pairs: int
    repeats: int
    city_pairs: int
    possible_city_pairs: int
    voices: int
    people: int
    attended: int

    @property
    def share(self) -> float | None:
        return self.active_minutes / self.minutes if self.minutes else None

    @property
    def share_percent(self) -> int:
        return round(100 * (self.share or 0))

    @property
    def pair_percent(self) -> int:
        return round(100 * (self.pair_coverage or 0))

    @property
    def meets_target(self) -> bool:
        return self.share is not None and self.share >= INTERACTION_TARGET

    @property
    def pair_coverage(self) -> float | None:
        return self.pairs / self.possible_pairs if self.possible_pairs else None

    @property
    def city_coverage(self) -> float | None:
        return self.city_pairs / self.possible_city_pairs if self.possible_city_pairs else None

    @property
    def voice_coverage(self) -> float | None:
        return self.voices / self.people if self.people else None


def interaction(dialogue: Dialogue) -> Interaction:
    """All measures of a dialogue, in a fixed number of queries."""
    people = list(practitioners(dialogue))
    homes = {each.pk: each.person.city_id for each in people}
    met = meetings(dialogue)
    cities = {frozenset((homes[a], homes[b])) for a, b in met if a in homes and b in homes and homes[a] != homes[b]}
    blocks = AgendaBlock.objects.filter(session__dialogue=dialogue).exclude(session__state=Session.State.CANCELLED)
    minutes = active = 0.0
    for code, length in blocks.values_list("code", "minutes"):
        minutes += length
        active += length * kinds()[code].interaction
    towns = len({home for home in homes.values() if home})
    return Interaction(
        minutes=int(minutes),
        active_minutes=active,
        pairs=len(met),
        possible_pairs=len(people) * (len(people) - 1) // 2,
        repeats=sum(count - 1 for count in met.values()),
        city_pairs=len(cities),
        possible_city_pairs=towns * (towns - 1) // 2,
        voices=_voices(dialogue, {each.person_id for each in people}),
        people=len(people),
        attended=Attendance.objects.filter(session__dialogue=dialogue, participant__in=homes)
        .values("participant").distinct().count(),
    )  # fmt: skip


def meetings(dialogue: Dialogue) -> Counter[Pair]:
    """{(smaller, larger number of a practitioner): in how many groups they sat together}."""
    tables: dict[int, list[int]] = defaultdict(list)
    sessions: dict[int, tuple[int, str]] = {}
    seats = (
        Seat.objects.filter(group__round__block__session__dialogue=dialogue)
        .filter(participant__role=Participant.Role.PRACTITIONER)
        .exclude(group__round__block__session__state=Session.State.CANCELLED)
        .values_list(
            "group", "participant", "group__round__block__session", "group__round__block__session__state"
        )
    )  # fmt: skip
    for group, participant, session, state in seats:
        tables[group].append(participant)
        sessions[group] = (session, state)
    present = set(Attendance.objects.filter(session__dialogue=dialogue).values_list("session", "participant"))
    counted: Counter[Pair] = Counter()
    for group, everybody in tables.items():
        session, state = sessions[group]
        here = [
            each for each in everybody if state != Session.State.HELD or (session, each) in present
        ]  # fmt: skip
        counted.update(combinations(sorted(here), 2))
    return counted


def _voices(dialogue: Dialogue, people: set[int]) -> int:
    written_by = Card.objects.filter(room__scope=dialogue.scope, author__in=people).values("author").distinct()
    return written_by.count()


@dataclass(frozen=True)
class CityMatrix:
    """How often people of two cities sat together: values[row][column], None on the diagonal."""

    cities: Sequence[str]
    values: Sequence[Sequence[int | None]]


def city_matrix(dialogue: Dialogue) -> CityMatrix:
    """Who met whom, by city: a matrix of people would single them out and fill a wall."""
    people = list(practitioners(dialogue))
    names = {each.person.city_id: str(each.person.city) for each in people if each.person.city}
    order = sorted(names, key=lambda number: names[number])
    homes = {each.pk: each.person.city_id for each in people}
    counted: Counter[tuple[int | None, int | None]] = Counter()
    for (a, b), count in meetings(dialogue).items():
        one, other = homes.get(a), homes.get(b)
        counted[one, other] += count
        if one != other:
            counted[other, one] += count
    values = [[None if row == column else counted[row, column] for column in order] for row in order]
    return CityMatrix([names[number] for number in order], values)


@dataclass(frozen=True)
class Consulted:
    """One consultation: its room, the city whose case it is (None while it is found in the room), live or written."""

    room: Room
    session: Session | None


def consultations(dialogue: Dialogue) -> list[Consulted]:
    """All consultations of sessions that were not cancelled, live ones in order of their sessions, then written ones."""
    live = (
        Group.objects.filter(pk__in=[group.pk for group in consultation_groups(dialogue)])
        .select_related("room__case__city", "round__block__session")
        .order_by("round__number", "number")
    )
    found = [Consulted(group.room, group.round.block.session) for group in live]
    return found + [Consulted(each.room, None) for each in written(dialogue)]


def attendance(dialogue: Dialogue) -> dict[int, int]:
    """{session: how many practitioners were there}."""
    rows = Attendance.objects.filter(session__dialogue=dialogue, participant__role=Participant.Role.PRACTITIONER)
    return dict(Counter(rows.values_list("session", flat=True)))
