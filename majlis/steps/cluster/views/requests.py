"""Asking the worker for a new version, and how it goes on."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from majlis.dialogue.models import Dialogue, Step
from majlis.dialogue.queries import has_worker, page_context, visible_dialogue, waited_for
from majlis.dialogue.rules import require_run
from majlis.steps.cluster import actions, queries
from majlis.steps.cluster.forms import ProposeForm
from majlis.steps.cluster.models import Proposal, ProposalRequest
from majlis.steps.cluster.views.page import reader, whole_page
from majlis.web.refused import Refused
from majlis.web.sentences import Sentence

State = ProposalRequest.State


@login_required
@require_POST
def propose(request: HttpRequest, dialogue: str) -> HttpResponse:
    """To the version if it is there already, as it nearly always is, else to the page that says how it goes on."""
    account, form = reader(request), ProposeForm(request.POST)
    found = visible_dialogue(dialogue, account)
    if not form.is_valid():
        return whole_page(request, found, form, 422)
    # Each run begins elsewhere, so that whoever asks again sees whether the answer holds; the seed is stored.
    seed = queries.proposals(found).count() + 1
    try:
        asked = actions.ask_proposal(by=account, dialogue=found, wish=form.wish, seed=seed)
    except Refused as refused:
        if refused.status != Refused.status:
            raise
        return _refused(request, found, form, [refused.sentence])
    asked = queries.request_there(found, waited_for(asked).pk)
    if asked.state == State.REFUSED:
        return _refused(request, found, form, asked.said)
    if asked.proposal is None:
        return redirect("cluster:request", found.slug, asked.pk)
    messages.success(
        request,
        _("Version %(version)s is ready. Look at it, move cities, adopt it.") % {"version": asked.proposal.version},
    )
    return redirect(_version(found, asked.proposal))


def _refused(request: HttpRequest, dialogue: Dialogue, form: ProposeForm, reasons: Iterable[Sentence]) -> HttpResponse:
    """The page with what was typed, and what stands against it."""
    for reason in reasons:
        form.add_error(None, str(reason))
    return whole_page(request, dialogue, form, 422)


@login_required
@require_GET
def request_page(request: HttpRequest, dialogue: str, number: int) -> HttpResponse:
    """One request: still under way, refused with what stands against it, or on to the version."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    require_run(account, found)
    asked = queries.request_there(found, number)
    if asked.state == State.DONE:
        return redirect(_version(found, asked.proposal))
    context = page_context(found, account, Step.CLUSTER) | {"asked": asked}
    if not asked.is_under_way:
        return render(request, "cluster/request.html", context)
    # The header reloads the page without JavaScript; whoever does not want to wait finds it again from the step's page.
    answer = render(request, "cluster/request.html", context | {"has_worker": has_worker()})
    answer["Refresh"] = "2"
    return answer


def _version(dialogue: Dialogue, proposal: Proposal | None) -> str:
    page = reverse("cluster:page", args=[dialogue.slug])
    return f"{page}?version={proposal.version}#proposal" if proposal else page
