"""The illustrative dialogue from spreadsheet to report: the golden test, and the report that follows its records."""

import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from openpyxl import load_workbook
from rich.console import Console

from demo.run import HERE, run
from demo.story import Story
from majlis.dialogue.models import StepRecord
from majlis.journal.models import Entry
from majlis.outbox.models import Mail

GOLDEN = "Mehr als 40 städtische Fachleute aus 22 Kommunen und 10 Ländern"
GOLDEN_NUMBERS = {"Mehr als 40": "participants", "22": "municipalities", "10": "countries", "fünf": "sessions"}
FORMATS = {"pdf", "docx", "html"}
LANGUAGES = {"en", "ar", "de", "fr"}


def play(folder: Path, workbook: Path = HERE / "partners.xlsx") -> Story:
    return run(workbook=workbook, out=folder, console=Console(quiet=True))


def summary(folder: Path, language: str) -> str:
    """The text of the written summary, without markup and with single spaces."""
    import re

    html = (folder / f"led-mena-2026.{language}.html").read_text(encoding="utf-8")
    body = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def without(slug: str, folder: Path) -> Path:
    """The demo's workbook with every row of one city taken out."""
    book = load_workbook(HERE / "partners.xlsx")
    for sheet in book.worksheets:
        doomed = [n for n, row in enumerate(sheet.iter_rows(values_only=True), 1) if slug in row]
        for number in reversed(doomed):
            sheet.delete_rows(number)
    book.save(folder / "partners.xlsx")
    return folder / "partners.xlsx"


@pytest.mark.django_db(transaction=True)
def test_the_founding_dialogue(tmp_path: Path) -> None:
    story = play(tmp_path)
    dialogue = story.dialogue

    german = summary(tmp_path, "de")
    assert GOLDEN in german
    first_sentence = german[german.index(GOLDEN) :]
    assert first_sentence.startswith(GOLDEN)
    assert "fünf virtuellen Sitzungen zwischen dem 29. September und 7. Oktober" in german
    html = (tmp_path / "led-mena-2026.de.html").read_text(encoding="utf-8")
    for number, records in GOLDEN_NUMBERS.items():
        assert f'/report/records/{records}/">{number}</a>' in html, f"{number} leads to its records"
    written = {file.name for file in tmp_path.iterdir()}
    assert {f"led-mena-2026.{language}.{form}" for language in LANGUAGES for form in FORMATS} <= written

    assert list(dialogue.steps.values_list("state", flat=True)) == [StepRecord.State.DONE] * 6
    assert not Mail.objects.exclude(state=Mail.State.SENT).exists()
    acts = set(Entry.objects.filter(scope=dialogue.scope).values_list("act", flat=True))
    assert {"dialogue.create", "dialogue.add_partners", "dialogue.complete_step"} <= acts

    facts = json.loads((tmp_path / "led-mena-2026.json").read_text(encoding="utf-8"))
    assert facts

    counted, last = story.counted(), Entry.objects.latest("pk").pk
    again = play(tmp_path)
    assert again.counted()[:-1] == counted[:-1]
    # A second run starts from what is there: nothing is done twice, only the files are written anew.
    assert list(Entry.objects.filter(pk__gt=last).values_list("act", flat=True)) == ["report.write_files"]


@pytest.mark.django_db(transaction=True)
def test_one_city_less_and_the_report_says_21(tmp_path: Path, settings: LazySettings) -> None:
    play(tmp_path, without("tn-gabes", tmp_path))
    assert "Mehr als 40 städtische Fachleute aus 21 Kommunen und 10 Ländern" in summary(tmp_path, "de")
    assert "21" in summary(tmp_path, "ar")
