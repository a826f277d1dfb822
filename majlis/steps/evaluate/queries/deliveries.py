"""Who has received the results."""

from collections.abc import Sequence
from dataclasses import dataclass

from majlis.dialogue.models import Dialogue, Partner
from majlis.network.models import Person
from majlis.outbox.models import Mail
from majlis.steps.evaluate.models import Delivery


@dataclass(frozen=True)
class DeliveryRow:
    """One partner in the delivery log: its focal point and the mail, each None while there is none."""

    partner: Partner
    focal_point: Person | None
    delivery: Delivery | None

    @property
    def mail(self) -> Mail | None:
        return self.delivery.mail if self.delivery else None

    @property
    def is_sent(self) -> bool:
        return bool(self.mail and self.mail.state == Mail.State.SENT)


def focal_points(partners: Sequence[Partner]) -> dict[int, Person]:
    """{city number: its focal point} in one query."""
    people = Person.objects.filter(city__in=[p.city_id for p in partners], is_focal_point=True)
    return {person.city_id: person for person in people.select_related("account") if person.city_id}


def delivery_log(dialogue: Dialogue) -> list[DeliveryRow]:
    """Every partner of the dialogue, in three queries."""
    partners = list(dialogue.partners.select_related("city"))
    focal = focal_points(partners)
    deliveries = {row.partner_id: row for row in Delivery.objects.filter(partner__in=partners).select_related("mail")}
    return [DeliveryRow(partner, focal.get(partner.city_id), deliveries.get(partner.pk)) for partner in partners]
