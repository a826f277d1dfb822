"""The seats of the partners and who sits there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from majlis.dialogue.models import Dialogue, Participant, Partner
from majlis.steps.invite.models import Invitation, Replacement
from majlis.steps.invite.rules import SEATS


@dataclass(frozen=True)
class Seat:
    """One seat of a delegation with who sits there, their invitation, and who sat there before."""

    number: int
    participant: Participant | None = None
    invitation: Invitation | None = None
    before: Sequence[Replacement] = ()

    @property
    def is_partner_seat(self) -> bool:
        return self.number == SEATS[-1]


@dataclass(frozen=True)
class Delegation:
    """A partner's seats in their order."""

    partner: Partner
    seats: Sequence[Seat]

    @property
    def free(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.participant is None]


def delegation(partner: Partner) -> list[Seat]:
    """The seats of one partner; who holds the same number as somebody else stands behind them."""
    return list(seats_of(partner.dialogue, partner)[0].seats)


def seats_of(dialogue: Dialogue, partner: Partner | None = None) -> list[Delegation]:
    """Every delegation of a dialogue (or one) with its seats, in three queries."""
    people = Participant.objects.filter(partner__isnull=False, gave_way=None).select_related(
        "person__account", "invitation"
    )
    partners = dialogue.partners.select_related("city", "dialogue").prefetch_related(
        Prefetch("delegation", people.order_by("person__seat", "pk")),
        Prefetch("replacements", Replacement.objects.select_related("left")),
    )
    found = partners.filter(pk=partner.pk) if partner else partners
    return [Delegation(each, _seats(each)) for each in found]


def _seats(partner: Partner) -> list[Seat]:
    sitting = list(partner.delegation.all())
    free = [number for number in SEATS if number not in {one.person.seat for one in sitting}]
    taken: dict[int, Participant] = {}
    for one in sitting:
        number = one.person.seat
        if number in taken or number not in SEATS:  # two were named for one seat: the later takes the next free one
            number = free.pop(0) if free else len(taken) + len(SEATS)
        taken[number] = one
    before = list(partner.replacements.all())
    return [
        Seat(
            number, taken.get(number), getattr(taken.get(number), "invitation", None),
            [each for each in before if each.seat == number],
        )
        for number in sorted({*SEATS, *taken})
    ]  # fmt: skip
