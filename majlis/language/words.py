"""Words of the interface in all languages at once: for what is stored once and read by everybody."""

from django.utils.translation import override

from majlis.language.models import LANGUAGES


def in_all_languages(words: object) -> dict[str, str]:
    """{language: str(words)} of a lazy translation or a sentence."""
    spoken = {}
    for language in LANGUAGES:
        with override(language):
            spoken[language] = str(words)
    return spoken
