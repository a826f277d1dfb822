"""What every page's shell needs."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_bidi


def shell(request: HttpRequest) -> dict[str, Any]:
    return {
        "page_language": get_language() or "en",
        "page_direction": "rtl" if get_language_bidi() else "ltr",
        "languages": settings.LANGUAGES,
        "is_demo": settings.IS_DEMO,
        "public_url": settings.PUBLIC_URL,
        "page_address": page_address(request),
    }


def page_address(request: HttpRequest) -> str:
    """Where to come back to after choosing a language: this page, or the page whose form was sent here."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    referer = urlsplit(request.headers.get("referer", ""))
    if not referer.path.startswith("/") or referer.path.startswith("//"):
        return "/"
    return referer.path + (f"?{referer.query}" if referer.query else "")
