"""Change projects through their actions: who may what, gaps computed, support from asking to delivery."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from majlis.accounts.models import Account
from majlis.journal.models import Entry
from majlis.language.models import Text
from majlis.network.models import City
from majlis.projects import actions, queries
from majlis.projects.models import ChangeProject, Resource, SupportRequest
from majlis.web.refused import Forbidden, NotNow, Refused
from tests.world import World


def start(by: Account, city: City, code: str = "p-1", **given: Any) -> ChangeProject:
    texts = {name: Text("en", f"{name} of {code}") for name in ("title", "problem", "objective")}
    return actions.start_project(by=by, city=city, code=code, **({"themes": ["GRN.01"]} | texts | given))


@pytest.fixture
def city(world: World) -> City:
    return world.city(0)


@pytest.fixture
def me(world: World, city: City) -> Account:
    return world.person(city, is_focal_point=True).account


def test_people_of_the_city_and_the_secretariat_write(world: World, city: City, me: Account) -> None:
    delegate, stranger = world.person(city, seat=2).account, world.person(world.city(1)).account
    project = start(me, city)
    actions.edit_project(
        by=delegate, project=project, title=Text("en", "New title"), problem=project.problem,
        objective=project.objective, themes=["GRN.02"],
    )  # fmt: skip
    start(world.secretariat, city, "p-2")
    for by in (stranger, world.account("observer"), world.account("facilitator")):
        with pytest.raises(Forbidden):
            start(by, city, "p-3")
        with pytest.raises(Forbidden):
            actions.state_resource(
                by=by, project=project, type="RES.FIN", required=Decimal(1), available=Decimal(0), unit="EUR"
            )
        with pytest.raises(Forbidden):
            actions.ask_support(by=by, project=project, type="SUP.ADVICE")
        with pytest.raises(Forbidden):
            actions.move_stage(by=by, project=project, stage="validated")
    assert list(ChangeProject.objects.values_list("code", "title__body")) == [
        ("p-1", "New title"),
        ("p-2", "title of p-2"),
    ]
    assert list(Entry.objects.filter(scope="projects").values_list("act", flat=True)) == [
        "projects.start_project", "projects.edit_project", "projects.start_project",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"title": Text("en", "  ")}, "a title"),
        ({"title": Text("en", "x" * 201)}, "too long"),
        ({"themes": ["ABC"]}, "no theme with the code “ABC”"),
        ({"code": "Größe"}, "cannot be a short name"),
        ({"code": "gaps"}, "cannot be a short name"),
        ({"code": "p-1"}, "already a project"),
    ],
)
def test_a_project_is_checked(me: Account, city: City, given: dict[str, Any], words: str) -> None:
    start(me, city)
    with pytest.raises(Refused, match=words):
        start(me, city, **({"code": "p-9"} | given))
    assert ChangeProject.objects.count() == 1


def test_the_gap_follows_from_required_and_available(me: Account, city: City) -> None:
    project = start(me, city)
    say: dict[str, Any] = {"by": me, "project": project, "type": "RES.FIN", "unit": "EUR"}
    actions.state_resource(**say, required=Decimal(100), available=Decimal("40.50"))
    actions.state_resource(**say, required=Decimal(100), available=Decimal("70.25"))
    actions.state_resource(**(say | {"unit": "days"}), required=Decimal(3), available=Decimal(9))
    assert [(each.unit, each.gap) for each in project.resources.all()] == [
        ("EUR", Decimal("29.75")),
        ("days", Decimal(0)),
    ]
    for wrong, words in (
        ({"type": "RES.XXX", "required": Decimal(1)}, "no kind of resource"),
        ({"unit": " ", "required": Decimal(1)}, "Name the unit"),
        ({"required": Decimal(-1)}, "from zero up"),
        ({"required": Decimal("NaN")}, "from zero up"),
        ({"required": Decimal(10) ** 11}, "from zero up"),
    ):
        with pytest.raises(Refused, match=words):
            actions.state_resource(**({**say, "available": Decimal(0)} | wrong))
    actions.drop_resource(by=me, project=project, resource=project.resources.all()[0].pk)
    assert Resource.objects.count() == 1


def test_an_action_has_a_role_and_ends_after_it_starts(me: Account, city: City) -> None:
    project = start(me, city)
    plan: dict[str, Any] = {"by": me, "project": project, "text": Text("en", "Do it"), "responsible": Text("en", "Head"),
            "starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 1)}  # fmt: skip
    actions.plan_action(**plan)
    assert actions.plan_action(**plan).position == 2
    for wrong in ({"ends_on": date(2026, 9, 1)}, {"text": Text("en", "")}, {"responsible": Text("en", "")}):
        with pytest.raises(Refused):
            actions.plan_action(**(plan | wrong))
    actions.drop_action(by=me, project=project, action=project.planned_actions.all()[0].pk)
    assert [action.position for action in project.planned_actions.all()] == [2]


def test_support_from_asking_to_delivery(world: World, me: Account, city: City) -> None:
    project, other = start(me, city), world.city(1)
    helper, third = world.person(other).account, world.person(world.city(2)).account
    request = actions.ask_support(by=me, project=project, type="SUP.ADVICE")
    assert actions.ask_support(by=me, project=project, type="SUP.ADVICE") == request
    with pytest.raises(Refused, match="no kind of support"):
        actions.ask_support(by=me, project=project, type="SUP.GOLD")
    with pytest.raises(Forbidden):
        actions.offer_support(by=third, request=request, city=other)
    with pytest.raises(Refused, match="its own project"):
        actions.offer_support(by=me, request=request, city=city)
    with pytest.raises(NotNow):
        actions.accept_offer(by=me, request=request)
    actions.offer_support(by=helper, request=request, city=other)
    with pytest.raises(NotNow, match="already"):
        actions.offer_support(by=world.secretariat, request=request, city=City.objects.get(people__account=third))
    with pytest.raises(Forbidden):
        actions.accept_offer(by=helper, request=request)
    with pytest.raises(Forbidden):
        actions.decline_offer(by=third, request=request)
    actions.decline_offer(by=helper, request=request)
    actions.offer_support(by=helper, request=request, city=other)
    actions.accept_offer(by=me, request=request)
    assert list(project.advisors.all()) == [other]
    actions.confirm_delivery(by=me, request=request)
    assert SupportRequest.objects.get().state == "delivered"
    with pytest.raises(NotNow):
        actions.withdraw_request(by=me, request=request)
    second = actions.ask_support(by=me, project=project, type="SUP.LEGAL")
    actions.withdraw_request(by=me, request=second)
    assert SupportRequest.objects.count() == 1


def test_stages_go_one_at_a_time(world: World, me: Account, city: City) -> None:
    project = start(me, city, problem=Text("en", ""))
    with pytest.raises(NotNow, match="problem and the objective"):
        actions.move_stage(by=me, project=project, stage="validated")
    actions.edit_project(
        by=me, project=project, title=project.title, problem=Text("en", "why"), objective=project.objective, themes=[]
    )
    with pytest.raises(NotNow, match="does not go to “Selected”"):
        actions.move_stage(by=world.secretariat, project=project, stage="selected")
    actions.move_stage(by=me, project=project, stage="validated")
    with pytest.raises(NotNow):  # the city does not select itself
        actions.move_stage(by=me, project=project, stage="selected")
    for stage in ("selected", "workshop", "proposal", "pitched", "funded"):
        actions.move_stage(by=world.secretariat, project=project, stage=stage)
    with pytest.raises(NotNow):
        actions.move_stage(by=world.secretariat, project=project, stage="parked")
    with pytest.raises(Refused, match="no stage"):
        actions.move_stage(by=world.secretariat, project=project, stage="dreamt")


def test_the_ledger_sums_by_kind_and_unit(world: World, me: Account, city: City) -> None:
    first = start(me, city, scope="dialogue:one")
    second = start(world.secretariat, world.city(1), "p-2", scope="dialogue:one")
    third = start(world.secretariat, City.objects.get(slug="ma-agadir"), "p-3", scope="dialogue:two")
    for project, kind, required, available, unit in (
        (first, "RES.FIN", 100, 40, "EUR"), (first, "RES.LEG", 10, 10, "days"), (second, "RES.FIN", 50, 0, "EUR"),
        (second, "RES.FIN", 7, 2, "days"), (third, "RES.FIN", 1, 0, "EUR"),
    ):  # fmt: skip
        actions.state_resource(
            by=world.secretariat, project=project, type=kind, required=Decimal(required),
            available=Decimal(available), unit=unit,
        )  # fmt: skip
    rows = queries.gaps("dialogue:one")
    assert [(row.type, row.n_projects, row.n_named) for row in rows] == [("RES.FIN", 2, 2), ("RES.LEG", 0, 1)]
    assert [(each.unit, each.required, each.available, each.gap) for each in rows[0].sums] == [
        ("EUR", Decimal(150), Decimal(40), Decimal(110)), ("days", 7, 2, 5),
    ]  # fmt: skip
    assert rows[0].projects == ["p-1", "p-2"]
    assert queries.gaps()[0].n_projects == 3
    request = actions.ask_support(by=me, project=first, type="SUP.LEGAL")
    actions.ask_support(by=world.secretariat, project=second, type="SUP.LEGAL")
    actions.offer_support(by=world.secretariat, request=request, city=second.city)
    actions.accept_offer(by=me, request=request)
    [row] = queries.support("dialogue:one")
    assert (row.type, row.n_asked, row.n_open, row.n_matched, row.n_unmatched) == ("SUP.LEGAL", 2, 1, 1, 1)
    assert list(queries.projects_of("dialogue:one")) == [first, second]
    assert list(queries.filtered(lacks="RES.LEG")) == []
    assert list(queries.filtered(lacks="RES.FIN", city="ma-agadir")) == [second, third]
    assert list(queries.filtered(asks="SUP.LEGAL")) == [second]
    assert list(queries.filtered(theme="GRN", scope="dialogue:two")) == [third]
    assert list(queries.filtered(theme="LIV")) == []
