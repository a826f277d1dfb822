"""What partners said they will do."""

from django.db.models import Q, QuerySet

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Step
from majlis.steps.evaluate.models import Commitment


def commitments(dialogue: Dialogue, *, status: str = "", city: str = "") -> QuerySet[Commitment]:
    """The commitments of a dialogue by due date, only of one status or one city (its short name) if given."""
    found = Commitment.objects.filter(partner__dialogue=dialogue).select_related(
        "partner__city", "partner__dialogue", "owner__person"
    )
    if status:
        found = found.filter(status=status)
    if city:
        found = found.filter(partner__city__slug=city)
    return found


def commitments_of(account: Account) -> QuerySet[Commitment]:
    """Unfinished commitments that this person owns, or that their city made without naming an owner."""
    mine = Q(owner__person__account=account) | Q(owner=None, partner__city__people__account=account)
    unfinished = [Commitment.Status.OPEN, Commitment.Status.IN_PROGRESS, Commitment.Status.LATE]
    reached = {"partner__dialogue__steps__step": Step.EVALUATE, "partner__dialogue__steps__state__in": ["open", "done"]}
    found = Commitment.objects.filter(mine, status__in=unfinished, **reached)
    return found.select_related("partner__dialogue").distinct()
