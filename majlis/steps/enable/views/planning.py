"""What the worker was asked to plan: how it goes on, what would change, publishing it and taking it back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from majlis.dialogue.models import Dialogue, Session
from majlis.dialogue.queries import has_worker, waited_for
from majlis.steps.enable import actions
from majlis.steps.enable.forms import MissingForm
from majlis.steps.enable.models import Planning, Round, Seat
from majlis.steps.enable.queries.planning import people_of
from majlis.steps.enable.queries.replans import is_stale, is_standing, proposal
from majlis.steps.enable.rules import NO_PLANNING, practitioners, require_facilitate
from majlis.steps.enable.views.reading import closed, context_of, posted, reader, said, session_of
from majlis.web.refused import NotThere, Refused


@login_required
@require_http_methods(["GET", "POST"])
def replan(request: HttpRequest, dialogue: str, code: str) -> HttpResponse:
    """Tick who is missing and who came all the same; what would change is shown before it is published."""
    found, context = context_of(request, dialogue)
    if request.method == "GET" and not context["is_open"]:
        return closed(request, context)
    shown = session_of(found, code)
    require_facilitate(reader(request), found)
    form = _missing_form(request, found, shown)
    status = 422 if form.is_bound and not form.is_valid() else 200
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.ask_replan(by=reader(request), session=shown, missing=form.missing, joined=form.came)
        except Refused as refused:
            status = said(form, refused)
        else:
            return redirect("enable:planning", found.slug, waited_for(asked).pk)
    return render(request, "enable/replan.html", context | {"session": shown, "form": form}, status=status)


def _missing_form(request: HttpRequest, dialogue: Dialogue, shown: Session) -> MissingForm:
    """The lists as they look now: in a running session those who are not noted as present are proposed as missing, and
    those who came unexpected as come; before it, whoever has no seat."""
    everybody = list(practitioners(dialogue, dialogue.participants.values_list("pk", flat=True)))
    expected = set(people_of(dialogue).expected(shown.pk))
    seated = set(
        Seat.objects.filter(group__round__block__session=shown).values_list("participant", flat=True)
    )  # fmt: skip
    present = set(shown.attendance.values_list("participant", flat=True))
    is_running = shown.state == Session.State.RUNNING and bool(present)
    here = present if is_running else seated
    lists = [each for each in everybody if each.pk in expected], [each for each in everybody if each.pk not in expected]
    initial: dict[str, Any] = {
        "people": [str(each.pk) for each in lists[0] if seated and each.pk not in here],
        "joined": [str(each.pk) for each in lists[1] if each.pk in (present | seated)],
    }
    before = _chosen_before(request, shown)
    return MissingForm(*lists, posted(request), initial=before or initial)


def _chosen_before(request: HttpRequest, shown: Session) -> dict[str, list[str]]:
    """What was ticked for the proposal that the reader comes back from (`?of=`)."""
    asked = request.GET.get("of", "")
    before = shown.plannings.filter(pk=int(asked)).first() if asked.isdecimal() else None
    if before is None:
        return {}
    return {
        "people": [str(who) for who in before.task["missing"]],
        "joined": [str(who) for who in before.task["joined"]],
    }


@login_required
@require_GET
def planning(request: HttpRequest, dialogue: str, number: int) -> HttpResponse:
    """One request: still being planned, refused with what would mend it, or what it would change."""
    found, context = context_of(request, dialogue)
    require_facilitate(reader(request), found)
    asked = _planning_of(found, number)
    context |= {"asked": asked, "planning": asked, "session": asked.session}
    if asked.is_under_way:
        # The header reloads the page without JavaScript; whoever does not want to wait finds the page again.
        answer = render(request, "enable/planning.html", context | {"has_worker": has_worker()})
        answer["Refresh"] = "2"
        return answer
    if asked.state != Planning.State.DONE:
        return render(request, "enable/planning.html", context)
    if asked.session is None:
        return redirect("enable:groups", found.slug)
    return render(request, "enable/proposal.html", context | _proposal(asked))


def _proposal(asked: Planning) -> dict[str, Any]:
    round_ = Round.objects.filter(block__session=asked.session).prefetch_related("groups__seats").first()
    is_published = asked.published_at is not None
    return {
        "proposal": proposal(asked),
        "is_stale": not is_published and is_stale(asked),
        "may_undo": bool(
            round_ and is_standing(asked, round_) and asked.session and asked.session.state in {"planned", "running"}
        ),
    }


def _planning_of(dialogue: Dialogue, number: int) -> Planning:
    found = dialogue.plannings.filter(pk=number).select_related("session", "asked_by").first()
    if found is None:
        raise NotThere(NO_PLANNING)
    found.dialogue = dialogue
    if found.session:
        found.session.dialogue = dialogue
    return found


@login_required
@require_POST
def publish(request: HttpRequest, dialogue: str, number: int) -> HttpResponse:
    """Make a proposal the groups; if something changed meanwhile the page says so and offers to look again."""
    found, context = context_of(request, dialogue)
    asked = _planning_of(found, number)
    try:
        actions.publish(by=reader(request), planning=asked)
    except Refused as refused:
        if asked.session is None or not asked.outcome or not context["is_open"]:
            raise
        require_facilitate(reader(request), found)
        context |= {"planning": asked, "session": asked.session, "refused": refused.sentence} | _proposal(asked)
        return render(request, "enable/proposal.html", context, status=refused.status)
    messages.success(request, _("The new groups are published."))
    return redirect("enable:session", found.slug, asked.session.code if asked.session else "")


@login_required
@require_POST
def undo(request: HttpRequest, dialogue: str, number: int) -> HttpResponse:
    found, _context = context_of(request, dialogue)
    asked = _planning_of(found, number)
    actions.undo(by=reader(request), planning=asked)
    messages.success(request, _("The former groups are back."))
    return redirect("enable:session", found.slug, asked.session.code if asked.session else "")
