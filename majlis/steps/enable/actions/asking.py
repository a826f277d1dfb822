"""Groups are asked for on a page and found by the worker: planning takes a core for itself, which no page may."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from majlis.accounts.models import Account
from majlis.dialogue.actions import work_off
from majlis.dialogue.models import Dialogue, Participant, Session, Step
from majlis.dialogue.rules import require_open
from majlis.run.worker import WAITED_FOR
from majlis.steps.enable.actions.groups import plan_rounds
from majlis.steps.enable.actions.replanning import Replanning
from majlis.steps.enable.models import Planning
from majlis.steps.enable.queries.preparing import basis, prepare
from majlis.steps.enable.rules import require_facilitate, require_state


def ask_plan(*, by: Account, dialogue: Dialogue, seed: int, groups: int | None = None) -> Planning:
    """Ask the worker to plan all rounds (see `plan_rounds`). What cannot be planned is refused at once."""
    require_facilitate(by, dialogue)
    with transaction.atomic():
        require_open(dialogue, Step.ENABLE)
        prepared = prepare(dialogue, groups)
        return _ask(by, dialogue, None, {"seed": seed, "groups": prepared.groups})


def ask_replan(
    *, by: Account, session: Session, missing: Iterable[Participant], joined: Iterable[Participant] = (), seed: int = 1
) -> Planning:
    """Ask the worker how one session's groups would look without those who are missing and with those who came although
    nobody expected them. As few others as possible change places; rounds of other sessions stay as they are; a missing
    case giver is stood in for by somebody of the same city, and where nobody is there the group's people join others.

    Nothing changes until the proposal is published. What cannot be planned is refused at once.
    """
    require_facilitate(by, session.dialogue)
    task = {
        "seed": seed,
        "missing": sorted(each.pk for each in missing),
        "joined": sorted(each.pk for each in joined),
    }
    with transaction.atomic():
        require_open(session.dialogue, Step.ENABLE)
        require_state(session, Session.State.PLANNED, Session.State.RUNNING)
        Replanning(session, task["missing"], task["joined"])  # type: ignore[arg-type]
        return _ask(by, session.dialogue, session, task)


def _ask(by: Account, dialogue: Dialogue, session: Session | None, task: dict[str, Any]) -> Planning:
    """The request and its job in one transaction: the queue is in the same database, so neither is without the other.
    Whoever presses twice gets the same request."""
    based_on = basis(dialogue, session, task.get("missing", ()))
    waiting = Planning.objects.filter(dialogue=dialogue, session=session, state=Planning.State.ASKED)
    if same := waiting.filter(task=task, basis=based_on, asked_by=by).first():
        return same
    planning = Planning.objects.create(dialogue=dialogue, session=session, asked_by=by, task=task, basis=based_on)
    app.configure_task("enable.plan_groups", queue=WAITED_FOR).defer(planning=planning.pk)
    return planning


def carry_out(*, planning: int) -> Planning:
    """Do what was asked, once: run by the worker (see `work_off`)."""
    return work_off(Planning, planning, _do)


def _do(planning: Planning) -> None:
    task = planning.task
    if planning.session is None:
        plan_rounds(by=planning.asked_by, dialogue=planning.dialogue, **task)
    else:
        planning.outcome = Replanning(planning.session, task["missing"], task["joined"]).solve(task["seed"])
