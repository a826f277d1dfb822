"""Search over everything, plain: every word of the question occurs in the text, in any of its languages.

Letters are folded on both sides (case, accents, the Arabic alefs), inside the database without an extension. Who may not
see a thing does not find it: each kind is narrowed in SQL before it is searched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from majlis.accounts.models import Account, Role
from majlis.dialogue.models import Dialogue
from majlis.dialogue.queries import visible_dialogues
from majlis.language.models import Text
from majlis.network import terms
from majlis.network.models import City, Person, Statement
from majlis.projects.models import ChangeProject
from majlis.solutions.models import Solution

Reader = Account | AnonymousUser
SHOWN = 20  # hits of each kind on the first page; with `kind` chosen, a page of them
# One letter for one letter: PostgreSQL's translate() does the same to the texts.
FOLDED = str.maketrans(
    "àáâãäåāçčćèéêëēìíîïīñńòóôõöøōùúûüūýÿžźşšğıأإآٱىةؤئگڤ", "aaaaaaaccceeeeeiiiiinnooooooouuuuuyyzzssgiااااىهويقف"
)
DROPPED = "ًٌٍَُِّْـ"


@dataclass(frozen=True)
class Hit:
    """One thing found, in the words that were found, with their language."""

    title: Text
    url: str
    found: str = ""  # the text in which the words occur, where that is not the title as shown
    language: str = ""
    beside: Text | None = None  # the city it belongs to


@dataclass(frozen=True)
class Found:
    """The hits of one kind."""

    kind: str
    name: str
    hits: list[Hit]
    total: int


@dataclass(frozen=True)
class Kind:
    """One kind of thing: what this reader may see of it, which columns are searched, and how a row is shown."""

    name: object
    rows: Callable[[Reader], QuerySet[Any]]
    columns: tuple[str, ...]
    shown: Callable[[Any, str], Hit]


def fold(words: str) -> str:
    """Small letters without accents and vowel marks."""
    return words.lower().translate(FOLDED).translate(dict.fromkeys(map(ord, DROPPED)))


def search(words: str, reader: Reader, kind: str = "", page: int = 1) -> list[Found]:
    """What this reader may see that holds every word; of one kind if it is named. At most twelve words are used."""
    folded = [word for word in fold(words.replace("%", " ").replace("_", " ")).split() if word][:12]
    if not folded:
        return []
    kinds = {kind: KINDS[kind]} if kind in KINDS else KINDS
    found = [_of_kind(name, each, folded, reader, page if kind else 1) for name, each in kinds.items()]
    return [each for each in found if each.total]


def _of_kind(name: str, kind: Kind, folded: list[str], reader: Reader, page: int) -> Found:
    bodies = [Cast(_bodies(column), TextField()) for column in kind.columns]
    text = bodies[0] if len(bodies) == 1 else Concat(*bodies, output_field=TextField())
    rows = kind.rows(reader).annotate(_text=_folded(text))
    wanted = Q()
    for word in folded:
        wanted &= Q(_text__contains=word) | _by_country(kind, word)
    matching = rows.filter(wanted)
    begin = (page - 1) * SHOWN
    hits = [kind.shown(row, " ".join(folded)) for row in matching[begin : begin + SHOWN]]
    total = matching.count() if len(hits) == SHOWN or page > 1 else len(hits)
    return Found(name, str(kind.name), hits, total)


def _bodies(column: str) -> Func:
    """The original and every translation of a Text column, as a JSON list."""
    return Func(F(column), Value("$.**.body"), template="jsonb_path_query_array(%(expressions)s::jsonpath)")


def _folded(text: Func | Cast | Concat) -> Func:
    letters = "".join(map(chr, FOLDED)) + DROPPED
    plain = "".join(map(chr, FOLDED.values()))
    return Func(Lower(text), Value(letters), Value(plain), function="translate", output_field=TextField())


def _by_country(kind: Kind, word: str) -> Q:
    """A city is found by its country's name too, in any language."""
    if kind.columns != ("name",):
        return Q()
    codes = [
        code
        for code, term in terms.countries().items()
        if any(word in fold(name) for name in terms.names(term).values())
    ]
    return Q(country__in=codes)


def _hit(title: Text, url: str, folded: str, body: Text | None = None, beside: Text | None = None) -> Hit:
    """Show the title; and where the words occur elsewhere than there, those words in their own language."""
    shown = title.shown()
    if _holds(shown.body, folded):
        return Hit(title, url, beside=beside)
    for text in (title, body):
        for language, words in _own_first(text).items() if text else ():
            if _holds(words, folded):
                return Hit(title, url, words, language, beside)
    return Hit(title, url, beside=beside)


def _holds(words: str, folded: str) -> bool:
    plain = fold(words)
    return any(word in plain for word in folded.split())


def _own_first(text: Text) -> Mapping[str, str]:
    """A text in all its languages, the reader's first."""
    every = text.in_all()
    own = get_language() or "en"
    return ({own: every[own]} if own in every else {}) | every


def _of_members(rows: QuerySet[Any]) -> Callable[[Reader], QuerySet[Any]]:
    """Rows that everybody who has signed in may see."""
    return lambda reader: rows if isinstance(reader, Account) else rows.none()


def _people(reader: Reader) -> QuerySet[Person]:
    people = Person.objects.select_related("city")
    if isinstance(reader, Account) and reader.role == Role.SECRETARIAT:
        return people
    return people.filter(Q(is_listed=True) | Q(account_id=reader.pk)) if reader.pk else people.none()


def _dialogues(reader: Reader) -> QuerySet[Dialogue]:
    return visible_dialogues(reader) if isinstance(reader, Account) else Dialogue.objects.none()


def _city_page(city: City) -> str:
    return f"/network/cities/{city.slug}/"


# Addresses of the other folders are written out: a search result must not fail because a page was renamed.
KINDS: dict[str, Kind] = {
    "dialogues": Kind(
        _("Dialogues"), _dialogues, ("title",),
        lambda row, folded: _hit(row.title, f"/dialogues/{row.slug}/", folded),
    ),
    "solutions": Kind(
        _("Solutions"), lambda _reader: Solution.objects.filter(state="published").select_related("city"), ("title", "summary"),
        lambda row, folded: _hit(row.title, f"/solutions/{row.code}/", folded, row.summary, row.city.name),
    ),
    "cities": Kind(
        _("Cities"), lambda _reader: City.objects.all(), ("name",),
        lambda row, folded: _hit(row.name, _city_page(row), folded),
    ),
    "people": Kind(
        _("People"), _people, ("role_title",),
        lambda row, folded: _hit(
            row.role_title, _city_page(row.city) if row.city else "/network/people/", folded,
            beside=row.city.name if row.city else None,
        ),
    ),
    "statements": Kind(
        _("Needs, visions and offers"), _of_members(Statement.objects.select_related("city")), ("text",),
        lambda row, folded: _hit(row.text, _city_page(row.city), folded, beside=row.city.name),
    ),
    "projects": Kind(
        _("Change projects"), _of_members(ChangeProject.objects.select_related("city")), ("title", "problem", "objective"),
        lambda row, folded: _hit(row.title, f"/projects/{row.code}/", folded, row.problem, row.city.name),
    ),
}  # fmt: skip
