"""Differences between two wordings: nothing is lost or made up, and only what changed is shown."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from majlis.language.models import Text
from majlis.steps.invite.comparing import changes, compared, is_same

WORDS = st.lists(st.sampled_from(["خطة", "jobs", "plan,", "\n", "two"]), max_size=12).map(" ".join)


@given(before=WORDS, after=WORDS)
def test_the_parts_spell_out_both_wordings(before: str, after: str) -> None:
    parts = compared(before, after)
    assert "".join(part.words for part in parts if part.kind != "removed").split() == after.split()
    assert "".join(part.words for part in parts if part.kind != "added").split() == before.split()
    if before.split() == after.split() and before.lstrip() == after.lstrip():
        assert {part.kind for part in parts} <= {"same"}


def test_only_the_changed_words_are_marked() -> None:
    parts = compared("Two people, one case.", "Two people, three cases.")
    assert [(part.kind, part.words) for part in parts] == [
        ("same", "Two people, "), ("removed", "one case."), ("added", "three cases."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "shown"),
    [("ar", ("ar", "خطة", "خطتان")), ("en", ("en", "A plan", "Two plans")), ("fr", ("en", "A plan", "Two plans"))],
)
def test_a_reader_compares_in_their_own_language_if_both_wordings_have_it(
    language: str, shown: tuple[str, ...]
) -> None:
    before = {"goal": Text.of({"en": "A plan", "ar": "خطة"}).as_json(), "effort_hours": 30}
    after = {
        "goal": Text("en", "A plan").rewritten("Two plans").translated("ar", "خطتان", "human").as_json(),
        "effort_hours": 30,
    }
    with override(language):
        (change,) = changes(before, after)
    assert (change.language, change.before, change.after) == shown


def test_a_stale_translation_is_not_compared() -> None:
    before = {"goal": Text.of({"en": "A plan", "ar": "خطة"}).as_json()}
    after = {"goal": Text.of({"en": "A plan", "ar": "خطة"}).rewritten("Two plans").as_json()}
    with override("ar"):
        (change,) = changes(before, after)
    assert (change.language, change.after) == ("en", "Two plans")


def test_responsibilities_and_hours_are_compared_in_words() -> None:
    before = {"responsibilities": {"case": "R"}, "effort_hours": 10}
    after = {"responsibilities": {"case": "R", "share": "A"}, "effort_hours": 20}
    found = {change.key: (change.before, change.after) for change in changes(before, after)}
    assert found == {
        "responsibilities": (
            "Bring a case: does it",
            "Bring a case: does it\nShare the results at home: answers for it",
        ),
        "effort_hours": ("10", "20"),
    }
    assert not is_same(before, after)
    assert not is_same({}, after)
    assert is_same(after, dict(after))
