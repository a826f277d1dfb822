"""Acts on people: who is of the team, who stands in the directory."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.actions import ensure_account
from majlis.accounts.models import Account, Role
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.language.typed import cleaned
from majlis.network.models import City, Organisation, Person
from majlis.network.rules import SECRETARIAT_ONLY, is_secretariat, require_edit
from majlis.web.refused import Forbidden, Refused
from majlis.web.sentences import Sentence

# The same words whatever is known of an address: nobody learns by trying who has an account.
NOT_FOR_CITY = _("“%(address)s” cannot be used for %(city)s. Check the address, or write to the secretariat.")
LONGEST_TITLE = 120
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


@transaction.atomic
def name_person(
    *, by: Account, city: City, address: str, role_title: Text, seat: int, organisation: str = "", actor_type: str = ""
) -> Person:
    """Name a person of a city by address and role title: for its focal point and the secretariat. No name is asked for.

    Who is known as a person of this city already stays as they are. organisation: whom they work for, if not the
    municipality itself. Raises Refused for an address that is none or belongs to somebody elsewhere.
    """
    require_edit(by, city)
    address = cleaned(address).lower()
    title = " ".join(cleaned(role_title.body).split())
    if not 2 <= len(title) <= LONGEST_TITLE:
        raise Refused(
            _("Write a role title of 2 to %(most)s characters, such as “Head of planning”."), most=LONGEST_TITLE
        )
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(NOT_FOR_CITY, address=address[:80], city=city.name.in_all()) from None
    account = ensure_account(
        by=None, email=address, name=title, language=role_title.language, zone=city.zone, role=Role.PRACTITIONER
    )
    person = Person.objects.filter(account=account).first()
    is_elsewhere = person is not None and person.city_id != city.pk
    if is_elsewhere or account.role != Role.PRACTITIONER or not account.is_active:
        raise Refused(NOT_FOR_CITY, address=address[:80], city=city.name.in_all())
    if person is not None:
        return person
    works_for = None
    if name := " ".join(cleaned(organisation).split())[:LONGEST_TITLE]:
        works_for = Organisation.objects.create(name=Text(role_title.language, name), city=city, actor_type=actor_type)
    person = Person.objects.create(
        account=account, city=city, role_title=Text(role_title.language, title), languages=[role_title.language], seat=seat,
        organisation=works_for,
    )  # fmt: skip
    record(
        act="network.name_person", by=by, scope="network", subject=person,
        sentence=Sentence(
            _("“%(role)s” was named for %(city)s"), {"role": person.role_title.in_all(), "city": city.name.in_all()}
        ),
    )  # fmt: skip
    return person


@transaction.atomic
def hand_over(*, by: Account, city: City, to: Person) -> Person:
    """Make another person of a city its focal point; the one before steps back and stays a person of the city."""
    require_edit(by, city)
    if to.city_id != city.pk:
        raise Refused(NOT_FOR_CITY, address="", city=city.name.in_all())
    Person.objects.filter(city=city, is_focal_point=True).exclude(pk=to.pk).update(is_focal_point=False)
    Person.objects.filter(pk=to.pk).update(is_focal_point=True)
    record(
        act="network.hand_over", by=by, scope="network", subject=to,
        sentence=Sentence(
            _("“%(role)s” is the focal point of %(city)s now"),
            {"role": to.role_title.in_all(), "city": city.name.in_all()},
        ),
    )  # fmt: skip
    to.refresh_from_db()
    return to
