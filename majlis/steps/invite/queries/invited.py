"""Who was invited, what they answered, who owes an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Partner
from majlis.network.models import Person
from majlis.outbox.models import Batch, Mail
from majlis.steps.invite.models import Invitation
from majlis.steps.invite.queries.delegations import seats_of


@dataclass(frozen=True)
class Counts:
    """How many invitations there are and what was answered."""

    all: int
    drafted: int
    sent: int
    yes: int
    no: int
    tentative: int
    practices: int
    challenges: int

    @property
    def answered(self) -> int:
        return self.yes + self.no + self.tentative

    @property
    def open(self) -> int:
        return self.sent - self.answered


def invitations(dialogue: Dialogue) -> QuerySet[Invitation]:
    """All invitations of a dialogue with their people and cities, by city."""
    rows = Invitation.objects.filter(participant__dialogue=dialogue)
    joined = rows.select_related("participant__person__city", "participant__person__account", "mail")
    return joined.order_by("participant__person__city__slug", "participant__person__seat")


@dataclass(frozen=True)
class Unanswered:
    """Somebody who owes an answer: to their own invitation, to the one of their city, or to both."""

    account: Account
    invitation: Invitation | None
    partner: Partner | None


def unanswered(dialogue: Dialogue) -> list[Unanswered]:
    """Everybody who was invited and has not answered, each person once."""
    rows = invitations(dialogue).filter(sent_at__isnull=False, answer=Invitation.Answer.OPEN)
    own = {
        row.participant.person.account: row
        for row in rows.select_related("participant__partner", "participant__dialogue").order_by("participant")
        if row.participant.person.account.is_active
    }
    asked = set(
        Mail.objects.filter(
            batch__scope=dialogue.scope, batch__kind="invite.delegation", state=Mail.State.SENT
        ).values_list("account", flat=True)
    )
    cities: dict[Account, Partner] = {}
    if asked:
        lacking = {each.partner.city_id: each.partner for each in seats_of(dialogue) if each.free}
        people = Person.objects.filter(
            city__in=lacking, is_focal_point=True, account__in=asked, account__is_active=True
        )
        cities = {each.account: lacking[each.city_id] for each in people.select_related("account") if each.city_id}
    return [Unanswered(account, own.get(account), cities.get(account)) for account in {**own, **cities}]


def counts(rows: Sequence[Invitation]) -> Counts:
    answers = Counter(row.answer for row in rows if row.sent_at)
    brought = Counter(row.contribution for row in rows if row.answer in {"yes", "tentative"})
    return Counts(
        all=len(rows), drafted=sum(1 for row in rows if row.drafted), sent=sum(1 for row in rows if row.sent_at), yes=answers["yes"],
        no=answers["no"], tentative=answers["tentative"], practices=brought["practice"], challenges=brought["challenge"],
    )  # fmt: skip


def draft_of(dialogue: Dialogue, *kinds: str) -> Batch | None:
    """The newest batch of these kinds that waits to be looked at and sent."""
    drafts = Batch.objects.filter(scope=dialogue.scope, kind__in=kinds, state=Batch.State.DRAFT, mails__isnull=False)
    return drafts.first()


def open_invitations(account: Account) -> QuerySet[Invitation]:
    """The invitations that were sent to this account and wait for an answer."""
    return Invitation.objects.select_related("participant__dialogue").filter(
        participant__person__account=account, sent_at__isnull=False, answer=Invitation.Answer.OPEN
    )


def languages_of(drafts: QuerySet[Batch]) -> list[dict[str, object]]:
    """Each drafted batch with how many mails it has in each language: [{batch, count, languages: [(language, count)]}]."""
    rows = drafts.values("pk", "mails__language").annotate(count=Count("mails")).order_by("-pk", "mails__language")
    found: dict[int, list[tuple[str, int]]] = {}
    for row in rows:
        if row["count"]:
            found.setdefault(row["pk"], []).append((row["mails__language"], row["count"]))
    batches = drafts.in_bulk(list(found))
    return [
        {"batch": batches[number], "languages": spoken, "count": sum(count for _language, count in spoken)}
        for number, spoken in found.items()
    ]


def is_announced(dialogue: Dialogue) -> bool:
    """Whether an invitation has left: from then on the dates are no secret."""
    return Invitation.objects.filter(participant__dialogue=dialogue, sent_at__isnull=False).exists()
