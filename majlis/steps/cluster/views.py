"""The room of clustering."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Partner, Step, StepRecord
from majlis.dialogue.queries import StepView, page_context, visible_dialogue
from majlis.dialogue.rules import can_run
from majlis.language.models import Text
from majlis.steps.cluster import actions, queries
from majlis.steps.cluster.forms import NameForm, ProposeForm
from majlis.steps.cluster.models import Cluster, Proposal
from majlis.steps.cluster.rules import gate, stated_partners
from majlis.web.pictures import Point, city_map
from majlis.web.refused import NotThere, Refused

GONE = gettext_noop("This is not there any more. Reload the page and try again.")


def _reader(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@login_required
@require_GET
def page(request: HttpRequest, dialogue: str) -> HttpResponse:
    return _page(request, visible_dialogue(dialogue, _reader(request)))


def _page(request: HttpRequest, dialogue: Dialogue, form: ProposeForm | None = None, status: int = 200) -> HttpResponse:
    account, asked = _reader(request), request.GET.get("version", "")
    context = page_context(dialogue, account, Step.CLUSTER)
    context["current"] = StepView(context["current"].record, list(gate(dialogue).conditions))
    proposal = queries.shown_proposal(
        dialogue, account, int(asked[:6]) if asked.isascii() and asked.isdigit() else None
    )
    is_open = context["current"].state == StepRecord.State.OPEN
    context |= {
        "next": queries.next_action(dialogue, account),
        "may_change": is_open and can_run(account, dialogue),
        "form": form or ProposeForm.like(proposal),
        "proposal": proposal,
        "missing": [each for each in stated_partners(dialogue) if not (each.has_need and each.has_vision)],  # type: ignore[attr-defined]
        **(_shown(dialogue, proposal) if proposal else {}),
    }
    return render(request, "cluster/page.html", context, status=status)


def _shown(dialogue: Dialogue, proposal: Proposal) -> dict[str, Any]:
    boards = queries.board(proposal)
    adopted = queries.adopted(dialogue)
    compared = adopted if adopted and adopted.pk != proposal.pk else None
    return {
        "boards": boards,
        "clusters": [board.cluster for board in boards],
        "map": _map(boards),
        "moved": queries.what_moved(proposal),
        "warnings": queries.warnings(proposal, boards),
        "unplaced": queries.unplaced(dialogue, proposal),
        "versions": list(queries.proposals(dialogue).select_related("created_by")),
        "compared": compared,
        "differences": queries.differences(proposal, compared) if compared else [],
        "figures": {name: queries.percent(proposal.quality.get(name)) for name in ("cohesion", "stability")},
        "weights": {name: queries.percent(share) for name, share in proposal.weights.items()},
    }


def _map(boards: list[queries.Board]) -> str:
    points = [
        Point(
            str(seat.place.partner.city), seat.place.partner.city.latitude, seat.place.partner.city.longitude,
            board.cluster.position, str(board.cluster),
        )
        for board in boards
        for seat in board.seats
    ]  # fmt: skip
    return city_map(points, _("Map of the cities by cluster"), [str(board.cluster) for board in boards])


@login_required
@require_POST
def propose(request: HttpRequest, dialogue: str) -> HttpResponse:
    account, form = _reader(request), ProposeForm(request.POST)
    found = visible_dialogue(dialogue, account)
    if not form.is_valid():
        return _page(request, found, form, 422)
    sizes = {name: form.cleaned_data[name] for name in ("smallest", "largest", "count")}
    try:
        # Each run begins elsewhere, so that whoever asks again sees whether the answer holds; the seed is stored.
        proposal = actions.propose(
            by=account, dialogue=found, weights=form.weights, seed=queries.proposals(found).count() + 1, **sizes
        )
    except Refused as refused:
        if refused.status != Refused.status:
            raise
        form.add_error(None, str(refused.sentence))
        return _page(request, found, form, 422)
    messages.success(
        request, _("Version %(version)s is ready. Look at it, move cities, adopt it.") % {"version": proposal.version}
    )
    return redirect(reverse("cluster:page", args=[found.slug]) + "#proposal")


def _version(request: HttpRequest, dialogue: Dialogue) -> Proposal:
    number = request.POST.get("version", "")
    proposal = queries.proposals(dialogue).filter(version=int(number)).first() if _is_number(number) else None
    if proposal is None:
        raise NotThere(queries.NO_PROPOSAL)
    return proposal


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6


def _partner(request: HttpRequest, dialogue: Dialogue) -> Partner:
    number = request.POST.get("partner", "")
    partner = dialogue.partners.select_related("city").filter(pk=number).first() if number.isdigit() else None
    if partner is None:
        raise NotThere(GONE)
    return partner


@login_required
@require_POST
def move(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, _reader(request))
    proposal, partner = _version(request, found), _partner(request, found)
    number = request.POST.get("cluster", "")
    cluster = proposal.clusters.filter(pk=number).first() if number.isdigit() else None
    if cluster is None:
        raise NotThere(GONE)
    now = actions.move(by=_reader(request), proposal=proposal, partner=partner, cluster=cluster)
    words = _("%(city)s now sits in “%(cluster)s” and stays there when clusters are proposed again.")
    messages.success(request, words % {"city": partner.city, "cluster": cluster})
    return redirect(_at(found, now, "moved"))


@login_required
@require_POST
def release(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, _reader(request))
    partner = _partner(request, found)
    now = actions.release(by=_reader(request), proposal=_version(request, found), partner=partner)
    return redirect(_at(found, now, f"partner-{partner.pk}"))


def _at(dialogue: Dialogue, proposal: Proposal, fragment: str) -> str:
    return f"{reverse('cluster:page', args=[dialogue.slug])}?version={proposal.version}#{fragment}"


@login_required
@require_POST
def rename(request: HttpRequest, dialogue: str, cluster: int) -> HttpResponse:
    found = visible_dialogue(dialogue, _reader(request))
    row = Cluster.objects.select_related("proposal__dialogue").filter(proposal__dialogue=found, pk=cluster).first()
    if row is None:
        raise NotThere(GONE)
    form = NameForm(request.POST)
    if not form.is_valid():
        raise Refused(actions.NEEDS_NAME)
    actions.rename_cluster(
        by=_reader(request), cluster=row, name=Text(get_language() or "en", form.cleaned_data["name"].strip())
    )
    return redirect(_at(found, row.proposal, f"cluster-{row.pk}"))


@login_required
@require_POST
def adopt(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, _reader(request))
    proposal = actions.adopt(by=_reader(request), proposal=_version(request, found))
    messages.success(request, _("Version %(version)s is adopted.") % {"version": proposal.version})
    return redirect("cluster:page", dialogue=found.slug)


@login_required
@require_POST
def complete(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, _reader(request))
    actions.complete(by=_reader(request), dialogue=found)
    messages.success(request, _("The clusters stand. Next: the sub-topics."))
    return redirect("define:page", dialogue=found.slug)
