"""A workbook of 10,000 statements through the front door: looked at, brought in by a worker, its progress seen (W10)."""

import random
import subprocess
import sys
import time
from itertools import pairwise
from typing import Any

from bench.promise import Measured

CITIES, STATEMENTS_EACH, PEOPLE_EACH = 500, 20, 2
WORDS = [
    "ماء",
    "عمل",
    "خطة",
    "سوق",
    "تمويل",
    "مدينة",
    "Arbeit",
    "Markt",
    "Wasser",
    "emploi",
    "marché",
    "jeunes",
    "jobs",
    "water",
    "training",
]
BUDGET = 240.0  # seconds until the measurement itself gives up: twice what was promised


def measure() -> list[Measured]:
    from bench.played import tables

    with tables():
        return brought_in(workbook())


def workbook() -> bytes:
    """An .xlsx with 500 cities, 10,000 statements in four languages with two themes each, and 1,000 people."""
    from majlis.language.models import LANGUAGES
    from majlis.network import terms
    from majlis.network.workbook import columns
    from majlis.network.workbook.writing import workbook as written

    chance, codes = random.Random(7), sorted(terms.themes())
    rows: dict[str, list[dict[str, Any]]] = {"cities": [], "statements": [], "people": []}
    for number in range(CITIES):
        slug = f"tn-measured-{number}"
        rows["cities"].append(
            {
                "code": slug, "country": "TN", "name_en": f"Measured {number}", "name_ar": f"مدينة {number}",
                "latitude": 33.9, "longitude": 10.1, "zone": "Africa/Tunis", "size_class": "SZ4",
            }
        )  # fmt: skip
        for each in range(STATEMENTS_EACH):
            rows["statements"].append(
                {
                    "city": slug, "kind": ("need", "vision")[each % 2], "number": str(each + 1),
                    "language": LANGUAGES[each % 4], "text": " ".join(chance.choices(WORDS, k=30)),
                    "themes": chance.sample(codes, 2),
                }
            )  # fmt: skip
        for seat in range(1, PEOPLE_EACH + 1):
            rows["people"].append(
                {
                    "city": slug, "seat": seat, "email": f"measured{number}.{seat}@example.org", "languages": ["en"],
                    "role_title": "Head of department", "role_language": "en", "is_focal_point": seat == 1,
                }
            )  # fmt: skip
    return written([(sheet, rows[sheet.key]) for sheet in columns.sheets()], "en")


def brought_in(content: bytes) -> list[Measured]:
    """Upload, press, let a worker process do it, and look at the page every tenth of a second as its script would."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client
    from django.urls import reverse

    from majlis.accounts.models import Account, Role
    from majlis.network.models import Statement, WorkbookImport

    client = Client(HTTP_HOST="localhost")
    found = Account.objects.filter(role=Role.SECRETARIAT).first()
    secretariat = found or Account.objects.create_user("desk@example.org", role=Role.SECRETARIAT)
    client.force_login(secretariat, backend="allauth.account.auth_backends.AuthenticationBackend")
    _remove()
    worker = subprocess.Popen([sys.executable, "-m", "majlis", "work"], stdin=subprocess.PIPE)
    try:
        time.sleep(5)  # it stands ready, as it does on a running machine
        began = time.perf_counter()
        client.post(reverse("network:import"), {"file": SimpleUploadedFile("measured.xlsx", content)})
        looked = time.perf_counter() - began
        upload = WorkbookImport.objects.latest("pk")
        assert not [each for each in upload.problems if each["level"] == "error"], upload.problems[:3]
        pressed = time.perf_counter()
        client.post(reverse("network:bring-in", args=[upload.pk]))
        answered = time.perf_counter() - pressed
        news = [time.perf_counter()]
        told: dict[str, int] = {}
        upload.refresh_from_db()
        while upload.state == WorkbookImport.State.QUEUED:
            assert time.perf_counter() - pressed < BUDGET, "it did not end in time"
            time.sleep(0.05)
            upload.refresh_from_db()
            if upload.progress != told:
                told = upload.progress
                news.append(time.perf_counter())
        took = time.perf_counter() - began
        assert upload.state == WorkbookImport.State.DONE, upload.refusal
        count = Statement.objects.filter(city__slug__startswith="tn-measured-").count()
        assert count == CITIES * STATEMENTS_EACH, count
    finally:
        worker.terminate()
        worker.wait(30)
        _remove()
    return [
        Measured(
            "W10", "10,000 statements from upload to done", took, "s", 120, 60, "500 cities and 1,000 people with them"
        ),
        Measured("W10", "of that, looking at the workbook", looked, "s", note="checked before anything is asked for"),
        Measured("W10", "the press of the button answered", answered * 1000, "ms"),
        Measured(
            "W10",
            "longest wait for news on the page",
            max(b - a for a, b in pairwise([*news, began + took])),
            "s",
            note=f"{len(news) - 1} times told how far it is",
        ),
    ]


def _remove() -> None:
    """Take the measured rows out again, so that the dialogue of the other measurements stays as it was."""
    from majlis.accounts.models import Account
    from majlis.network.models import City, Person, Statement

    Statement.objects.filter(city__slug__startswith="tn-measured-").delete()
    Person.objects.filter(city__slug__startswith="tn-measured-").delete()
    City.objects.filter(slug__startswith="tn-measured-").delete()
    Account.objects.filter(email__startswith="measured").delete()
