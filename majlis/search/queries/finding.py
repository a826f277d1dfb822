"""Finding: by meaning across languages, by letters where words stand out, and only what the viewer may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from math import sqrt

import numpy as np

from majlis.algorithms import embedding
from majlis.algorithms.embedding import Vectors, has_words, language_of, unit
from majlis.algorithms.lexical import excess, fold
from majlis.algorithms.ranking import WEIGHT_OF_CONCEPTS, WEIGHT_OF_WORDS, meaning
from majlis.dialogue.models import Dialogue
from majlis.dialogue.queries import visible_dialogues
from majlis.language.models import Text
from majlis.network.queries import NAMES, fits, options, reader
from majlis.search.models import DIMENSIONS, Entry, Mean, State
from majlis.search.queries.meaning import known_themes
from majlis.search.queries.results import Found, Hit, Ranked, hits, kind_name
from majlis.search.retrieval import NEAREST, Candidates, Question, candidates
from majlis.search.rules import Viewer, may_see_now, member

LONGEST = 5000
FACETS = ("kind", "language", "country", "theme")
PER_PAGE = 20
IN_STRIP = 5
# Centred cosines of unrelated texts have about this spread around 0; a handful of entries does not show it yet.
USUAL_DEVIATION, USUAL_WEIGHT = 0.1, 20.0

# A name's letters (0…1) against standard deviations of meaning (−3…5).
WEIGHT_OF_NAMES = 8.0

Thing = tuple[str, int]  # kind and number of what an entry tells of


def the_state() -> State:
    """How large the index is and how it is searched; as if empty before the first round."""
    return State.objects.filter(pk=1).first() or State(pk=1)


def search(
    words: str, viewer: Viewer, chosen: Mapping[str, str], *, page: int = 1, only_literal: bool = False
) -> Found:
    """What this viewer may see and the chosen facets leave, best first. only_literal: only what holds every word."""
    asked = ask(words)
    if asked is None:
        return Found()
    state = the_state()
    everything = ranked(asked, viewer, state)
    fitting = [each for each in everything if fits(each, chosen)]
    if any(chosen.values()) and len(everything) >= NEAREST:
        # Not everything relevant was among the best of all: ask again among what fits.
        fitting = ranked(asked, viewer, state, chosen)
    literal = [each for each in fitting if each.candidate.holds_all_words]
    # Where every hit holds the words, a strip of its own would say the same twice.
    is_split = not only_literal and len(literal) < len(fitting)
    strip = sorted(literal, key=lambda each: _own_language_first(each, asked))[:IN_STRIP] if is_split else []
    listed = literal if only_literal else [each for each in fitting if each not in strip]
    shown = hits((strip if page == 1 else []) + listed[(page - 1) * PER_PAGE : page * PER_PAGE])
    n_first = len(strip) if page == 1 else 0
    names = NAMES | {"kind": kind_name}
    return Found(
        shown[n_first:], shown[:n_first], len(literal) if only_literal else len(fitting), len(literal),
        -(-len(listed) // PER_PAGE), len(everything) >= NEAREST,
        {facet: options(everything, facet, chosen, names[facet]) for facet in FACETS},
    )  # fmt: skip


def dialogues(words: str, viewer: Viewer) -> list[Dialogue]:
    """The dialogues open to this viewer whose title holds every word in one of its languages, newest first.

    They are few and their titles are names, so they are compared as they stand, without the index.
    """
    account, asked = member(viewer), fold(words).split()
    if account is None or not asked:
        return []

    def is_meant(title: Text) -> bool:
        return any(all(word in fold(body) for word in asked) for body in title.in_all().values())

    return [each for each in visible_dialogues(account) if is_meant(each.title)]


def similar(
    text: str,
    language: str,
    kinds: Sequence[str],
    viewer: Viewer,
    limit: int = 3,
    *,
    but: AbstractSet[Thing] = frozenset(),
) -> list[Hit]:
    """What is like this text, best first: entries of these kinds that the viewer may see.

    text: as somebody is typing it; language: in which they say they write; but: things to leave out, such as the very
    statement that is being changed. Encodes one text (about 5 ms), so a request may call it once.
    """  # fmt: skip
    asked = ask(text, language)
    if asked is None:
        return []
    found = ranked(asked, viewer, the_state(), {}, kinds)
    return hits([each for each in found if each.candidate.thing not in but][:limit])


def ask(words: str, language: str = "") -> Question | None:
    """The question with its vector; None for one without a letter or digit. The one encoding of a request."""
    words = words[:LONGEST]
    if not has_words(words):
        return None
    spoken = language_of(words, language or reader())
    embedder = embedding.default_embedder()
    vector = embedder.encode([words], query=True)[0]
    mean = Mean.objects.filter(kind="", language=spoken, model=embedder.name, version=embedder.version).first()
    return Question(words, spoken, unit(vector - np.asarray(mean.shift, dtype=np.float32)) if mean else vector)


def ranked(
    asked: Question, viewer: Viewer, state: State, chosen: Mapping[str, str] | None = None, kinds: Sequence[str] = ()
) -> list[Ranked]:
    """The relevant things, best first, each in the language that fits best; asked of what stands there now."""
    found = candidates(asked, viewer, state, chosen or {}, kinds)
    best: dict[Thing, Ranked] = {}
    for each in sorted(_scored(asked, found), key=lambda each: (-each.score, each.candidate.entry)):
        if not each.is_relevant:
            continue
        kept = best.setdefault(each.candidate.thing, each)
        if each.candidate.holds_all_words and not kept.candidate.holds_all_words:
            best[each.candidate.thing] = each
    numbers = [each.candidate.entry for each in best.values()]
    there = set(Entry.objects.filter(may_see_now(viewer), pk__in=numbers).values_list("pk", flat=True))
    return [each for each in best.values() if each.candidate.entry in there]


def _own_language_first(each: Ranked, asked: Question) -> tuple[bool, float]:
    return each.candidate.language != asked.language, -each.candidate.letters


def _scored(asked: Question, found: Candidates) -> list[Ranked]:
    """The score of algorithms.ranking, with the mean and spread over everything instead of over the candidates."""
    if not found.found:
        return []
    weight = found.counted / (found.counted + USUAL_WEIGHT)
    mean = weight * found.mean
    deviation = sqrt(weight * found.deviation**2 + (1 - weight) * USUAL_DEVIATION**2)
    whole = np.array([each.cosine or 0.0 for each in found.found], dtype=np.float32)
    said = [each.cosine if each.sentence_cosine is None else each.sentence_cosine for each in found.found]
    near = meaning(whole, np.array([cosine or 0.0 for cosine in said], dtype=np.float32))
    letters = np.array([each.letters for each in found.found], dtype=np.float32)
    standing_out = excess(letters, [each.language for each in found.found])
    scores = (near - mean) / deviation + WEIGHT_OF_WORDS * standing_out
    # A name means nothing to the encoder: typed in full, it stands above what is only meant.
    is_name = np.array([each.cosine is None for each in found.found])
    scores = np.where(is_name, WEIGHT_OF_NAMES * letters, scores)
    themes = known_themes()
    if themes is not None:
        scores += WEIGHT_OF_CONCEPTS * (themes.profiles(_vectors(found)) @ themes.profiles(asked.vector[None])[0])
    rows = zip(found.found, scores.tolist(), near.tolist(), standing_out.tolist(), strict=True)
    return [Ranked(*row) for row in rows]


def _vectors(found: Candidates) -> Vectors:
    """(m, d) centred vectors of the candidates; zeros for one without."""
    nothing = bytes(2 * DIMENSIONS)
    # halfvec_send: number of dimensions and a reserved word, two bytes each, then the floats.
    raw = b"".join(each.vector[4:] if each.vector else nothing for each in found.found)
    return np.frombuffer(raw, dtype=">f2").astype(np.float32).reshape(-1, DIMENSIONS)
