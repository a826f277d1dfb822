"""Names are the same however they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.language.folding import fold, western_digits

SAME = [
    ("Gabès", "GABES"), ("أريحا", "اريحا"), ("غردايَة", "غرداية"), ("القيروان", "الـقيروان"), ("مدينة", "مدينه"), ("مصطفى", "مصطفي"),
    ("Straße", "strasse"), ("Al-Karak", "al karak"), ("Sana'a", "Sanaa"), ("İzmir", "izmir"), ("ﻗﺎﺑﺲ", "قابس"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_digits() -> None:
    assert western_digits("٣٣٫٨٨") == "33.88"
    assert western_digits("۱٬۲۳۴") == "1234"
