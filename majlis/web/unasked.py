"""Fields that nobody asked for: who sends `is_staff` along with a form tries to make more of themselves. Ignored, and logged."""

from __future__ import annotations

import logging

from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException, UnreadablePostError

logger = logging.getLogger(__name__)
# No form of Majlis has a field of these names: rights, states, and whose data it is come from the server alone.
NEVER_ASKED = frozenset(
    {
        "is_staff", "is_superuser", "is_active", "is_secretariat", "is_admin", "user_permissions",
        "account", "account_id", "user", "user_id", "created_by", "created_by_id",
    }
)  # fmt: skip


def log_unasked(request: HttpRequest, names: frozenset[str] = NEVER_ASKED) -> None:
    """Write down which of these fields came with a form that has none of them: names only, never what they held."""
    if request.method != "POST":
        return
    try:
        found = sorted(names & set(request.POST))
    except (RawPostDataException, UnreadablePostError, MultiPartParserError):
        return  # a body that was no form, or that the page has read itself
    if found:
        who = getattr(request.user, "pk", None) if hasattr(request, "user") else None
        match = request.resolver_match
        logger.warning(
            "Ignored what was not asked for: %s, by account %s, at %s", ", ".join(found), who, match and match.view_name
        )
