"""Who reads, and how a mail is framed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from majlis.accounts.models import Account

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


def reader(request: HttpRequest) -> Account | None:
    return request.user if isinstance(request.user, Account) else None


def signed_in(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def framing(response: HttpResponse) -> HttpResponse:
    """Let the page show a mail in a frame, which no other page may."""
    response["Content-Security-Policy"] = FRAME_POLICY
    return response


def framed(html: str, status: int = 200) -> HttpResponse:
    """A mail's HTML by itself, for the frame: sandboxed, with a policy of its own."""
    response = HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1), status=status)
    response["Content-Security-Policy"] = MAIL_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "no-store"
    return response
