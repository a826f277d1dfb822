"""The page of clustering, and two versions side by side."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.dialogue.queries import StepView, page_context, visible_dialogue
from majlis.dialogue.rules import can_facilitate, can_run
from majlis.steps.cluster import queries
from majlis.steps.cluster.forms import NameForm, ProposeForm
from majlis.steps.cluster.models import Pair, Proposal
from majlis.steps.cluster.queries.board import THEMES_SHOWN
from majlis.steps.cluster.rules import gate, stated_partners
from majlis.web.pictures import Dot, Point, city_map, scatter
from majlis.web.refused import NotThere


def reader(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def number(text: str | None) -> int | None:
    """A whole number that somebody sent; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


@login_required
@require_GET
def page(request: HttpRequest, dialogue: str) -> HttpResponse:
    return whole_page(request, visible_dialogue(dialogue, reader(request)))


def whole_page(
    request: HttpRequest,
    dialogue: Dialogue,
    form: ProposeForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page with the version asked for, and with a form that was refused or tried."""
    account = reader(request)
    context = page_context(dialogue, account, Step.CLUSTER)
    partners = stated_partners(dialogue)
    held = gate(dialogue, partners)
    context["current"] = StepView(context["current"].record, list(held.conditions))
    proposal = queries.shown_proposal(dialogue, account, number(request.GET.get("version")))
    may_change = context["current"].state == StepRecord.State.OPEN and can_run(account, dialogue)
    missing = queries.missing(partners)
    context |= {
        "next": queries.next_action(dialogue, account, held),
        "may_change": may_change,
        "form": form or _form(request, dialogue, proposal, may_change),
        "proposal": proposal,
        "missing": missing,
        "askable": [each for each in missing if each.focal_point],
        "partners": partners,
        "kinds": Pair.Kind.choices,
        "pairs": queries.pairs_of(dialogue) if may_change else [],
        "asked": queries.without_version(dialogue) if may_change else None,
        **more,
    }
    if proposal:
        context |= shown(dialogue, proposal, context)
    return render(request, "cluster/page.html", context, status=status)


def _form(request: HttpRequest, dialogue: Dialogue, proposal: Proposal | None, may_change: bool) -> ProposeForm:
    """What the version used, or what was asked for by a request that the reader comes back from (`?of=`)."""
    before = number(request.GET.get("of")) if may_change else None
    asked = dialogue.cluster_requests.filter(pk=before).first() if before else None
    return ProposeForm.again(asked) if asked else ProposeForm.like(proposal)


def shown(dialogue: Dialogue, proposal: Proposal, context: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of one version."""
    boards = queries.board(proposal)
    themes = queries.themes_by_cluster(boards)
    versions = list(queries.proposals(dialogue).select_related("created_by", "adopted_by"))
    adopted = next((each for each in versions if each.adopted_at), None)
    seats = [seat for board in boards for seat in board.seats]
    return {
        "boards": boards,
        "clusters": [board.cluster for board in boards],
        "names": {board.cluster.pk: NameForm(cluster=board.cluster, prefix=f"c{board.cluster.pk}") for board in boards},
        "map": _map(boards),
        "plot": _plot(boards),
        "most_alike": queries.most_alike(boards),
        "plot_shows": queries.percent(proposal.quality.get("shown")),
        "moved": queries.what_moved(proposal),
        "last_moved": proposal.moves[-1]["partner"] if proposal.moves else None,
        "warnings": queries.warnings(proposal, boards, context["pairs"]),
        "unsure": [seat for seat in seats if seat.is_unsure],
        "unplaced": queries.unplaced(context["partners"], boards),
        "themes": themes[:THEMES_SHOWN],
        "more_themes": themes[THEMES_SHOWN:],
        "versions": versions,
        "adopted": adopted,
        "author": next((each.created_by for each in versions if each.pk == proposal.pk), None),
        "figures": {name: queries.percent(proposal.quality.get(name)) for name in ("cohesion", "stability")},
        "criteria": criteria(proposal),
    }


def criterion_names() -> dict[str, str]:
    return {"region": _("Same region"), "needs": _("Needs"), "vision": _("Visions"), "zones": _("Near time zones")}


def criteria(proposal: Proposal) -> list[tuple[str, int, int]]:
    """(criterion, weight, how alike clusters are in it) of a version, in whole percent; those that do not count left out."""
    alike = proposal.quality.get("alike", {})
    return [
        (name, queries.percent(proposal.weights.get(key)), queries.percent(alike.get(key)))
        for key, name in criterion_names().items()
        if proposal.weights.get(key)
    ]


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


def _plot(boards: list[queries.Board]) -> str:
    """Nothing for a version from before points were kept."""
    dots = [
        Dot(
            str(seat.place.partner.city), seat.place.fit["x"], seat.place.fit["y"], board.cluster.position,
            str(board.cluster),
        )
        for board in boards
        for seat in board.seats
        if "x" in seat.place.fit
    ]  # fmt: skip
    return scatter(dots, _("Cities near those they are like"), [str(board.cluster) for board in boards])


@login_required
@require_GET
def compare(request: HttpRequest, dialogue: str) -> HttpResponse:
    """Two versions side by side: ?one=2&other=1; else the newest beside the adopted one, or the one before."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    if not can_facilitate(account, found):
        raise NotThere(queries.NO_PROPOSAL)
    versions = list(queries.proposals(found))
    # The newest may be the adopted one, and nothing is shown beside itself.
    usual = list(dict.fromkeys([*versions[:1], *[each for each in versions if each.adopted_at], *versions[1:2]]))
    one, other = (
        queries.version_there(found, number(request.GET[name]))
        if name in request.GET
        else next(iter([*usual[place:], *usual]), None)
        for place, name in enumerate(("one", "other"))
    )
    if one is None or other is None:
        raise NotThere(queries.NO_PROPOSAL)
    if one == other:
        raise NotThere(_("A version can only be compared with another one. Choose two that differ."))
    differences = queries.differences(one, other)
    context = page_context(found, account, Step.CLUSTER) | {
        "one": one,
        "other": other,
        "differences": differences,
        "rows": _rows(one, other),
        "boards": [(version, queries.board(version)) for version in (one, other)],
        "elsewhere": {difference.partner.pk for difference in differences},
    }
    return render(request, "cluster/compare.html", context)


def _rows(one: Proposal, other: Proposal) -> list[tuple[str, str, str]]:
    """(what, in the one, in the other) of the settings and the quality of two versions."""

    def both(name: str, of: Any) -> tuple[str, str, str]:
        return name, of(one), of(other)

    def share(values: dict[str, float], key: str) -> str:
        return _("%(number)s %%") % {"number": queries.percent(values[key])} if values.get(key) is not None else "–"

    names = criterion_names()
    weights = [
        both(_("Weight: %(criterion)s") % {"criterion": name}, lambda v, key=key: share(v.weights, key))
        for key, name in names.items()
        if one.weights.get(key) or other.weights.get(key)
    ]
    alike = [
        both(_("Alike: %(criterion)s") % {"criterion": name}, lambda v, key=key: share(v.quality.get("alike", {}), key))
        for key, name in names.items()
        if one.weights.get(key) or other.weights.get(key)
    ]
    return [
        *weights,
        both(_("Cities in a cluster"), lambda v: f"{v.smallest}–{v.largest}"),
        both(_("Alike with their cluster, all criteria"), lambda v: share(v.quality, "cohesion")),
        *alike,
        both(pgettext("cities", "Keep their place"), lambda v: share(v.quality, "stability")),
    ]
