"""What every request passes: security headers, the reader's zone, and refusals as calm pages."""

import secrets
from collections.abc import Callable
from urllib.parse import unquote
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from majlis.web.refused import Refused
from majlis.web.unasked import log_unasked

Handler = Callable[[HttpRequest], HttpResponse]
ZONES = frozenset(available_timezones())
HEADERS = {
    "Permissions-Policy": "geolocation=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Cross-Origin-Resource-Policy": "same-origin",
}


class ContentPolicy:
    """Content-Security-Policy without inline script or style, and the headers beside it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'",
        )
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class ReadersZone:
    """Show times in the account's zone, else in the one the browser told us (cookie `zone`), else in UTC."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = getattr(request.user, "zone", "") or unquote(request.COOKIES.get("zone", ""))
        with timezone.override(ZoneInfo(zone) if zone in ZONES else None):
            return self.get_response(request)


class Unasked:
    """Fields that no form has are ignored by every form; that somebody sent them is logged."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        log_unasked(request)
        return response


class Refusals:
    """A refused act becomes a page that says what, where and how to mend it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        reference = secrets.token_hex(4)
        context = {"refused": exception, "reference": reference}
        return render(request, "web/refused.html", context, status=exception.status)
