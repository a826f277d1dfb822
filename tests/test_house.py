"""The house rules that a linter cannot hold: keys point downward, files stay small, styles are logical, catalogues complete."""

import ast
import re
import tomllib
from itertools import pairwise
from pathlib import Path
from string import Formatter

import polib
import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField, OneToOneField

from majlis.language import catalogues

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "majlis"
STEPS = ["report", "evaluate", "enable", "invite", "define", "cluster"]
LARGEST_FILE = 400  # lines; the guide in CONTRIBUTING.md is 300
LARGEST_FUNCTION = 60


def folder_order() -> list[str]:
    """Folder names from the top of the house to its ground, as import-linter has them."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    names: list[str] = []
    for layer in contract["layers"]:
        for name in layer.split("|"):
            names += [f"steps.{step}" for step in STEPS] if name.strip() == "steps" else [name.strip()]
    return names


def folder_of(module: str) -> str:
    return module.removeprefix("majlis.").removesuffix(".models")


def test_foreign_keys_point_downward() -> None:
    """A key given as text escapes the import linter, so the models themselves are asked."""
    order = folder_order()
    upward = []
    for model in apps.get_models():
        if not model.__module__.startswith("majlis."):
            continue
        own = folder_of(model.__module__)
        for field in model._meta.get_fields():
            if isinstance(field, (ForeignKey, OneToOneField, ManyToManyField)) and field.model is model:
                other = field.related_model.__module__
                if other.startswith("majlis.") and order.index(folder_of(other)) < order.index(own):
                    upward.append(f"{own}.{model.__name__}.{field.name} → {folder_of(other)}")
    assert upward == []


def python_files() -> list[Path]:
    return [file for file in sorted(HOUSE.rglob("*.py")) if "migrations" not in file.parts]


def test_files_and_functions_stay_small() -> None:
    too_large = []
    for file in python_files():
        code = file.read_text(encoding="utf-8")
        if len(code.splitlines()) > LARGEST_FILE:
            too_large.append(f"{file.relative_to(ROOT)}: {len(code.splitlines())} lines")
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1
                if length > LARGEST_FUNCTION:
                    too_large.append(f"{file.relative_to(ROOT)}:{node.name}: {length} lines")
    assert too_large == []


DRAWERS = {"utils", "helpers", "common", "misc", "manager", "managers", "service", "services"}


def test_nothing_is_called_a_drawer() -> None:
    assert [str(file) for file in python_files() if file.stem in DRAWERS or file.parent.name in DRAWERS] == []


PHYSICAL = re.compile(
    r"(?<![-\w])((margin|padding|border|scroll-margin|scroll-padding)-(left|right|top|bottom)(-\w+)?|left|right|"
    r"text-align:\s*(left|right)|float:\s*(left|right)|border-(top|bottom)-(left|right)-radius)\s*[:;]"
)


def test_styles_are_logical() -> None:
    """Left and right would have to be written twice for Arabic."""
    found = []
    for file in sorted((HOUSE / "static").rglob("*.css")):
        if "built" in file.parts:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if PHYSICAL.search(line):
                found.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()}")
    assert found == []


def test_templates_have_no_inline_script_or_style() -> None:
    """The content policy would refuse them. A block of data is no script."""
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|javascript:|<script(?![^>]*(src=|type=\"application/json\"))")
    found = []
    for file in sorted((HOUSE / "templates").rglob("*.html")):
        # A mail is read in mail programs, which know no style sheets; it never stands under the page's policy.
        if "mail" in file.parts or file.name.startswith("mail"):
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if inline.search(line):
                found.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()}")
    assert found == []


def test_texts_for_people_are_not_formatted_before_translation() -> None:
    found = []
    for file in python_files():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
                continue
            if node.func.id in catalogues.SINGULAR and isinstance(node.args[0], (ast.JoinedStr, ast.BinOp, ast.Call)):
                found.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert found == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_catalogue_is_complete(language: str) -> None:
    """It holds exactly the messages of the program, and each has a translation."""
    entries = {(e.msgctxt or "", e.msgid): e for e in polib.pofile(str(catalogues.path(language)))}
    assert set(entries) == set(catalogues.gathered()), "run `make messages`"
    assert catalogues.missing(language) == []


def placeholders(text: str) -> set[str]:
    named = set(re.findall(r"%\((\w+)\)[sd]", text))
    braces = (
        {name for _text, name, _spec, _conversion in Formatter().parse(text) if name} if "%(" not in text else set()
    )
    return named | braces


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_placeholders_match(language: str) -> None:
    wrong = []
    for entry in polib.pofile(str(catalogues.path(language))):
        if entry.msgid_plural:
            allowed = placeholders(entry.msgid_plural) | placeholders(entry.msgid)
            for number, form in entry.msgstr_plural.items():
                # Arabic says none, one and two in words; so does the singular of the others where English does.
                in_words = 1 if number <= (2 if language == "ar" else 0) else 0
                if not placeholders(form) <= allowed or len(allowed - placeholders(form)) > in_words:
                    wrong.append(f"{entry.msgid} → {form}")
        elif entry.msgstr and placeholders(entry.msgstr) != placeholders(entry.msgid):
            wrong.append(f"{entry.msgid} → {entry.msgstr}")
    assert wrong == []


def test_folders_are_listed_in_their_order() -> None:
    """docs/architecture.md shows the same order that the linter holds."""
    shown = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    positions = [
        shown.index(f"`{name}`")
        for name in ("home", "dialogue", "projects", "network", "outbox", "accounts", "language", "journal")
    ]
    assert all(before < after for before, after in pairwise(positions))


def test_lock_files_name_no_registry() -> None:
    locks = [*ROOT.glob("requirements*.lock"), *ROOT.glob("frontend/package-lock.json")]
    assert [lock.name for lock in locks if re.search(r"https?://|--index-url|\"resolved\"", lock.read_text())] == []
