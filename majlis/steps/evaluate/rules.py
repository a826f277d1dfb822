"""When evaluation may happen, who may do what in it, and what lets the dialogue pass on to its report."""

from collections.abc import Iterable

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Partner, Session
from majlis.dialogue.rules import Condition, Gate, can_facilitate
from majlis.outbox.models import Mail
from majlis.steps.evaluate.models import Delivery
from majlis.web.refused import Forbidden, NotNow
from majlis.web.sentences import Sentence

# Fewer answers than this are never shown: a colleague could guess whose they are (design/domain 5.2).
SMALLEST_SHOWN = 5

STILL_OPEN = _("Evaluation begins when every session is held or cancelled. Still to come: %(sessions)s")
NOT_YOUR_CITY = _("Only the secretariat, the facilitators and the delegation of this city may do this.")
ONE_SPACE = _("%(count)s standing space for further exchange exists")
MANY_SPACES = _("%(count)s standing spaces for further exchange exist")


def open_sessions(dialogue: Dialogue) -> list[Session]:
    """The sessions that are neither held nor cancelled."""
    closed = {Session.State.HELD, Session.State.CANCELLED}
    return [session for session in dialogue.sessions.all() if session.state not in closed]


def require_sessions_closed(dialogue: Dialogue) -> None:
    """Raise NotNow naming the sessions that are still to come: a step opened by hand must not pass this either."""
    still = open_sessions(dialogue)
    if still:
        raise NotNow(STILL_OPEN, sessions=[session.code for session in still])


def pseudonym(dialogue: Dialogue, account: Account) -> str:
    """The name of a person's answers in one dialogue: the same over its surveys, and leading back to nobody."""
    return salted_hmac("majlis.evaluate", f"{dialogue.pk}:{account.pk}", algorithm="sha256").hexdigest()[:40]


def belongs_to(account: Account | None, partner: Partner) -> bool:
    """Whether the account is the city's focal point or sits in its delegation."""
    if account is None or not account.is_authenticated:
        return False
    if partner.delegation.filter(person__account=account).exists():
        return True
    return partner.city.people.filter(account=account, is_focal_point=True).exists()


def require_partner(account: Account | None, partner: Partner) -> None:
    if not (can_facilitate(account, partner.dialogue) or belongs_to(account, partner)):
        raise Forbidden(NOT_YOUR_CITY)


def gate(dialogue: Dialogue) -> Gate:
    """All sessions closed; results sent to every partner; at least one standing space for further exchange."""
    return Gate([_sessions(dialogue), _deliveries(dialogue), _spaces(dialogue)])


def _sessions(dialogue: Dialogue) -> Condition:
    still = open_sessions(dialogue)
    if still:
        return Condition(Sentence(STILL_OPEN, {"sessions": [session.code for session in still]}), False)
    return Condition(Sentence(_("All sessions are held or cancelled")), True)


def _deliveries(dialogue: Dialogue) -> Condition:
    partners = list(dialogue.partners.select_related("city"))
    sent = set(
        Delivery.objects.filter(partner__dialogue=dialogue, mail__state=Mail.State.SENT).values_list(
            "partner_id", flat=True
        )
    )
    waiting = [partner.city.name.in_all() for partner in partners if partner.pk not in sent]
    numbers = {"sent": len(partners) - len(waiting), "partners": len(partners)}
    if not waiting and partners:
        return Condition(Sentence(_("The results reached all %(partners)s partners"), numbers), True)
    words = _("The results reached %(sent)s of %(partners)s partners; still to receive them: %(cities)s")
    return Condition(Sentence(words, numbers | {"cities": _some(waiting)}), False, waiting)


def _spaces(dialogue: Dialogue) -> Condition:
    count = dialogue.spaces.count()
    if count:
        return Condition(Sentence(ONE_SPACE, {}, MANY_SPACES, count), True)
    return Condition(Sentence(_("A standing space for further exchange is missing")), False)


def _some(names: Iterable[dict[str, str]], most: int = 5) -> list[dict[str, str] | str]:
    """At most five names and an ellipsis: a gate is read at a glance, the whole list stands on the step's page."""
    listed = list(names)
    return [*listed[:most], "…"] if len(listed) > most else [*listed]
