"""Who sits with whom: planning all rounds, the plan with its reasons, and planning one round again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from majlis.dialogue.models import Dialogue, Participant, Session
from majlis.steps.enable import actions, queries
from majlis.steps.enable.forms import GroupsForm, PeopleForm
from majlis.steps.enable.models import Round, Seat
from majlis.steps.enable.rules import CONSULT, group_count, practitioners, require_facilitate
from majlis.steps.enable.terms import kinds
from majlis.steps.enable.views.reading import closed, context_of, posted, reader, said, session_of
from majlis.web import pictures
from majlis.web.calendar import number
from majlis.web.refused import Refused
from majlis.web.sentences import Sentence


@login_required
@require_http_methods(["GET", "POST"])
def groups(request: HttpRequest, dialogue: str) -> HttpResponse:
    """The plan: for the team all groups and who meets whom, for participants their own groups."""
    found, context = context_of(request, dialogue)
    if request.method == "GET" and context["is_closed"]:
        return closed(request, context)
    people = sum(1 for _each in practitioners(found))
    form = GroupsForm(posted(request), initial={"groups": group_count(people), "seed": 1})
    status = 422 if form.is_bound and not form.is_valid() else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.plan_rounds(by=reader(request), dialogue=found, **form.cleaned_data)
        except Refused as refused:
            status = said(form, refused)
        else:
            messages.success(request, _("The groups are planned and each has its room."))
            return redirect("enable:groups", found.slug)
    tabs = list(
        Round.objects.filter(block__session__dialogue=found).select_related("block__session").order_by("number")
    )
    chosen = _chosen(request, tabs) if context["is_team"] else None
    context |= {
        "form": form,
        "n_people": people,
        "tabs": tabs,
        "chosen": chosen,
        "rounds": _rounds(found, context["me"], chosen),
        "interaction": queries.interaction(found),
        "plan": tabs[0].plan if tabs else {},
    }
    context["may_plan"] = context["is_open"] and not found.sessions.filter(state__in=["running", "held"]).exists()
    if context["is_team"] and tabs:
        context |= _matrix(found)
    return render(request, "enable/groups.html", context, status=status)


def _chosen(request: HttpRequest, tabs: list[Round]) -> int | None:
    """The round that the team looks at: the one asked for, else the first that is not over."""
    asked = request.GET.get("round", "")
    numbers = [each.number for each in tabs]
    if asked.isdecimal() and int(asked) in numbers:
        return int(asked)
    coming = [each.number for each in tabs if each.block.session.state in {"planned", "running"}]
    return next(iter(coming or numbers), None)


def _rounds(dialogue: Dialogue, me: Participant | None, chosen: int | None) -> list[dict[str, Any]]:
    """The chosen round with all its groups, for the team; else all rounds with one's own groups."""
    rounds = Round.objects.filter(block__session__dialogue=dialogue).select_related("block__session")
    if chosen is not None:
        rounds = rounds.filter(number=chosen)
    found = []
    for round_ in rounds.order_by("number").prefetch_related(
        "groups__room__case__city", "groups__seats__participant__person__city"
    ):
        seated = []
        for group in round_.groups.all():
            seats = list(group.seats.all())
            if chosen is not None or (me and any(seat.participant_id == me.pk for seat in seats)):
                seated.append({"group": group, "seats": [_seat(seat) for seat in sorted(seats, key=_order)],
                               "is_mine": bool(me and any(seat.participant_id == me.pk for seat in seats))})  # fmt: skip
        found.append(
            {"round": round_, "session": round_.block.session, "kind": kinds()[round_.block.code], "groups": seated,
             "is_consultation": round_.block.code == CONSULT}
        )  # fmt: skip
    return found


ORDER = {"case_giver": 0, "facilitator": 1, "note_taker": 2}


def _order(seat: Seat) -> tuple[int, int]:
    return ORDER.get(seat.role, 3), seat.participant_id


def _seat(seat: Seat) -> dict[str, Any]:
    person = seat.participant.person
    return {"seat": seat, "person": person, "reason": Sentence.from_json(seat.reason) if seat.reason else None}


def _matrix(dialogue: Dialogue) -> dict[str, Any]:
    """Who met whom by city, as a picture and as its table."""
    met = queries.city_matrix(dialogue)
    caption = _("How often people of two cities sit together, over all rounds")
    rows = [pictures.Row(name, row) for name, row in zip(met.cities, met.values, strict=True)]
    table = pictures.Table(
        caption,
        [_("City"), *met.cities],
        [[name, *("–" if value is None else number(value) for value in row)]
         for name, row in zip(met.cities, met.values, strict=True)],
        range(1, len(met.cities) + 1),
    )  # fmt: skip
    return {"matrix": pictures.matrix(met.cities, rows, caption), "matrix_table": table}


@login_required
@require_http_methods(["GET", "POST"])
def replan(request: HttpRequest, dialogue: str, code: str) -> HttpResponse:
    """Tick who is missing, see what changes for whom, then publish it."""
    found, context = context_of(request, dialogue)
    if request.method == "GET" and not context["is_open"]:
        return closed(request, context)
    shown = session_of(found, code)
    require_facilitate(reader(request), found)
    people = list(practitioners(found))
    form = PeopleForm(_("Who is missing?"), people, posted(request), initial={"people": _away(shown, people)})
    status = 422 if form.is_bound and not form.is_valid() else 200
    proposal = None
    if request.method == "POST" and form.is_valid():
        is_final = "publish" in request.POST
        try:
            proposal = actions.replan(by=reader(request), session=shown, missing=form.chosen, publish=is_final)
        except Refused as refused:
            status = said(form, refused)
        else:
            if is_final:
                messages.success(request, _("The new groups are published."))
                return redirect("enable:session", found.slug, shown.code)
    context |= {"session": shown, "form": form, "proposal": proposal}
    return render(request, "enable/replan.html", context, status=status)


def _away(shown: Session, people: list[Participant]) -> list[str]:
    """In a running session those who are not noted as present are proposed as missing."""
    if shown.state != Session.State.RUNNING:
        return []
    present = set(shown.attendance.values_list("participant", flat=True))
    return [str(each.pk) for each in people if each.pk not in present] if present else []
