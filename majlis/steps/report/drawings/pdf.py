"""The report as a tagged PDF, set by Typst.

The template is ours and fixed; the content goes in as JSON and is only ever shown as text. The compiler sees an empty
folder as its root, no packages and no network.
"""

import json
import unicodedata
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import fontpkg_ibm_plex_sans
import fontpkg_ibm_plex_sans_arabic
import typst
from fontTools.ttLib import TTFont

from majlis.steps.report.document import Block, Document, Heading, Paragraph, Table
from majlis.steps.report.drawings.links import record_link
from majlis.steps.report.terms import DATA, labels
from majlis.steps.report.wording import Piece, Voice

TEMPLATE = DATA / "report.typ"
FONTS = (fontpkg_ibm_plex_sans, fontpkg_ibm_plex_sans_arabic)


def pdf(document: Document) -> bytes:
    """The PDF's bytes: PDF/UA-1, with the document's language and title, right to left where it is read so."""
    made = typst.compile(
        TEMPLATE.read_bytes(),
        root=_empty_folder(),
        font_paths=_fonts(),
        sys_inputs={"document": json.dumps(_content(document), ensure_ascii=False)},
        pdf_standards="ua-1",
        package_path=_empty_folder(),
        package_cache_path=_empty_folder(),
    )
    assert isinstance(made, bytes)
    return made


@cache
def _empty_folder() -> str:
    return mkdtemp(prefix="majlis-typst-")


@cache
def _fonts() -> Any:
    """Only the two families of the house: a machine's own fonts would make the same report look different."""
    folders = [str(Path(next(iter(package.__path__))) / "files") for package in FONTS]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _content(document: Document) -> dict[str, Any]:
    words = {key: labels()[key][document.language] for key in ("version", "page", "of")}
    return {
        "language": document.language,
        "title": drawable(document.title.text),
        "title_language": document.title.language or document.language,
        "heading": document.heading,
        "banner": document.banner,
        "version": document.version,
        "date": Voice(document.language).day(document.written_on, with_year=True),
        "words": words,
        "sections": [
            {"title": section.title, "blocks": [_block(block, document.slug) for block in section.blocks]}
            for section in document.sections
        ],
    }


def _block(block: Block, slug: str) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "pieces": [_piece(block.text, slug)]}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "pieces": [_piece(piece, slug) for piece in block.pieces]}
    return _table(block, slug)


def _table(table: Table, slug: str) -> dict[str, Any]:
    rows = [[[_piece(piece, slug) for piece in cell] for cell in row] for row in table.rows]
    return {"kind": "table", "caption": table.caption, "head": table.head, "rows": rows, "bars": table.bars}


def _piece(piece: Piece, slug: str) -> dict[str, str]:
    language = "" if piece.language == "und" else piece.language
    return {"text": drawable(piece.text), "language": language, "url": record_link(slug, piece)}


def drawable(text: str) -> str:
    """The text without controls, and with � for what the house's fonts cannot draw: PDF/UA forbids missing glyphs.

    One emoji in a commitment would otherwise keep the whole report from being written.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(_drawn(character) for character in composed)


def _drawn(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\n\t":
        return " "
    if category in {"Cc", "Cs", "Co", "Cn"}:
        return ""
    if ord(character) in _glyphs() or category == "Cf":
        return character
    return "" if category.startswith("M") else "\ufffd"


@cache
def _glyphs() -> frozenset[int]:
    """What both families can draw between them."""
    found: set[int] = set()
    for package in FONTS:
        for file in sorted((Path(next(iter(package.__path__))) / "files").glob("*.ttf")):
            if "Italic" not in file.name:
                with TTFont(file, lazy=True) as font:
                    found |= font.getBestCmap().keys()
                break
    return frozenset(found)
