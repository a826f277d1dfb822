"""The message catalogues: gathered from code and templates, completed by people, compiled without gettext's programs.

python -m majlis messages                 gather: locale/<language>/LC_MESSAGES/django.po follow code and templates
python -m majlis messages --missing de    print what German still lacks, as JSON
python -m majlis messages --fill de FILE  take translations from such a JSON file
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.template.base import Lexer, Token, TokenType
from django.utils.translation import trim_whitespace

from majlis.language.compiled import LOCALE, compile_stale

ROOT = Path(__file__).resolve().parent.parent
SOURCE = "en"
LANGUAGES = (SOURCE, "ar", "de", "fr")
# CLDR's plural categories as gettext counts them, in the order of each language's forms.
PLURAL_FORMS = {
    "en": "nplurals=2; plural=(n != 1);",
    "de": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;",
}
PLURAL_COUNT = {"en": 2, "de": 2, "fr": 2, "ar": 6}
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}


@dataclass
class Message:
    """One message id with where it stands; `plural` is empty for a message without number."""

    singular: str
    plural: str = ""
    context: str = ""
    places: list[str] = field(default_factory=list)


def path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def gathered() -> dict[tuple[str, str], Message]:
    """Every message of the program by (context, singular). A plural pair swallows its singular of the same id."""
    messages: dict[tuple[str, str], Message] = {}
    plurals: set[str] = set()
    for message in _all_messages():
        kept = messages.setdefault((message.context, message.singular), message)
        if kept is not message:
            kept.plural = kept.plural or message.plural
            kept.places += message.places
        if message.plural:
            plurals.add(message.plural)
    return {key: message for key, message in messages.items() if message.plural or message.singular not in plurals}


def _all_messages() -> Iterator[Message]:
    for file in sorted(ROOT.rglob("*.py")):
        if "migrations" not in file.parts:
            yield from python_messages(file.read_text(encoding="utf-8"), str(file.relative_to(ROOT.parent)))
    for file in sorted((ROOT / "templates").rglob("*.*")):
        yield from template_messages(file.read_text(encoding="utf-8"), str(file.relative_to(ROOT.parent)))


def python_messages(code: str, place: str) -> Iterator[Message]:
    """Messages of a Python file: gettext's calls, and the singular–plural pairs of `Sentence`."""
    tree = ast.parse(code)
    constants = {
        target.id: text
        for node in tree.body
        if isinstance(node, ast.Assign) and (text := _literal(node.value, {}))
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [_literal(argument, constants) for argument in node.args]
        here = [f"{place}:{node.lineno}"]
        if name in SINGULAR and texts and texts[0]:
            yield Message(texts[0], places=here)
        elif name in PLURAL and len(texts) > 1 and texts[0] and texts[1]:
            yield Message(texts[0], texts[1], places=here)
        elif name in CONTEXT and len(texts) > 1 and texts[0] and texts[1]:
            yield Message(texts[1], context=texts[0], places=here)
        elif name == "Sentence" and texts and texts[0]:
            keywords = {keyword.arg: _literal(keyword.value, constants) for keyword in node.keywords}
            plural = (texts[2] if len(texts) > 2 else "") or keywords.get("plural") or ""
            if plural:
                yield Message(texts[0], plural, places=here)


def _literal(node: ast.expr, constants: dict[str, str]) -> str:
    """The text of a literal, of a gettext call around one, or of a module constant; empty for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        return constants.get(node.id, "")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SINGULAR and node.args:
        return _literal(node.args[0], constants)
    return ""


TRANSLATE = re.compile(
    r"""^trans(?:late)?\s+(?P<text>"[^"]*"|'[^']*')(?:.*\bcontext\s+(?P<context>"[^"]*"|'[^']*'))?""", re.S
)
BLOCK = re.compile(r"^blocktrans(?:late)?\b")
IN_EXPRESSION = re.compile(r"""\b_\((?P<text>"[^"]*"|'[^']*')\)""")


def template_messages(source: str, place: str) -> Iterator[Message]:
    """Messages of a template: translate and blocktranslate tags, and _("…") inside other tags and variables."""
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type not in {TokenType.BLOCK, TokenType.VAR}:
            continue
        here = [f"{place}:{token.lineno}"]
        if token.token_type is TokenType.BLOCK and BLOCK.match(token.contents):
            yield _block(token.contents, tokens, here)
        elif token.token_type is TokenType.BLOCK and (found := TRANSLATE.match(token.contents)):
            context = (found["context"] or "  ")[1:-1].strip()
            yield Message(_doubled(found["text"][1:-1]), context=context, places=here)
        for found in IN_EXPRESSION.finditer(token.contents):
            yield Message(_doubled(found["text"][1:-1]), places=here)


