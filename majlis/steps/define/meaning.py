"""What statements without a theme speak of: read by meaning, whatever their language. Takes seconds: for jobs only.

Each is given the themes whose names and examples are near (algorithms.concepts). What no theme covers is grouped by
meaning alone (algorithms.communities) and named only as certain as a theme stands out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from majlis.algorithms.communities import communities
from majlis.algorithms.concepts import Assigned, Concepts
from majlis.algorithms.embedding import LanguageMeans, Vectors, centred, default_embedder
from majlis.algorithms.naming import Certainty, central, keywords, name
from majlis.language.models import Text
from majlis.network import terms
from majlis.network.models import Statement
from majlis.steps.cluster.terms import theme_names

# A group needs voices before it is a topic of its own: what two say is tied by hand.
FEWEST_VOICES = 3
LONGEST_NAME = 80


@dataclass(frozen=True)
class Group:
    """Statements near to each other that no theme covers. stayed: in what share of the runs they stayed together, 0…1."""

    statements: list[Statement]
    name: Text
    stayed: float


@dataclass(frozen=True)
class Reading:
    """themes: {statement id: themes read from it, the nearest first, each with why}; groups: what no theme covers."""

    themes: Mapping[int, Sequence[Assigned]] = field(default_factory=dict)
    groups: Sequence[Group] = ()

    def as_json(self) -> dict[str, list[dict[str, object]]]:
        return {str(key): [vars(each) for each in found] for key, found in self.themes.items()}


def read(said: Sequence[Statement]) -> Reading:
    """Read those statements that carry no theme; the others help to know what is usual in their language."""
    without = [number for number, each in enumerate(said) if not each.themes]
    if not without:
        return Reading()
    embedder = default_embedder()
    concepts = Concepts.of(terms.concepts(terms.themes()), embedder)
    languages = [each.text.language for each in said]
    raw = embedder.encode([each.text.body for each in said])
    vectors = centred(raw, languages, LanguageMeans.of(raw, languages).towards(concepts.means))
    found = concepts.assign(vectors[without])
    themes = {said[number].pk: near for number, near in zip(without, found, strict=True) if near}
    left = [number for number in without if said[number].pk not in themes and np.any(vectors[number])]
    return Reading(themes, _groups([said[number] for number in left], vectors[left], concepts, said))


def _groups(left: Sequence[Statement], vectors: Vectors, concepts: Concepts, said: Sequence[Statement]) -> list[Group]:
    """Those groups that can be a topic: voices enough, a need and a vision among them."""
    if not left:
        return []
    together = communities(vectors, [each.text.language for each in left], [each.key for each in left])
    members: dict[int, list[int]] = defaultdict(list)
    for number, label in enumerate(together.labels):
        members[int(label)].append(number)
    groups = []
    for label, numbers in sorted(members.items()):
        kinds = {left[number].kind for number in numbers}
        if label >= 0 and len(numbers) >= FEWEST_VOICES and kinds == {Statement.Kind.NEED, Statement.Kind.VISION}:
            voices = [left[number] for number in numbers]
            named = _name(voices, vectors[numbers], concepts, said)
            groups.append(Group(voices, named, float(together.stayed[numbers].mean())))
    return groups


def _name(voices: Sequence[Statement], vectors: Vectors, concepts: Concepts, said: Sequence[Statement]) -> Text:
    """A theme's name where one stands out; else words of the language that most of them speak; else the middle one."""
    agreed = name([(vectors, concepts)])
    if agreed.certainty is not Certainty.UNKNOWN:
        return Text.of(theme_names(agreed.code))
    middle = voices[central(vectors)[0]]
    spoken = [each.text.language for each in voices]
    language = max(sorted(set(spoken)), key=spoken.count)
    inside = [each.text.body for each in voices if each.text.language == language]
    own = {each.pk for each in voices}
    outside = [each.text.body for each in said if each.text.language == language and each.pk not in own]
    words = keywords(inside, outside)
    if len(words) > 1:
        return Text(language, ", ".join(words)[:LONGEST_NAME])
    return Text(middle.text.language, _shortened(middle.text.body))


def _shortened(body: str) -> str:
    """The beginning of a statement, whole words, as a name for want of a better one."""
    if len(body) <= LONGEST_NAME:
        return body
    return body[:LONGEST_NAME].rsplit(" ", 1)[0] + "…"
