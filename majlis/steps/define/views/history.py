"""The list as it stood after each change, and the way back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from majlis.dialogue.queries import visible_dialogue
from majlis.dialogue.rules import GONE, can_facilitate
from majlis.steps.define import actions, queries
from majlis.steps.define.rules import standing
from majlis.steps.define.views.frame import frame, page_url, reader, shown
from majlis.web.refused import NotThere


@login_required
@require_GET
def versions(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    if not can_facilitate(reader(request), found):
        raise NotThere(GONE)
    context = frame(request, found, standing(found)) | {"tab": "versions", "versions": queries.version_views(found)}
    return shown(request, "define/versions.html", context)


@login_required
@require_POST
def restore(request: HttpRequest, dialogue: str, number: int) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    version = found.topic_versions.select_related("dialogue").filter(number=number).first()
    if version is None:
        raise NotThere(GONE)
    actions.restore(by=reader(request), version=version)
    messages.success(request, _("The sub-topics stand as they did before."))
    return redirect(page_url(found))
