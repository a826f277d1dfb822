"""What the step Cluster needs before Define may open."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop as _

from majlis.dialogue.models import Dialogue, Partner
from majlis.dialogue.rules import Condition, Gate
from majlis.network import terms
from majlis.network.models import Statement
from majlis.steps.cluster.models import Place, Proposal
from majlis.web.sentences import Sentence

HAS_PARTNERS = _("The dialogue has partners")
NO_PARTNERS = _("The dialogue has no partners yet")
HAVE_REGION = _("Every partner has a region")
NO_REGION = _("No region is known for %(cities)s")
HAVE_NEED = _("Every partner stated a need")
NO_NEED = _("A need is missing from %(cities)s")
HAVE_VISION = _("Every partner stated a vision")
NO_VISION = _("A vision is missing from %(cities)s")
HAVE_HOME = _("Every partner sits in exactly one cluster")
NO_HOME = _("No cluster was adopted for %(cities)s")
NOBODY_HOME = _("No city has a home cluster before one version is adopted")
IS_ADOPTED = _("A person adopted the clusters")
NOT_ADOPTED = _("The clusters wait to be adopted by a person")


def stated_partners(dialogue: Dialogue) -> list[Partner]:
    """The partners with their city, in one query, each knowing `has_need` and `has_vision`."""

    def stated(kind: Statement.Kind) -> Exists:
        return Exists(Statement.objects.filter(city=OuterRef("city"), kind=kind))

    return list(
        dialogue.partners.select_related("city").annotate(
            has_need=stated(Statement.Kind.NEED), has_vision=stated(Statement.Kind.VISION)
        )
    )


def gate(dialogue: Dialogue, partners: Sequence[Partner] | None = None) -> Gate:
    """Each partner has a region, a need and a vision, and sits in exactly one home cluster that a person adopted.

    partners: as `stated_partners` gives them, where the caller has them already.
    """
    partners = stated_partners(dialogue) if partners is None else partners
    seated = set(
        Place.objects.filter(proposal__dialogue=dialogue, proposal__adopted_at__isnull=False).values_list(
            "partner_id", flat=True
        )
    )
    is_adopted = Proposal.objects.filter(dialogue=dialogue, adopted_at__isnull=False).exists()
    countries = terms.countries()
    return Gate(
        [
            _there(HAS_PARTNERS, NO_PARTNERS, bool(partners)),
            _of_each(HAVE_REGION, NO_REGION, [each for each in partners if each.city.country not in countries]),
            _of_each(HAVE_NEED, NO_NEED, [each for each in partners if not getattr(each, "has_need", False)]),
            _of_each(HAVE_VISION, NO_VISION, [each for each in partners if not getattr(each, "has_vision", False)]),
            _of_each(HAVE_HOME, NO_HOME, [each for each in partners if each.pk not in seated])
            if is_adopted
            else Condition(Sentence(NOBODY_HOME), False),
            _there(IS_ADOPTED, NOT_ADOPTED, is_adopted),
        ]
    )


def _there(met: str, missing: str, is_met: bool) -> Condition:
    return Condition(Sentence(met if is_met else missing), is_met)


def _of_each(met: str, missing: str, lacking: Iterable[Partner]) -> Condition:
    """Met when nobody lacks it; otherwise it names the cities it waits for."""
    cities = [partner.city.name.in_all() for partner in lacking]
    return Condition(Sentence(missing, {"cities": some(cities)}) if cities else Sentence(met), not cities, cities)


def some(names: Sequence[Mapping[str, str]], most: int = 5) -> list[Mapping[str, str] | str]:
    """At most five names and an ellipsis: a gate is read at a glance; the whole list is what it waits for."""
    return [*names[:most], "…"] if len(names) > most else [*names]
