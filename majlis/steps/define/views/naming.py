"""One sub-topic: all that was said to it, its names, its baseline."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from majlis.dialogue.models import Dialogue
from majlis.dialogue.queries import visible_dialogue
from majlis.dialogue.rules import GONE
from majlis.steps.define import actions, queries
from majlis.steps.define.forms import BaselineForm, NamesForm
from majlis.steps.define.rules import standing
from majlis.steps.define.views.frame import changed, frame, reader, shown, topic_of, typed
from majlis.web.refused import NotThere, Refused


@login_required
@require_GET
def topic(request: HttpRequest, dialogue: str, topic: int) -> HttpResponse:
    return show(request, visible_dialogue(dialogue, reader(request)), topic)


def show(
    request: HttpRequest, dialogue: Dialogue, number: int, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    now = standing(dialogue)
    context = frame(request, dialogue, now)
    view = next((each for each in queries.topic_views(now, dialogue) if each.topic.pk == number), None)
    if view is None:
        raise NotThere(GONE)
    context |= {
        "view": view,
        "names_form": NamesForm.of(view.topic.name),
        "baseline": BaselineForm.of(view.topic),
        **(forms or {}),
    }
    return shown(request, "define/topic.html", context, status)


def _url(dialogue: Dialogue, number: int) -> str:
    return reverse("define:topic", args=[dialogue.slug, number])


@login_required
@require_POST
def rename(request: HttpRequest, dialogue: str, topic: int) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    row, form = topic_of(found, topic), NamesForm(request.POST)
    if not form.is_valid():
        return show(request, found, topic, {"names_form": form}, 422)
    return changed(
        request,
        found,
        lambda: actions.rename_topic(by=reader(request), topic=row, name=form.text(row.name)),
        _("The names are kept."),
        lambda _topic: _url(found, topic),
    )


@login_required
@require_POST
def baseline(request: HttpRequest, dialogue: str, topic: int) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    row = topic_of(found, topic)
    form = BaselineForm.of(row, request.POST)
    if not form.is_valid():
        return show(request, found, topic, {"baseline": form}, 422)
    data = form.cleaned_data
    words = row.baseline_indicator if data["words"] == str(row.baseline_indicator) else typed(data["words"])
    try:
        actions.set_baseline(
            by=reader(request), topic=row, code=data["code"], indicator=words, value=data["value"], unit=data["unit"],
            on=data["on"],
        )  # fmt: skip
    except Refused as refused:
        if refused.status != Refused.status:
            raise
        form.add_error(None, str(refused.sentence))
        return show(request, found, topic, {"baseline": form}, 422)
    messages.success(request, _("The baseline is kept."))
    return redirect(_url(found, topic))
