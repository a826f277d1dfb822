"""Who meets whom in which round: cities as a matrix, and one city's people round by round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from majlis.dialogue.models import Dialogue, Participant, Session
from majlis.steps.enable.models import Seat


@dataclass(frozen=True)
class Cell:
    """Two cities: the rounds in which their people sit together, and in how many groups in all (a shade from 0 to 4)."""

    rounds: tuple[int, ...]
    times: int
    is_same: bool = False

    @property
    def shade(self) -> int:
        return min(self.times, 4)


@dataclass(frozen=True)
class Row:
    city: int
    number: int
    name: str
    met: int
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Meeting:
    """One round of a person: their group and the cities they sit with."""

    round: int
    group: int
    cities: Sequence[str]


@dataclass(frozen=True)
class Contacts:
    """All cities with each other; `rounds`: numbers of the rounds; `unmet`: pairs of cities that never sit together."""

    rows: Sequence[Row]
    rounds: Sequence[int]
    pairs: int
    unmet: int


@dataclass(frozen=True)
class OneCity:
    """A city with the cities it meets, by how often, those it does not meet, and its people round by round."""

    city: int
    name: str
    met: Sequence[tuple[str, Sequence[int]]]
    unmet: Sequence[str]
    people: Sequence[tuple[Participant, Sequence[Meeting]]]


Tables = Mapping[tuple[int, int], Sequence[Participant]]


def seated(dialogue: Dialogue) -> Tables:
    """{(round, group): its practitioners} of all sessions that were not cancelled, in one query."""
    seats = (
        Seat.objects.filter(group__round__block__session__dialogue=dialogue)
        .filter(participant__role=Participant.Role.PRACTITIONER)
        .exclude(group__round__block__session__state=Session.State.CANCELLED)
        .select_related("participant__person__city", "group__round")
        .order_by("group__round__number", "group__number")
    )
    found: dict[tuple[int, int], list[Participant]] = defaultdict(list)
    for seat in seats:
        found[seat.group.round.number, seat.group.number].append(seat.participant)
    return found


def contacts(tables: Tables) -> Contacts:
    """The matrix of cities, by name."""
    names = _names(tables)
    met = _met(tables)
    order = sorted(names, key=lambda city: names[city].casefold())
    rows = []
    for number, city in enumerate(order, 1):
        cells = [
            Cell(tuple(sorted(set(met[city, other]))), len(met[city, other]), city == other) for other in order
        ]  # fmt: skip
        rows.append(
            Row(city, number, names[city], sum(bool(cell.rounds) and not cell.is_same for cell in cells), cells)
        )
    pairs = len(order) * (len(order) - 1) // 2
    return Contacts(rows, sorted({nth for nth, _group in tables}), pairs, pairs - sum(row.met for row in rows) // 2)


def one_city(tables: Tables, city: int) -> OneCity:
    """One city's view of the same seats. Raises KeyError if it has no seat."""
    names, met = _names(tables), _met(tables)
    own = names[city]
    people: dict[int, tuple[Participant, list[Meeting]]] = {}
    for (nth, group), everybody in tables.items():
        for each in everybody:
            if each.person.city_id == city:
                mates = [str(other.person.city) for other in everybody if other.pk != each.pk and other.person.city]
                row = people.setdefault(each.pk, (each, []))
                row[1].append(Meeting(nth, group, sorted(mates, key=str.casefold)))
    others = sorted((other for other in names if other != city), key=lambda other: names[other].casefold())
    return OneCity(
        city, own,
        [(names[other], sorted(set(met[city, other]))) for other in others if met[city, other]],
        [names[other] for other in others if not met[city, other]],
        list(people.values()),
    )  # fmt: skip


def _names(tables: Tables) -> dict[int, str]:
    return {
        each.person.city_id: str(each.person.city)
        for everybody in tables.values()
        for each in everybody
        if each.person.city_id
    }


def _met(tables: Tables) -> Mapping[tuple[int, int], list[int]]:
    """{(city, other city): rounds in which two of their people sit together, one entry per group}."""
    met: dict[tuple[int, int], list[int]] = defaultdict(list)
    for (nth, _group), everybody in tables.items():
        homes = [each.person.city_id for each in everybody if each.person.city_id]
        here = set(homes)
        for city in here:
            for other in here:
                if city != other or homes.count(city) > 1:
                    met[city, other].append(nth)
    return met
