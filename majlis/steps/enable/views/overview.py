"""The step's own page: sessions, cases, interaction, the one next action; and bringing a case."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from majlis.dialogue.models import Dialogue, Participant, Session
from majlis.network.terms import names, themes
from majlis.steps.enable import actions, queries
from majlis.steps.enable.forms import CaseForm
from majlis.steps.enable.models import BroughtCase, Round, Seat
from majlis.steps.enable.rules import CONSULT, OWN_CASE_ONLY, practitioners
from majlis.steps.enable.views.reading import closed, context_of, posted, reader, said
from majlis.web.calendar import enumerated
from majlis.web.refused import Forbidden, Refused
from majlis.web.sentences import spoken


@login_required
@require_GET
def page(request: HttpRequest, dialogue: str) -> HttpResponse:
    found, context = context_of(request, dialogue)
    if context["is_closed"]:
        return closed(request, context)
    me, is_team = context["me"], context["is_team"]
    context |= {
        "next": queries.next_action(found, reader(request)),
        "sessions": _sessions(found, me),
        "interaction": queries.interaction(found),
        "has_groups": Round.objects.filter(block__session__dialogue=found).exists(),
        "cases": _cases(found) if is_team else (),
        "my_case": getattr(me, "brought_case", None),
        "may_bring": bool(context["is_open"] and (is_team or (me and me.partner_id))),
        "written": _written(found, me),
    }
    return render(request, "enable/page.html", context)


def _sessions(dialogue: Dialogue, me: Participant | None) -> list[dict[str, Any]]:
    """Each session with the run of show, who came, and my own seat in it."""
    attended = queries.attendance(dialogue)
    mine: dict[int, Seat] = {}
    if me:
        seats = me.seats.select_related("group__room", "group__round__block")
        mine = {seat.group.round.block.session_id: seat for seat in seats}
    return [
        {"session": each, "blocks": each.blocks.all(), "attended": attended.get(each.pk, 0), "seat": mine.get(each.pk)}
        for each in dialogue.sessions.prefetch_related("blocks")
    ]


def _cases(dialogue: Dialogue) -> list[tuple[BroughtCase, str]]:
    """Each case with its theme in words; the question itself is for its room alone."""
    rows = dialogue.brought_cases.select_related("case__city", "session")
    return [
        (each, enumerated([spoken(names(themes()[code])) for code in each.case.themes if code in themes()]))
        for each in rows
    ]


def _written(dialogue: Dialogue, me: Participant | None) -> list[Any]:
    """Consultations in writing that I take part in."""
    if me is None:
        return []
    rows = dialogue.written_consultations.filter(room__members__person=me.person_id, room__members__left_at=None)
    return [each.room for each in rows.select_related("room")]


@login_required
@require_POST
def complete(request: HttpRequest, dialogue: str) -> HttpResponse:
    found, _context = context_of(request, dialogue)
    actions.complete(by=reader(request), dialogue=found)
    messages.success(request, _("The step is complete. The evaluation is open."))
    return redirect("evaluate:page", found.slug)


@login_required
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, dialogue: str) -> HttpResponse:
    """Bring a case: everybody for their own city, the team for any."""
    found, context = context_of(request, dialogue)
    if request.method == "GET" and not context["is_open"]:
        return closed(request, context)
    givers = _givers(found, context["me"], is_team=context["is_team"])
    if not givers:
        raise Forbidden(OWN_CASE_ONLY)
    sessions = [each for each in found.sessions.prefetch_related("blocks") if _consults(each)]
    form = CaseForm(givers, sessions, posted(request), initial=_before(context["me"]))
    status = 422 if form.is_bound and not form.is_valid() else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.bring_case(
                by=reader(request),
                participant=form.givers[form.cleaned_data["participant"]],
                key_question=form.question,
                themes=[form.cleaned_data["theme"]],
                session=form.sessions.get(form.cleaned_data["session"]),
            )
        except Refused as refused:
            status = said(form, refused)
        else:
            messages.success(request, _("Your case is noted. You will see your room when the groups are planned."))
            return redirect("enable:page", found.slug)
    return render(request, "enable/case.html", context | {"form": form}, status=status)


def _givers(dialogue: Dialogue, me: Participant | None, *, is_team: bool) -> list[Participant]:
    if is_team:
        return list(practitioners(dialogue))
    return [me] if me and me.partner_id else []


def _consults(session: Session) -> bool:
    is_planned = session.state == Session.State.PLANNED
    return is_planned and any(block.code == CONSULT for block in session.blocks.all())


def _before(me: Participant | None) -> dict[str, Any]:
    """What I wrote before, for me alone."""
    brought = getattr(me, "brought_case", None)
    if brought is None:
        return {}
    return {
        "participant": str(brought.participant_id),
        "key_question": brought.case.key_question.body,
        "language": brought.case.key_question.language,
        "theme": next(iter(brought.case.themes), ""),
        "session": brought.session.code if brought.session else "",
    }
