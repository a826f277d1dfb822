"""Cases: what a city asks its peers, and the giver's consent that the question may be reported."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.network.models import City, Person
from majlis.room.models import Case
from majlis.room.rules import ARRANGERS_ONLY, GIVER_ONLY, can_arrange
from majlis.web.refused import Forbidden, Refused
from majlis.web.sentences import Sentence


def open_case(
    *, by: Account | None, city: City, giver: Person | None, key_question: Text, themes: Sequence[str], scope: str = ""
) -> Case:
    """Note a city's question for a consultation: by its giver, or by whoever arranges rooms. It stays confidential.

    themes: codes such as GRN.03. scope: where the journal notes it; the network if empty.
    """
    is_own = bool(by and giver and giver.account_id == by.pk)
    if not (is_own or can_arrange(by)):
        raise Forbidden(ARRANGERS_ONLY)
    if giver and giver.city_id != city.pk:
        raise Refused(_("The case giver must come from the city whose case it is."))
    with transaction.atomic():
        case = Case.objects.create(city=city, giver=giver, key_question=key_question, themes=list(themes))
        record(act="room.open_case", by=by, scope=scope or "network", subject=case, facts={"themes": list(themes)},
               sentence=Sentence(_("A case of %(city)s was noted."), {"city": city.name.in_all()}))  # fmt: skip
    return case


def release_case(*, by: Account, case: Case, scope: str = "") -> Case:
    """The case giver agrees that the key question may be reported. Nobody else can say so."""
    if case.giver is None or case.giver.account_id != by.pk:
        raise Forbidden(GIVER_ONLY)
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("city").get(pk=case.pk)
        case.is_released = True
        case.save(update_fields=["is_released"])
        record(act="room.release_case", by=by, scope=scope or _scope(case), subject=case,
               sentence=Sentence(_("The case giver of %(city)s agreed that the key question may be reported."),
                                 {"city": case.city.name.in_all()}))  # fmt: skip
    return case


def _scope(case: Case) -> str:
    room = getattr(case, "room", None)
    return room.scope if room else "network"
