"""Pages of the outbox: what is drafted, what would leave, what left and what the server said."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from majlis.outbox import actions, queries
from majlis.outbox.forms import SendAtForm
from majlis.outbox.models import Batch, Mail
from majlis.outbox.rules import are_kept, can_list, can_read, can_send, is_of_secretariat
from majlis.outbox.texts import kinds
from majlis.outbox.views.reading import framed, framing, reader, signed_in
from majlis.web.refused import Forbidden, Refused

PER_PAGE = 50


@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """Every batch, newest first, by dialogue and state."""
    account = reader(request)
    if not can_list(account):
        if account is None:
            return redirect(f"{settings.LOGIN_URL}?next={request.path}")
        raise Forbidden(_("Only the secretariat may look into the outbox."))
    scope, state = request.GET.get("scope", ""), request.GET.get("state", "")
    page = Paginator(queries.batches(scope=scope, state=state), PER_PAGE).get_page(request.GET.get("page"))
    states = [*Batch.State.choices, ("scheduled", _("Leaving at a set time")), ("failed", _("With failures"))]
    scopes = queries.scopes()
    titles = queries.scope_titles(scopes)
    for each in page:
        each.scope_title = titles.get(each.scope, each.scope)  # type: ignore[attr-defined]
    context = {
        "page": page, "scope": scope, "state": state, "scopes": [(each, titles.get(each, each)) for each in scopes], "states": states,
        "are_kept": are_kept(), "texts": sorted(titles.items(), key=lambda item: item[1]), "came_back": queries.open_bounces(),
        "may_change": is_of_secretariat(account),
    }  # fmt: skip
    return render(request, "outbox/batches.html", context)


@require_GET
def batch(request: HttpRequest, number: int) -> HttpResponse:
    """One batch: how many in which language, the mail of any recipient, and what may be done."""
    account = reader(request)
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
        "unsent": sum(states.get(each, 0) for each in (Mail.State.DRAFT, Mail.State.WAITING, Mail.State.QUEUED, Mail.State.FAILED)),
        "under_way": sum(states.get(each, 0) for each in (Mail.State.WAITING, Mail.State.QUEUED, Mail.State.SENDING)),
        "unclear": states.get(Mail.State.UNCLEAR, 0), "came_back": states.get(Mail.State.CAME_BACK, 0),
        "scope_title": queries.scope_title(found.scope), "schedule": SendAtForm(), "now": timezone.now(),
        "has_text": is_of_secretariat(account) and shown is not None and shown.template in kinds(), "shown": shown,
    }  # fmt: skip
    return framing(render(request, "outbox/batch.html", context))


def _shown(batch: Batch, wanted: str, otherwise: Mail | None) -> Mail | None:
    mails = batch.mails.select_related("account", "batch")
    chosen = (
        mails.filter(pk=int(wanted)).first() if wanted.isascii() and wanted.isdigit() and len(wanted) < 18 else None
    )
    return chosen or (mails.filter(pk=otherwise.pk).first() if otherwise else None)


@require_GET
def mail(request: HttpRequest, number: int) -> HttpResponse:
    """One mail: HTML, plain text, calendar object, and the log of its deliveries."""
    account = reader(request)
    found = queries.visible_mail(number, account)
    context: dict[str, Any] = {
        "mail": found, "batch": found.batch, "preview": queries.preview(found, account), "log": found.log.all(),
        "may_send": bool(account) and can_send(account, found.batch), "may_list": can_list(account),
        "bounces": [(bounce, *queries.advice(bounce)) for bounce in found.bounces.all()],
    }  # fmt: skip
    return framing(render(request, "outbox/mail.html", context))


@require_GET
def mail_html(request: HttpRequest, number: int) -> HttpResponse:
    """The HTML part by itself, for the frame: sandboxed, with a policy of its own."""
    account = reader(request)
    return framed(queries.preview(queries.visible_mail(number, account), account).html)


@login_required
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, number: int) -> HttpResponse:
    """Ask once more, then send. A batch that its step holds back is refused here too."""
    account = signed_in(request)
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
    account = signed_in(request)
    count = actions.cancel_batch(by=account, batch=queries.visible_batch(number, account))
    said = ngettext("%(count)s mail was cancelled.", "%(count)s mails were cancelled.", count)
    messages.success(request, said % {"count": count})
    return redirect("outbox:batch", number)


@login_required
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Try the failed ones once more."""
    account = signed_in(request)
    count = actions.try_again(by=account, batch=queries.visible_batch(number, account))
    said = ngettext("%(count)s mail is tried again.", "%(count)s mails are tried again.", count)
    messages.success(request, said % {"count": count})
    return redirect("outbox:batch", number)


@login_required
@require_POST
def test(request: HttpRequest, number: int) -> HttpResponse:
    """Send a copy to oneself."""
    account = signed_in(request)
    copy = actions.test_mail(by=account, mail=queries.visible_mail(number, account))
    messages.success(request, _("A copy is on its way to %(address)s.") % {"address": copy.address})
    return redirect("outbox:mail", number)


@login_required
@require_POST
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Say yes to the drafts as they are; with a time, they leave by themselves then."""
    account = signed_in(request)
    found = queries.visible_batch(number, account)
    form = SendAtForm(request.POST)
    is_for_a_time = bool(request.POST.get("send_at"))
    if is_for_a_time and not form.is_valid():
        raise Refused(_("This is no time: %(fault)s"), fault=" ".join(map(str, form.errors["send_at"])))
    send_at = form.cleaned_data["send_at"] if is_for_a_time else None
    actions.approve_batch(by=account, batch=found, send_at=send_at)
    said = (
        _("Approved. The mails leave by themselves at the set time.")
        if send_at or found.send_at
        else _("Approved. They leave when somebody sends them.")
    )
    messages.success(request, said)
    return redirect("outbox:batch", number)


@login_required
@require_POST
def unapprove(request: HttpRequest, number: int) -> HttpResponse:
    account = signed_in(request)
    actions.take_back_approval(by=account, batch=queries.visible_batch(number, account))
    messages.success(request, _("These mails are drafts again and leave at no time by themselves."))
    return redirect("outbox:batch", number)


@login_required
@require_POST
def pause(request: HttpRequest, number: int) -> HttpResponse:
    """Pause, or go on."""
    account = signed_in(request)
    found = queries.visible_batch(number, account)
    if request.POST.get("act") == "go_on":
        actions.go_on(by=account, batch=found)
        messages.success(request, _("The mails go on leaving."))
    else:
        actions.pause_batch(by=account, batch=found)
        messages.success(request, _("Paused: no further mail of this batch leaves."))
    return redirect("outbox:batch", number)


@login_required
@require_POST
def test_all(request: HttpRequest, number: int) -> HttpResponse:
    """Send oneself one copy in each language."""
    account = signed_in(request)
    copies = actions.test_batch(by=account, batch=queries.visible_batch(number, account))
    said = ngettext(
        "%(count)s copy is on its way to %(address)s.", "%(count)s copies are on their way to %(address)s.", len(copies)
    )
    messages.success(request, said % {"count": len(copies), "address": account.email})
    return redirect("outbox:batch", number)


@login_required
@require_POST
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """A mail whose end is unclear, or that came back: it arrived, or it is sent once more."""
    account = signed_in(request)
    has_arrived = request.POST.get("act") == "arrived"
    actions.settle_unclear(by=account, mail=queries.visible_mail(number, account), has_arrived=has_arrived)
    messages.success(request, _("Noted: it arrived.") if has_arrived else _("It is sent once more."))
    return redirect("outbox:mail", number)
