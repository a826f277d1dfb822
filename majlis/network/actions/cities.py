"""Writing cities by hand, beside the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.language.folding import fold
from majlis.language.models import LANGUAGES, Text
from majlis.language.typed import cleaned
from majlis.network import gazetteer, terms
from majlis.network.models import City
from majlis.network.rules import SECRETARIAT_ONLY, is_secretariat
from majlis.network.workbook.cells import SLUG
from majlis.web.refused import Forbidden, Refused
from majlis.web.sentences import Sentence

LONGEST_NAME = 120

NO_NAME = _("The city has no name. Write it in at least one language.")
LONG_NAME = _("The name has %(length)s characters; at most %(most)s fit.")
BAD_CODE = _("“%(typed)s” cannot be a code. Use small letters a–z, digits and hyphens, e.g. tn-gabes.")
TAKEN = _("The code %(code)s belongs to %(name)s already.")
THERE = _("%(name)s is in the network already under the code %(code)s.")
BAD_COUNTRY = _("Choose one of the network's countries.")
BAD_ZONE = _("%(zone)s is not a time zone of %(country)s. There it is %(right)s.")
BAD_PLACE = _("Latitude lies between −90 and 90, longitude between −180 and 180 degrees.")
BAD_SIZE = _("Choose one of the size classes.")


@dataclass(frozen=True)
class CityFacts:
    """What stands about a city: names {language: name}, degrees north and east, IANA zone, size class SZ1…SZ6."""

    names: Mapping[str, str]
    country: str
    latitude: float
    longitude: float
    zone: str
    size_class: str


def add_city(*, by: Account, code: str, facts: CityFacts) -> City:
    """Add a city to the network. Raises Forbidden unless secretariat, Refused if not valid or there already."""
    names = _checked(by, facts)
    if not SLUG.match(code) or len(code) > 60:
        raise Refused(BAD_CODE, typed=code)
    with transaction.atomic():
        there = City.objects.filter(slug=code).first()
        if there:
            raise Refused(TAKEN, code=code, name=there.name.in_all())
        _refuse_double(names, facts)
        city = City.objects.create(
            slug=code, name=Text.of(names, "en" if "en" in names else next(iter(names))), country=facts.country,
            latitude=facts.latitude, longitude=facts.longitude, zone=facts.zone, size_class=facts.size_class,
        )  # fmt: skip
        sentence = Sentence(_("%(city)s added to the network"), {"city": city.name.in_all()})
        record(act="network.add_city", by=by, scope="network", sentence=sentence, subject=city)
    return city


def edit_city(*, by: Account, city: City, facts: CityFacts) -> City:
    """Correct what stands about a city; its code stays. Raises Forbidden unless secretariat, Refused if not valid."""
    names = _checked(by, facts)
    with transaction.atomic():
        locked = City.objects.select_for_update().get(pk=city.pk)
        original = locked.name.language if locked.name.language in names else next(iter(names))
        locked.name = Text.of(names, original)
        locked.country, locked.zone, locked.size_class = facts.country, facts.zone, facts.size_class
        locked.latitude, locked.longitude = facts.latitude, facts.longitude
        locked.save()
        sentence = Sentence(_("Facts about %(city)s changed"), {"city": locked.name.in_all()})
        record(act="network.edit_city", by=by, scope="network", sentence=sentence, subject=locked)
    return locked


def _checked(by: Account, facts: CityFacts) -> dict[str, str]:
    """The names tidied up; raises Forbidden or Refused."""
    if not is_secretariat(by):
        raise Forbidden(SECRETARIAT_ONLY)
    names = {lang: " ".join(cleaned(facts.names[lang]).split()) for lang in LANGUAGES if facts.names.get(lang)}
    names = {lang: name for lang, name in names.items() if name}
    if not names:
        raise Refused(NO_NAME)
    longest = max(names.values(), key=len)
    if len(longest) > LONGEST_NAME:
        raise Refused(LONG_NAME, length=len(longest), most=LONGEST_NAME)
    if facts.country not in terms.countries():
        raise Refused(BAD_COUNTRY)
    zones = gazetteer.zones(facts.country) or available_timezones()
    if facts.zone not in zones:
        country = terms.names(terms.countries()[facts.country])
        raise Refused(BAD_ZONE, zone=facts.zone, country=country, right=sorted(zones)[:5])
    if not (-90 <= facts.latitude <= 90 and -180 <= facts.longitude <= 180):
        raise Refused(BAD_PLACE)
    if facts.size_class not in terms.size_classes():
        raise Refused(BAD_SIZE)
    return names


def _refuse_double(names: Mapping[str, str], facts: CityFacts) -> None:
    """The same town under another code, in whatever script."""
    wanted = {fold(name) for name in names.values()}
    for city in City.objects.filter(country=facts.country):
        away = gazetteer.distance(facts.latitude, facts.longitude, city.latitude, city.longitude)
        if away < gazetteer.SAME_TOWN and wanted & {fold(name) for name in city.name.in_all().values()}:
            raise Refused(THERE, name=city.name.in_all(), code=city.slug)
