"""The effect of other weights and sizes: asked for on the page, found by the worker, nothing decided by it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from majlis.dialogue.models import Dialogue, Step
from majlis.journal.models import Entry
from majlis.run.worker import WAITED_FOR
from majlis.steps.cluster import actions, queries, tasks
from majlis.steps.cluster.actions import asking
from majlis.steps.cluster.models import Pair, Proposal, TrialRequest
from tests.world import World

FORM = {"region": "20", "needs": "45", "vision": "35", "smallest": "2", "largest": "4", "count": ""}
SCRIPT = {"X-Requested-With": "fetch"}


def url(name: str, dialogue: Dialogue) -> str:
    return reverse(f"cluster:{name}", args=[dialogue.slug])


def said(answer: Any) -> str:
    return str(answer.content.decode())


def work() -> None:
    """Do what the worker would do with every job that waits."""
    for job in ProcrastinateJob.objects.filter(task_name="cluster.try", queue_name=WAITED_FOR):
        tasks.try_out(job.args["request"])


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.secretariat)
    return client


@pytest.fixture
def dialogue(world: World) -> Dialogue:
    return world.dialogue(6)


def test_the_script_asks_and_asks_again_until_it_is_there(desk: Client, world: World, dialogue: Dialogue) -> None:
    asked = desk.post(url("trial", dialogue), FORM, headers=SCRIPT)
    assert (asked.status_code, "majlis work" in said(asked), "<html" in said(asked)) == (202, True, False)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [timezone.now()])
    under_way = desk.get(url("tried", dialogue), headers=SCRIPT)
    assert (under_way.status_code, "majlis work" in said(under_way)) == (202, False)
    work()
    found = desk.get(url("tried", dialogue), headers=SCRIPT)
    assert (found.status_code, "the cities would sit so" in said(found)) == (200, True)
    assert not Proposal.objects.exists()
    assert not Entry.objects.filter(act__startswith="cluster.").exists()


def test_without_a_script_the_page_comes_back_with_it(desk: Client, world: World, dialogue: Dialogue) -> None:
    actions.propose(by=world.secretariat, dialogue=dialogue, smallest=2, largest=4)
    there = desk.post(url("trial", dialogue), FORM | {"region": "77", "needs": "0"})
    assert there["Location"] == url("tried", dialogue) + "#trial"
    waiting = desk.get(url("tried", dialogue))
    assert (waiting["Refresh"], 'value="77"' in said(waiting)) == ("1", True)
    work()
    page = desk.get(url("tried", dialogue))
    assert (page.has_header("Refresh"), 'value="77"' in said(page)) == (False, True)
    assert "would sit elsewhere than in version 1" in said(page)
    assert Proposal.objects.count() == 1


def test_the_last_question_is_the_one_that_is_answered(desk: Client, world: World, dialogue: Dialogue) -> None:
    for region in ("10", "60"):
        desk.post(url("trial", dialogue), FORM | {"region": region}, headers=SCRIPT)
    work()
    trial = TrialRequest.objects.get()
    assert (trial.state, trial.task["weights"]["region"]) == ("done", 60)
    assert [each["weight"] for each in trial.found["criteria"]] == [43, 32, 25, 0]
    # Whoever else prepares it has a question of their own.
    assert queries.trial_of(dialogue, world.account("secretariat")) is None


def test_an_answer_that_comes_too_late_is_thrown_away(
    desk: Client, dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.post(url("trial", dialogue), FORM, headers=SCRIPT)
    find = queries.trial

    def slowly(*asked: Any) -> queries.Trial:
        monkeypatch.undo()
        desk.post(url("trial", dialogue), FORM | {"region": "60"}, headers=SCRIPT)
        return find(*asked)

    monkeypatch.setattr(asking, "trial", slowly)
    number = TrialRequest.objects.get().pk
    actions.try_out(request=number)
    assert TrialRequest.objects.get().state == "asked"
    actions.try_out(request=number)
    assert TrialRequest.objects.get().found["criteria"][0]["weight"] == 43


@pytest.mark.parametrize("wrong", [{"count": "5"}, {"region": "x"}, {"region": "0", "needs": "0", "vision": "0"}])
def test_what_cannot_be_is_said_at_once(desk: Client, dialogue: Dialogue, wrong: dict[str, str]) -> None:
    for headers in (SCRIPT, {}):
        refused = desk.post(url("trial", dialogue), FORM | wrong, headers=headers)
        assert (refused.status_code, 'role="alert"' in said(refused)) == (422, True)
    assert not TrialRequest.objects.exists()


def test_what_only_the_worker_finds_out_is_said_too(desk: Client, world: World, dialogue: Dialogue) -> None:
    one, two, three = dialogue.partners.all()[:3]
    for other in (one, three):
        actions.pair(by=world.secretariat, dialogue=dialogue, kind=Pair.Kind.TOGETHER, one=two, other=other)
    desk.post(url("trial", dialogue), FORM | {"largest": "2", "vision": "36"}, headers=SCRIPT)
    work()
    refused = desk.get(url("tried", dialogue), headers=SCRIPT)
    assert (refused.status_code, "decided by hand cannot all be kept" in said(refused)) == (422, True)
    page = said(desk.get(url("tried", dialogue)))
    assert ("decided by hand cannot all be kept" in page, 'value="36"' in page) == (True, True)


def test_a_fault_is_told(desk: Client, dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.post(url("trial", dialogue), FORM, headers=SCRIPT)
    monkeypatch.setattr(asking, "trial", lambda *_asked: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work()
    assert "It was not your fault" in said(desk.get(url("tried", dialogue), headers=SCRIPT))


def test_only_who_runs_it_and_only_while_it_is_open(client: Client, world: World, dialogue: Dialogue) -> None:
    client.force_login(world.account("facilitator"))
    assert client.post(url("trial", dialogue), FORM).status_code == 403
    assert client.get(url("tried", dialogue)).status_code == 403
    client.force_login(world.secretariat)
    assert client.get(url("tried", dialogue)).status_code == 404
    world.at(dialogue, Step.DEFINE)
    assert client.post(url("trial", dialogue), FORM).status_code == 409
