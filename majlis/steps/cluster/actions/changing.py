"""Changing a version by hand: move a city, undo that, hold it where it is, rename a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.algorithms import clustering
from majlis.dialogue.actions import record_gate
from majlis.dialogue.models import Partner, Step
from majlis.dialogue.rules import require_open, require_run
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.steps.cluster.actions.proposing import write
from majlis.steps.cluster.models import Cluster, Place, Proposal
from majlis.steps.cluster.queries import Input, algorithm_input, key, latest, problem_of
from majlis.steps.cluster.rules import gate
from majlis.web.refused import NotNow, Refused
from majlis.web.sentences import Sentence

NEEDS_NAME = _("A cluster needs a name.")
EMPTIED = _("A cluster cannot be left empty. Move another city into it first.")
NOTHING_TO_UNDO = _("There is no move to undo in this version.")


@transaction.atomic
def move(*, by: Account, proposal: Proposal, partner: Partner, cluster: Cluster) -> Proposal:
    """Put a city into another cluster of this version, and keep it there in later runs.

    Returns the version that now holds: an adopted one stays as it was adopted, and the move goes into a new version.
    What got better and worse stands in the last of its `moves`.
    """
    proposal, clusters = _open_version(by, proposal)
    at = next((number for number, each in enumerate(clusters) if each.position == cluster.position), None)
    if at is None or cluster.proposal.dialogue_id != proposal.dialogue_id:
        raise Refused(_("This cluster belongs to another version. Reload the page and try again."))
    if partner.dialogue_id != proposal.dialogue_id:
        raise Refused(_("This city is not a partner of the dialogue."))
    place = proposal.places.select_related("cluster").filter(partner=partner).first()
    if place and place.cluster_id == clusters[at].pk:
        raise Refused(_("%(city)s already sits in this cluster."), city=partner.city.name.in_all())
    if place and proposal.places.filter(cluster=place.cluster_id).count() == 1:
        raise Refused(EMPTIED)
    seats = _seats(proposal, clusters) | {key(partner): at}
    done = {
        "partner": partner.pk, "name": partner.city.name.in_all(), "from": place.cluster.position if place else None,
        "to": clusters[at].position, "was_held": bool(place and place.is_held),
        "stability": place.fit.get("stability") if place else None,
    }  # fmt: skip
    done |= _reseat(proposal, clusters, seats, held=_held(proposal) | {key(partner)}, told=partner)
    proposal.moves = [*proposal.moves, done]
    proposal.save(update_fields=["moves"])
    record(
        act="cluster.move", by=by, scope=proposal.dialogue.scope, subject=proposal,
        sentence=Sentence(
            _("%(city)s was moved by hand to “%(cluster)s” in version %(version)s"),
            {"city": partner.city.name.in_all(), "cluster": clusters[at].name.in_all(), "version": proposal.version},
        ),
        facts={"partner": partner.pk, "move": done},
    )  # fmt: skip
    record_gate(proposal.dialogue, Step.CLUSTER, gate(proposal.dialogue))
    return proposal


@transaction.atomic
def undo(*, by: Account, proposal: Proposal) -> Proposal:
    """Take back the last move by hand: the city sits where it sat, held or not as it was."""
    require_run(by, proposal.dialogue)
    require_open(proposal.dialogue, Step.CLUSTER)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if not proposal.moves or proposal.adopted_at or proposal.formerly_adopted_at:
        raise NotNow(NOTHING_TO_UNDO)
    *earlier, last = proposal.moves
    partner = proposal.dialogue.partners.select_related("city").filter(pk=last["partner"]).first()
    if partner is None:
        raise NotNow(NOTHING_TO_UNDO)
    clusters = list(proposal.clusters.all())
    at = {cluster.position: number for number, cluster in enumerate(clusters)}
    seats = _seats(proposal, clusters)
    del seats[key(partner)]
    if last["from"] is not None:
        seats[key(partner)] = at[last["from"]]
    if set(seats.values()) != set(range(len(clusters))):
        raise Refused(EMPTIED)
    held = _held(proposal) - (set() if last["was_held"] else {key(partner)})
    _reseat(proposal, clusters, seats, held=held, told=partner)
    place = proposal.places.filter(partner=partner).first()
    if place:
        place.fit["stability"] = last["stability"]
        place.save(update_fields=["fit"])
    proposal.moves = earlier
    proposal.save(update_fields=["moves"])
    record(
        act="cluster.undo", by=by, scope=proposal.dialogue.scope, subject=proposal,
        sentence=Sentence(
            _("The last move of %(city)s in version %(version)s was undone"),
            {"city": partner.city.name.in_all(), "version": proposal.version},
        ),
    )  # fmt: skip
    record_gate(proposal.dialogue, Step.CLUSTER, gate(proposal.dialogue))
    return proposal


@transaction.atomic
def hold(*, by: Account, proposal: Proposal, partner: Partner) -> Proposal:
    """Decide that a city sits where it sits: later runs leave it with these others."""
    return _set_held(by, proposal, partner, True, _("%(city)s is kept where it sits by every new run"))


@transaction.atomic
def release(*, by: Account, proposal: Proposal, partner: Partner) -> Proposal:
    """Take back that a city is held by hand: it stays where it is until the next run, which may move it."""
    return _set_held(by, proposal, partner, False, _("%(city)s may be moved again by a new run"))


def _set_held(by: Account, proposal: Proposal, partner: Partner, is_held: bool, words: str) -> Proposal:
    proposal, _clusters = _open_version(by, proposal)
    proposal.places.filter(partner=partner).update(is_held=is_held)
    record(
        act="cluster.hold" if is_held else "cluster.release", by=by, scope=proposal.dialogue.scope, subject=proposal,
        sentence=Sentence(words, {"city": partner.city.name.in_all()}),
    )  # fmt: skip
    return proposal


@transaction.atomic
def rename_cluster(*, by: Account, cluster: Cluster, name: Text) -> Cluster:
    """Give a cluster another name, in as many languages as are known; it stays with the cluster through later runs."""
    dialogue = cluster.proposal.dialogue
    require_run(by, dialogue)
    require_open(dialogue, Step.CLUSTER)
    if not name.body.strip():
        raise Refused(NEEDS_NAME)
    before, cluster.name, cluster.is_named_by_hand = cluster.name, name, True
    cluster.save(update_fields=["name", "is_named_by_hand"])
    record(
        act="cluster.rename", by=by, scope=dialogue.scope, subject=cluster,
        sentence=Sentence(_("The cluster “%(before)s” is now called “%(name)s”"), {"before": before.in_all(), "name": name.in_all()}),
    )  # fmt: skip
    return cluster


def _open_version(by: Account, proposal: Proposal) -> tuple[Proposal, list[Cluster]]:
    """The version that may be changed, with its clusters: this one, or a copy of it when it was adopted."""
    dialogue = proposal.dialogue
    require_run(by, dialogue)
    require_open(dialogue, Step.CLUSTER)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if not proposal.adopted_at and not proposal.formerly_adopted_at:
        return proposal, list(proposal.clusters.all())
    newest = latest(dialogue)
    if newest and newest.pk != proposal.pk and not newest.adopted_at and not newest.formerly_adopted_at:
        raise NotNow(_("There is a newer version that is not adopted yet. Work on that one."))
    return _copy(by, proposal, (newest or proposal).version + 1)


def _copy(by: Account, source: Proposal, version: int) -> tuple[Proposal, list[Cluster]]:
    clusters, places = list(source.clusters.all()), list(source.places.all())
    copy = Proposal.objects.create(
        dialogue=source.dialogue, version=version, weights=source.weights, smallest=source.smallest,
        largest=source.largest, seed=source.seed, quality=source.quality, pairs=source.pairs,
        created_by=by,
    )  # fmt: skip
    twins: dict[int | None, Cluster | None] = {None: None}
    for cluster in clusters:
        twins[cluster.pk] = Cluster.objects.create(
            proposal=copy, position=cluster.position, name=cluster.name, reason=cluster.reason, themes=cluster.themes,
            cohesion=cluster.cohesion, is_named_by_hand=cluster.is_named_by_hand,
        )  # fmt: skip
    for place in places:
        home = twins[place.cluster_id]
        place.pk, place._state.adding, place.proposal, place.second_best = None, True, copy, twins[place.second_best_id]
        if home:
            place.cluster = home
    Place.objects.bulk_create(places)
    return copy, [twin for twin in twins.values() if twin]


def _seats(proposal: Proposal, clusters: list[Cluster]) -> dict[str, int]:
    """{city: index of its cluster} as the version has it."""
    at = {cluster.pk: number for number, cluster in enumerate(clusters)}
    return {str(partner): at[cluster] for partner, cluster in proposal.places.values_list("partner_id", "cluster_id")}


def _held(proposal: Proposal) -> set[str]:
    return {str(pk) for pk in proposal.places.filter(is_held=True).values_list("partner_id", flat=True)}


def _reseat(
    proposal: Proposal, clusters: list[Cluster], seats: Mapping[str, int], *, held: set[str], told: Partner
) -> dict[str, Any]:
    """Write the version with changed seats; return what that did to the cities' likeness, before and after."""
    given, name = algorithm_input(proposal.dialogue), key(told)
    at = {cluster.pk: number for number, cluster in enumerate(clusters)}
    before = {str(place.partner_id): place for place in proposal.places.all()}
    placed = Input(
        [partner for partner in given.partners if key(partner) in seats],
        tuple(city for city in given.cities if city.key in seats),
        given.by_scores,
    )
    problem = problem_of(proposal, placed, len(clusters))
    found = clustering.describe(problem, [seats[city.key] for city in placed.cities])
    touched = [*([seats[name]] if name in seats else []), *([at[before[name].cluster_id]] if name in before else [])]
    change = {
        "city": {
            "before": before[name].fit.get("own", 0) if name in before else 0,
            "after": next((fit.own for fit in found.fits if fit.key == name), 0),
        },
        "clusters": [
            {
                "name": clusters[number].name.in_all(),
                "before": clusters[number].cohesion,
                "after": found.groups[number].cohesion,
            }
            for number in touched
        ],
    }
    stable = {each: place.fit.get("stability") for each, place in before.items() if each != name}
    overall = proposal.quality.get("stability")
    write(proposal, placed, problem, found, clusters, held)
    proposal.quality["stability"] = overall
    proposal.save(update_fields=["quality"])
    _keep_stability(proposal, stable)
    return change


def _keep_stability(proposal: Proposal, stable: Mapping[str, float | None]) -> None:
    """How stable the other cities' places are was found by the run; a hand move does not change it."""
    places = [place for place in proposal.places.all() if stable.get(str(place.partner_id)) is not None]
    for place in places:
        place.fit["stability"] = stable[str(place.partner_id)]
    Place.objects.bulk_update(places, ["fit"])
