"""What every page's shell needs."""

from typing import Any

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
    }
