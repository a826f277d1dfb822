"""Each kind of cell: what people type, and that nothing they could type breaks it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.network import terms
from majlis.network.workbook import cells
from majlis.network.workbook.cells import NotReadable, parsed
from majlis.network.workbook.columns import Column, sheets

TYPED: dict[str, list[tuple[Any, Any]]] = {
    "country": [("TN", "TN"), ("tn", "TN"), ("Tunisia", "TN"), ("تونس", "TN"), ("Tunesien", "TN"), ("المغرب", "MA")],
    "latitude": [("33.88", 33.88), ("33,88", 33.88), (33.88, 33.88), ("٣٣٫٨٨", 33.88), ("33.9° N", 33.9), ("12 S", -12.0), (-90, -90.0)],
    "longitude": [("-9.62", -9.62), ("9.62W", -9.62), ("−9,62", -9.62), (180, 180.0), ("10.1°E", 10.1)],
    "zone": [("Africa/Tunis", "Africa/Tunis"), ("africa/tunis", "Africa/Tunis"), ("America/New York", "America/New_York")],
    "size": [("SZ4", "SZ4"), ("sz1", "SZ1"), (110075, "SZ4"), ("110 075", "SZ4"), ("1.683.000", "SZ6"), ("١١٠٠٧٥", "SZ4")],
    "language": [("ar", "ar"), ("Arabic", "ar"), ("العربية", "ar"), ("Deutsch", "de"), ("FR", "fr")],
    "languages": [("ar, fr", ["ar", "fr"]), ("Arabic;French", ["ar", "fr"]), ("العربية، الفرنسية", ["ar", "fr"]), ("ar ar", ["ar"])],
    "themes": [("GRN.01", ["GRN.01"]), ("grn.01; LIV.06", ["GRN.01", "LIV.06"]), ("GRN.01، GRN.01", ["GRN.01"])],
    "statement_kind": [("need", "need"), ("Bedarf", "need"), ("رؤية", "vision"), ("Offre", "offer")],
    "yes_no": [("yes", True), ("Nein", False), ("نعم", True), ("x", True), (True, True), (0, False)],
    "gender": [("woman", "woman"), ("w", "woman"), ("Mann", "man"), ("divers", "other")],
    "seat": [(1, 1), ("2", 2), ("٣", 3), (1.0, 1)],
    "email": [("Gabes.1@Example.org", "gabes.1@example.org"), ("mailto:a@example.org", "a@example.org")],
    "slug": [("tn-gabes", "tn-gabes"), ("TN-Gabes", "tn-gabes")],
    "mark": [(1, "1"), (1.0, "1"), ("W2", "W2"), ("٣", "3")],
    "line": [("  two\n words ", "two words"), ("a\u202eb", "ab"), (2030.0, "2030")],
    "paragraph": [(" one\r\ntwo ", "one\ntwo"), ("e\u0301", "é")],
}  # fmt: skip
CASES = [(kind, typed, value) for kind, several in TYPED.items() for typed, value in several]


@pytest.mark.parametrize(("kind", "typed", "value"), CASES)
def test_what_people_type(kind: str, typed: object, value: object) -> None:
    assert parsed(Column("x", kind, {}), typed) == value


WRONG = [
    ("country", "Atlantis"), ("country", "US"), ("latitude", "90.1"), ("latitude", "nan"), ("longitude", "-181"),
    ("longitude", "9.6 O"), ("latitude", "1e400"), ("zone", "CET"), ("zone", "Etc/UTC"), ("zone", "Tunis"), ("size", "-5"),
    ("size", "SZ7"), ("language", "es"), ("languages", "ar, es"), ("themes", "GRN"), ("themes", "GRN.99"),
    ("themes", "GRN.01 GRN.02 GRN.03 GRN.04 GRN.05 GRN.06"), ("statement_kind", "wish"), ("yes_no", "maybe"), ("gender", "?"),
    ("seat", "0"), ("seat", "4"), ("email", "a@b"), ("email", "a b@example.org"), ("email", "a@example.org, b@example.org"),
    ("slug", "tn gabes"), ("slug", "-a"), ("mark", "1:2"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "typed"), WRONG)
def test_what_cannot_be_read(kind: str, typed: str) -> None:
    with pytest.raises(NotReadable) as wrong:
        parsed(Column("x", kind, {}), typed)
    assert "%" not in str(wrong.value.sentence)


def test_longest() -> None:
    column = Column("x", "line", {}, max=5)
    assert parsed(column, "12345") == "12345"
    with pytest.raises(NotReadable) as wrong:
        parsed(column, "123456")
    assert wrong.value.sentence.params == {"length": 6, "most": 5}


KINDS = sorted(cells.READERS)
ANYTHING = st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes())


@given(st.sampled_from(KINDS), ANYTHING)
def test_anything_is_read_or_told(kind: str, value: object) -> None:
    """A value fits into JSON and PostgreSQL, or there is a sentence that can be read."""
    try:
        found = parsed(Column("x", kind, {}), value)
    except NotReadable as wrong:
        assert str(wrong.sentence)
        json.dumps(wrong.sentence.as_json())
    else:
        stored = json.dumps(found, allow_nan=False)
        assert "\\u0000" not in stored
        assert json.loads(stored) == found


@given(st.sampled_from(KINDS), st.text(max_size=40))
def test_what_was_read_is_read_again_the_same(kind: str, value: str) -> None:
    """Export writes what import has read: it must come in unchanged."""
    column = Column("x", kind, {})
    try:
        found = parsed(column, value)
    except NotReadable:
        return
    if found in ("", []):
        return
    written = {True: "yes", False: "no"}.get(found, found) if isinstance(found, bool) else found
    assert parsed(column, ", ".join(written) if isinstance(written, list) else written) == found


@given(st.floats(-90, 90, allow_nan=False))
def test_degrees_come_back(number: float) -> None:
    typed = f"{number:.10f}"
    assert parsed(Column("x", "latitude", {}), typed) == pytest.approx(number, abs=1e-9)


@given(st.text())
def test_no_unseen_sign_passes(value: str) -> None:
    assert not re.search(
        "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\ufeff]",
        parsed(Column("x", "paragraph", {}), value),
    )


def test_every_kind_of_column_has_a_reader() -> None:
    assert {column.kind for sheet in sheets() for column in sheet.columns} <= set(cells.READERS)


@pytest.mark.parametrize("language", ["en", "ar", "de", "fr"])
def test_every_country_is_read_by_its_name(language: str) -> None:
    for code, term in terms.countries().items():
        assert parsed(Column("x", "country", {}), term[language]) == code
