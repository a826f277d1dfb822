"""Writing a letter: a template in the reader's language becomes subject, plain text and HTML.

Nothing in the context is trusted: the subject is one short line, control characters vanish, the HTML part is made from
the finished plain text, and only addresses of this site become links.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.template import Context, engines
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext, override

from majlis.accounts.models import Account
from majlis.language.models import LANGUAGES, direction

SUBJECT_LENGTH = 150
# C0 and C1 controls except line feed and tab, line and paragraph separators, and the bidi controls that can
# make a name read as another one. A mail needs none of them.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ITEM = re.compile(r"^(?:[-•]|\d{1,2}\.)\s+")
UNDERLINE = re.compile(r"^-{3,}$")
ADDRESS = re.compile(r"https?://[^\s<>\"']+")
ZONES = frozenset(available_timezones())


@dataclass(frozen=True)
class Letter:
    """What one account is to be told.

    template: a name such as "define/mail/consent"; templates/define/mail/consent.txt holds the subject in its first line,
    an empty line, then the text. once: purpose and recipient; a second letter with the same `once` is never sent.
    calendar: an iCalendar object with its METHOD. zone: of the times in it, else the account's.
    """

    account: Account
    template: str
    context: Mapping[str, Any]
    once: str
    calendar: str = ""
    zone: str = ""
    language: str = field(default="")

    @property
    def read_in(self) -> str:
        language = self.language or self.account.language
        return language if language in LANGUAGES else "en"


@dataclass(frozen=True)
class Written:
    subject: str
    text: str
    html: str


def write(letter: Letter) -> Written:
    """Render a letter in the reader's language and zone; raise ValueError if its template gives no subject."""
    zone = letter.zone or letter.account.zone
    shown = {"account": letter.account, "public_url": settings.PUBLIC_URL, **letter.context}
    with override(letter.read_in), timezone.override(ZoneInfo(zone) if zone in ZONES else None):
        template = engines["django"].get_template(f"{letter.template}.txt")
        # Plain text: no HTML escapes. The HTML part escapes everything by itself.
        rendered = template.template.render(Context(shown, autoescape=False))  # type: ignore[attr-defined]
        subject, _newline, body = cleaned(rendered).strip().partition("\n")
        if not subject.strip():
            raise ValueError(f"{letter.template} has no subject in its first line")
        text = re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n"
        return Written(one_line(subject), text, as_html(one_line(subject), text, letter.read_in))


def cleaned(text: str) -> str:
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str, length: int = SUBJECT_LENGTH) -> str:
    """The text as one line without control characters, cut with an ellipsis at `length` characters."""
    line = " ".join(cleaned(text).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def as_html(subject: str, text: str, language: str) -> str:
    """The HTML part made from plain text: paragraphs, lists, headings (a line over dashes), our own links as buttons.

    Styles stand in the elements because mail programs know no style sheets.
    """
    blocks = [_block(block.split("\n")) for block in re.split(r"\n\s*\n", text.strip())]
    font = "font-family:'IBM Plex Sans','IBM Plex Sans Arabic','Noto Sans Arabic',Tahoma,Arial,sans-serif"
    line_height = "1.75" if language == "ar" else "1.55"
    with override(language):
        label = escape(gettext("Majlis: dialogues between cities"))
    return (
        f'<!doctype html><html lang="{language}" dir="{direction(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(subject)}</title></head>'
        f'<body style="margin:0;padding:24px 12px;background:#faf7f0;color:#1d2a2e;{font};font-size:16px;line-height:{line_height}">'
        f'<div style="max-width:600px;margin:0 auto;background:#ffffff;border:1px solid #e2dbcb;border-radius:14px;padding:24px 28px">'
        f'<p style="margin:0 0 20px;color:#0b4f5c;font-weight:600"><bdi lang="en">Majlis</bdi> · <bdi lang="ar">مجلس</bdi></p>'
        f"{''.join(blocks)}</div>"
        f'<p style="max-width:600px;margin:16px auto 0;color:#55666b;font-size:13px">{label}</p></body></html>'
    )


def _block(lines: list[str]) -> str:
    """One paragraph of the text; a heading, list or lone link inside it ends the run of lines before."""
    html: list[str] = []
    run: list[str] = []

    def close() -> None:
        if run:
            html.append(f'<p style="margin:0 0 16px">{"<br>".join(_linked(line) for line in run)}</p>')
            run.clear()

    number = 0
    while number < len(lines):
        line = lines[number].strip()
        following = lines[number + 1].strip() if number + 1 < len(lines) else ""
        if UNDERLINE.match(following) and line:
            close()
            html.append(f'<h2 style="margin:8px 0 8px;font-size:17px;color:#0b4f5c">{escape(line)}</h2>')
            number += 1
        elif ITEM.match(line):
            close()
            items = []
            while number < len(lines) and ITEM.match(lines[number].strip()):
                items.append(f'<li style="margin:0 0 6px">{_linked(ITEM.sub("", lines[number].strip()))}</li>')
                number += 1
            number -= 1
            html.append(f'<ul style="margin:0 0 16px;padding-inline-start:22px">{"".join(items)}</ul>')
        elif is_ours(line) and " " not in line:
            label = run.pop() if run and run[-1].endswith((":", "：")) else ""
            close()
            html.append(_button(line, label.rstrip(":： ")))
        elif line:
            run.append(line)
        number += 1
    close()
    return "".join(html)


def _button(address: str, label: str) -> str:
    """A link to this site as a button, named by the line before it if that ends with a colon."""
    shown = escape(label or gettext("Open the page"))
    return (
        f'<p style="margin:0 0 20px"><a href="{escape(address)}" style="display:inline-block;background:#0b4f5c;color:#ffffff;'
        f'font-weight:600;text-decoration:none;border-radius:10px;padding:12px 20px">{shown}</a></p>'
    )


def is_ours(address: str) -> bool:
    """Whether an address leads to this site. Text typed by people must not become a button to anywhere else."""
    return address.startswith(settings.PUBLIC_URL + "/")


def _linked(line: str) -> str:
    parts: list[str] = []
    end = 0
    for found in ADDRESS.finditer(line):
        parts.append(escape(line[end : found.start()]))
        address = found[0]
        style = "color:#0b4f5c"
        shown = f'<bdi dir="ltr">{escape(address)}</bdi>'
        parts.append(f'<a href="{escape(address)}" style="{style}">{shown}</a>' if is_ours(address) else shown)
        end = found.end()
    parts.append(escape(line[end:]))
    return "".join(parts)
