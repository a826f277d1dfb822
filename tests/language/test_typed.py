"""What people typed becomes the next version of a text."""

from majlis.language.models import Text
from majlis.language.typed import brought_up, cleaned


def test_new_text_with_a_translation() -> None:
    text = brought_up(None, "ar", "حاجة", {"en": "need", "ar": "حاجة"})
    assert (text.version, text.in_all()) == (1, {"ar": "حاجة", "en": "need"})


def test_same_words_change_nothing() -> None:
    text = Text("ar", "حاجة").translated("en", "need", "human")
    assert brought_up(text, "ar", "حاجة", {"en": "need"}) == text
    assert brought_up(text, "ar", "حاجة", {}) == text


def test_new_original_makes_its_translation_stale_until_it_is_given_anew() -> None:
    text = Text("ar", "حاجة").translated("en", "need", "human")
    stale = brought_up(text, "ar", "حاجة أخرى", {"en": "need"})
    assert (stale.version, stale.shown("en").is_stale) == (2, True)
    assert not brought_up(stale, "ar", "حاجة أخرى", {"en": "another need"}).shown("en").is_stale


def test_a_person_replaces_a_machine() -> None:
    text = Text("ar", "حاجة").translated("en", "need", "machine")
    assert brought_up(text, "ar", "حاجة", {"en": "need"}).translations["en"].origin == "human"


def test_another_language_of_the_original() -> None:
    text = Text("en", "besoin").translated("fr", "besoin", "human")
    changed = brought_up(text, "fr", "besoin", {})
    assert (changed.language, changed.version, dict(changed.translations)) == ("fr", 2, {})


def test_unseen_signs_go() -> None:
    assert cleaned(" a\u202eb\u0000c\r\nd\te ") == "abc\nd e"
    assert cleaned(12.0) == "12"
