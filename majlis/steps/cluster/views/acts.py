"""What the secretariat does on the page of clustering; each act leads back to where its effect stands."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from majlis.dialogue.models import Dialogue, Partner
from majlis.dialogue.queries import visible_dialogue
from majlis.dialogue.rules import GONE
from majlis.steps.cluster import actions, queries
from majlis.steps.cluster.forms import NameForm
from majlis.steps.cluster.models import Cluster, Pair, Proposal
from majlis.steps.cluster.views.page import number, reader
from majlis.web.refused import NotThere, Refused


def _version(request: HttpRequest, dialogue: Dialogue) -> Proposal:
    return queries.version_there(dialogue, number(request.POST.get("version")))


def _partner(request: HttpRequest, dialogue: Dialogue, name: str = "partner") -> Partner:
    chosen = number(request.POST.get(name))
    partner = dialogue.partners.select_related("city").filter(pk=chosen).first() if chosen else None
    if partner is None:
        raise NotThere(GONE)
    return partner


def _at(dialogue: Dialogue, proposal: Proposal, fragment: str) -> str:
    return f"{reverse('cluster:page', args=[dialogue.slug])}?version={proposal.version}#{fragment}"


@login_required
@require_POST
def move(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    proposal, partner = _version(request, found), _partner(request, found)
    cluster = proposal.clusters.filter(pk=number(request.POST.get("cluster")) or 0).first()
    if cluster is None:
        raise NotThere(GONE)
    now = actions.move(by=reader(request), proposal=proposal, partner=partner, cluster=cluster)
    return redirect(_at(found, now, "moved"))


@login_required
@require_POST
def undo(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    proposal = _version(request, found)
    name = proposal.moves[-1]["partner"] if proposal.moves else ""
    now = actions.undo(by=reader(request), proposal=proposal)
    messages.success(request, _("The move was undone."))
    return redirect(_at(found, now, f"partner-{name}"))


@login_required
@require_POST
def hold(request: HttpRequest, dialogue: str) -> HttpResponse:
    return _holding(request, dialogue, actions.hold)


@login_required
@require_POST
def release(request: HttpRequest, dialogue: str) -> HttpResponse:
    return _holding(request, dialogue, actions.release)


def _holding(request: HttpRequest, dialogue: str, act: Callable[..., Proposal]) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    partner = _partner(request, found)
    now = act(by=reader(request), proposal=_version(request, found), partner=partner)
    return redirect(_at(found, now, f"partner-{partner.pk}"))


@login_required
@require_POST
def pair(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    one, other = _partner(request, found, "one"), _partner(request, found, "other")
    if request.POST.get("kind") not in Pair.Kind.values:
        raise NotThere(GONE)
    actions.pair(by=reader(request), dialogue=found, kind=Pair.Kind(request.POST["kind"]), one=one, other=other)
    messages.success(request, _("This holds from the next proposal on."))
    return redirect(reverse("cluster:page", args=[found.slug]) + "#pairs")


@login_required
@require_POST
def unpair(request: HttpRequest, dialogue: str, pair: int) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    actions.unpair(by=reader(request), dialogue=found, number=pair)
    return redirect(reverse("cluster:page", args=[found.slug]) + "#pairs")


@login_required
@require_POST
def remind(request: HttpRequest, dialogue: str) -> HttpResponse:
    """Draft the mails; they are looked at and sent in the outbox."""
    found = visible_dialogue(dialogue, reader(request))
    batch = actions.remind(by=reader(request), dialogue=found)
    messages.success(request, _("The mails are drafted. Look at them, then send them."))
    return redirect("outbox:batch", batch.pk)


@login_required
@require_POST
def rename(request: HttpRequest, dialogue: str, cluster: int) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    row = Cluster.objects.select_related("proposal__dialogue").filter(proposal__dialogue=found, pk=cluster).first()
    if row is None:
        raise NotThere(GONE)
    form = NameForm(request.POST, prefix=f"c{row.pk}")
    if not form.is_valid():
        raise Refused(actions.NEEDS_NAME)
    actions.rename_cluster(by=reader(request), cluster=row, name=form.name)
    return redirect(_at(found, row.proposal, f"cluster-{row.pk}"))


@login_required
@require_POST
def adopt(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    proposal = actions.adopt(by=reader(request), proposal=_version(request, found))
    messages.success(request, _("Version %(version)s is adopted.") % {"version": proposal.version})
    return redirect("cluster:page", dialogue=found.slug)


@login_required
@require_POST
def complete(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    actions.complete(by=reader(request), dialogue=found)
    messages.success(request, _("The clusters stand. Next: the sub-topics."))
    return redirect("define:page", dialogue=found.slug)
