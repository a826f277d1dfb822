"""Where a number in a file leads: the page that lists its records."""

from django.conf import settings
from django.urls import reverse

from majlis.steps.report.wording import Piece


def record_path(slug: str, piece: Piece) -> str:
    """The path of the records behind a piece; nothing for a piece without a fact."""
    if not piece.fact:
        return ""
    if piece.activity:
        return reverse("report:entry_records", args=[slug, piece.activity, piece.fact])
    return reverse("report:records", args=[slug, piece.fact])


def record_link(slug: str, piece: Piece) -> str:
    """The same with the site's public address, for files."""
    path = record_path(slug, piece)
    return settings.PUBLIC_URL + path if path else ""
