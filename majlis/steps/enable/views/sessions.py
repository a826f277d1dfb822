"""One session: its agenda with a clock, my group, and the facilitator's controls."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from majlis.dialogue.models import Session
from majlis.steps.enable import actions, queries
from majlis.steps.enable.forms import BlockForms, CancelForm, PeopleForm, blocks_of
from majlis.steps.enable.queries.agenda import Row
from majlis.steps.enable.queries.replans import last_published
from majlis.steps.enable.rules import practitioners, require_facilitate
from majlis.steps.enable.views.reading import closed, context_of, my_seat, posted, reader, session_of
from majlis.web import pictures
from majlis.web.calendar import clock, in_zone
from majlis.web.refused import Refused

# The colours of the picture: work in rooms, all together, alone, breaks.
COLOURS = {"rooms": 1, "plenary": 2, "solo": 3}


@login_required
@require_GET
def session(request: HttpRequest, dialogue: str, code: str) -> HttpResponse:
    """The session's page. Who takes part and opens it while it runs is noted as present."""
    found, context = context_of(request, dialogue)
    if context["is_closed"]:
        return closed(request, context)
    shown = session_of(found, code)
    me = context["me"]
    if me and me.partner_id and context["is_open"] and shown.state == Session.State.RUNNING:
        actions.record_attendance(by=reader(request), session=shown, participant=me)
    return render(request, "enable/session.html", context | _context(shown, context))


def _context(shown: Session, context: dict[str, Any], **changed: Any) -> dict[str, Any]:
    rows = queries.agenda(shown)
    present = set(shown.attendance.values_list("participant", flat=True))
    found: dict[str, Any] = {
        "session": shown,
        "rows": rows,
        "picture": picture(rows, shown),
        "running": queries.running(rows),
        "following": queries.following(rows),
        "drift": queries.drift(rows),
        "seat": my_seat(context["me"], shown),
        "is_here": bool(context["me"] and context["me"].pk in present),
        "n_present": len(present),
    }
    if context["is_team"]:
        people = list(practitioners(shown.dialogue))
        found |= {
            "cancel_form": CancelForm(),
            "people_form": PeopleForm(
                _("Who is here?"), people, initial={"people": [str(each.pk) for each in people if each.pk in present]}
            ),
            "n_people": len(people),
            "replanned": last_published(shown),
        }
    return found | changed


def picture(rows: list[Row], shown: Session) -> str:
    """The run of show as a timeline, in the reader's zone."""
    return pictures.timeline(
        [
            pictures.Block(
                str(row.kind.name), row.starts_at, row.minutes, COLOURS.get(row.kind.setting, 0) if row.block.code != "BREAK" else 0,
                row.has_groups,
            )
            for row in rows
        ],
        _("Run of show of session %(code)s") % {"code": shown.code},
    )  # fmt: skip


@login_required
@require_GET
def show(request: HttpRequest, dialogue: str) -> HttpResponse:
    """The run of show of all sessions on paper, times in the event's own zone beside the reader's."""
    found, context = context_of(request, dialogue)
    if context["is_closed"]:
        return closed(request, context)
    sessions = [
        {"session": each, "rows": [(clock(in_zone(row.starts_at, found.zone)), row) for row in queries.agenda(each)]}
        for each in found.sessions.prefetch_related("blocks")
    ]
    return render(request, "enable/show.html", context | {"sessions": sessions})


@login_required
@require_http_methods(["GET", "POST"])
def blocks(request: HttpRequest, dialogue: str, code: str) -> HttpResponse:
    """Write the run of show."""
    found, context = context_of(request, dialogue)
    if request.method == "GET" and not context["is_open"]:
        return closed(request, context)
    require_facilitate(reader(request), found)
    shown = session_of(found, code)
    initial = [{"code": block.code, "minutes": block.minutes} for block in shown.blocks.all()]
    formset = BlockForms(posted(request), initial=initial)
    refused = None
    if request.method == "POST" and formset.is_valid():
        try:
            actions.plan_blocks(by=reader(request), session=shown, blocks=blocks_of(formset))
        except Refused as error:
            refused = error
        else:
            messages.success(request, _("The run of show is saved."))
            return redirect("enable:session", found.slug, shown.code)
    context |= {"session": shown, "formset": formset, "refused": refused}
    status = (refused.status if refused else 422) if formset.is_bound else 200
    return render(request, "enable/blocks.html", context, status=status)


@login_required
@require_POST
def start(request: HttpRequest, dialogue: str, code: str) -> HttpResponse:
    found, _ctx = context_of(request, dialogue)
    shown = actions.start_session(by=reader(request), session=session_of(found, code))
    messages.success(request, _("The session has begun."))
    return redirect("enable:session", found.slug, shown.code)


@login_required
@require_POST
def go_on(request: HttpRequest, dialogue: str, code: str) -> HttpResponse:
    """The next block; `after` is the block the facilitator saw."""
    found, _ctx = context_of(request, dialogue)
    after = request.POST.get("after", "")
    actions.next_block(
        by=reader(request), session=session_of(found, code), after=int(after) if after.isdecimal() else None
    )
    return redirect("enable:session", found.slug, code)


@login_required
@require_POST
def close(request: HttpRequest, dialogue: str, code: str) -> HttpResponse:
    found, _ctx = context_of(request, dialogue)
    actions.close_session(by=reader(request), session=session_of(found, code))
    messages.success(request, _("The session is closed."))
    return redirect("enable:session", found.slug, code)


@login_required
@require_POST
def cancel(request: HttpRequest, dialogue: str, code: str) -> HttpResponse:
    found, context = context_of(request, dialogue)
    shown, form = session_of(found, code), CancelForm(request.POST)
    require_facilitate(reader(request), found)
    if not form.is_valid():
        page = context | _context(shown, context, cancel_form=form)
        return render(request, "enable/session.html", page, status=422)
    actions.cancel_session(by=reader(request), session=shown, reason=form.cleaned_data["reason"])
    messages.success(request, _("The session is cancelled."))
    return redirect("enable:session", found.slug, code)


@login_required
@require_POST
def attendance(request: HttpRequest, dialogue: str, code: str) -> HttpResponse:
    """Note who is here: a facilitator for all, a participant for themselves."""
    found, context = context_of(request, dialogue)
    shown = session_of(found, code)
    if context["is_team"]:
        form = PeopleForm(_("Who is here?"), practitioners(found), request.POST)
        if not form.is_valid():
            return render(
                request, "enable/session.html", context | _context(shown, context, people_form=form), status=422
            )
        actions.note_attendance(by=reader(request), session=shown, present=form.chosen)
        messages.success(request, _("Attendance is noted."))
    elif context["me"]:
        actions.record_attendance(by=reader(request), session=shown, participant=context["me"])
        messages.success(request, _("We know that you are here."))
    return redirect("enable:session", found.slug, code)