def _doubled(text: str) -> str:
    """As Django looks a template's text up: a percent sign is no placeholder."""
    return text.replace("%", "%%")


def _block(tag: str, tokens: Iterator[Token], here: list[str]) -> Message:
    """The message of one blocktranslate; `tokens` stand after its opening tag and are read up to its end."""
    parts, is_plural = {False: "", True: ""}, False
    for token in tokens:
        if token.token_type is TokenType.BLOCK and token.contents.startswith("endblocktrans"):
            break
        if token.token_type is TokenType.BLOCK and token.contents == "plural":
            is_plural = True
        elif token.token_type is TokenType.VAR:
            parts[is_plural] += f"%({token.contents})s"
        else:
            parts[is_plural] += _doubled(token.contents)
    if "trimmed" in tag.split():
        parts = {key: trim_whitespace(text) for key, text in parts.items()}
    context = re.search(r"""\bcontext\s+["']([^"']*)["']""", tag)
    return Message(parts[False], parts[True], context[1] if context else "", here)


def gather() -> None:
    """Bring the four catalogues in line with the program; translations of unchanged messages stay, others go."""
    wanted = gathered()
    for language in LANGUAGES:
        file = path(language)
        known = {(e.msgctxt or "", e.msgid): e for e in polib.pofile(str(file))} if file.exists() else {}
        catalogue = polib.POFile(wrapwidth=120)
        catalogue.metadata = {
            "Content-Type": "text/plain; charset=UTF-8",
            "Language": language,
            "Plural-Forms": PLURAL_FORMS[language],
        }
        for key, message in sorted(wanted.items(), key=lambda item: item[1].places[0].split(":")[0]):
            catalogue.append(_entry(message, language, known.get(key)))
        file.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(file))


def _entry(message: Message, language: str, known: polib.POEntry | None) -> polib.POEntry:
    places = sorted({(place.rsplit(":", 1)[0], "") for place in message.places})
    entry = polib.POEntry(msgid=message.singular, msgctxt=message.context or None, occurrences=places)
    if known and "for review" in (known.comment or ""):
        entry.comment = known.comment
    if "%(" in message.singular:
        entry.flags = ["python-format"]
    if message.plural:
        entry.msgid_plural = message.plural
        count = PLURAL_COUNT[language]
        kept = known.msgstr_plural if known else {}
        own = {0: message.singular, 1: message.plural}
        entry.msgstr_plural = own if language == SOURCE else {n: kept.get(n, "") for n in range(count)}
    else:
        entry.msgstr = message.singular if language == SOURCE else known.msgstr if known else ""
    return entry


def missing(language: str) -> list[dict[str, object]]:
    """What a catalogue still lacks: [{msgid, msgid_plural?, context?, places, forms}]."""
    rows: list[dict[str, object]] = []
    for entry in polib.pofile(str(path(language))):
        if all(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr:
            continue
        row: dict[str, object] = {"msgid": entry.msgid, "places": [name for name, _line in entry.occurrences]}
        if entry.msgid_plural:
            row |= {"msgid_plural": entry.msgid_plural, "forms": PLURAL_COUNT[language]}
        if entry.msgctxt:
            row["context"] = entry.msgctxt
        rows.append(row)
    return rows


def fill(language: str, rows: list[dict[str, object]]) -> int:
    """Take translations: rows of `missing` with `msgstr` (a text, or a list of plural forms) and optional `review`: true."""
    catalogue = polib.pofile(str(path(language)), wrapwidth=120)
    entries = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue}
    taken = 0
    for row in rows:
        entry = entries.get((str(row.get("context", "")), str(row["msgid"])))
        given = row.get("msgstr")
        if entry is None or not given:
            continue
        if entry.msgid_plural and isinstance(given, list) and len(given) == PLURAL_COUNT[language]:
            entry.msgstr_plural = {number: str(form) for number, form in enumerate(given)}
        elif not entry.msgid_plural and isinstance(given, str):
            entry.msgstr = given
        else:
            continue
        if row.get("review"):
            entry.comment = "for review by a native practitioner"
        taken += 1
    catalogue.save(str(path(language)))
    return taken


def main(arguments: list[str]) -> None:
    match arguments:
        case ["--missing", language]:
            json.dump(missing(language), sys.stdout, ensure_ascii=False, indent=1)
        case ["--fill", language, file]:
            taken = fill(language, json.loads(Path(file).read_text(encoding="utf-8")))
            sys.stdout.write(f"{language}: {taken} translations taken\n")
        case _:
            gather()
            for language in LANGUAGES:
                sys.stdout.write(f"{language}: {len(missing(language))} missing\n")
    compile_stale()
