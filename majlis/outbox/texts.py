"""Texts with placeholders: the default of a kind in each language, a dialogue's own, checked and filled.

A default is rendered once for each language, with {name} where a value will stand; after that a mail costs no template
any more, only the filling. Values are never looked into for placeholders: what people typed stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template import Context, engines
from django.template.base import FilterExpression, Parser
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from majlis.outbox.terms import MailKind, Placeholder
from majlis.web.refused import Refused
from majlis.web.sentences import Sentence

SUBJECT_LENGTH = 150
LONGEST = 20_000
NAMED = re.compile(r"\{ ?([a-z][a-z0-9_]*) ?\}")
BRACED = re.compile(r"\{[^{}\n]{0,80}\}")
UNDERLINE = re.compile(r"^-{3,}$")
# C0 and C1 controls except line feed and tab, line and paragraph separators, and the bidi controls that can
# make a name read as another one. A mail needs none of them.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What a mail program would turn into a link although we do not: in a name or a title it can only mislead.
LURE = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.)[^\s<>\"']+|\b[\w-]{2,}(?:\.[\w-]{2,})+/[^\s<>\"']*", re.IGNORECASE
)

UNKNOWN = _("There is no placeholder {%(name)s}. Use those of the list: %(known)s.")
BROKEN = _("“%(part)s” is no placeholder: write its name alone between the braces, as in {%(example)s}.")
NEEDED = _("The text must name {%(name)s}: without it the mail is of no use to its reader.")
NO_SUBJECT = _("Write a subject.")
NO_BODY = _("Write a text.")
TOO_LONG = _("The text is %(count)s characters long; at most %(most)s fit here.")
LONG_SUBJECT = _("The subject is %(count)s characters long; at most %(most)s fit here.")
MANY_LISTS = _("One line can name one list only: “%(line)s”. Put the other one on a line of its own.")
LIST_IN_SUBJECT = _("{%(name)s} is a list or a longer text and has no place in the subject.")

Value = str | Sequence[str]


@dataclass(frozen=True)
class Words:
    """A subject and a text, with placeholders."""

    subject: str
    body: str


def kinds() -> dict[str, MailKind]:
    """The kinds of mails whose text can be changed, by template, in the order of `settings.MAIL_KINDS`."""
    return _kinds(tuple(settings.MAIL_KINDS))


@lru_cache(maxsize=4)
def _kinds(paths: tuple[str, ...]) -> dict[str, MailKind]:
    return {kind.template: kind for path in paths for kind in import_string(path)}


def default_words(kind: MailKind, language: str) -> Words:
    """What a kind of mail says when nobody changed it, in this language."""
    return _default_words(kind.template, tuple(each.name for each in kind.placeholders), language)


@lru_cache(maxsize=256)
def _default_words(template: str, names: tuple[str, ...], language: str) -> Words:
    with override(language):
        found = engines["django"].get_template(f"{template}.txt")
        marks = {name: f"{{{name}}}" for name in names}
        # Plain text: no HTML escapes. The HTML part escapes everything by itself.
        rendered = found.template.render(Context(marks, autoescape=False))  # type: ignore[attr-defined]
    return split(rendered, template)


def split(rendered: str, template: str) -> Words:
    """A rendered template's first line and the rest; ValueError if there is no subject."""
    subject, _newline, body = cleaned(rendered).strip().partition("\n")
    if not subject.strip():
        raise ValueError(f"{template} has no subject in its first line")
    return Words(one_line(subject), re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n")


def checked(kind: MailKind, subject: str, body: str) -> Words:
    """A text as somebody wrote it, made tidy; Refused, naming what and where, if it cannot be filled."""
    words = Words(" ".join(cleaned(subject).split()), cleaned(body).strip() + "\n")
    if not words.subject:
        raise Refused(NO_SUBJECT)
    if not words.body.strip():
        raise Refused(NO_BODY)
    if len(words.subject) > SUBJECT_LENGTH:
        raise Refused(LONG_SUBJECT, count=len(words.subject), most=SUBJECT_LENGTH)
    if len(words.body) > LONGEST:
        raise Refused(TOO_LONG, count=len(words.body), most=LONGEST)
    known = {each.name: each for each in kind.placeholders}
    named = _named(words, known)
    for each in kind.placeholders:
        if each.is_needed and each.name not in named:
            raise Refused(NEEDED, name=each.name)
    for name in NAMED.findall(words.subject):
        if known[name].shape != "line":
            raise Refused(LIST_IN_SUBJECT, name=name)
    for line in words.body.split("\n"):
        if len({name for name in NAMED.findall(line) if known[name].shape == "list"}) > 1:
            raise Refused(MANY_LISTS, line=line[:80])
    return words


def _named(words: Words, known: Mapping[str, Placeholder]) -> set[str]:
    example = next(iter(known), "name")
    for part in BRACED.findall(f"{words.subject}\n{words.body}"):
        name = NAMED.fullmatch(part)
        if name is None:
            raise Refused(BROKEN, part=part, example=example)
        if name[1] not in known:
            listed = ", ".join(f"{{{each}}}" for each in known)
            raise Refused(Sentence(UNKNOWN, {"name": name[1], "known": listed}))
    return set(NAMED.findall(f"{words.subject}\n{words.body}"))


def values_of(kind: MailKind, context: Mapping[str, Any]) -> dict[str, Value]:
    """{placeholder: value} from a letter's context, in the active language, made harmless by its shape."""
    shown = Context(dict(context), autoescape=False)
    return {each.name: _shaped(each, _found(each, shown)) for each in kind.placeholders}


def _found(placeholder: Placeholder, shown: Context) -> Any:
    if placeholder.drawn:
        drawing = engines["django"].get_template(placeholder.drawn).template  # type: ignore[attr-defined]
        return drawing.render(shown)
    return _compiled(placeholder.expression).resolve(shown, ignore_failures=True)


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> FilterExpression:
    engine = engines["django"].engine  # type: ignore[attr-defined]
    parser = Parser([], libraries=engine.template_libraries, builtins=engine.template_builtins, origin=None)
    return FilterExpression(expression, parser)


def _shaped(placeholder: Placeholder, value: Any) -> Value:
    if placeholder.shape == "list":
        return [harmless(_written(placeholder, item)) for item in value or ()]
    if value is None:
        return ""
    if placeholder.shape == "text":
        # A line of dashes would turn the line above it into a heading.
        return "\n".join(
            "–" if UNDERLINE.match(line.strip()) else line for line in cleaned(str(value)).strip().split("\n")
        )
    return one_line(str(value), 500) if placeholder.shape == "link" else harmless(str(value))


def _written(placeholder: Placeholder, item: Any) -> str:
    """One item of a list, with what its line names."""
    if not placeholder.line:
        return str(item)

    def value(found: re.Match[str]) -> str:
        given = item.get(found[1], "") if isinstance(item, Mapping) else getattr(item, found[1], "")
        return str(given)

    return NAMED.sub(value, placeholder.line)


def filled(words: Words, values: Mapping[str, Value]) -> Words:
    """The text with its placeholders filled. A line, a paragraph, a heading whose placeholders are all empty is left out."""
    paragraphs = [_paragraph(each, values) for each in re.split(r"\n\s*\n", words.body.strip())]
    return Words(one_line(_put(words.subject, values)), "\n\n".join(each for each in paragraphs if each) + "\n")


def _paragraph(paragraph: str, values: Mapping[str, Value]) -> str:
    lines: list[str] = []
    is_left_out = False
    for line in paragraph.split("\n"):
        names = NAMED.findall(line)
        if names and not any(values.get(name) for name in names):
            is_left_out = True
            continue
        lists = [name for name in names if not isinstance(values.get(name, ""), str)]
        if lists:
            lines += [_put(line, {**values, lists[0]: item}) for item in values[lists[0]]]
        else:
            lines.append(_put(line, values))
    is_bare_heading = len(lines) == 2 and UNDERLINE.match(lines[1].strip())
    # «Answer here:» without its link says nothing either.
    is_bare_label = len(lines) == 1 and lines[0].rstrip().endswith((":", "："))
    return "" if is_left_out and (is_bare_heading or is_bare_label) else "\n".join(lines)


def _put(line: str, values: Mapping[str, Value]) -> str:
    def value(found: re.Match[str]) -> str:
        given = values.get(found[1], "")
        return given if isinstance(given, str) else ", ".join(given)

    return NAMED.sub(value, line)


def cleaned(text: str) -> str:
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str, length: int = SUBJECT_LENGTH) -> str:
    """The text as one line without control characters, cut with an ellipsis at `length` characters."""
    line = " ".join(cleaned(text).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def harmless(text: str) -> str:
    """A name or title as one line; an address in it that leads elsewhere is written so that no mail program links it."""
    return LURE.sub(_defused, one_line(text, 500))


def _defused(found: re.Match[str]) -> str:
    address = found[0]
    if is_ours(address):
        return address
    return address.partition("://")[2].replace(".", "[.]") if "://" in address else address.replace(".", "[.]")


def is_ours(address: str) -> bool:
    """Whether an address leads to this site. Text typed by people must not become a button to anywhere else."""
    return address.startswith(settings.PUBLIC_URL + "/")
