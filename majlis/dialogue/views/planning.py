"""Planning the sessions: one by one, or with fair times for all of them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from majlis.algorithms.fair_times import Wish, fair_times
from majlis.dialogue import actions, times
from majlis.dialogue.forms import BlockedDaysForm, SessionForm, TimesForms, WishForm
from majlis.dialogue.models import Dialogue, Session
from majlis.dialogue.rules import require_run
from majlis.dialogue.views.opening import acted, opened, reader
from majlis.language.models import Text
from majlis.web.calendar import in_zone
from majlis.web.refused import Refused


@login_required
@require_http_methods(["GET", "POST"])
def sessions(request: HttpRequest, slug: str) -> HttpResponse:
    """The sessions of the dialogue, and the form that plans one or changes its plan."""
    dialogue, context = opened(request, slug)
    require_run(reader(request), dialogue)
    chosen = dialogue.sessions.filter(code=request.GET.get("code", "")).first()
    form = SessionForm(
        request.POST or None, initial=_plan_of(chosen, dialogue) if chosen else {"title_language": get_language()}
    )
    if request.method == "POST" and form.is_valid():
        before = dialogue.sessions.filter(code=form.cleaned_data["code"]).first()
        plan = form.acts(dialogue.zone, before)
        if acted(form, lambda: actions.plan_session(by=reader(request), dialogue=dialogue, **plan)):
            messages.success(request, _("The session is planned."))
            return redirect("dialogue:sessions", slug)
    context |= {"form": form, "sessions": dialogue.sessions.all(), "chosen": chosen}
    return render(request, "dialogue/sessions.html", context, status=422 if form.errors else 200)


def _plan_of(session: Session, dialogue: Dialogue) -> dict[str, Any]:
    """A session's plan as the form shows it, on the event's clock."""
    begin = in_zone(session.starts_at, dialogue.zone)
    return {
        "code": session.code, "title": session.title.body, "title_language": session.title.language,
        "day": begin.date(), "begins": begin.time(), "minutes": session.minutes, "join_url": session.join_url,
        "capacity": session.capacity, "kind": session.kind, "agenda": session.agenda,
    }  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def fair(request: HttpRequest, slug: str) -> HttpResponse:
    """Fair times for the sessions: GET finds them, POST plans sessions at those that are taken."""
    dialogue, context = opened(request, slug)
    require_run(reader(request), dialogue)
    wished = times.first_wish(dialogue)
    asked = WishForm(request.GET if "sessions" in request.GET else None, initial=wished)
    wish = _wish(asked, dialogue, wished)
    clocks = times.places(dialogue)
    found = times.shown(dialogue, fair_times(clocks, wish), wish) if wish and clocks else None
    planned = list(dialogue.sessions.filter(state=Session.State.PLANNED))
    data = request.POST if request.method == "POST" else None
    taken = TimesForms(data, initial=_proposed(found, wish, planned), form_kwargs={"planned": planned})
    refused = None
    if request.method == "POST" and taken.is_valid():
        try:
            made = actions.take_times(by=reader(request), dialogue=dialogue, times=_taken(taken))
        except Refused as refusal:
            refused = refusal
        else:
            said = ngettext("%(count)s session is planned.", "%(count)s sessions are planned.", len(made))
            messages.success(request, said % {"count": len(made)})
            return redirect("dialogue:sessions", slug)
    context |= {
        "asked": asked, "taken": taken, "shown": found, "has_places": bool(clocks), "blocked": dialogue.blocked_days.all(),
        "blocking": BlockedDaysForm(), "refused": refused, "wish": wish,
    }  # fmt: skip
    is_wrong = refused or asked.errors or taken.is_bound
    return render(request, "dialogue/fair_times.html", context, status=422 if is_wrong else 200)


def _wish(asked: WishForm, dialogue: Dialogue, otherwise: dict[str, Any]) -> Wish | None:
    """What is looked for: what was asked, None if that makes no sense, and at first what the dialogue suggests."""
    if not asked.is_bound:
        return times.wish_of(dialogue, **otherwise)
    return asked.wish(dialogue) if asked.is_valid() else None


def _proposed(found: times.Shown | None, wish: Wish | None, planned: list[Session]) -> list[dict[str, Any]]:
    """A line for each time: the planned sessions move in their order, the times left become new ones."""
    lines = []
    for number, slot in enumerate(found.slots if found else ()):
        code = planned[number].code if number < len(planned) else "new"
        lines.append({
            "starts_at": slot.starts_at.isoformat(), "minutes": wish.minutes if wish else 0, "use": code,
            "title": _("Session %(number)s") % {"number": number + 1},
        })  # fmt: skip
    return lines


def _taken(lines: Any) -> list[actions.TakenTime]:
    language = get_language() or "en"
    taken = []
    for line in lines:
        told = line.cleaned_data
        if told["use"] == "new":
            taken.append(actions.TakenTime(told["starts_at"], told["minutes"], title=Text(language, told["title"])))
        elif told["use"] != "none":
            taken.append(actions.TakenTime(told["starts_at"], told["minutes"], code=told["use"]))
    return taken


@login_required
@require_POST
def block(request: HttpRequest, slug: str) -> HttpResponse:
    """Block days, or free them again."""
    dialogue, context = opened(request, slug)
    require_run(reader(request), dialogue)
    if number := request.POST.get("free", ""):
        actions.free_days(by=reader(request), dialogue=dialogue, number=int(number) if number.isdecimal() else 0)
        messages.success(request, _("These days can be used again."))
        return redirect("dialogue:fair_times", slug)
    form = BlockedDaysForm(request.POST)
    if form.is_valid() and acted(
        form, lambda: actions.block_days(by=reader(request), dialogue=dialogue, **form.cleaned_data)
    ):
        messages.success(request, _("These days stay free of sessions."))
        return redirect("dialogue:fair_times", slug)
    return render(request, "dialogue/block_days.html", context | {"blocking": form}, status=422)
