"""The pages of the step through the front door: roles, closed gates, what each may see, without JavaScript."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Session, Step, StepRecord
from majlis.steps.enable import actions
from majlis.steps.enable.models import Attendance, Round, Seat
from tests.steps.enable.setting import at_enable, bring, carry_out_all, givers, practitioners
from tests.world import World


def as_(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def address(name: str, dialogue: Dialogue, *rest: str) -> str:
    return reverse(f"enable:{name}", args=[dialogue.slug, *rest])


PAGES = [("page",), ("case",), ("groups",), ("show",), ("session", "S1"), ("blocks", "S1"), ("replan", "S1")]
POSTS = [("complete",), ("case",), ("groups",), ("start", "S1"), ("next", "S1"), ("close", "S1"), ("cancel", "S1"),
         ("attendance", "S1"), ("blocks", "S1"), ("replan", "S1")]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_a_closed_step_says_what_is_missing(world: World, page: tuple[str, ...]) -> None:
    dialogue = world.at(at_enable(world, 2, ("S1",)), Step.INVITE)
    response = as_(world.secretariat).get(address(page[0], dialogue, *page[1:]))
    assert response.status_code == 200
    assert "This step is not open yet" in response.content.decode()
    assert "<form" not in response.content.decode().split("<main")[1].split("</main")[0]


VALID = {
    "cancel": {"reason": "The bridge is down"},
    "groups": {"groups": "1", "seed": "1"},
    "blocks": {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-code": "WELCOME", "form-0-minutes": "5"},
}


@pytest.mark.parametrize("page", POSTS)
def test_a_post_at_a_closed_step_is_refused(world: World, page: tuple[str, ...]) -> None:
    dialogue = world.at(at_enable(world, 2, ("S1",)), Step.INVITE)
    data = dict(VALID.get(page[0], {}))
    if page[0] == "case":
        data = {"participant": str(givers(dialogue)[0].pk), "key_question": "How?", "language": "en", "theme": "GRN.01"}
    response = as_(world.secretariat).post(address(page[0], dialogue, *page[1:]), data)
    assert response.status_code == 409
    assert StepRecord.objects.get(dialogue=dialogue, step=Step.EVALUATE).state == "closed"
    assert (Round.objects.count(), dialogue.brought_cases.count()) == (0, 0)
    assert {each.state for each in dialogue.sessions.all()} == {"planned"}


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_sees_nothing(world: World, page: tuple[str, ...]) -> None:
    dialogue = at_enable(world, 2, ("S1",))
    path = address(page[0], dialogue, *page[1:])
    assert Client().get(path).status_code == 302
    assert as_(world.account()).get(path).status_code == 404
    assert as_(world.secretariat).get(path.replace(dialogue.slug, "nowhere")).status_code == 404


def test_the_team_prepares_and_holds_a_session_by_forms_alone(world: World) -> None:
    dialogue = at_enable(world, 4, ("S2",), blocks=False)
    client = as_(world.secretariat)
    page = client.get(address("page", dialogue)).content.decode()
    assert "Write the run of show of session S2" in page
    lines = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0", "form-0-code": "WELCOME", "form-0-minutes": "5",
             "form-1-code": "CONSULT", "form-1-minutes": "", "form-2-code": "", "form-2-minutes": ""}  # fmt: skip
    assert client.post(address("blocks", dialogue, "S2"), lines).status_code == 302
    session = dialogue.sessions.get()
    assert list(session.blocks.values_list("code", "minutes")) == [("WELCOME", 5), ("CONSULT", 60)]
    # What was typed stays when it cannot be.
    refused = client.post(address("blocks", dialogue, "S2"), lines | {"form-1-minutes": "200"})
    assert refused.status_code == 422
    assert 'value="200"' in refused.content.decode()
    assert "Plan the groups of all rounds" in client.get(address("page", dialogue)).content.decode()
    assert client.post(address("groups", dialogue), {"groups": "2", "seed": "7"}).status_code == 302
    assert [each.state for each in carry_out_all()] == ["done"]
    assert Round.objects.get().groups.count() == 2
    assert "Start session S2 when it is time" in client.get(address("page", dialogue)).content.decode()
    client.post(address("start", dialogue, "S2"))
    people = practitioners(dialogue)
    shown = client.get(address("session", dialogue, "S2")).content.decode()
    assert "Go on:" in shown
    client.post(address("next", dialogue, "S2"), {"after": "1"})
    assert client.post(address("next", dialogue, "S2"), {"after": "1"}).status_code == 409
    client.post(address("attendance", dialogue, "S2"), {"people": [str(each.pk) for each in people[:7]]})
    assert Attendance.objects.count() == 7
    client.post(address("close", dialogue, "S2"))
    assert Session.objects.get().state == Session.State.HELD
    assert "Complete this step and open the evaluation" in client.get(address("page", dialogue)).content.decode()
    assert client.post(address("complete", dialogue)).status_code == 302
    assert StepRecord.objects.get(dialogue=dialogue, step=Step.EVALUATE).state == "open"


def test_a_participant_brings_a_case_and_sees_their_own_group_only(world: World) -> None:
    dialogue = at_enable(world, 4)
    giver, other = givers(dialogue)[:2]
    client = as_(giver.person.account)
    assert (
        "Bring the question that your peers shall advise you on"
        in client.get(address("page", dialogue)).content.decode()
    )
    wrong = client.post(
        address("case", dialogue), {"participant": giver.pk, "key_question": "", "language": "ar", "theme": "GRN.01"}
    )
    assert wrong.status_code == 422
    data = {
        "participant": giver.pk,
        "key_question": "كيف يمكننا؟",
        "language": "ar",
        "theme": "GRN.01",
        "session": "S2",
    }
    assert client.post(address("case", dialogue), data).status_code == 302
    assert dialogue.brought_cases.get().case.key_question.language == "ar"
    assert "كيف يمكننا؟" in client.get(address("page", dialogue)).content.decode()
    # For somebody else's city nobody but the team can bring one.
    foreign = as_(other.person.account).post(address("case", dialogue), data)
    assert foreign.status_code == 422
    assert dialogue.brought_cases.count() == 1
    # The question is nowhere but with its giver: neither for others of the dialogue nor for the secretariat.
    for account in (other.person.account, world.secretariat):
        for name in ("page", "groups", "show", "case"):
            assert "كيف يمكننا؟" not in as_(account).get(address(name, dialogue)).content.decode()
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=2)
    mine = set(
        Seat.objects.filter(group__seats__participant=giver).values_list(
            "participant__person__role_title__body", flat=True
        )
    )
    page = client.get(address("groups", dialogue)).content.decode()
    shown = {str(each.person.role_title) for each in practitioners(dialogue) if str(each.person.role_title) in page}
    assert shown == mine
    session = client.get(address("session", dialogue, "S2")).content.decode()
    seat = Seat.objects.get(participant=giver, group__round__block__session__code="S2")
    assert reverse("room:page", args=[seat.group.room_id]) in session
    assert "Start the session" not in session
    assert client.post(address("start", dialogue, "S2")).status_code == 403
    assert client.post(address("groups", dialogue), {"groups": "2", "seed": "1"}).status_code == 403


def test_opening_a_running_session_is_being_there(world: World) -> None:
    dialogue = at_enable(world, 2, ("S1",))
    me = practitioners(dialogue)[0]
    client = as_(me.person.account)
    client.get(address("session", dialogue, "S1"))
    assert Attendance.objects.count() == 0
    actions.start_session(by=world.secretariat, session=dialogue.sessions.get())
    client.get(address("session", dialogue, "S1"))
    client.get(address("session", dialogue, "S1"))
    assert list(Attendance.objects.values_list("participant", flat=True)) == [me.pk]


def test_cancelling_by_form_needs_a_reason(world: World) -> None:
    dialogue = at_enable(world, 2, ("S1",))
    client = as_(world.secretariat)
    assert client.post(address("cancel", dialogue, "S1"), {"reason": ""}).status_code == 422
    assert client.post(address("cancel", dialogue, "S1"), {"reason": "Storm"}).status_code == 302
    assert "Cancelled: Storm" in client.get(address("page", dialogue)).content.decode()


COUNTS = {"page": 24, "groups": 40, "show": 11, "session": 14}


@pytest.mark.parametrize(("partners", "codes"), [(2, ("S1", "S2")), (6, ("S1", "S2", "S3", "S5"))])
def test_pages_ask_the_database_the_same_number_of_times(
    world: World, partners: int, codes: tuple[str, ...], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    dialogue = at_enable(world, partners, codes)
    for giver in givers(dialogue):
        bring(dialogue, giver)
    actions.plan_rounds(by=world.secretariat, dialogue=dialogue, seed=1, groups=2)
    client = as_(world.secretariat)
    for name, count in COUNTS.items():
        path = address(name, dialogue, *(["S2"] if name == "session" else []))
        with django_assert_num_queries(count):
            client.get(path)
