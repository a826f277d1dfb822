"""Drafting and sending: every button of the secretariat that ends in mails."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from majlis.dialogue.queries import visible_dialogue
from majlis.dialogue.rules import require_run
from majlis.outbox.models import Batch
from majlis.steps.invite import actions, queries
from majlis.steps.invite.views.reader import reader
from majlis.steps.invite.views.room import shell

DRAFTS = {
    "ask": actions.ask_agreement,
    "remind_agreement": actions.remind_agreement,
    "delegations": actions.invite_delegations,
    "draft": actions.draft_invitations,
    "update": actions.draft_updates,
    "places": actions.tell_places,
    "remind": actions.remind_invited,
}


@login_required
@require_POST
def draft(request: HttpRequest, dialogue: str, what: str) -> HttpResponse:
    """Draft mails and show them; nothing leaves yet."""
    account = reader(request)
    batch: Batch = DRAFTS[what](by=account, dialogue=visible_dialogue(dialogue, account))
    messages.success(request, _("The mails are drafted. Look at them before you send."))
    return redirect("invite:send", dialogue) if batch.is_held else redirect("outbox:batch", batch.pk)


@login_required
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, dialogue: str) -> HttpResponse:
    """Look once more at what would leave, then confirm."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    require_run(account, found)
    if request.method == "POST":
        count = actions.send_invitations(by=account, dialogue=found)
        sent = ngettext("%(count)s mail is on its way.", "%(count)s mails are on their way.", count) % {"count": count}
        messages.success(request, sent)
        return redirect("invite:page", dialogue)
    context = shell(found, account)
    if "closed" in context:
        return render(request, "invite/closed.html", context)
    drafts = Batch.objects.filter(scope=found.scope, kind__startswith="invite.", state=Batch.State.DRAFT, is_held=True)
    languages = queries.languages_of(drafts)
    return render(request, "invite/send.html", context | {"drafts": languages, "next": None})
