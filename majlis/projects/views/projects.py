"""The list, one project, and the forms that write it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from majlis.accounts.models import Account
from majlis.journal.queries import entries
from majlis.language.models import Text
from majlis.network.models import City, Person
from majlis.network.terms import names, themes
from majlis.projects import actions, queries
from majlis.projects.forms import ActionForm, FilterForm, OfferForm, ProjectForm, ResourceForm, SupportForm
from majlis.projects.models import ChangeProject, SupportRequest
from majlis.projects.rules import NOT_YOUR_OFFER, can_edit, is_secretariat, next_stages, require_edit, require_there
from majlis.projects.terms import resource_types, support_types
from majlis.web.refused import Forbidden, NotThere, Refused
from majlis.web.sentences import spoken

ON_A_PAGE = 24
NO_CITY = gettext_noop("Change projects are begun by people who belong to a city, or by the secretariat.")
NO_REQUEST = gettext_noop("This request for support is no longer there.")


def reader(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def project_of(code: str) -> ChangeProject:
    return require_there(ChangeProject.objects.select_related("city").filter(code=code).first())


@login_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """All projects, narrowed by city, theme, stage, what they lack and what they ask for."""
    account = reader(request)
    cities = City.objects.filter(projects__isnull=False).distinct()
    form = FilterForm(cities, request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = queries.listed(queries.filtered(**chosen))
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": shown,
        "projects": [_tile(project) for project in shown],
        "is_filtered": any(chosen.values()),
        "may_start": is_secretariat(account) or Person.objects.filter(account=account, city__isnull=False).exists(),
        "stages": [(stage.label, count) for stage, count in queries.stages().items() if count],
    }
    return render(request, "projects/list.html", context)


def _tile(project: ChangeProject) -> dict[str, Any]:
    """What a list shows of a project: what it lacks, and what it asks for."""
    lacking = dict.fromkeys(resource.type for resource in project.resources.all() if resource.gap > 0)
    return {
        "project": project,
        "lacks": [spoken(names(resource_types()[type_])) for type_ in lacking],
        "open": sum(each.state in {"open", "offered"} for each in project.support_requests.all()),
        "themes": _themes(project),
    }


def _themes(project: ChangeProject) -> list[str]:
    return [spoken(names(themes()[code])) for code in project.themes if code in themes()]


@login_required
@require_GET
def project(request: HttpRequest, code: str) -> HttpResponse:
    return show(request, project_of(code))


def show(request: HttpRequest, shown: ChangeProject, status: int = 200, **forms: Form) -> HttpResponse:
    """A project's page; forms given come back as they were typed."""
    account = reader(request)
    may_edit = can_edit(account, shown)
    requests = list(shown.support_requests.select_related("offered_by"))
    helpers = list(_helpers(account, shown))
    context: dict[str, Any] = {
        "project": shown,
        "themes": _themes(shown),
        "may_edit": may_edit,
        "actions": shown.planned_actions.all(),
        "resources": [(spoken(names(resource_types()[each.type])), each) for each in shown.resources.all()],
        "requests": [
            {"request": each, "name": spoken(names(support_types()[each.type])),
             "is_mine": bool(each.offered_by and each.offered_by in helpers)}
            for each in requests
        ],
        "helpers": helpers,
        "offer_form": OfferForm(helpers) if len(helpers) > 1 else None,
        "advisors": shown.advisors.all(),
        "stages": next_stages(shown, account),
        "journal": entries(actions.scope_of(shown)).filter(subject=f"changeproject:{shown.pk}")[:12],
        "action_form": ActionForm(prefix="action"),
        "resource_form": ResourceForm(prefix="resource"),
        "support_form": SupportForm([each.type for each in requests], prefix="support"),
    }  # fmt: skip
    return render(request, "projects/project.html", context | forms, status=status)


