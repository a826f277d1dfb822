"""Sorting as the reader's language does."""

import pytest

from majlis.language.collation import sort_key

ORDERED = [
    ("de", ["Aachen", "Ägypten", "Algerien", "Jordanien", "Ostende", "Österreich", "Straße", "Strasse 2", "Tunesien"]),
    ("fr", ["Égypte", "Émirats", "Espagne", "Gabes", "Gabès", "Ghardaïa", "Zahlé"]),
    ("ar", ["إربد", "أريحا", "البصرة", "تونس", "صفاقس", "غرداية", "قابس", "وجدة", "Dortmund"]),
    ("en", ["Agadir", "Al Karak", "Aswan", "Tripoli (Lebanon)", "Zahlé", "قابس"]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "names"), ORDERED)
def test_order(language: str, names: list[str]) -> None:
    assert sorted(set(names), key=lambda name: sort_key(name, language)) == names


def test_arabic_letters_that_stand_together() -> None:
    names = ["مدينت", "مدينة", "مدين", "مدينث"]
    assert sorted(names, key=lambda name: sort_key(name, "ar")) == ["مدين", "مدينت", "مدينة", "مدينث"]
