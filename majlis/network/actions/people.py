"""Acts on people: who is of the team, who stands in the directory."""

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.network.models import Person
from majlis.network.rules import SECRETARIAT_ONLY, is_secretariat
from majlis.web.refused import Forbidden
from majlis.web.sentences import Sentence

NOT_YOURS = _("Only the person may agree to stand in the directory.")


def set_listed(*, by: Account, person: Person, is_listed: bool) -> None:
    """Agree to stand in the directory, or withdraw. Only the person agrees; the secretariat may only take out."""
    is_own = person.account_id == by.pk and by.is_active
    if not is_own and (is_listed or not is_secretariat(by)):
        raise Forbidden(NOT_YOURS)
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_listed=is_listed)
        message = _("A person agreed to stand in the directory") if is_listed else _("A person left the directory")
        record(act="network.set_listed", by=by, scope="network", sentence=Sentence(message), subject=person)


@transaction.atomic
def add_team_member(*, by: Account, account: Account, role_title: Text, languages: list[str]) -> Person:
    """Make somebody of the team (a facilitator, an observer) a person of the network who belongs to no city.

    Returns the person that the account has already, if any, unchanged.
    """
    if not is_secretariat(by):
        raise Forbidden(SECRETARIAT_ONLY)
    if person := Person.objects.filter(account=account).first():
        return person
    person = Person.objects.create(account=account, role_title=role_title, languages=languages)
    record(
        act="network.add_team_member", by=by, scope="network", subject=person,
        sentence=Sentence(_("“%(role)s” joined the team"), {"role": role_title.in_all()}),
    )  # fmt: skip
    return person
