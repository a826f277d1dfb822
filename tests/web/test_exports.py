"""Every file that a spreadsheet opens, at every address of the URL table: whatever people wrote, nothing in it runs."""

from __future__ import annotations

import csv
import inspect
import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from majlis.language.models import Text
from majlis.network.models import Statement, WorkbookImport
from majlis.projects.models import ChangeProject, Resource
from majlis.solutions.models import Solution
from tests.world import World

PAYLOADS = [
    '=HYPERLINK("https://evil.example","x")', "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1",
    "－1", "＠SUM(1)", "=cmd|' /C calc'!A0", "'=1+1",
]  # fmt: skip
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Each address that gives such files, with what follows it. A new one that is missing here fails the test below.
EXPORTS = {
    "network:export": ["?format=xlsx", "?format=csv&sheet=cities", "?format=csv&sheet=people", "?format=csv&sheet=statements"],
    "network:import-problems": [""],
    "projects:gaps_csv": [""],
    "projects:gaps_xlsx": [""],
    "solutions:export": ["?format=xlsx", "?format=csv"],
}  # fmt: skip


def named_views() -> Iterator[tuple[str, Any]]:
    def walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Any]]:
        for each in resolver.url_patterns:
            if isinstance(each, URLResolver):
                yield from walk(each, f"{each.namespace}:" if each.namespace else prefix)
            elif isinstance(each, URLPattern) and each.name:
                yield prefix + each.name, inspect.unwrap(each.callback)

    return walk(get_resolver(), "")


def test_every_export_of_the_url_table_is_known_here() -> None:
    """A view that writes .csv or .xlsx says so in its own lines."""
    writers = {
        name for name, view in named_views()
        if getattr(view, "__module__", "").startswith("majlis.") and {"csv", "xlsx"} & set(_words(inspect.getsource(view)))
    }  # fmt: skip
    assert writers == set(EXPORTS)


def _words(source: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in source.lower()).split()


@pytest.fixture
def hostile(world: World) -> World:
    """Formulas in everything that people name or write."""
    for number, payload in enumerate(PAYLOADS):
        city = world.city(number)
        city.name = Text.of(dict.fromkeys(("en", "ar", "de", "fr"), payload))
        city.save()
        person = world.person(city, is_focal_point=True)
        person.role_title = Text("en", payload)
        person.save()
        Statement.objects.create(
            city=city, kind="need", text=Text("en", payload), themes=["GRN.01"], key=f"{city.slug}:need"
        )
        project = ChangeProject.objects.create(
            code=f"p-{number}", city=city, title=Text("en", payload), themes=["GRN.01"]
        )
        Resource.objects.create(
            project=project, type="RES.FIN", required=Decimal(5), unit=payload[:30], note=Text("en", payload)
        )
        Solution.objects.create(
            code=f"s-{number}", city=city, title=Text("en", payload), themes=["GRN.01"], state="published"
        )
    problems = [
        {"sheet": payload, "row": 2, "column": payload, "heading": payload, "level": "error",
         "sentence": {"message": "%(x)s", "params": {"x": payload}}}
        for payload in PAYLOADS
    ]  # fmt: skip
    WorkbookImport.objects.create(filename="x.xlsx", digest="0", rows={}, problems=problems)
    return world


@pytest.mark.parametrize(("name", "asked"), [(name, asked) for name, every in EXPORTS.items() for asked in every])
def test_abuse_11_no_formula_runs_in_any_export(hostile: World, client: Client, name: str, asked: str) -> None:
    client.force_login(hostile.secretariat)
    arguments = [WorkbookImport.objects.get().pk] if name == "network:import-problems" else []
    answer = client.get(reverse(name, args=arguments) + asked)
    assert answer.status_code == 200
    content = answer.content
    cells = _xlsx_cells(content) if content[:2] == b"PK" else _csv_cells(content)
    told = {cell.lstrip("'").strip() for cell in cells}
    missing = [payload for payload in PAYLOADS if payload.lstrip("'").strip() not in told]
    assert missing == [], "what people wrote is there all the same"


def _csv_cells(content: bytes) -> list[str]:
    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in row]
    assert [cell for cell in cells if cell.startswith(RUNS) and not _is_number(cell)] == []
    return cells


def _xlsx_cells(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert sheets
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells: list[Any] = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)
    ]
    assert {cell.data_type for cell in cells} == {"s"}
    # Excel keeps such a text a text even when somebody edits its cell.
    assert all(cell.quotePrefix for cell in cells if cell.value.startswith(RUNS))
    return [cell.value for cell in cells]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
