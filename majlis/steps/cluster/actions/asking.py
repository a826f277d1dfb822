"""A version is asked for on a page and found by the worker: the search takes a core for itself and loads Numba, which no
page may."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction
from procrastinate.contrib.django import app

from majlis.accounts.models import Account
from majlis.dialogue.actions import work_off
from majlis.dialogue.models import Dialogue, Step
from majlis.dialogue.rules import require_open, require_run
from majlis.run.worker import WAITED_FOR
from majlis.steps.cluster.actions.proposing import propose
from majlis.steps.cluster.models import ProposalRequest, TrialRequest
from majlis.steps.cluster.queries import Wish, question, trial
from majlis.web.refused import Refused

State = ProposalRequest.State


@transaction.atomic
def ask_proposal(*, by: Account, dialogue: Dialogue, wish: Wish, seed: int) -> ProposalRequest:
    """Ask the worker for a new version (see `propose`). Weights and sizes that cannot be are refused at once.

    The request and its job are one transaction: the queue is in the same database, so neither is without the other.
    Whoever presses twice gets the same request.
    """
    require_run(by, dialogue)
    require_open(dialogue, Step.CLUSTER)
    question(dialogue, wish)
    task = asdict(wish) | {"seed": seed}
    waiting = ProposalRequest.objects.filter(dialogue=dialogue, state=State.ASKED, asked_by=by)
    if same := waiting.filter(task=task).first():
        return same
    asked = ProposalRequest.objects.create(dialogue=dialogue, asked_by=by, task=task)
    app.configure_task("cluster.propose", queue=WAITED_FOR).defer(request=asked.pk)
    return asked


def carry_out(*, request: int) -> ProposalRequest:
    """Do what was asked, once: run by the worker (see `work_off`)."""
    return work_off(ProposalRequest, request, _do)


def _do(request: ProposalRequest) -> None:
    request.proposal = propose(by=request.asked_by, dialogue=request.dialogue, **request.task)


@transaction.atomic
def ask_trial(*, by: Account, dialogue: Dialogue, wish: Wish) -> TrialRequest:
    """Ask the worker what a new version with these wishes would be like; what cannot be is refused at once.

    It takes the place of what this person asked before. Nothing is decided by it, so the journal says nothing.
    """
    require_run(by, dialogue)
    require_open(dialogue, Step.CLUSTER)
    question(dialogue, wish)
    asked, _is_new = TrialRequest.objects.update_or_create(
        dialogue=dialogue, asked_by=by,
        defaults={"task": asdict(wish), "state": State.ASKED, "reasons": [], "found": {}},
    )  # fmt: skip
    app.configure_task("cluster.try", queue=WAITED_FOR).defer(request=asked.pk)
    return asked


def try_out(*, request: int) -> None:
    """Find what was asked for: run by the worker. A later question meanwhile has a job of its own, and its answer stays."""
    asked = TrialRequest.objects.select_related("dialogue").filter(pk=request, state=State.ASKED).first()
    if asked is None:
        return
    # No lock is held while it is found: whoever moves the next slider does not wait for this.
    same = TrialRequest.objects.filter(pk=request, asked_at=asked.asked_at)
    try:
        found = trial(asked.dialogue, Wish(**asked.task))
    except Refused as refused:
        same.update(state=State.REFUSED, reasons=[reason.as_json() for reason in refused.reasons])
    except Exception:
        same.update(state=State.FAILED)
        raise
    else:
        same.update(state=State.DONE, found=found.as_json())
