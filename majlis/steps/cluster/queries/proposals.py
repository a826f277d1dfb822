"""Which versions there are, which one holds, and which one a reader sees."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue
from majlis.dialogue.rules import can_facilitate
from majlis.steps.cluster.models import Cluster, Place, Proposal
from majlis.web.refused import NotThere

NO_PROPOSAL = _("There is no such version of the clusters.")


def proposals(dialogue: Dialogue) -> QuerySet[Proposal]:
    return Proposal.objects.filter(dialogue=dialogue)


def adopted(dialogue: Dialogue) -> Proposal | None:
    """The clusters that a person adopted."""
    return proposals(dialogue).filter(adopted_at__isnull=False).first()


def latest(dialogue: Dialogue) -> Proposal | None:
    return proposals(dialogue).first()


def version_there(dialogue: Dialogue, version: int | None) -> Proposal:
    """This version of the dialogue's clusters; raises NotThere."""
    found = proposals(dialogue).select_related("created_by").filter(version=version).first() if version else None
    if found is None:
        raise NotThere(NO_PROPOSAL)
    return found


def shown_proposal(dialogue: Dialogue, account: Account, version: int | None = None) -> Proposal | None:
    """The version asked for, else the newest. Who does not prepare the dialogue sees the adopted one only."""
    if not can_facilitate(account, dialogue):
        return adopted(dialogue)
    return latest(dialogue) if version is None else version_there(dialogue, version)


def cluster_of(dialogue: Dialogue) -> dict[int, Cluster]:
    """{partner id: its home cluster} of the adopted proposal; empty before adoption."""
    places = Place.objects.filter(proposal__dialogue=dialogue, proposal__adopted_at__isnull=False)
    return {place.partner_id: place.cluster for place in places.select_related("cluster")}
