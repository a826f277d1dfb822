"""Who reads a page: somebody signed in, or somebody who came by a link in a mail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation

from majlis.accounts.models import Account
from majlis.language.models import LANGUAGES


def reader(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@contextmanager
def as_read_by(request: HttpRequest, account: Account, zone: str = "") -> Iterator[None]:
    """Show a page that a link opened in its reader's language, unless they chose another one, and in their zone."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if request.user.is_authenticated and chosen == request.user.language:
        chosen = ""  # set by signing in, not chosen for this page; in the demonstration one browser plays many people
    language = translation.get_language() if chosen else account.language
    with translation.override(language if language in LANGUAGES else "en"):
        shown_in = account.zone or zone
        with timezone.override(ZoneInfo(shown_in) if shown_in else None):
            yield
