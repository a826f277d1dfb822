"""Publishing, drafting and withdrawing solutions."""

from typing import Any

import pytest

from majlis.journal.models import Entry
from majlis.language.models import Text
from majlis.network.models import City
from majlis.solutions.actions import draft_solution, publish_solution, withdraw_solution
from majlis.solutions.models import Solution
from majlis.web.refused import Forbidden, NotNow, Refused
from tests.world import World

BLOCKS = [Text("de", "Leerstandskataster"), Text("de", "Mustermietvertrag")]


def contents(city: City, **other: Any) -> dict[str, Any]:
    return {
        "code": "sol01", "city": city, "title": Text("de", "Zwischennutzung"), "summary": Text("de", ""),
        "themes": ["PSP.08"], "level": "full", "evidence": "measured", "building_blocks": BLOCKS, "is_illustrative": True,
    } | other  # fmt: skip


def test_publish(world: World) -> None:
    city = world.city(1)
    focal = world.person(city, is_focal_point=True, seat=2)
    solution = publish_solution(by=world.secretariat, **contents(city))
    assert (solution.state, solution.contact, solution.is_illustrative) == ("published", focal, True)
    assert [(block.position, str(block.title)) for block in solution.building_blocks.all()] == [
        (1, "Leerstandskataster"),
        (2, "Mustermietvertrag"),
    ]
    assert str(Entry.objects.get().words) == "Solution of Agadir published: Zwischennutzung"


def test_publishing_again_rewrites(world: World) -> None:
    city = world.city(1)
    first = publish_solution(by=world.secretariat, **contents(city))
    again = publish_solution(by=world.secretariat, **contents(city, building_blocks=BLOCKS[::-1], evidence="evaluated"))
    assert (again.pk, again.evidence, again.published_at) == (first.pk, "evaluated", first.published_at)
    assert [str(block.title) for block in again.building_blocks.all()] == ["Mustermietvertrag", "Leerstandskataster"]


def test_draft_is_not_published_and_a_published_one_stays(world: World) -> None:
    city = world.city(1)
    assert draft_solution(by=world.secretariat, **contents(city)).state == "draft"
    publish_solution(by=world.secretariat, **contents(city))
    assert draft_solution(by=world.secretariat, **contents(city)).state == "published"


def test_withdraw_once(world: World) -> None:
    solution = publish_solution(by=world.secretariat, **contents(world.city(1)))
    withdraw_solution(by=world.secretariat, solution=solution)
    assert Solution.objects.get().state == "withdrawn"
    with pytest.raises(NotNow):
        withdraw_solution(by=world.secretariat, solution=solution)


def test_who_may(world: World) -> None:
    city = world.city(1)
    focal = world.person(city, is_focal_point=True)
    solution = publish_solution(by=focal.account, **contents(city))
    foreign = world.person(world.city(2), is_focal_point=True)
    for account in (
        foreign.account,
        world.person(city, seat=2).account,
        world.account("facilitator"),
        world.account("observer"),
    ):
        for act in (publish_solution, draft_solution):
            with pytest.raises(Forbidden):
                act(by=account, **contents(city))
        with pytest.raises(Forbidden):
            withdraw_solution(by=account, solution=solution)


WRONG: list[dict[str, Any]] = [
    {"code": "SOL 1"}, {"title": Text("de", " ")}, {"title": Text("de", "x" * 101)}, {"summary": Text("de", "x" * 1201)},
    {"themes": []}, {"themes": ["GRN.99"]}, {"themes": ["GRN.01", "GRN.02", "GRN.03", "GRN.04"]}, {"level": "huge"},
    {"evidence": "rumour"}, {"building_blocks": BLOCKS * 4}, {"building_blocks": BLOCKS[:1]},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_not_valid(world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        publish_solution(by=world.secretariat, **contents(world.city(1), **wrong))
    assert not Solution.objects.exists()


def test_code_of_another_city(world: World) -> None:
    publish_solution(by=world.secretariat, **contents(world.city(1)))
    with pytest.raises(Refused, match="belongs to a solution of Agadir"):
        publish_solution(by=world.secretariat, **contents(world.city(2)))
