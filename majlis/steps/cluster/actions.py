"""Acts of the step Cluster: propose, move by hand, rename, adopt, complete."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.algorithms import clustering
from majlis.dialogue.actions import complete_step, record_gate
from majlis.dialogue.models import Dialogue, Partner, Step, StepRecord
from majlis.dialogue.rules import require_open, require_run
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.steps.cluster import reasons
from majlis.steps.cluster.models import Cluster, Place, Proposal
from majlis.steps.cluster.queries import Input, algorithm_input, key, latest, problem_of
from majlis.steps.cluster.rules import gate
from majlis.web.refused import NotNow, Refused
from majlis.web.sentences import Sentence

SEED = 1
DO_NOT_FIT = _(
    "%(cities)s cities cannot be put into clusters of %(smallest)s to %(largest)s. Widen the sizes or change the number of clusters."
)
BAD_WEIGHTS = _("Weights must be numbers of 0 or more, and at least one must be more than 0.")
NO_PARTNERS = _("There are no partners yet. Add cities to the dialogue first.")
HAND_MOVES = _(
    "The cities moved by hand cannot all keep their place within these sizes. Release one of them, or allow larger clusters."
)
NEEDS_NAME = _("A cluster needs a name.")


@transaction.atomic
def propose(
    *,
    by: Account,
    dialogue: Dialogue,
    weights: Mapping[str, float] | None = None,
    smallest: int = 5,
    largest: int = 9,
    count: int | None = None,
    seed: int = SEED,
) -> Proposal:
    """Make a new version by algorithm. weights: {region, needs, vision}, any scale. count: None lets the sizes decide.

    Cities moved by hand in the newest version keep their place: each stays with the city at the centre of the cluster
    that a person put it into. With fewer partners than `smallest` there is one cluster. Takes about a second.
    """
    require_run(by, dialogue)
    require_open(dialogue, Step.CLUSTER)
    given = algorithm_input(dialogue)
    if not given.cities:
        raise Refused(NO_PARTNERS)
    shares = _shares(weights)
    smallest, count = _fitting(len(given.cities), smallest, largest, count)
    before = latest(dialogue)
    together, apart = _hand_moves(before, count)
    proposal = Proposal(
        dialogue=dialogue, version=before.version + 1 if before else 1, weights=shares, smallest=smallest,
        largest=largest, seed=seed, created_by=by,
    )  # fmt: skip
    problem = replace(problem_of(proposal, given, count), together=together, apart=apart)
    try:
        found = clustering.solve(problem, seed=seed)
    except clustering.BadProblem as wrong:
        raise Refused(HAND_MOVES) from wrong
    proposal.save()
    moved = set().union(*together) & _moved(before) if before else set()
    _write(proposal, given, found, [None] * count, moved)
    record(
        act="cluster.propose", by=by, scope=dialogue.scope, subject=proposal,
        sentence=Sentence(
            _("Version %(version)s of the clusters was proposed: %(cities)s cities in %(clusters)s clusters"),
            {"version": proposal.version, "cities": len(given.cities), "clusters": count},
        ),
        facts={"weights": shares, "smallest": smallest, "largest": largest, "seed": seed, "quality": proposal.quality},
    )  # fmt: skip
    record_gate(dialogue, Step.CLUSTER, gate(dialogue))
    return proposal


def _shares(weights: Mapping[str, float] | None) -> dict[str, float]:
    defaults = vars(clustering.Weights())
    wanted = {name: float((weights or defaults).get(name, 0)) for name in defaults}
    total = sum(wanted.values())
    # The comparison is written so that "not a number" is refused too.
    if not (min(wanted.values()) >= 0 and 0 < total < float("inf")):
        raise Refused(BAD_WEIGHTS)
    return {name: round(value / total, 4) for name, value in wanted.items()}


def _fitting(cities: int, smallest: int, largest: int, count: int | None) -> tuple[int, int]:
    """The sizes that hold and the number of clusters; refused in words when nothing fits."""
    refusal = Refused(DO_NOT_FIT, cities=cities, smallest=smallest, largest=largest)
    if count is None:
        try:
            count = clustering.number_of_clusters(cities, smallest, largest)
        except clustering.BadProblem as wrong:
            raise refusal from wrong
    smallest = min(smallest, cities)
    if count < 1 or smallest < 1 or not count * smallest <= cities <= count * largest:
        raise refusal
    return smallest, count


def _moved(proposal: Proposal | None) -> set[str]:
    if proposal is None:
        return set()
    return {str(pk) for pk in proposal.places.filter(is_moved_by_hand=True).values_list("partner_id", flat=True)}


def _hand_moves(before: Proposal | None, count: int) -> tuple[tuple[frozenset[str], ...], tuple[frozenset[str], ...]]:
    """What a new run must respect: cities moved by hand stay with their cluster's most typical city, and apart from
    those that a person put elsewhere."""
    groups: dict[int, list[Place]] = defaultdict(list)
    for place in before.places.all() if before else []:
        groups[place.cluster_id].append(place)
    together, chosen = [], []
    for places in groups.values():
        moved = [place for place in places if place.is_moved_by_hand]
        if not moved:
            continue
        others = [place for place in places if not place.is_moved_by_hand]
        centre = max(others, key=lambda place: (place.fit.get("own", 0), -place.partner_id), default=None)
        together.append(frozenset(str(place.partner_id) for place in [*moved, *([centre] if centre else [])]))
        chosen.append(str(moved[0].partner_id))
    apart = (
        [frozenset({one, other}) for number, one in enumerate(chosen) for other in chosen[:number]] if count > 1 else []
    )
    return tuple(together), tuple(apart)


def _write(
    proposal: Proposal,
    given: Input,
    found: clustering.Clustering,
    clusters: Sequence[Cluster | None],
    moved: set[str],
) -> None:
    """Write clusters and places of a version; existing clusters keep their names."""
    names, written = reasons.names(found.groups), []
    for number, (group, cluster, name) in enumerate(zip(found.groups, clusters, names, strict=True)):
        row = cluster or Cluster(proposal=proposal, position=number + 1, name=name)
        row.reason, row.cohesion = reasons.of_cluster(group).as_json(), group.cohesion
        row.themes = [list(pair) for pair in group.themes]
        row.save()
        written.append(row)
    partners = {key(partner): partner for partner in given.partners}
    places = [
        Place(
            proposal=proposal,
            cluster=written[fit.cluster],
            partner=partners[fit.key],
            reason=reasons.of_city(fit, given.names).as_json(),
            second_best=None if fit.second_cluster is None else written[fit.second_cluster],
            is_moved_by_hand=fit.key in moved,
            fit={"own": fit.own, "second": fit.second, "stability": fit.stability},
        )
        for fit in found.fits
    ]
    proposal.places.all().delete()
    Place.objects.bulk_create(places)
    proposal.quality = {
        "cohesion": found.cohesion,
        "separation": found.separation,
        "silhouette": found.silhouette,
        "stability": found.stability,
        "violations": [
            {"kind": each.kind, "cluster": each.cluster, "partners": list(each.keys)} for each in found.violations
        ],
    }
    proposal.save(update_fields=["quality", "last_move"])


@transaction.atomic
def move(*, by: Account, proposal: Proposal, partner: Partner, cluster: Cluster) -> Proposal:
    """Put a city into another cluster of this version, and keep it there in later runs.

    Returns the version that now holds: an adopted one stays as it was adopted, and the move goes into a new version.
    What got better and worse stands in `last_move`.
    """
    proposal, clusters = _open_version(by, proposal)
    at = next((number for number, each in enumerate(clusters) if each.position == cluster.position), None)
    if at is None or cluster.proposal.dialogue_id != proposal.dialogue_id:
        raise Refused(_("This cluster belongs to another version. Reload the page and try again."))
    if partner.dialogue_id != proposal.dialogue_id:
        raise Refused(_("This city is not a partner of the dialogue."))
    place = proposal.places.filter(partner=partner).first()
    if place and place.cluster_id == clusters[at].pk:
        raise Refused(_("%(city)s already sits in this cluster."), city=partner.city.name.in_all())
    if place and proposal.places.filter(cluster=place.cluster_id).count() == 1:
        raise Refused(_("A cluster cannot be left empty. Move another city into it first."))
    _reseat(proposal, clusters, {key(partner): at}, moved=_moved(proposal) | {key(partner)}, told=partner)
    record(
        act="cluster.move", by=by, scope=proposal.dialogue.scope, subject=proposal,
        sentence=Sentence(
            _("%(city)s was moved by hand to “%(cluster)s” in version %(version)s"),
            {"city": partner.city.name.in_all(), "cluster": clusters[at].name.in_all(), "version": proposal.version},
        ),
        facts={"partner": partner.pk, "last_move": proposal.last_move},
    )  # fmt: skip
    record_gate(proposal.dialogue, Step.CLUSTER, gate(proposal.dialogue))
    return proposal


@transaction.atomic
def release(*, by: Account, proposal: Proposal, partner: Partner) -> Proposal:
    """Take back that a city is held by hand: it stays where it is until the next run, which may move it."""
    proposal, _clusters = _open_version(by, proposal)
    proposal.places.filter(partner=partner).update(is_moved_by_hand=False)
    record(
        act="cluster.release", by=by, scope=proposal.dialogue.scope, subject=proposal,
        sentence=Sentence(_("%(city)s may be moved again by a new run"), {"city": partner.city.name.in_all()}),
    )  # fmt: skip
    return proposal


@transaction.atomic
def rename_cluster(*, by: Account, cluster: Cluster, name: Text) -> Cluster:
    """Give a cluster another name."""
    dialogue = cluster.proposal.dialogue
    require_run(by, dialogue)
    require_open(dialogue, Step.CLUSTER)
    if not name.body.strip():
        raise Refused(NEEDS_NAME)
    before, cluster.name = cluster.name, name
    cluster.save(update_fields=["name"])
    record(
        act="cluster.rename", by=by, scope=dialogue.scope, subject=cluster,
        sentence=Sentence(_("The cluster “%(before)s” is now called “%(name)s”"), {"before": before.in_all(), "name": name.in_all()}),
    )  # fmt: skip
    return cluster


@transaction.atomic
def adopt(*, by: Account, proposal: Proposal) -> Proposal:
    """A person decides that this version holds. The one adopted before stays as a version."""
    dialogue = proposal.dialogue
    require_run(by, dialogue)
    require_open(dialogue, Step.CLUSTER)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.adopted_at:
        return proposal
    missing = dialogue.partners.exclude(cluster_places__proposal=proposal).select_related("city")
    if missing:
        raise Refused(
            _("%(cities)s sit in no cluster of this version. Place them, or propose anew."),
            cities=[partner.city.name.in_all() for partner in missing],
        )
    now = timezone.now()
    for former in dialogue.cluster_proposals.filter(adopted_at__isnull=False):
        former.formerly_adopted_at, former.adopted_at = former.adopted_at, None
        former.save(update_fields=["formerly_adopted_at", "adopted_at"])
    proposal.adopted_at, proposal.adopted_by = now, by
    proposal.save(update_fields=["adopted_at", "adopted_by"])
    record(
        act="cluster.adopt", by=by, scope=dialogue.scope, subject=proposal,
        sentence=Sentence(_("Version %(version)s of the clusters was adopted"), {"version": proposal.version}),
    )  # fmt: skip
    record_gate(dialogue, Step.CLUSTER, gate(dialogue))
    return proposal


@transaction.atomic
def complete(*, by: Account, dialogue: Dialogue) -> StepRecord:
    """Close the step if its gate holds; Define opens."""
    return complete_step(by=by, dialogue=dialogue, step=Step.CLUSTER, gate=gate(dialogue))


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
        largest=source.largest, seed=source.seed, quality=source.quality, created_by=by,
    )  # fmt: skip
    twins: dict[int | None, Cluster | None] = {None: None}
    for cluster in clusters:
        twins[cluster.pk] = Cluster.objects.create(
            proposal=copy, position=cluster.position, name=cluster.name, reason=cluster.reason, themes=cluster.themes,
            cohesion=cluster.cohesion,
        )  # fmt: skip
    for place in places:
        home = twins[place.cluster_id]
        place.pk, place._state.adding, place.proposal, place.second_best = None, True, copy, twins[place.second_best_id]
        if home:
            place.cluster = home
    Place.objects.bulk_create(places)
    return copy, [twin for twin in twins.values() if twin]


def _reseat(
    proposal: Proposal, clusters: list[Cluster], seats: Mapping[str, int], *, moved: set[str], told: Partner
) -> None:
    """Write the version with changed seats, and tell what that did to the cities' likeness."""
    given = algorithm_input(proposal.dialogue)
    at = {cluster.pk: number for number, cluster in enumerate(clusters)}
    before = {str(place.partner_id): place for place in proposal.places.all()}
    wanted = {name: at[place.cluster_id] for name, place in before.items()} | dict(seats)
    placed = Input(
        [partner for partner in given.partners if key(partner) in wanted],
        tuple(city for city in given.cities if city.key in wanted),
    )
    problem = problem_of(proposal, placed, len(clusters))
    found = clustering.describe(problem, [wanted[city.key] for city in placed.cities])
    name = key(told)
    touched = [wanted[name], *([at[before[name].cluster_id]] if name in before else [])]
    own = next(fit.own for fit in found.fits if fit.key == name)
    proposal.last_move = {
        "name": told.city.name.in_all(),
        "city": {"before": before[name].fit.get("own", 0) if name in before else 0, "after": own},
        "clusters": [
            {
                "name": clusters[number].name.in_all(),
                "before": clusters[number].cohesion,
                "after": found.groups[number].cohesion,
            }
            for number in touched
        ],
    }
    stable = {name: place.fit.get("stability") for name, place in before.items() if name not in seats}
    _write(proposal, placed, found, clusters, moved)
    _keep_stability(proposal, stable)


def _keep_stability(proposal: Proposal, stable: Mapping[str, float | None]) -> None:
    """How stable the other cities' places are was found by the run; a hand move does not change it."""
    places = [place for place in proposal.places.all() if stable.get(str(place.partner_id)) is not None]
    for place in places:
        place.fit["stability"] = stable[str(place.partner_id)]
    Place.objects.bulk_update(places, ["fit"])
