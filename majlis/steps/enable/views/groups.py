"""Who sits with whom: planning all rounds, and the plan with its quality, its meetings and the reason for each seat."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from majlis.dialogue.models import Dialogue, Participant
from majlis.dialogue.queries import waited_for
from majlis.steps.enable import actions, queries
from majlis.steps.enable.forms import GroupsForm, PairForm
from majlis.steps.enable.models import PairRule, Planning, Round, Seat, SeatLock
from majlis.steps.enable.queries.contacts import contacts, one_city, seated
from majlis.steps.enable.queries.obstacles import label
from majlis.steps.enable.queries.preparing import prepare
from majlis.steps.enable.queries.quality import read_quality
from majlis.steps.enable.rules import CONSULT, CannotBePlanned, group_count, practitioners
from majlis.steps.enable.terms import kinds
from majlis.steps.enable.views.reading import closed, context_of, posted, reader, said
from majlis.web.refused import Refused
from majlis.web.sentences import Sentence, spoken


@login_required
@require_http_methods(["GET", "POST"])
def groups(request: HttpRequest, dialogue: str) -> HttpResponse:
    """The plan: for the team all groups and who meets whom, for participants their own groups."""
    found, context = context_of(request, dialogue)
    if request.method == "GET" and context["is_closed"]:
        return closed(request, context)
    people = list(practitioners(found))
    form = GroupsForm(posted(request), initial={"groups": group_count(len(people)), "seed": 1})
    status = 422 if form.is_bound and not form.is_valid() else 200
    if request.method == "POST" and form.is_valid():
        try:
            planning = waited_for(actions.ask_plan(by=reader(request), dialogue=found, **form.cleaned_data))
        except Refused as refused:
            status = said(form, refused)
        else:
            return _onward(request, found, planning)
    return render(
        request, "enable/groups.html", context | _context(request, found, context, people, form), status=status
    )


def _onward(request: HttpRequest, dialogue: Dialogue, planning: Planning) -> HttpResponse:
    """To the plan if it is there already, as it nearly always is, else to the page that says how it goes on."""
    if planning.state != Planning.State.DONE:
        return redirect("enable:planning", dialogue.slug, planning.pk)
    messages.success(request, _("The groups are planned and each has its room."))
    return redirect("enable:groups", dialogue.slug)


def _context(
    request: HttpRequest, dialogue: Dialogue, context: dict[str, Any], people: list[Participant], form: GroupsForm
) -> dict[str, Any]:
    tabs = list(
        Round.objects.filter(block__session__dialogue=dialogue).select_related("block__session").order_by("number")
    )
    is_team = context["is_team"]
    chosen = _chosen(request, tabs) if is_team else None
    has_begun = any(session.state in {"running", "held"} for session in dialogue.sessions.all())
    found: dict[str, Any] = {
        "form": form,
        "n_people": len(people),
        "tabs": tabs,
        "chosen": chosen,
        "rounds": _rounds(dialogue, context["me"], chosen),
        "interaction": queries.interaction(dialogue),
        "quality": read_quality(tabs[0].plan, {each.pk: each for each in people}) if tabs else None,
        "may_plan": context["is_open"] and not has_begun,
    }
    if is_team:
        found |= _wishes(dialogue, people) | _advice(dialogue, form, may_plan=found["may_plan"])
    if is_team and tabs:
        found |= _meetings(request, dialogue)
    return found


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
    locked = set(SeatLock.objects.filter(session__dialogue=dialogue).values_list("session", "participant"))
    found = []
    for round_ in rounds.order_by("number").prefetch_related(
        "groups__room__case__city", "groups__seats__participant__person__city"
    ):
        session, seated = round_.block.session, []
        for group in round_.groups.all():
            seats = list(group.seats.all())
            if chosen is not None or (me and any(seat.participant_id == me.pk for seat in seats)):
                lines = [_seat(seat, (session.pk, seat.participant_id) in locked) for seat in sorted(seats, key=_order)]
                is_mine = bool(me and any(seat.participant_id == me.pk for seat in seats))
                seated.append({"group": group, "seats": lines, "is_mine": is_mine})
        found.append(
            {"round": round_, "session": session, "kind": kinds()[round_.block.code], "groups": seated,
             "is_consultation": round_.block.code == CONSULT, "is_coming": session.state in {"planned", "running"}}
        )  # fmt: skip
    return found


ORDER = {"case_giver": 0, "facilitator": 1, "note_taker": 2}


def _order(seat: Seat) -> tuple[int, int]:
    return ORDER.get(seat.role, 3), seat.participant_id


def _seat(seat: Seat, is_locked: bool) -> dict[str, Any]:
    person = seat.participant.person
    reason = Sentence.from_json(seat.reason) if seat.reason else None
    is_lockable = seat.participant.role == Participant.Role.PRACTITIONER
    return {"seat": seat, "person": person, "reason": reason, "is_locked": is_locked, "is_lockable": is_lockable}


def _wishes(dialogue: Dialogue, people: list[Participant]) -> dict[str, Any]:
    """Pairs that are kept apart or together, and the form for another one."""
    rules = dialogue.pair_rules.select_related("one__person__city", "other__person__city")
    return {
        "pair_form": PairForm(people),
        "pairs": [
            {"rule": each, "one": spoken(label(each.one)), "other": spoken(label(each.other)),
             "is_apart": each.kind == PairRule.Kind.APART}
            for each in rules
        ],
        "n_locks": SeatLock.objects.filter(session__dialogue=dialogue).count(),
    }  # fmt: skip


def _advice(dialogue: Dialogue, form: GroupsForm, *, may_plan: bool) -> dict[str, Any]:
    """What can be said before anything is planned: what cannot be, and what a plan would have to put up with."""
    if not may_plan or form.errors:
        return {}
    try:
        return {"advice": prepare(dialogue).advice}
    except CannotBePlanned as impossible:
        return {"obstacles": impossible.reasons}
    except Refused as refused:
        return {"obstacles": [refused.sentence]}


def _meetings(request: HttpRequest, dialogue: Dialogue) -> dict[str, Any]:
    """Who meets whom, by city: a matrix of people would single them out and fill a wall."""
    tables = seated(dialogue)
    matrix = contacts(tables)
    asked = request.GET.get("city", "")
    cities = {row.city for row in matrix.rows}
    city = int(asked) if asked.isdecimal() and int(asked) in cities else None
    return {"matrix": matrix, "city": one_city(tables, city) if city else None}
