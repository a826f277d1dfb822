"""Makes demo/partners.xlsx, the workbook that a secretariat would have, from the illustrative data in demo_*.yaml.

python -m demo.make_workbooks

Headings are in English; the import reads them in any of the four languages. Where the gazetteer knows a city's place and
zone, some cells are left empty, as a person would. Addresses are of the kind gabes.1@example.org: nobody real.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from majlis.network.workbook.columns import sheet
from majlis.network.workbook.writing import workbook

HERE = Path(__file__).parent
LANGUAGES = ("en", "ar", "de", "fr")
# Known to the gazetteer, so the secretariat did not look them up.
LEFT_TO_THE_GAZETTEER = {"de-dortmund", "de-mannheim", "tn-sfax"}
GENDERS = {"w": "woman", "m": "man"}

Rows = list[dict[str, Any]]


def municipalities() -> Rows:
    rows: Rows = _read("demo_municipalities.yaml")["municipalities"]
    return rows


def participants() -> Rows:
    rows: Rows = _read("demo_participants.yaml")["participants"]
    return rows


def city_rows(cities: Rows) -> Rows:
    rows = []
    for city in cities:
        row = {"code": city["id"], "country": city["iso2"], "size_class": city["size"], "is_illustrative": True}
        row |= {f"name_{language}": city["name"][language] for language in LANGUAGES}
        if city["id"] not in LEFT_TO_THE_GAZETTEER:
            row |= {"latitude": city["lat"], "longitude": city["lon"], "zone": city["tz"]}
        rows.append(row)
    return rows


def statement_rows(cities: Rows) -> Rows:
    """Each city's need and vision in its own words; the English beside it is a person's translation."""
    return [
        {
            "city": city["id"], "kind": kind, "number": "1", "language": city[kind]["lang"], "text": city[kind]["text"],
            "themes": city[kind]["codes"], "text_en": city[kind]["en"],
        }
        for city in cities for kind in ("need", "vision")
    ]  # fmt: skip


def people_rows(people: Rows) -> Rows:
    """Two seats for each city, role titles only; seat 1 is the focal point."""
    return [
        {
            "city": person["m"], "seat": person["seat"], "email": f"{person['m'][3:]}.{person['seat']}@example.org",
            "role_title": person["title"], "role_title_en": person["en"], "role_language": person["lang"],
            "languages": list(dict.fromkeys([person["lang"], "en"])), "is_focal_point": person["seat"] == 1,
            "is_listed": True, "gender": GENDERS[person["g"]],
        }
        for person in people
    ]  # fmt: skip


def partners(cities: Rows, people: Rows) -> bytes:
    """The workbook as bytes; the same data gives the same bytes."""
    tables = [
        (sheet("cities"), city_rows(cities)),
        (sheet("statements"), statement_rows(cities)),
        (sheet("people"), people_rows(people)),
    ]
    return workbook(tables, "en")


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return loaded


def main() -> None:
    (HERE / "partners.xlsx").write_bytes(partners(municipalities(), participants()))


if __name__ == "__main__":
    main()
