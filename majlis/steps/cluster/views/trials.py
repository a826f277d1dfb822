"""What other weights and sizes would do, while somebody moves the sliders. It changes nothing; the worker finds it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from majlis.dialogue.models import Dialogue
from majlis.dialogue.queries import has_worker, visible_dialogue, waited_for
from majlis.dialogue.rules import GONE, require_run
from majlis.steps.cluster import actions, queries
from majlis.steps.cluster.forms import ProposeForm
from majlis.steps.cluster.models import ProposalRequest, TrialRequest
from majlis.steps.cluster.views.page import criterion_names, reader, whole_page
from majlis.web.refused import NotThere, Refused

State = ProposalRequest.State
LOOK_AGAIN = "1"  # seconds, for a browser without JavaScript


@never_cache
@login_required
@require_http_methods(["POST"])
def trial(request: HttpRequest, dialogue: str) -> HttpResponse:
    """Ask for it: a part of the page for its script, else on to the page that shows it."""
    account, form = reader(request), ProposeForm(request.POST)
    found = visible_dialogue(dialogue, account)
    require_run(account, found)
    if form.is_valid():
        try:
            asked = actions.ask_trial(by=account, dialogue=found, wish=form.wish)
        except Refused as refused:
            if refused.status != Refused.status:
                raise
            form.add_error(None, str(refused.sentence))
        else:
            if not _is_script(request):
                return redirect(reverse("cluster:tried", args=[found.slug]) + "#trial")
            return _part(request, found, waited_for(asked))
    if _is_script(request):
        return render(request, "cluster/trial.html", {"form": form, "dialogue": found}, status=422)
    return whole_page(request, found, form, 422)


@never_cache
@login_required
@require_safe
def tried(request: HttpRequest, dialogue: str) -> HttpResponse:
    """What this person last asked for: under way (202 for the script), found, or what stands against it."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    require_run(account, found)
    asked = queries.trial_of(found, account)
    if asked is None:
        raise NotThere(GONE)
    if _is_script(request):
        return _part(request, found, asked)
    asked = waited_for(asked)
    answer = whole_page(request, found, _form(asked), **_shown(asked))
    if asked.is_under_way:
        answer["Refresh"] = LOOK_AGAIN
    return answer


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _part(request: HttpRequest, dialogue: Dialogue, asked: TrialRequest) -> HttpResponse:
    context = {"form": _form(asked), "dialogue": dialogue, **_shown(asked)}
    status = {State.ASKED: 202, State.REFUSED: 422}.get(State(asked.state), 200)
    return render(request, "cluster/trial.html", context, status=status)


def _form(asked: TrialRequest) -> ProposeForm:
    """What was asked for; with what stands against it, as if it had been refused at once."""
    form = ProposeForm.again(asked)
    if asked.state == State.REFUSED:
        form = ProposeForm(
            asked.task["weights"] | {name: asked.task[name] for name in ("smallest", "largest", "count")}
        )
        for reason in asked.said:
            form.add_error(None, str(reason))
    return form


def _shown(asked: TrialRequest) -> dict[str, Any]:
    asked.refresh_from_db()
    return {
        "trying": asked,
        "trial": queries.Trial.from_json(asked.found) if asked.state == State.DONE else None,
        "tried_names": criterion_names(),
        "has_worker": not asked.is_under_way or has_worker(),
    }
