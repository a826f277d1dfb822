"""Pages of the outbox: what is drafted, what would leave, what left and what the server said."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from majlis.accounts.models import Account
from majlis.outbox import actions, queries
from majlis.outbox.models import Batch, Mail
from majlis.outbox.rules import are_kept, can_list, can_read, can_send
from majlis.web.refused import Forbidden

PER_PAGE = 50
# A mail brings its own styles in its elements; it gets no script, no picture from elsewhere, no way out of its frame
# except links that open a page of their own.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)


def _reader(request: HttpRequest) -> Account | None:
    return request.user if isinstance(request.user, Account) else None


def _signed_in(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """Every batch, newest first, by dialogue and state."""
    account = _reader(request)
    if not can_list(account):
        if account is None:
            return redirect(f"{settings.LOGIN_URL}?next={request.path}")
        raise Forbidden(_("Only the secretariat may look into the outbox."))
    scope, state = request.GET.get("scope", ""), request.GET.get("state", "")
    page = Paginator(queries.batches(scope=scope, state=state), PER_PAGE).get_page(request.GET.get("page"))
    states = [*Batch.State.choices, ("failed", _("With failures"))]
    context = {
        "page": page, "scope": scope, "state": state, "scopes": queries.scopes(), "states": states, "are_kept": are_kept(),
    }  # fmt: skip
    return render(request, "outbox/batches.html", context)


@require_GET
def batch(request: HttpRequest, number: int) -> HttpResponse:
    """One batch: how many in which language, the mail of any recipient, and what may be done."""
    account = _reader(request)
    found = queries.visible_batch(number, account)
    state, language, words = (request.GET.get(key, "")[:100] for key in ("state", "language", "q"))
    listed = queries.mails(found, state=state, language=language, words=words)
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    languages, states = queries.tallies(found)
    shown = _shown(found, request.GET.get("mail", ""), next(iter(page), None))
    context = {
        "batch": found, "page": page, "languages": languages, "states": [(each, Mail.State(each).label, n) for each, n in states.items()],
        "state": state, "language": language, "words": words, "may_send": bool(account) and can_send(account, found),
        "preview": queries.preview(shown, account) if shown and can_read(account, shown) else None, "are_kept": are_kept(),
        "drafts": states.get(Mail.State.DRAFT, 0), "failed": states.get(Mail.State.FAILED, 0),
        "unsent": sum(states.get(each, 0) for each in (Mail.State.DRAFT, Mail.State.QUEUED, Mail.State.FAILED)),
    }  # fmt: skip
    return _framing(render(request, "outbox/batch.html", context))


def _shown(batch: Batch, wanted: str, otherwise: Mail | None) -> Mail | None:
    mails = batch.mails.select_related("account", "batch")
    chosen = (
        mails.filter(pk=int(wanted)).first() if wanted.isascii() and wanted.isdigit() and len(wanted) < 18 else None
    )
    return chosen or (mails.filter(pk=otherwise.pk).first() if otherwise else None)


@require_GET
def mail(request: HttpRequest, number: int) -> HttpResponse:
    """One mail: HTML, plain text, calendar object, and the log of its deliveries."""
    account = _reader(request)
    found = queries.visible_mail(number, account)
    context: dict[str, Any] = {
        "mail": found, "batch": found.batch, "preview": queries.preview(found, account), "log": found.log.all(),
        "may_send": bool(account) and can_send(account, found.batch), "may_list": can_list(account),
    }  # fmt: skip
    return _framing(render(request, "outbox/mail.html", context))


@require_GET
def mail_html(request: HttpRequest, number: int) -> HttpResponse:
    """The HTML part by itself, for the frame: sandboxed, with a policy of its own."""
    account = _reader(request)
    html = queries.preview(queries.visible_mail(number, account), account).html
    response = HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))
    response["Content-Security-Policy"] = MAIL_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, number: int) -> HttpResponse:
    """Ask once more, then send. A batch that its step holds back is refused here too."""
    account = _signed_in(request)
    found = queries.visible_batch(number, account)
    if request.method == "POST":
        count = actions.send_batch(by=account, batch=found)
        said = ngettext("%(count)s mail is on its way.", "%(count)s mails are on their way.", count)
        messages.success(request, said % {"count": count})
        return redirect("outbox:batch", found.pk)
    languages, states = queries.tallies(found)
    context = {
        "batch": found,
        "languages": languages,
        "drafts": states.get(Mail.State.DRAFT, 0),
        "are_kept": are_kept(),
    }
    return render(request, "outbox/send.html", context)


@login_required
@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    account = _signed_in(request)
    count = actions.cancel_batch(by=account, batch=queries.visible_batch(number, account))
    said = ngettext("%(count)s mail was cancelled.", "%(count)s mails were cancelled.", count)
    messages.success(request, said % {"count": count})
    return redirect("outbox:batch", number)


@login_required
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Try the failed ones once more."""
    account = _signed_in(request)
    count = actions.try_again(by=account, batch=queries.visible_batch(number, account))
    said = ngettext("%(count)s mail is tried again.", "%(count)s mails are tried again.", count)
    messages.success(request, said % {"count": count})
    return redirect("outbox:batch", number)


@login_required
@require_POST
def test(request: HttpRequest, number: int) -> HttpResponse:
    """Send a copy to oneself."""
    account = _signed_in(request)
    copy = actions.test_mail(by=account, mail=queries.visible_mail(number, account))
    messages.success(request, _("A copy is on its way to %(address)s.") % {"address": copy.address})
    return redirect("outbox:mail", number)


def _framing(response: HttpResponse) -> HttpResponse:
    """Let the page show the mail in a frame, which no other page may."""
    response["Content-Security-Policy"] = FRAME_POLICY
    return response
