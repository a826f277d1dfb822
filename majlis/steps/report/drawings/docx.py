"""The report as a Word file with real headings, links, languages and directions."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document as new_document
from docx.enum.table import WD_TABLE_DIRECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from majlis.steps.report.document import Document, Heading, Paragraph, Table
from majlis.steps.report.drawings.links import record_link
from majlis.steps.report.terms import labels
from majlis.steps.report.wording import Piece, Voice

LOCALES = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "ar": "ar-TN"}
PETROL = RGBColor(0x0B, 0x4F, 0x5C)
# What XML 1.0 cannot hold; python-docx would raise on it.
FORBIDDEN = {code: None for code in range(32) if code not in (9, 10, 13)}


def docx(document: Document) -> bytes:
    """The file's bytes. In Arabic every paragraph, run and table runs from right to left."""
    return _Writer(document).bytes()


class _Writer:
    def __init__(self, document: Document) -> None:
        self.document, self.is_rtl = document, document.direction == "rtl"
        self.file = new_document()
        self._styles()
        self._properties()

    def bytes(self) -> bytes:
        document = self.document
        if document.banner:
            self._paragraph([Piece(document.banner)], style="Intense Quote")
        self._paragraph([document.title], style="Title")
        version = labels()["version"][document.language]
        day = Voice(document.language).day(document.written_on, with_year=True)
        self._paragraph([Piece(f"{document.heading} · {version} {document.version} · {day}")], style="Subtitle")
        for section in document.sections:
            self._paragraph([Piece(section.title)], style="Heading 1")
            for block in section.blocks:
                if isinstance(block, Heading):
                    self._paragraph([block.text], style="Heading 2")
                elif isinstance(block, Paragraph):
                    self._paragraph(block.pieces)
                else:
                    self._table(block)
        stream = BytesIO()
        self.file.save(stream)
        return stream.getvalue()

    def _properties(self) -> None:
        core = self.file.core_properties
        core.title, core.language, core.author = (
            self.document.title.text.translate(FORBIDDEN),
            self.document.language,
            "Majlis",
        )

    def _styles(self) -> None:
        for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Intense Quote"):
            style = self.file.styles[name]
            style.font.name = "IBM Plex Sans"
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            fonts.set(qn("w:cs"), "IBM Plex Sans Arabic")
            for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
                fonts.attrib.pop(qn(theme), None)
            if name != "Normal":
                style.font.color.rgb = PETROL
        self.file.styles["Normal"].font.size = Pt(10.5)
        self.file.styles["Normal"].element.get_or_add_rPr().append(self._language(self.document.language))

    def _language(self, language: str) -> Any:
        element = OxmlElement("w:lang")
        element.set(qn("w:bidi" if language == "ar" else "w:val"), LOCALES.get(language, language))
        return element

    def _paragraph(self, pieces: Sequence[Piece], *, style: str = "Normal") -> None:
        self._fill(self.file.add_paragraph(style=style), pieces)

    def _fill(self, paragraph: Any, pieces: Sequence[Piece], *, bold: bool = False) -> None:
        if self.is_rtl:
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for piece in pieces:
            url = record_link(self.document.slug, piece)
            run = self._run(piece, is_link=bool(url), bold=bold)
            paragraph._p.append(self._hyperlink(paragraph, run, url) if url else run)

    def _run(self, piece: Piece, *, is_link: bool, bold: bool) -> Any:
        language = piece.language if piece.language not in ("", "und") else self.document.language
        run = OxmlElement("w:r")
        properties = OxmlElement("w:rPr")
        run.append(properties)
        if bold:
            properties.append(OxmlElement("w:b"))
            properties.append(OxmlElement("w:bCs"))
        if is_link:
            colour = OxmlElement("w:color")
            colour.set(qn("w:val"), str(PETROL))
            properties.append(colour)
        if language == "ar":
            properties.append(OxmlElement("w:rtl"))
        properties.append(self._language(language))
        text = OxmlElement("w:t")
        text.text = piece.text.translate(FORBIDDEN)
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(text)
        return run

    def _hyperlink(self, paragraph: Any, run: Any, url: str) -> Any:
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        link.append(run)
        return link

    def _table(self, table: Table) -> None:
        self._paragraph([Piece(table.caption)], style="Heading 3")
        drawn = self.file.add_table(rows=1, cols=len(table.head), style="Table Grid")
        if self.is_rtl:
            drawn.table_direction = WD_TABLE_DIRECTION.RTL
        for cell, name in zip(drawn.rows[0].cells, table.head, strict=True):
            self._fill(cell.paragraphs[0], [Piece(name)], bold=True)
        # Repeated on every page and announced by screen readers as the row of headings.
        drawn.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for row in table.rows:
            for cell, pieces in zip(drawn.add_row().cells, row, strict=True):
                self._fill(cell.paragraphs[0], pieces)
