"""Sentences stored as data are read in the reader's language, whatever scripts meet in them."""

from django.template import Context, Template
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from majlis.web.sentences import Sentence

GABES = {"en": "Gabès", "ar": "قابس"}


def test_a_parameter_follows_the_reader() -> None:
    sentence = Sentence("%(city)s agreed", {"city": GABES})
    with override("en"):
        assert str(sentence) == "Gabès agreed"
    with override("ar"):
        assert "قابس" in str(sentence)


def test_a_parameter_against_the_direction_is_isolated() -> None:
    with override("en"):
        assert str(Sentence("%(city)s agreed", {"city": {"ar": "قابس"}})) == "\u2068قابس\u2069 agreed"
        assert str(Sentence("%(n)s of %(all)s", {"n": 3, "all": 4})) == "3 of 4"
    with override("ar"):
        assert "\u2068SOL01\u2069" in str(Sentence("%(code)s", {"code": "SOL01"}))


def test_markup_in_a_parameter_stays_text() -> None:
    shown = Template("{{ words }}").render(Context({"words": Sentence("Hello %(name)s", {"name": "<b>x</b>"})}))
    assert shown == "Hello &lt;b&gt;x&lt;/b&gt;"


@given(st.dictionaries(st.sampled_from(["a", "b"]), st.text() | st.integers(), min_size=2), st.integers(0, 200))
def test_a_sentence_survives_its_column(params: dict[str, object], count: int) -> None:
    sentence = Sentence("%(a)s %(b)s", params, "%(a)s %(b)s %(count)s", count)
    assert Sentence.from_json(sentence.as_json()) == sentence
