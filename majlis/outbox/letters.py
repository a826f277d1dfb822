"""Writing a letter: a template in the reader's language becomes subject, plain text and HTML.

Nothing in the context is trusted: the subject is one short line, control characters vanish, the HTML part is made from
the finished plain text, and only addresses of this site become links. How texts are kept and filled: texts.py.
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
from majlis.outbox.texts import (
    UNDERLINE,
    Value,
    Words,
    default_words,
    filled,
    is_ours,
    kinds,
    split,
    values_of,
)

ITEM = re.compile(r"^(?:[-•]|\d{1,2}\.)\s+")
ADDRESS = re.compile(r"https?://[^\s<>\"']+")
ZONES = frozenset(available_timezones())


@dataclass(frozen=True)
class Letter:
    """What one account is to be told.

    template: a name such as "define/mail/consent"; templates/define/mail/consent.txt holds the subject in its first line,
    an empty line, then the text. once: purpose and recipient; a second letter with the same `once` is never sent.
    calendar: an iCalendar object with its METHOD. zone: of the times in it, else the account's.
    If the template is one of `settings.MAIL_KINDS` the context gives its placeholders' values (terms.MailKind).
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
    """A letter in its reader's words. values: what filled its placeholders, if its text can be changed."""

    subject: str
    text: str
    html: str
    values: dict[str, Value] = field(default_factory=dict)


OwnWords = Mapping[tuple[str, str], Words]


def write(letter: Letter, own: OwnWords | None = None, footer: str = "") -> Written:
    """Render a letter in the reader's language and zone; raise ValueError if its template gives no subject.

    own: {(template, language): a dialogue's own words}. footer: one line below the text, as it is.
    """
    zone = letter.zone or letter.account.zone
    shown = {"account": letter.account, "public_url": settings.PUBLIC_URL, **letter.context}
    language = letter.read_in
    with override(language), timezone.override(ZoneInfo(zone) if zone in ZONES else None):
        kind = kinds().get(letter.template)
        if kind is None:
            return finished(_rendered(letter.template, shown), language, footer)
        values = values_of(kind, shown)
        words = (own or {}).get((letter.template, language)) or default_words(kind, language)
        return finished(filled(words, values), language, footer, values)


def finished(words: Words, language: str, footer: str = "", values: dict[str, Value] | None = None) -> Written:
    """Subject, plain text and HTML from words that hold no placeholders any more."""
    text = words.body + (f"\n{footer}\n" if footer else "")
    return Written(words.subject, text, as_html(words.subject, text, language), values or {})


def _rendered(template: str, shown: Mapping[str, Any]) -> Words:
    found = engines["django"].get_template(f"{template}.txt")
    # Plain text: no HTML escapes. The HTML part escapes everything by itself.
    return split(found.template.render(Context(dict(shown), autoescape=False)), template)  # type: ignore[attr-defined]


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
