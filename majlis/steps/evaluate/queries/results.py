"""What the answers say together: never of fewer than five people, never while a survey is open, never by country.

Quality 21 asks that differences give nobody away either, so
* figures appear only once a survey is closed: two looks around one answer would reveal it;
* neighbouring answers are joined until each class holds nobody or at least five people, so that no cell has to be
  blanked and none can be found by subtraction.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

from django.utils import timezone

from majlis.language.models import Text
from majlis.steps.evaluate.models import Survey
from majlis.steps.evaluate.queries.surveys import asked, choices
from majlis.steps.evaluate.rules import SMALLEST_SHOWN
from majlis.steps.evaluate.terms import Item, Questionnaire, Scale, questionnaires

PROMOTERS, DETRACTORS = range(9, 11), range(7)


@dataclass(frozen=True)
class Class:
    """How many people answered from `first` to `last`; `share` is of all who answered, 0…1."""

    first: int
    last: int
    count: int
    share: float

    @property
    def percent(self) -> int:
        return round(100 * self.share)


@dataclass(frozen=True)
class Figure:
    """The answers to one question on a scale. Below five answers only the question stays: `is_shown` is false."""

    key: str
    question: Text
    level: str
    scale: Scale | None
    n: int
    is_shown: bool
    median: float | None = None
    mean: float | None = None
    classes: tuple[Class, ...] = ()


@dataclass(frozen=True)
class Gain:
    """One competence, now against before as people see it afterwards (indicator I06): medians and mean difference."""

    key: str
    question: Text
    n: int
    is_shown: bool
    now: float | None = None
    before: float | None = None
    mean_gain: float | None = None


@dataclass(frozen=True)
class Choice:
    """Something that at least five people picked."""

    name: Text
    count: int


@dataclass(frozen=True)
class Results:
    """One survey's results. `rate` is responses over people asked, 0…1; `figures` are empty until it is closed."""

    survey: Survey
    questionnaire: Questionnaire
    responses: int
    asked: int
    is_closed: bool
    figures: tuple[Figure, ...] = ()
    gains: tuple[Gain, ...] = ()
    nps: int | None = None
    picked: tuple[Choice, ...] = ()
    remarks: tuple[tuple[Item, tuple[Mapping[str, str], ...]], ...] = ()

    @property
    def rate(self) -> float:
        return self.responses / self.asked if self.asked else 0.0

    @property
    def percent(self) -> int:
        return round(100 * self.rate)

    @property
    def are_shown(self) -> bool:
        return self.is_closed and self.responses >= SMALLEST_SHOWN


def results(survey: Survey) -> Results:
    """The results as they may be shown to everybody in the dialogue (free remarks: only to those who run it)."""
    questionnaire = questionnaires()[survey.code]
    people = asked(survey.dialogue).count()
    answers: list[dict[str, Any]] = list(survey.responses.order_by("pseudonym").values_list("answers", flat=True))
    if not survey.is_closed(timezone.now()) or len(answers) < SMALLEST_SHOWN:
        return Results(survey, questionnaire, len(answers), people, survey.is_closed(timezone.now()))
    scored = [item for item in questionnaire.items if item.kind == "scale"]
    return Results(
        survey, questionnaire, len(answers), people, True,
        figures=tuple(_figure(item, _values(answers, item.key)) for item in scored),
        gains=_gains(questionnaire, answers),
        nps=_nps(_values(answers, "nps")) if any(item.key == "nps" for item in scored) else None,
        picked=_picked(survey, questionnaire, answers),
        remarks=_remarks(questionnaire, answers),
    )  # fmt: skip


def joined_classes(values: Sequence[int], steps: Sequence[int]) -> tuple[Class, ...]:
    """Neighbouring steps of a scale joined until each class holds nobody or at least five of the values.

    From the lowest step up; what is left over at the top joins the last class. Fewer than five values: no class.
    """
    if len(values) < SMALLEST_SHOWN:
        return ()
    counts = Counter(values)
    spans: list[tuple[int, int, int]] = []
    first, held = None, 0
    for step in steps:
        first, held = (step if first is None else first), held + counts[step]
        if held == 0 or held >= SMALLEST_SHOWN:
            spans.append((first, step, held))
            first, held = None, 0
    if first is not None:  # a small rest at the top: take classes back in until it is large enough
        while held < SMALLEST_SHOWN:
            lower, _last, count = spans.pop()
            first, held = lower, held + count
        spans.append((first, steps[-1], held))
    return tuple(Class(first, last, count, count / len(values)) for first, last, count in spans)


def _values(answers: Sequence[Mapping[str, Any]], key: str, row: str = "") -> list[int]:
    given = [answer.get(key) for answer in answers]
    if row:
        given = [value.get(row) if isinstance(value, dict) else None for value in given]
    return [value for value in given if isinstance(value, int)]


def _figure(item: Item, values: list[int]) -> Figure:
    if len(values) < SMALLEST_SHOWN or item.scale is None:
        return Figure(item.key, item.question, item.level, item.scale, len(values), False)
    classes = joined_classes(values, item.scale.steps)
    average = round(mean(values), 1)
    return Figure(
        item.key, item.question, item.level, item.scale, len(values), True, float(median(values)), average, classes
    )


def _nps(values: list[int]) -> int | None:
    """100 · (promoters 9–10 − detractors 0–6) / n, from −100 to +100 (indicator I02)."""
    if len(values) < SMALLEST_SHOWN:
        return None
    return round(100 * (sum(v in PROMOTERS for v in values) - sum(v in DETRACTORS for v in values)) / len(values))


def _gains(questionnaire: Questionnaire, answers: Sequence[Mapping[str, Any]]) -> tuple[Gain, ...]:
    items = {item.key: item for item in questionnaire.items}
    if "comp_post" not in items or "comp_then" not in items:
        return ()
    return tuple(_gain(key, name, answers) for key, name in items["comp_post"].rows)


def _gain(key: str, name: Text, answers: Sequence[Mapping[str, Any]]) -> Gain:
    pairs = [
        (now, before)
        for answer in answers
        for now, before in [((answer.get("comp_post") or {}).get(key), (answer.get("comp_then") or {}).get(key))]
        if isinstance(now, int) and isinstance(before, int)
    ]
    if len(pairs) < SMALLEST_SHOWN:
        return Gain(key, name, len(pairs), False)
    now, before = [float(median(column)) for column in zip(*pairs, strict=True)]
    return Gain(key, name, len(pairs), True, now, before, round(mean(after - then for after, then in pairs), 1))


def _picked(survey: Survey, questionnaire: Questionnaire, answers: Sequence[Mapping[str, Any]]) -> tuple[Choice, ...]:
    keys = [item.key for item in questionnaire.items if item.kind == "solutions"]
    if not keys:
        return ()
    counts = Counter(code for answer in answers for key in keys for code in answer.get(key) or [])
    names = choices(survey).solutions
    return tuple(
        Choice(names[code], count)
        for code, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        if count >= SMALLEST_SHOWN and code in names
    )


def _remarks(
    questionnaire: Questionnaire, answers: Sequence[Mapping[str, Any]]
) -> tuple[tuple[Item, tuple[Mapping[str, str], ...]], ...]:
    """Free texts by question, sorted by their words so that their order says nothing about who wrote them."""
    found = []
    for item in questionnaire.items:
        written = [answer[item.key] for answer in answers if item.kind == "text" and answer.get(item.key)]
        if len(written) >= SMALLEST_SHOWN:
            found.append((item, tuple(sorted(written, key=lambda remark: str(remark["body"])))))
    return tuple(found)
