"""Acts on people: whether they stand in the directory."""

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.network.models import Person
from majlis.network.rules import is_secretariat
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