def _helpers(account: Account, shown: ChangeProject) -> list[City]:
    """The cities in whose name this person may offer support: their own, for the secretariat any other."""
    cities = City.objects.exclude(pk=shown.city_id)
    if is_secretariat(account):
        return list(cities)
    return list(cities.filter(people__account=account))


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    account = reader(request)
    cities = list(City.objects.all() if is_secretariat(account) else City.objects.filter(people__account=account))
    if not cities:
        raise Forbidden(NO_CITY)
    form = ProjectForm(cities, posted(request))
    status = 422 if form.is_bound and not form.is_valid() else 200
    if request.method == "POST" and form.is_valid():
        city = form.cities[form.cleaned_data["city"]]
        try:
            started = actions.start_project(
                by=account, city=city, code=actions.next_code(city), title=form.text("title"),
                problem=form.text("problem"), objective=form.text("objective"), themes=form.themes,
            )  # fmt: skip
        except Refused as refused:
            status = said(form, refused)
        else:
            messages.success(request, _("The project is begun. Now say what it needs and what you have."))
            return redirect("projects:project", started.code)
    return render(request, "projects/write.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    shown = project_of(code)
    require_edit(reader(request), shown)
    form = ProjectForm.of(shown, posted(request))
    status = 422 if form.is_bound and not form.is_valid() else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_project(
                by=reader(request), project=shown, title=form.text("title", shown.title),
                problem=form.text("problem", shown.problem), objective=form.text("objective", shown.objective),
                themes=form.themes,
            )  # fmt: skip
        except Refused as refused:
            status = said(form, refused)
        else:
            messages.success(request, _("The project is saved."))
            return redirect("projects:project", shown.code)
    return render(request, "projects/write.html", {"form": form, "project": shown}, status=status)


def said(form: Form, refused: Refused) -> int:
    """Show a refusal above the form, so that what was typed stays; what is forbidden is no matter of the form."""
    if isinstance(refused, Forbidden):
        raise refused
    form.add_error(None, str(refused.sentence))
    return refused.status


@login_required
@require_POST
def stage(request: HttpRequest, code: str) -> HttpResponse:
    shown = project_of(code)
    actions.move_stage(by=reader(request), project=shown, stage=request.POST.get("stage", ""))
    messages.success(request, _("The project has moved on."))
    return redirect("projects:project", code)


@login_required
@require_POST
def add_action(request: HttpRequest, code: str) -> HttpResponse:
    shown, form = project_of(code), ActionForm(request.POST, prefix="action")
    require_edit(reader(request), shown)
    if not form.is_valid():
        return show(request, shown, 422, action_form=form)
    language = shown.title.language
    try:
        actions.plan_action(
            by=reader(request), project=shown, text=_typed(form, "text", language),
            responsible=_typed(form, "responsible", language),
            starts_on=form.cleaned_data["starts_on"], ends_on=form.cleaned_data["ends_on"],
        )  # fmt: skip
    except Refused as refused:
        return show(request, shown, said(form, refused), action_form=form)
    messages.success(request, _("The action stands in the plan."))
    return redirect("projects:project", code)


@login_required
@require_POST
def add_resource(request: HttpRequest, code: str) -> HttpResponse:
    shown, form = project_of(code), ResourceForm(request.POST, prefix="resource")
    require_edit(reader(request), shown)
    if not form.is_valid():
        return show(request, shown, 422, resource_form=form)
    try:
        resource = actions.state_resource(by=reader(request), project=shown, **form.cleaned_data)
    except Refused as refused:
        return show(request, shown, said(form, refused), resource_form=form)
    words = _("Noted: something is missing.") if resource.gap else _("Noted: nothing is missing.")
    messages.success(request, words)
    return redirect("projects:project", code)


@login_required
@require_POST
def drop(request: HttpRequest, code: str, kind: str, number: int) -> HttpResponse:
    """Take out an action or a resource."""
    shown = project_of(code)
    if kind == "action":
        actions.drop_action(by=reader(request), project=shown, action=number)
    else:
        actions.drop_resource(by=reader(request), project=shown, resource=number)
    messages.success(request, _("It is taken out."))
    return redirect("projects:project", code)


@login_required
@require_POST
def ask(request: HttpRequest, code: str) -> HttpResponse:
    shown = project_of(code)
    require_edit(reader(request), shown)
    form = SupportForm(shown.support_requests.values_list("type", flat=True), request.POST, prefix="support")
    if not form.is_valid():
        return show(request, shown, 422, support_form=form)
    actions.ask_support(by=reader(request), project=shown, type=form.cleaned_data["type"])
    messages.success(request, _("The request stands in the ledger for everybody to see."))
    return redirect("projects:project", code)


ANSWERS = {
    "accept": actions.accept_offer,
    "decline": actions.decline_offer,
    "deliver": actions.confirm_delivery,
    "withdraw": actions.withdraw_request,
}


@login_required
@require_POST
def support(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Offer support, or answer an offer: `act` is offer, accept, decline, deliver or withdraw."""
    shown = project_of(code)
    asked = SupportRequest.objects.filter(project=shown, pk=number).first()
    act = request.POST.get("act", "")
    if asked is None or act not in {"offer", *ANSWERS}:
        raise NotThere(NO_REQUEST)
    if act == "offer":
        actions.offer_support(by=reader(request), request=asked, city=_offering(request, shown))
        messages.success(request, _("Thank you. The city decides on your offer."))
    else:
        ANSWERS[act](by=reader(request), request=asked)
        messages.success(request, _("It is noted."))
    return redirect("projects:project", code)


def _offering(request: HttpRequest, shown: ChangeProject) -> City:
    helpers = _helpers(reader(request), shown)
    chosen = request.POST.get("city", "")
    found = next((city for city in helpers if city.slug == chosen or (not chosen and len(helpers) == 1)), None)
    if found is None:
        raise Forbidden(NOT_YOUR_OFFER)
    return found


def _typed(form: Form, field: str, language: str) -> Text:
    return Text(language, form.cleaned_data[field].strip())
