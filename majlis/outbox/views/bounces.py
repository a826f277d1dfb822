"""Mails that came back: what the servers said, what to do about it, and reports brought in by hand."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from majlis.outbox import actions, queries
from majlis.outbox.forms import ReportForm
from majlis.outbox.rules import is_of_secretariat
from majlis.outbox.views.reading import reader, signed_in
from majlis.web.refused import Forbidden, Refused

PER_PAGE = 50


@login_required
@require_http_methods(["GET", "POST"])
def bounces(request: HttpRequest) -> HttpResponse:
    """What came back and is not seen to yet (or everything), and the form for a report from a file."""
    if not is_of_secretariat(reader(request)):
        raise Forbidden(_("Only the secretariat may look into the outbox."))
    form, status = ReportForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                actions.upload_report(by=signed_in(request), content=form.cleaned_data["report"].read())
                messages.success(request, _("The report was read: its mail is marked."))
                return redirect("outbox:bounces")
            except Refused as refused:
                form.add_error("report", str(refused.sentence))
        status = 422
    is_all = request.GET.get("show") == "all"
    page = Paginator(queries.bounces(with_settled=is_all), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "is_all": is_all, "form": form, "reads_mailbox": bool(settings.IMAP_URL),
        "incoming": queries.not_taken(), "advised": [(bounce, *queries.advice(bounce)) for bounce in page],
    }  # fmt: skip
    return render(request, "outbox/bounces.html", context, status=status)


@login_required
@require_POST
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """Seen to: mails may go to this address again."""
    actions.settle_bounce(by=signed_in(request), bounce=queries.bounce(number))
    messages.success(request, _("Noted. Mails may go to this address again."))
    return redirect("outbox:bounces")
