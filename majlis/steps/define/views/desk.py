"""The list of sub-topics: the secretariat's desk; everybody else in the dialogue reads it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from majlis.dialogue.models import Dialogue
from majlis.dialogue.queries import visible_dialogue
from majlis.dialogue.rules import require_run
from majlis.steps.define import actions, queries
from majlis.steps.define.forms import ProposeForm
from majlis.steps.define.models import Proposal
from majlis.steps.define.rules import standing
from majlis.steps.define.views.frame import frame, page_url, reader, shown
from majlis.web.refused import Refused
from majlis.web.sentences import Sentence


@login_required
@require_GET
def page(request: HttpRequest, dialogue: str) -> HttpResponse:
    return show(request, visible_dialogue(dialogue, reader(request)))


def show(
    request: HttpRequest, dialogue: Dialogue, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page; `forms` carry back what was typed when an act was refused."""
    now = standing(dialogue)
    context = frame(request, dialogue, now)
    may_change = context["may_change"]
    latest = queries.latest_proposal(dialogue) if may_change else None
    context |= {
        "tab": "topics",
        "next": queries.next_action(dialogue, reader(request), now),
        "views": queries.topic_views(now, dialogue),
        "coverage": queries.coverage(now, dialogue) if now.topics else None,
        "uncovered": now.uncovered,
        "under_way": queries.under_way(dialogue) if may_change else None,
        "failed": latest if latest and latest.state == Proposal.State.FAILED else None,
        "last": queries.last_change(dialogue) if may_change else None,
        "propose_form": ProposeForm(),
        **(forms or {}),
    }
    return shown(request, "define/page.html", context, status)


@login_required
@require_POST
def propose(request: HttpRequest, dialogue: str) -> HttpResponse:
    found, form = visible_dialogue(dialogue, reader(request)), ProposeForm(request.POST)
    if not form.is_valid():
        return show(request, found, {"propose_form": form}, 422)
    try:
        actions.ask_proposal(by=reader(request), dialogue=found, **form.cleaned_data)
    except Refused as refused:
        if refused.status != Refused.status:
            raise
        form.add_error(None, str(refused.sentence))
        return show(request, found, {"propose_form": form}, 422)
    return redirect(page_url(found, "proposal"))


@login_required
@never_cache
@require_GET
def proposal(request: HttpRequest, dialogue: str) -> HttpResponse:
    """How far the newest proposal is, for the script that waits for it."""
    found = visible_dialogue(dialogue, reader(request))
    require_run(reader(request), found)
    latest = queries.latest_proposal(found)
    said = str(Sentence.from_json(latest.said)) if latest and latest.said else ""
    is_under_way = queries.under_way(found) is not None
    return JsonResponse({"is_under_way": is_under_way, "done": latest.done if latest else 0, "said": said})


@login_required
@require_POST
def complete(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    actions.complete(by=reader(request), dialogue=found)
    messages.success(request, _("The sub-topics stand. Next: the invitations."))
    return redirect("invite:page", dialogue=found.slug)
