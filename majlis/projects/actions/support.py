"""Support that projects ask for and cities give."""

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.network.models import City, Person
from majlis.network.terms import names
from majlis.projects.actions.projects import scope_of
from majlis.projects.models import ChangeProject, SupportRequest
from majlis.projects.rules import require_edit, require_offer
from majlis.projects.terms import support_types
from majlis.web.refused import NotNow, Refused
from majlis.web.sentences import Sentence

State = SupportRequest.State


@transaction.atomic
def ask_support(*, by: Account, project: ChangeProject, type: str) -> SupportRequest:
    """Ask the network for support of one kind; asked again nothing changes."""
    require_edit(by, project)
    if type not in support_types():
        raise Refused(_("There is no kind of support with the code “%(code)s”."), code=type)
    request, is_new = SupportRequest.objects.get_or_create(
        project=project, type=type, defaults={"asked_by": Person.objects.filter(account=by).first()}
    )
    if is_new:
        _record("projects.ask_support", by, request, _("“%(title)s” asks for support: %(support)s"))
    return request


@transaction.atomic
def offer_support(*, by: Account, request: SupportRequest, city: City) -> SupportRequest:
    """A city offers what a project asks for; the project's city decides."""
    require_offer(by, request, city)
    request = _locked(request)
    if city == request.project.city:
        raise Refused(_("A city does not offer support to its own project."))
    if request.state != State.OPEN:
        raise NotNow(_("Somebody else offered this support already."))
    request.state, request.offered_by = State.OFFERED, city
    request.save(update_fields=["state", "offered_by"])
    _record("projects.offer_support", by, request, _("%(city)s offers “%(title)s” support: %(support)s"), city)
    return request


@transaction.atomic
def accept_offer(*, by: Account, request: SupportRequest) -> SupportRequest:
    """The project's city takes the offer; the offering city becomes its advisor."""
    request = _decided(by, request, State.OFFERED, State.MATCHED)
    assert request.offered_by is not None
    request.project.advisors.add(request.offered_by)
    _record(
        "projects.accept_offer",
        by,
        request,
        _("“%(title)s” accepts the support of %(city)s: %(support)s"),
        request.offered_by,
    )
    return request


@transaction.atomic
def decline_offer(*, by: Account, request: SupportRequest) -> SupportRequest:
    """The project's city declines, or the offering city takes its offer back; the request is open again."""
    fresh = _locked(request)
    if fresh.offered_by is None or not (_may_withdraw(by, fresh)):
        require_edit(by, fresh.project)
    if fresh.state != State.OFFERED:
        raise NotNow(_("This request has moved on in the meantime."))
    city = fresh.offered_by
    fresh.state, fresh.offered_by = State.OPEN, None
    fresh.save(update_fields=["state", "offered_by"])
    _record("projects.decline_offer", by, fresh, _("The support of %(city)s for “%(title)s” is off: %(support)s"), city)
    return fresh


@transaction.atomic
def confirm_delivery(*, by: Account, request: SupportRequest) -> SupportRequest:
    """The project's city confirms that it got the support."""
    request = _decided(by, request, State.MATCHED, State.DELIVERED)
    _record(
        "projects.confirm_delivery", by, request, _("%(city)s supported “%(title)s”: %(support)s"), request.offered_by
    )
    return request


@transaction.atomic
def withdraw_request(*, by: Account, request: SupportRequest) -> None:
    """Ask no longer, while nobody has offered."""
    require_edit(by, request.project)
    request = _locked(request)
    if request.state != State.OPEN:
        raise NotNow(_("Somebody has offered this support; answer the offer instead."))
    _record("projects.withdraw_request", by, request, _("“%(title)s” no longer asks for support: %(support)s"))
    request.delete()


def _decided(by: Account, request: SupportRequest, now: State, then: State) -> SupportRequest:
    require_edit(by, request.project)
    request = _locked(request)
    if request.state != now:
        raise NotNow(_("This request has moved on in the meantime."))
    request.state = then
    request.save(update_fields=["state"])
    return request


def _may_withdraw(by: Account, request: SupportRequest) -> bool:
    return request.offered_by is not None and request.offered_by.people.filter(account=by).exists()


def _locked(request: SupportRequest) -> SupportRequest:
    rows = SupportRequest.objects.select_for_update(of=("self",)).select_related("project__city", "offered_by")
    return rows.get(pk=request.pk)


def _record(act: str, by: Account, request: SupportRequest, words: str, city: City | None = None) -> None:
    params: dict[str, object] = {
        "title": request.project.title.in_all(),
        "support": names(support_types()[request.type]),
    }
    if city:
        params["city"] = city.name.in_all()
    record(
        act=act, by=by, scope=scope_of(request.project), subject=request.project, sentence=Sentence(words, params),
        facts={"support": request.type, "city": city.slug if city else ""},
    )  # fmt: skip
