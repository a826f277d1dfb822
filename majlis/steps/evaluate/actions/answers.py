"""What counts as a valid answer: values from outside become what is stored, or a refusal that names the question.

It reads questionnaires and choices, and writes nothing.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from majlis.steps.evaluate.queries.surveys import Choices
from majlis.steps.evaluate.terms import Item, Questionnaire, Scale
from majlis.web.refused import Refused

OUT_OF_SCALE = _("“%(question)s”: choose a number from %(lowest)s to %(highest)s.")
UNKNOWN_CHOICE = _("“%(question)s”: one of the choices is not on the list. Choose from the list.")
TOO_LONG = _("“%(question)s”: at most %(longest)s characters fit; you wrote %(count)s. Shorten your answer.")
EMPTY = _("Nothing is answered yet. Answer at least one question; all others may stay empty.")


def checked(
    questionnaire: Questionnaire, answers: Mapping[str, Any], choices: Choices, *, language: str
) -> dict[str, Any]:
    """The answers as they are stored, without the empty ones. Raises Refused naming the question that is wrong."""
    items = {item.key: item for item in questionnaire.items}
    unknown = [key for key in answers if key not in items]
    if unknown:
        raise Refused(_("This survey has no question “%(key)s”."), key=unknown[0])
    kept = {
        key: value
        for key, given in answers.items()
        if (value := _value(items[key], given, choices, language)) not in (None, "", [], {})
    }
    if not kept:
        raise Refused(EMPTY)
    return kept


def _value(item: Item, given: Any, choices: Choices, language: str) -> Any:
    if given in (None, "", [], {}):
        return None
    if item.kind == "scale" and item.scale:
        return _step(item, item.scale, given)
    if item.kind == "matrix" and item.scale:
        return _matrix(item, item.scale, given)
    if item.kind == "yes_no":
        return bool(given)
    if item.kind == "text":
        return _remark(item, given, language)
    if item.kind == "solutions":
        return _listed(item, given, choices.solutions)
    if item.kind == "ties":
        return _ties(item, given, choices)
    raise Refused(_("“%(question)s” cannot be answered here."), question=item.question.in_all())


def _step(item: Item, scale: Scale, given: Any) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or given not in scale.steps:
        raise Refused(OUT_OF_SCALE, question=item.question.in_all(), lowest=scale.lowest, highest=scale.highest)
    return given


def _matrix(item: Item, scale: Scale, given: Any) -> dict[str, int]:
    rows = dict(item.rows)
    if not isinstance(given, Mapping) or any(row not in rows for row in given):
        raise Refused(UNKNOWN_CHOICE, question=item.question.in_all())
    return {row: _step(item, scale, value) for row, value in given.items() if value is not None}


def _remark(item: Item, given: Any, language: str) -> dict[str, str]:
    # NUL cannot be stored by PostgreSQL; nobody types it on purpose.
    body = str(given).replace("\x00", "").strip()
    if len(body) > item.longest:
        raise Refused(TOO_LONG, question=item.question.in_all(), longest=item.longest, count=len(body))
    return {"language": language, "body": body} if body else {}


def _listed(item: Item, given: Any, known: Mapping[str, Any]) -> list[str]:
    picked = sorted({str(code) for code in given})
    if any(code not in known for code in picked):
        raise Refused(UNKNOWN_CHOICE, question=item.question.in_all())
    return picked


def _ties(item: Item, given: Any, choices: Choices) -> dict[str, list[str]]:
    kinds = dict(item.kinds)
    if not isinstance(given, Mapping) or any(kind not in kinds for kind in given):
        raise Refused(UNKNOWN_CHOICE, question=item.question.in_all())
    return {kind: _listed(item, cities, choices.cities) for kind, cities in given.items() if cities}
