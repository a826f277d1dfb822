"""The list of sub-topics as it stood, and what each change did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from majlis.dialogue.models import Dialogue
from majlis.steps.define.changes import Effect, Listed, effect, listed
from majlis.steps.define.models import Topic, Version
from majlis.steps.define.queries.topics import statements
from majlis.web.sentences import Sentence


def snapshot(dialogue: Dialogue) -> list[Listed]:
    """The topics as they stand, with ties, dots and baselines."""
    found = Topic.objects.filter(dialogue=dialogue).prefetch_related("statements", "votes")
    return [Listed.of(topic) for topic in found]


def version_of(dialogue: Dialogue, digest: str) -> Version | None:
    """The newest version with these topics."""
    return Version.objects.filter(dialogue=dialogue, of_topics=digest).first()


@dataclass(frozen=True)
class VersionView:
    """One version: the act that led to it, what that did to coverage, and the number of the version before (first: None)."""

    version: Version
    effect: Effect | None
    before: int | None = None

    @property
    def words(self) -> Sentence:
        return Sentence.from_json(self.version.sentence)


def effect_between(
    before: Sequence[Listed], after: Sequence[Listed], dialogue: Dialogue, answered: int = 0, *, is_kept: bool = False
) -> Effect:
    """What the change from one list to the other does to this dialogue's partners and their statements."""
    partners = list(dialogue.partners.select_related("city"))
    return effect(before, after, partners, {each.pk: each for each in statements(dialogue)}, answered, is_kept=is_kept)


def last_change(dialogue: Dialogue) -> VersionView | None:
    """The newest version when there is one before it to go back to."""
    newest = list(Version.objects.filter(dialogue=dialogue)[:2])
    if len(newest) < 2:
        return None
    return VersionView(newest[0], effect_between(listed(newest[1]), listed(newest[0]), dialogue), newest[1].number)


def version_views(dialogue: Dialogue, most: int = 50) -> list[VersionView]:
    """The newest versions with what each did, in three queries."""
    found = list(Version.objects.filter(dialogue=dialogue).select_related("by")[: most + 1])
    partners = list(dialogue.partners.select_related("city"))
    said = {each.pk: each for each in statements(dialogue)}
    return [
        VersionView(version, effect(listed(before), listed(version), partners, said, 0) if before else None)
        for version, before in zip(found, [*found[1:], None], strict=True)
    ][:most]
