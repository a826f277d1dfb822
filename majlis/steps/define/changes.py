"""Sub-topics as a version keeps them, and what differs between two versions: for partners, and for coverage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext_noop as _

from majlis.dialogue.models import Partner
from majlis.language.models import Text
from majlis.network.models import Statement
from majlis.steps.define.models import Topic, Version
from majlis.web.sentences import Sentence, spoken

Names = Mapping[str, str]


@dataclass(frozen=True)
class Listed:
    """One topic as it stood in a version. votes: {partner id: dots}."""

    pk: int
    name: Text
    statements: frozenset[int]
    votes: Mapping[int, int] = field(default_factory=dict)
    baseline: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, topic: Topic) -> Listed:
        """A topic with its statements and votes prefetched."""
        baseline = {
            "code": topic.baseline_code,
            "indicator": topic.baseline_indicator.as_json(),
            "value": None if topic.baseline_value is None else str(topic.baseline_value),
            "unit": topic.baseline_unit,
            "on": topic.baseline_on.isoformat() if topic.baseline_on else None,
        }
        return cls(
            topic.pk,
            topic.name,
            frozenset(each.pk for each in topic.statements.all()),
            {vote.partner_id: vote.dots for vote in topic.votes.all()},
            baseline,
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "pk": self.pk,
            "name": self.name.as_json(),
            "statements": sorted(self.statements),
            "votes": {str(partner): dots for partner, dots in sorted(self.votes.items())},
            "baseline": dict(self.baseline),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Listed:
        votes = {int(partner): dots for partner, dots in stored["votes"].items()}
        return cls(
            stored["pk"],
            Text.from_json(stored["name"]),
            frozenset(stored["statements"]),
            votes,
            stored["baseline"],
        )


def listed(version: Version) -> list[Listed]:
    return [Listed.from_json(each) for each in version.topics]


@dataclass(frozen=True)
class TopicChange:
    """How one topic differs for those who knew the earlier list. before: its earlier name where that changed."""

    kind: Literal["new", "gone", "changed"]
    name: Text
    before: Text | None = None
    tied: Sequence[Statement] = ()
    untied: Sequence[Statement] = ()

    @property
    def title(self) -> str:
        return self._words(self.name)

    @property
    def title_before(self) -> str:
        return self._words(self.before or self.name)

    def _words(self, name: Text) -> str:
        """In the reader's language; where the name changed but not its translation, in the original's."""
        is_stale = self.before is not None and str(self.before) == str(self.name)
        return name.body if is_stale else str(name)


def differences(before: Sequence[Listed], after: Sequence[Listed], said: Mapping[int, Statement]) -> list[TopicChange]:
    """What partners are asked about again: new, removed and reworded topics, and ties that came or went.

    said: the statements by id; one that is not there any more is not named.
    """
    old, found = {each.pk: each for each in before}, []
    for topic in after:
        earlier = old.pop(topic.pk, None)
        if earlier is None:
            found.append(TopicChange("new", topic.name, tied=_named(topic.statements, said)))
            continue
        is_reworded = (earlier.name.language, earlier.name.body) != (topic.name.language, topic.name.body)
        if is_reworded or earlier.statements != topic.statements:
            found.append(
                TopicChange(
                    "changed",
                    topic.name,
                    earlier.name if is_reworded else None,
                    _named(topic.statements - earlier.statements, said),
                    _named(earlier.statements - topic.statements, said),
                )
            )
    return found + [TopicChange("gone", each.name) for each in old.values()]


def _named(keys: Iterable[int], said: Mapping[int, Statement]) -> list[Statement]:
    return [said[key] for key in sorted(keys) if key in said]


@dataclass(frozen=True)
class Row:
    """One topic before and after: None where it did not or does not exist."""

    name: Names
    needs: tuple[int | None, int | None]
    visions: tuple[int | None, int | None]
    cities: tuple[int | None, int | None]

    @property
    def title(self) -> str:
        return spoken(self.name)

    @property
    def is_changed(self) -> bool:
        return any(before != after for before, after in (self.needs, self.visions, self.cities))


@dataclass(frozen=True)
class Line:
    """One thing that a change does: better, worse, or only to be known."""

    kind: Literal["better", "worse", "plain"]
    sentence: Sentence


@dataclass(frozen=True)
class Effect:
    """What a change does to coverage: in words, and topic by topic."""

    lines: Sequence[Line]
    rows: Sequence[Row]


def effect(
    before: Sequence[Listed],
    after: Sequence[Listed],
    partners: Sequence[Partner],
    said: Mapping[int, Statement],
    answered: int,
    *,
    is_kept: bool = False,
) -> Effect:
    """What the change from one list to the other does. answered: how many partners' answers it makes old (0: none);
    is_kept: that there are answers, and all of them stay valid.
    """  # fmt: skip
    lines = [
        *_of_coverage(before, after, partners, said),
        *_of_gaps(before, after, said),
        *_of_untied(before, after, said),
    ]
    if answered:
        lines.append(
            Line("plain", Sentence(
                _("%(count)s partner has answered and will be asked again, only about this change"), {},
                _("%(count)s partners have answered and will be asked again, only about this change"), answered,
            ))
        )  # fmt: skip
    elif is_kept or differences(before, after, said) == []:
        lines.append(Line("plain", Sentence(_("The answers of the partners stay valid"))))
    return Effect(lines, _rows(before, after, said))


def _cities(topics: Iterable[Listed], said: Mapping[int, Statement]) -> set[int]:
    return {said[key].city_id for topic in topics for key in topic.statements if key in said}


def _of_coverage(
    before: Sequence[Listed], after: Sequence[Listed], partners: Sequence[Partner], said: Mapping[int, Statement]
) -> list[Line]:
    then, now = _cities(before, said), _cities(after, said)
    lost = [each.city.name.in_all() for each in partners if each.city_id in then - now]
    won = [each.city.name.in_all() for each in partners if each.city_id in now - then]
    found = []
    if lost:
        found.append(Line("worse", Sentence(_("No longer covered: %(cities)s"), {"cities": lost})))
    if won:
        found.append(Line("better", Sentence(_("Now covered: %(cities)s"), {"cities": won})))
    if not lost and not won:
        count = sum(each.city_id in now for each in partners)
        params = {"covered": count, "all": len(partners)}
        found.append(
            Line("plain", Sentence(_("Coverage stays: %(covered)s of %(all)s cities find themselves in it"), params))
        )
    return found


def _of_gaps(before: Sequence[Listed], after: Sequence[Listed], said: Mapping[int, Statement]) -> list[Line]:
    found = []
    for kind, loses, gains in (
        (Statement.Kind.NEED, _("No need is tied to %(topics)s"), _("A need is now tied to %(topics)s")),
        (Statement.Kind.VISION, _("No vision is tied to %(topics)s"), _("A vision is now tied to %(topics)s")),
    ):
        lacked = {each.pk for each in before if not _count(each, kind, said)}
        lacks = {each.pk for each in after if not _count(each, kind, said)}
        worse = [each.name.in_all() for each in after if each.pk in lacks - lacked]
        better = [each.name.in_all() for each in after if each.pk in lacked - lacks]
        if worse:
            found.append(Line("worse", Sentence(loses, {"topics": worse})))
        if better:
            found.append(Line("better", Sentence(gains, {"topics": better})))
    return found


def _of_untied(before: Sequence[Listed], after: Sequence[Listed], said: Mapping[int, Statement]) -> list[Line]:
    then = len(said.keys() - {key for topic in before for key in topic.statements})
    now = len(said.keys() - {key for topic in after for key in topic.statements})
    if then == now:
        return []
    if not now:
        return [Line("better", Sentence(_("Every need and vision is tied to a sub-topic")))]
    words = Sentence(
        _("%(count)s need or vision is tied to no sub-topic (before: %(before)s)"), {"before": then},
        _("%(count)s needs and visions are tied to no sub-topic (before: %(before)s)"), now,
    )  # fmt: skip
    return [Line("better" if now < then else "worse", words)]


def _count(topic: Listed, kind: str, said: Mapping[int, Statement]) -> int:
    return sum(said[key].kind == kind for key in topic.statements if key in said)


def _rows(before: Sequence[Listed], after: Sequence[Listed], said: Mapping[int, Statement]) -> list[Row]:
    """The topics that the change touches, in their new order; those that are gone come last."""
    then, now = {each.pk: each for each in before}, {each.pk: each for each in after}
    rows = []
    for pk in [*now, *(pk for pk in then if pk not in now)]:
        pair = (then.get(pk), now.get(pk))
        name = pair[1] or pair[0]
        assert name is not None
        rows.append(
            Row(
                name.name.in_all(),
                _pair(pair, lambda topic: _count(topic, Statement.Kind.NEED, said)),
                _pair(pair, lambda topic: _count(topic, Statement.Kind.VISION, said)),
                _pair(pair, lambda topic: len(_cities([topic], said))),
            )
        )
    return [row for row in rows if row.is_changed]


def _pair(pair: tuple[Listed | None, Listed | None], of: Any) -> tuple[int | None, int | None]:
    before, after = (None if topic is None else of(topic) for topic in pair)
    return before, after
