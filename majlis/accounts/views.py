"""Signing in and one's own settings; allauth does the rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps

from allauth.account.views import confirm_login_code, request_login_code
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from majlis.accounts.actions import set_preferences
from majlis.accounts.adapter import speak
from majlis.accounts.forms import MeForm
from majlis.accounts.models import Account
from majlis.accounts.queries import of_demo_role
from majlis.accounts.rules import ROLES, can_sign_in_by_role
from majlis.web.refused import NotThere, Refused
from majlis.web.unasked import log_unasked

View = Callable[..., HttpResponse]
LEAST = 0.3  # seconds; more than either way needs, so that the clock does not tell a known address from an unknown one
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def evened(view: View) -> View:
    """Let every POST take the same time, whether a mail was written or not."""

    @wraps(view)
    def slower(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        begun = time.monotonic()
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            time.sleep(max(0.0, LEAST - (time.monotonic() - begun)))
        return response

    return slower


request_code = evened(request_login_code)
confirm_code = evened(confirm_login_code)


@require_GET
def sign_in(request: HttpRequest) -> HttpResponse:
    """Signing in is asking for a code."""
    wanted = request.GET.get("next", "")
    return redirect("/accounts/login/code/" + (f"?{urlencode({'next': wanted})}" if wanted else ""))


def no_passwords(request: HttpRequest, rest: str = "") -> HttpResponse:
    """allauth could keep passwords and change addresses; here there are none, and addresses are the secretariat's."""
    raise NotThere(_("There is no such page. Majlis has no passwords; you sign in with a code by mail."))


@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """In the demonstration: sign in as a role with one click."""
    role = request.POST.get("role", "")
    account = of_demo_role(role) if can_sign_in_by_role() and role in ROLES else None
    if account is None:
        raise NotThere(_("There is no such page."))
    login(request, account, backend=BACKEND)
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=settings.IS_HTTPS
    )
    response = redirect(wanted if is_ours else settings.LOGIN_REDIRECT_URL)
    speak(response, account.language)
    return response


@login_required
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """One's own language, time zone and shown name."""
    assert isinstance(request.user, Account)
    form, status = MeForm(request.user, request.POST or None), 200
    log_unasked(request, frozenset({"role", "email"}))
    if request.method == "POST":
        if form.is_valid():
            try:
                account = set_preferences(by=request.user, **form.cleaned_data)
                with override(account.language):
                    messages.success(request, _("Your settings are kept."))
                response = redirect("accounts:me")
                speak(response, account.language)
                return response
            except Refused as refused:
                form.add_error(None, str(refused.sentence))
        status = 422
    return render(request, "accounts/me.html", {"form": form}, status=status)
