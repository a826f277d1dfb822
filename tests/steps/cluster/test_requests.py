"""A version is asked for on the page and found by the worker: under way, done, refused, failed, asked for twice."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from majlis.dialogue.models import Dialogue, Step
from majlis.run.worker import WAITED_FOR
from majlis.steps.cluster import actions, tasks
from majlis.steps.cluster.actions import asking
from majlis.steps.cluster.models import Pair, Proposal, ProposalRequest
from majlis.steps.cluster.queries import latest
from majlis.web.refused import NotThere
from tests.world import World

FORM = {"region": "20", "needs": "45", "vision": "35", "smallest": "2", "largest": "4", "count": ""}


def carry_out_all() -> list[Proposal | None]:
    """Do what the worker would do: every job that waits for it and was not done yet; what came of each."""
    jobs = ProcrastinateJob.objects.filter(task_name="cluster.propose", queue_name=WAITED_FOR, status="todo")
    asked = ProposalRequest.objects.filter(pk__in=[job.args["request"] for job in jobs], state="asked")
    return [actions.carry_out(request=row.pk).proposal for row in asked]


def url(name: str, dialogue: Dialogue, *more: int) -> str:
    return reverse(f"cluster:{name}", args=[dialogue.slug, *more])


def said(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.secretariat)
    return client


@pytest.fixture
def dialogue(world: World) -> Dialogue:
    return world.dialogue(6)


def test_it_is_shown_while_it_waits_and_leads_to_the_version(desk: Client, dialogue: Dialogue) -> None:
    answer = desk.post(url("propose", dialogue), FORM)
    asked = ProposalRequest.objects.get()
    page = url("request", dialogue, asked.pk)
    assert (answer["Location"], asked.state, latest(dialogue)) == (page, "asked", None)
    # Nobody works: the page says so. With a worker it asks for a moment; it reloads itself without JavaScript.
    waiting = desk.get(page)
    assert ("majlis work" in said(waiting), waiting["Refresh"]) == (True, "2")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [timezone.now()])
    assert "majlis work" not in said(desk.get(page))
    # Whoever left finds it again from the step's page.
    assert page in said(desk.get(url("page", dialogue)))
    tasks.propose(asked.pk)
    proposal = Proposal.objects.get()
    assert proposal.weights == {"region": 0.2, "needs": 0.45, "vision": 0.35, "zones": 0.0}
    assert desk.get(page)["Location"] == url("page", dialogue) + "?version=1#proposal"
    assert page not in said(desk.get(url("page", dialogue)))
    # A second run changes nothing.
    assert actions.carry_out(request=asked.pk).proposal == Proposal.objects.get()


def test_it_is_shown_at_once_when_the_worker_is_quick(
    desk: Client, dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def quick(**asked: Any) -> ProposalRequest:
        return actions.carry_out(request=asking.ask_proposal(**asked).pk)

    monkeypatch.setattr(actions, "ask_proposal", quick)
    answer = desk.post(url("propose", dialogue), FORM)
    assert answer["Location"] == url("page", dialogue) + "?version=1#proposal"
    assert "Version 1 is ready" in said(desk.get(answer["Location"]))


def test_pressing_twice_asks_once(desk: Client, dialogue: Dialogue) -> None:
    answers = [desk.post(url("propose", dialogue), FORM)["Location"] for _press in range(2)]
    assert answers[0] == answers[1]
    assert ProcrastinateJob.objects.filter(task_name="cluster.propose").count() == 1
    # With other weights it is another question.
    assert desk.post(url("propose", dialogue), FORM | {"needs": "46"})["Location"] != answers[0]
    assert len(carry_out_all()) == Proposal.objects.count() == 2


def clash(world: World, dialogue: Dialogue) -> None:
    one, two, three = dialogue.partners.all()[:3]
    for other in (one, three):
        actions.pair(by=world.secretariat, dialogue=dialogue, kind=Pair.Kind.TOGETHER, one=two, other=other)


def test_what_only_the_worker_finds_out_is_said_on_the_page(desk: Client, world: World, dialogue: Dialogue) -> None:
    clash(world, dialogue)
    page = desk.post(url("propose", dialogue), FORM | {"largest": "2", "vision": "36"})["Location"]
    assert carry_out_all() == [None]
    refused = desk.get(page)
    assert ("decided by hand cannot all be kept" in said(refused), refused.has_header("Refresh")) == (True, False)
    # The way back keeps what was asked for, and the step's page says that nothing came of it.
    assert f"?of={ProposalRequest.objects.get().pk}#propose" in said(refused)
    back = said(desk.get(url("page", dialogue), {"of": ProposalRequest.objects.get().pk}))
    assert ('value="36"' in back, page in back) == (True, True)
    assert not Proposal.objects.exists()
    desk.post(url("propose", dialogue), FORM)
    carry_out_all()
    assert page not in said(desk.get(url("page", dialogue)))


def test_a_quick_refusal_stays_with_what_was_typed(
    desk: Client, world: World, dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    clash(world, dialogue)

    def quick(**asked: Any) -> ProposalRequest:
        return actions.carry_out(request=asking.ask_proposal(**asked).pk)

    monkeypatch.setattr(actions, "ask_proposal", quick)
    answer = desk.post(url("propose", dialogue), FORM | {"largest": "2", "vision": "36"})
    assert (answer.status_code, "decided by hand" in said(answer), 'value="36"' in said(answer)) == (422, True, True)


def test_a_fault_is_told_and_nothing_changed(desk: Client, dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch) -> None:
    page = desk.post(url("propose", dialogue), FORM)["Location"]
    monkeypatch.setattr(asking, "propose", lambda **_task: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        carry_out_all()
    assert "It was not your fault" in said(desk.get(page))
    assert (ProposalRequest.objects.get().state, Proposal.objects.exists()) == ("failed", False)


def test_a_gate_passed_meanwhile_refuses_the_job(desk: Client, world: World, dialogue: Dialogue) -> None:
    page = desk.post(url("propose", dialogue), FORM)["Location"]
    world.at(dialogue, Step.DEFINE)
    assert carry_out_all() == [None]
    assert "What stands against it" in said(desk.get(page))
    dialogue.delete()
    with pytest.raises(NotThere):
        actions.carry_out(request=1)


def test_only_the_secretariat_sees_it(client: Client, world: World, dialogue: Dialogue, desk: Client) -> None:
    page = desk.post(url("propose", dialogue), FORM)["Location"]
    assert desk.get(url("request", dialogue, 999)).status_code == 404
    assert desk.get(url("request", world.dialogue(0), ProposalRequest.objects.get().pk)).status_code == 404
    client.force_login(world.account("facilitator"))
    assert client.get(page).status_code == 403
    assert Client().get(page).status_code == 302
