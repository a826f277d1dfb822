"""The report as one HTML file that needs nothing beside it."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from majlis.steps.report.document import Document
from majlis.steps.report.terms import DATA, labels
from majlis.steps.report.wording import Voice


def html(document: Document) -> bytes:
    """The file's bytes, UTF-8. Everything from the facts is escaped by the template."""
    words = {key: labels()[key][document.language] for key in ("version", "report")}
    date = Voice(document.language).day(document.written_on, with_year=True)
    context = {"document": document, "style": _style(), "base": settings.PUBLIC_URL, "words": words, "date": date}
    return render_to_string("report/file.html", context).encode()


@cache
def _style() -> SafeString:
    # Our own file, no word of a user: the one place where a style stands inside a page, since the file travels alone.
    css = Path(DATA / "report.css").read_text(encoding="utf-8")
    return mark_safe(f"<style>{css}</style>")
