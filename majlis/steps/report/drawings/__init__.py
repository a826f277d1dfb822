"""A document drawn in the formats people ask for."""

from collections.abc import Callable

from majlis.steps.report.document import Document
from majlis.steps.report.drawings.docx import docx
from majlis.steps.report.drawings.html import html
from majlis.steps.report.drawings.pdf import pdf

# Each takes a document and returns the bytes of a file; a JSON of the facts is no drawing and stands with the actions.
DRAWINGS: dict[str, Callable[[Document], bytes]] = {"html": html, "pdf": pdf, "docx": docx}

__all__ = ["DRAWINGS", "docx", "html", "pdf"]
