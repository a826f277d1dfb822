"""The rooms of a dialogue as a whole: the list, its partners, participants, its journal. Its page is home's."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from majlis.accounts.models import Role
from majlis.dialogue import actions, queries
from majlis.dialogue.forms import DialogueForm, ParticipantsForm, PartnersForm
from majlis.dialogue.models import Step, StepRecord
from majlis.dialogue.rules import SECRETARIAT_ONLY, require_run
from majlis.dialogue.views.opening import acted, opened, reader
from majlis.journal.queries import entries
from majlis.web.refused import Forbidden, NotNow, NotThere, Refused

ENTRIES_A_PAGE = 50
NO_STEP = gettext_noop("There is no such step.")


@login_required
@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """Every dialogue one may see, where each stands and what comes next."""
    account = reader(request)
    cards = queries.dialogue_cards(account)
    return render(request, "dialogue/list.html", {"cards": cards, "may_create": account.role == Role.SECRETARIAT})


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a dialogue."""
    account = reader(request)
    if account.role != Role.SECRETARIAT:
        raise Forbidden(SECRETARIAT_ONLY)
    begin = {
        "title_language": get_language(),
        "languages": ["en", "ar", "de", "fr"],
        "mode": "virtual",
        "zone": account.zone or "UTC",
    }
    form = DialogueForm(request.POST or None, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            dialogue = actions.create_dialogue(by=account, **form.acts())
        except Refused as refused:
            form.add_error("slug", str(refused.sentence))
        else:
            messages.success(request, _("The dialogue is open. Now bring in its partners."))
            return redirect("dialogue:partners", dialogue.slug)
    return render(request, "dialogue/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def journal(request: HttpRequest, slug: str) -> HttpResponse:
    """Who did what, when; newest first."""
    dialogue, context = opened(request, slug)
    page = Paginator(entries(dialogue.scope), ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "dialogue/journal.html", context | {"page": page})


@login_required
@require_http_methods(["GET", "POST"])
def partners(request: HttpRequest, slug: str) -> HttpResponse:
    """The cities of the dialogue, and those that could join."""
    dialogue, context = opened(request, slug)
    require_run(reader(request), dialogue)
    form = PartnersForm(request.POST or None, cities=queries.cities_to_add(dialogue))
    if request.method == "POST" and form.is_valid():
        added = actions.add_partners(by=reader(request), dialogue=dialogue, cities=form.cleaned_data["cities"])
        messages.success(request, _("Cities brought in: %(count)s") % {"count": len(added)})
        return redirect("dialogue:partners", slug)
    context |= {"form": form, "partners": dialogue.partners.select_related("city")}
    return render(request, "dialogue/partners.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def participants(request: HttpRequest, slug: str) -> HttpResponse:
    """The people of the dialogue, and those who could be named."""
    dialogue, context = opened(request, slug)
    require_run(reader(request), dialogue)
    form = ParticipantsForm(request.POST or None, people=queries.people_to_add(dialogue))
    if request.method == "POST" and form.is_valid():
        named = form.cleaned_data
        if acted(form, lambda: actions.add_participants(by=reader(request), dialogue=dialogue, **named)):
            messages.success(request, _("The participants were named."))
            return redirect("dialogue:participants", slug)
    people = dialogue.participants.select_related("person__city")
    return render(
        request,
        "dialogue/participants.html",
        context | {"form": form, "people": people},
        status=422 if form.errors else 200,
    )


@login_required
@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """Open a finished step again: GET says what that means, POST does it."""
    dialogue, context = opened(request, slug)
    require_run(reader(request), dialogue)
    view = next((view for view in context["spine"] if view.step == step), None)
    if view is None:
        raise NotThere(NO_STEP)
    if request.method == "POST":
        actions.reopen_step(by=reader(request), dialogue=dialogue, step=Step(step))
        messages.success(request, _("The step “%(step)s” is open again.") % {"step": view.step.label})
        return redirect(f"/dialogues/{slug}/{step}/")
    if view.state != StepRecord.State.DONE:
        raise NotNow(gettext_noop("Only a step that is done can be reopened."))
    closing = [
        later for later in context["spine"] if later.record.position > view.record.position and later.state != "closed"
    ]
    return render(request, "dialogue/reopen.html", context | {"view": view, "closing": closing})
