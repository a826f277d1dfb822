"""A grouping plan as seats with roles and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from majlis.algorithms import grouping
from majlis.dialogue.models import Participant, Session
from majlis.room.models import Member
from majlis.steps.enable.models import BroughtCase
from majlis.steps.enable.queries.planning import GIVER, People
from majlis.steps.enable.rules import some
from majlis.web.sentences import Sentence


@dataclass
class Table:
    """One group of a plan before it is written: who sits there, with which role and why, on which case."""

    session: Session
    number: int
    seats: list[tuple[Participant, Member.Role, Sentence]]
    language: str
    brought: BroughtCase | None = None
    giver: int | None = None


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
            (people.by_number[who], role, reason_of(people, grouping.explain(plan, who, number)))
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

    Whoever would lead, and then whoever has led or written least so far, is asked first. Three is the least for a room with all three roles.
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
            (
                former.get(who) != task,
                *_unfit(persons, who, giver),
                *_unasked(people, who, task),
                people.served[task, who],
                people.tasks(who),
                who,
            )
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
    return one.municipality == other.municipality, bool(other.works_in) and not one.works_in & other.works_in


def _unasked(people: People, who: int, task: Member.Role) -> tuple[bool]:
    """Whoever said that they would facilitate is asked before the others."""
    return (task == Member.Role.FACILITATOR and who not in people.willing,)


def _language(group: Sequence[grouping.Person]) -> str:
    """The language most of a group speak; English where nothing is known."""
    spoken = Counter(language for person in group for language in person.works_in)
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
