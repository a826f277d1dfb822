"""The team: people of the network who belong to no city."""

import pytest

from majlis.language.models import Text
from majlis.network.actions import add_team_member
from majlis.web.refused import Forbidden
from tests.world import World

LEAD = Text("en", "Lead facilitator")


def test_a_facilitator_becomes_a_person_once(world: World) -> None:
    account = world.account("facilitator")
    first = add_team_member(by=world.secretariat, account=account, role_title=LEAD, languages=["en"])
    again = add_team_member(by=world.secretariat, account=account, role_title=Text("en", "Other"), languages=[])
    assert (first.city, again) == (None, first)
    assert again.role_title == LEAD


def test_only_the_secretariat_names_the_team(world: World) -> None:
    with pytest.raises(Forbidden):
        add_team_member(by=world.account("facilitator"), account=world.account(), role_title=LEAD, languages=[])
