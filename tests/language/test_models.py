"""Text keeps its original, and its translations say where they come from."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from majlis.language.models import LANGUAGES, Text, Translation
from majlis.network.models import City
from tests.world import World

languages = st.sampled_from(LANGUAGES)
translations = st.dictionaries(
    languages, st.builds(Translation, st.text(min_size=1), st.sampled_from(["human", "machine"]), st.integers(1, 5))
)
texts = st.builds(Text, languages, st.text(), st.integers(1, 5), translations)


@given(texts)
def test_a_text_survives_its_column(text: Text) -> None:
    assert Text.from_json(text.as_json()) == text


@given(texts, languages)
def test_a_reader_gets_their_language_or_the_original(text: Text, reader: str) -> None:
    shown = text.shown(reader)
    assert shown.language == (reader if reader in text.translations else text.language)
    assert (shown.kind == "original") == (shown.language == text.language)


def test_a_changed_original_makes_its_translations_stale() -> None:
    text = Text("ar", "نحتاج").translated("en", "We need", "human")
    changed = text.rewritten("نحتاج الآن")
    assert (text.shown("en").is_stale, changed.shown("en").is_stale) == (False, True)
    assert changed.translated("en", "We need now", "machine").shown("en").kind == "machine"
    assert not changed.translated("en", "We need now", "machine").shown("en").is_stale


def test_an_unchanged_original_is_no_new_version() -> None:
    text = Text("fr", "Bonjour")
    assert text.rewritten("Bonjour") is text


@pytest.mark.parametrize(("reader", "body"), [("en", "Jobs"), ("ar", "وظائف"), ("de", "Jobs"), ("fr", "Jobs")])
def test_str_follows_the_active_language(reader: str, body: str) -> None:
    with override(reader):
        assert str(Text.of({"en": "Jobs", "ar": "وظائف"})) == body


def test_the_database_gives_back_the_same_text(world: World) -> None:
    city = world.city()
    city.name = Text("fr", "Gabès").translated("ar", "قابس", "human")
    city.save()
    assert City.objects.get(pk=city.pk).name == city.name
