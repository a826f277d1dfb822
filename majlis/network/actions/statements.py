"""Writing what a city needs, envisions and offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.language.models import LANGUAGES
from majlis.language.typed import brought_up, cleaned
from majlis.language.words import in_all_languages
from majlis.network import terms
from majlis.network.models import City, Statement
from majlis.network.rules import require_edit
from majlis.network.workbook.cells import MOST_THEMES
from majlis.network.workbook.comparing import statement_key
from majlis.web.refused import NotNow, NotThere, Refused
from majlis.web.sentences import Sentence

LONGEST = 2000

EMPTY = _("The text is empty. Say it in your city's own words, or leave this statement out.")
TOO_LONG = _("The text has %(length)s characters; at most %(most)s fit. Shorten it.")
UNKNOWN_KIND = _("A statement is a need, a vision or an offer.")
UNKNOWN_LANGUAGE = _("“%(typed)s” is not one of the languages ar, de, en, fr.")
UNKNOWN_THEME = _("“%(typed)s” is not the code of a theme. Codes look like GRN.01; the page “Themes” lists them all.")
TOO_MANY_THEMES = _("A statement bears at most %(most)s themes; here are %(count)s.")
CHANGED_MEANWHILE = _(
    "Somebody else changed this statement meanwhile. Your words are kept below: compare, then save again."
)
NOT_THERE = _("There is no such statement, or it is not open to you.")


@dataclass(frozen=True)
class Words:
    """What somebody wrote: the text in its language, up to five codes of themes, translations {language: text} by people."""

    language: str
    text: str
    themes: Sequence[str] = ()
    translations: dict[str, str] | None = None


def add_statement(
    *, by: Account, city: City, kind: str, language: str, text: str, themes: Sequence[str] = (),
    translations: dict[str, str] | None = None,
) -> Statement:  # fmt: skip
    """Add a need, vision or offer to a city. Raises Forbidden unless secretariat or the city's focal point, Refused if not valid."""
    require_edit(by, city)
    words = checked(Words(language, text, themes, translations))
    if kind not in Statement.Kind.values:
        raise Refused(UNKNOWN_KIND)
    with transaction.atomic():
        statement = Statement.objects.create(
            city=city, kind=kind, themes=list(words.themes), key=_free_key(city, kind),
            text=brought_up(None, words.language, words.text, words.translations or {}),
        )  # fmt: skip
        _record(by, statement, _("%(kind)s of %(city)s added"), "network.add_statement")
    return statement


def edit_statement(
    *, by: Account, statement: Statement, language: str, text: str, themes: Sequence[str] = (),
    translations: dict[str, str] | None = None, seen: int | None = None,
) -> Statement:  # fmt: skip
    """Change a statement. A new original makes its translations stale. seen: the version of the text that the writer had
    before them; NotNow (409) if somebody changed it since.
    """  # fmt: skip
    require_edit(by, statement.city)
    words = checked(Words(language, text, themes, translations))
    with transaction.atomic():
        # Locked by itself: its city may be read by others meanwhile.
        locked = (
            Statement.objects.select_related("city").select_for_update(of=("self",)).filter(pk=statement.pk).first()
        )
        if locked is None:
            raise NotThere(NOT_THERE)
        changed = brought_up(locked.text, words.language, words.text, words.translations or {})
        if seen is not None and seen != locked.text.version and changed != locked.text:
            raise NotNow(CHANGED_MEANWHILE)
        if changed == locked.text and list(words.themes) == locked.themes:
            return locked
        locked.text, locked.themes = changed, list(words.themes)
        locked.save(update_fields=["text", "themes", "updated_at"])
        _record(by, locked, _("%(kind)s of %(city)s changed"), "network.edit_statement")
    return locked


def remove_statement(*, by: Account, statement: Statement) -> None:
    """Remove a statement; the journal keeps what it said."""
    require_edit(by, statement.city)
    with transaction.atomic():
        _record(by, statement, _("%(kind)s of %(city)s removed"), "network.remove_statement")
        statement.delete()


def checked(words: Words) -> Words:
    """The words tidied up; raises Refused, naming what to mend."""
    text = cleaned(words.text)
    if not text:
        raise Refused(EMPTY)
    translations = {lang: cleaned(body) for lang, body in (words.translations or {}).items() if body.strip()}
    for body in (text, *translations.values()):
        if len(body) > LONGEST:
            raise Refused(TOO_LONG, length=len(body), most=LONGEST)
    for language in (words.language, *translations):
        if language not in LANGUAGES:
            raise Refused(UNKNOWN_LANGUAGE, typed=language)
    themes = list(dict.fromkeys(words.themes))
    for theme in themes:
        if theme not in terms.themes():
            raise Refused(UNKNOWN_THEME, typed=theme)
    if len(themes) > MOST_THEMES:
        raise Refused(TOO_MANY_THEMES, most=MOST_THEMES, count=len(themes))
    return Words(words.language, text, themes, translations)


def _free_key(city: City, kind: str) -> str:
    """The next key of a statement written on the web: W1, W2, … so that no numbered row of a workbook meets it."""
    City.objects.select_for_update().get(pk=city.pk)
    begins = statement_key(city.slug, kind, "W")
    numbers = [
        key.removeprefix(begins)
        for key in Statement.objects.filter(key__startswith=begins).values_list("key", flat=True)
    ]
    return f"{begins}{max((int(number) for number in numbers if number.isdigit()), default=0) + 1}"


def _record(by: Account, statement: Statement, message: str, act: str) -> None:
    params = {"kind": in_all_languages(Statement.Kind(statement.kind).label), "city": statement.city.name.in_all()}
    facts = {"key": statement.key, "text": statement.text.as_json(), "themes": statement.themes}
    record(act=act, by=by, scope="network", sentence=Sentence(message, params), subject=statement, facts=facts)
