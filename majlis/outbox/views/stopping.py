"""Unsubscribing by the link in a mail: without an account, for people and for mail programs (RFC 8058)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import activate, get_language, get_language_bidi
from django.utils.translation import gettext_noop as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from majlis.accounts.actions import open_link
from majlis.outbox import actions, queries
from majlis.outbox.actions.stopping import STOP
from majlis.outbox.terms import REMINDER, STOPPABLE
from majlis.web.refused import NotThere

NO_KIND = _("This link names no kind of mail. Open it from the mail itself, as a whole.")


@csrf_exempt  # the link itself is the secret; a mail program's one click brings no cookie
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what would stop; only a POST stops it, here or everywhere, or begins again."""
    link = open_link(token, act=STOP)
    what, scope = request.GET.get("what", REMINDER), request.GET.get("scope", "")[:80]
    if what not in STOPPABLE:
        raise NotThere(NO_KIND)
    if request.method == "POST":
        act = actions.want_again if request.POST.get("act") == "again" else actions.stop
        act(link=link, what=what, scope="" if request.POST.get("where") == "everywhere" else scope)
        return redirect(f"{reverse('outbox:stop', args=[token])}?{urlencode({'what': what, 'scope': scope})}")
    # The link knows its reader's language; who chose another one in this browser keeps that.
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        activate(link.account.language)
    stopped = queries.stopped_scopes(link.account, what)
    context = {
        "what": STOPPABLE[what], "scope_title": queries.scope_title(scope), "address": link.account.email, "has_scope": bool(scope),
        "is_stopped_here": scope in stopped, "is_stopped_everywhere": "" in stopped, "page_language": get_language(),
        "page_direction": "rtl" if get_language_bidi() else "ltr",
    }  # fmt: skip
    return render(request, "outbox/stop.html", context)
