"""A room at a table: a case giver, a facilitator, consultants, a note taker, an observer."""

from dataclasses import dataclass
from typing import Any

import pytest

from majlis.accounts.models import Account
from majlis.language.models import Text
from majlis.network.models import Person
from majlis.room import actions
from majlis.room.models import Card, Case, Member, Room
from tests.world import World

ROLES = [
    "case_giver",
    "facilitator",
    "consultant",
    "consultant",
    "note_taker",
    "time_keeper",
    "observer",
    "interpreter",
]


@dataclass
class Table:
    """A room with somebody in every role; `who(role)` is the account of the first one with it."""

    world: World
    room: Room
    people: list[tuple[Person, Member.Role]]
    case: Case | None = None

    def person(self, role: str, number: int = 0) -> Person:
        return [person for person, each in self.people if each == role][number]

    def who(self, role: str, number: int = 0) -> Account:
        account: Account = self.person(role, number).account
        return account

    def go(self, phase: int) -> None:
        """Bring the room to a phase as its facilitator does."""
        while self.fresh().phase < phase:
            actions.advance(by=self.who("facilitator"), room=self.room)

    def fresh(self) -> Room:
        self.room.refresh_from_db()
        return self.room

    def write(self, role: str, kind: str, body: str = "In our city we tried it.", **more: Any) -> Card:
        return actions.add_card(
            by=self.who(role),
            room=self.room,
            kind=kind,  # type: ignore[arg-type]  # also kinds that there are not
            text=Text("en", body),
            **more,
        )


def make_table(world: World, method: str = "KB60") -> Table:
    people = [(world.person(world.city(number)), Member.Role(role)) for number, role in enumerate(ROLES)]
    city = people[0][0].city
    assert city is not None
    case = actions.open_case(
        by=world.secretariat, city=city, giver=people[0][0], key_question=Text(), themes=["GRN.03"]
    )  # fmt: skip
    room = actions.open_room(
        by=world.secretariat, scope="dialogue:test", name=Text("en", "Room 1"), method=method, language="en",
        members=people, case=case,
    )  # fmt: skip
    return Table(world, room, people, case)


@pytest.fixture
def table(world: World) -> Table:
    return make_table(world)
