"""Proposing clusters by algorithm, and writing what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.algorithms import clustering
from majlis.algorithms.clustering.layout import layout
from majlis.algorithms.clustering.relabel import corresponding
from majlis.dialogue.actions import record_gate
from majlis.dialogue.models import Dialogue, Step
from majlis.dialogue.rules import require_open, require_run
from majlis.journal.actions import record
from majlis.steps.cluster import reasons
from majlis.steps.cluster.models import Cluster, Place, Proposal
from majlis.steps.cluster.queries import Input, Wish, alike, key, question
from majlis.steps.cluster.rules import gate
from majlis.web.sentences import Sentence

SEED = 1
NEAREST = 3  # so many of the most alike cities are kept for the table beside the similarity plot


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
    """Make a new version by algorithm. weights: {region, needs, vision, zones}, any scale. count: None lets the sizes
    decide.

    What people decided survives: cities held by hand, pairs kept together or apart, and names that they gave. With fewer
    partners than `smallest` there is one cluster. Loads Numba and takes a core for itself: pages use `ask_proposal`.
    """  # fmt: skip
    require_run(by, dialogue)
    require_open(dialogue, Step.CLUSTER)
    asked = question(dialogue, Wish(weights, smallest, largest, count))
    problem, before = asked.problem, asked.before
    found = asked.solved(seed=seed)
    proposal = Proposal.objects.create(
        dialogue=dialogue, version=before.version + 1 if before else 1, weights=asked.shares, smallest=problem.smallest,
        largest=largest, seed=seed, created_by=by, pairs=[[pair.kind, pair.one_id, pair.other_id] for pair in asked.pairs],
    )  # fmt: skip
    clusters = _continued(found, asked.former, list(before.clusters.all()) if before else [])
    write(proposal, asked.given, problem, found, [None] * problem.count, asked.held)
    for cluster in proposal.clusters.all():
        if named := clusters.get(cluster.position - 1):
            cluster.name, cluster.is_named_by_hand = named.name, True
            cluster.save(update_fields=["name", "is_named_by_hand"])
    record(
        act="cluster.propose", by=by, scope=dialogue.scope, subject=proposal,
        sentence=Sentence(
            _("Version %(version)s of the clusters was proposed: %(cities)s cities in %(clusters)s clusters"),
            {"version": proposal.version, "cities": len(asked.given.cities), "clusters": problem.count},
        ),
        facts={
            "weights": asked.shares, "smallest": problem.smallest, "largest": largest, "seed": seed,
            "pairs": proposal.pairs, "quality": proposal.quality,
        },
    )  # fmt: skip
    record_gate(dialogue, Step.CLUSTER, gate(dialogue))
    return proposal


def _continued(
    found: clustering.Clustering, former: Sequence[int | None], clusters: Sequence[Cluster]
) -> dict[int, Cluster]:
    """{cluster: the former one that it continues} as far as a person named that one and most of the cities are the same."""
    by_position = {cluster.position - 1: cluster for cluster in clusters if cluster.is_named_by_hand}
    kept = {}
    for new, old in corresponding(found.assignment, former).items():
        same = sum(pair == (new, old) for pair in zip(found.assignment, former, strict=True))
        if old in by_position and 2 * same > len(found.groups[new].keys):
            kept[new] = by_position[old]
    return kept


def write(
    proposal: Proposal,
    given: Input,
    problem: clustering.Problem,
    found: clustering.Clustering,
    clusters: Sequence[Cluster | None],
    held: set[str],
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
    matrix = clustering.distances(problem)
    drawn, nearest = layout(matrix), np.argsort(matrix, axis=1, kind="stable")
    places = [
        Place(
            proposal=proposal,
            cluster=written[fit.cluster],
            partner=partners[fit.key],
            reason=reasons.of_city(fit, given.names).as_json(),
            second_best=None if fit.second_cluster is None else written[fit.second_cluster],
            is_held=fit.key in held,
            fit={
                "own": fit.own,
                "second": fit.second,
                "stability": fit.stability,
                "x": round(x, 4),
                "y": round(y, 4),
                "near": [
                    [partners[problem.cities[other].key].pk, round(1 - matrix[number, other], 4)]
                    for other in nearest[number]
                    if other != number
                ][:NEAREST],
            },
        )
        for number, (fit, (x, y)) in enumerate(zip(found.fits, drawn.points, strict=True))
    ]
    proposal.places.all().delete()
    Place.objects.bulk_create(places)
    proposal.quality = {
        "cohesion": found.cohesion,
        "separation": found.separation,
        "silhouette": found.silhouette,
        "stability": found.stability,
        "alike": alike(problem, found.assignment),
        "shown": drawn.shown,
        "violations": [
            {"kind": each.kind, "cluster": each.cluster, "partners": list(each.keys)} for each in found.violations
        ],
    }
    proposal.save(update_fields=["quality", "moves"])
