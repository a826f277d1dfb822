"""What every page of this step shares: who reads, what stands, and trying a change before it is kept."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.dialogue.queries import StepView, page_context
from majlis.dialogue.rules import GONE, can_facilitate, can_run, missing_before
from majlis.language.models import Text
from majlis.steps.define import actions
from majlis.steps.define.models import Topic
from majlis.steps.define.rules import Standing, gate_of
from majlis.web.refused import NotThere, Refused
from majlis.web.sentences import spoken


def reader(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def typed(body: str) -> Text:
    """What somebody typed, in the language they were reading."""
    return Text(get_language() or "en", body.strip())


def frame(request: HttpRequest, dialogue: Dialogue, now: Standing) -> dict[str, Any]:
    """The context of define/base.html."""
    account = reader(request)
    context = page_context(dialogue, account, Step.DEFINE)
    record: StepRecord = context["current"].record
    context["current"] = StepView(record, list(gate_of(now).conditions))
    return context | {
        "is_closed": record.state == StepRecord.State.CLOSED,
        "may_change": record.state == StepRecord.State.OPEN and can_run(account, dialogue),
        "is_team": can_facilitate(account, dialogue),
        "count": len(now.topics),
    }


def shown(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page, or what is still missing while the step is closed."""
    if context["is_closed"]:
        before = [spoken(each) for each in missing_before(context["current"].record)]
        return render(request, "define/closed.html", context | {"before": before})
    return render(request, template, context, status=status)


def topic_of(dialogue: Dialogue, number: int) -> Topic:
    found = dialogue.topics.select_related("dialogue").filter(pk=number).first()
    if found is None:
        raise NotThere(GONE)
    return found


def numbers(values: list[str]) -> list[int]:
    """Ids from a form, in their order; what is no number names nothing."""
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 18]


def checked(form: Form) -> Form:
    """The form when it is valid; otherwise its first problem as a refusal."""
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else ""
        raise Refused(gettext_noop("%(field)s: %(problem)s"), field=str(label), problem=str(errors[0]))
    return form


def changed(
    request: HttpRequest, dialogue: Dialogue, act: Callable[[], Any], words: str, after: Callable[[Any], str]
) -> HttpResponse:
    """Do an act on the list and go on to `after(its result)`; or, when the form asks only to look, show what it would do.

    A script on the page asks for the bare effect; without it a page shows the effect, with a button that does the act.
    """
    if "look" not in request.POST:
        result = act()
        messages.success(request, words)
        return redirect(after(result))
    is_fragment = request.headers.get("X-Requested-With") == "fetch"
    try:
        effect = actions.preview(by=reader(request), dialogue=dialogue, act=act)
    except Refused as refused:
        if not is_fragment:
            raise
        return render(request, "define/effect.html", {"refused": refused.sentence}, status=refused.status)
    if is_fragment:
        return render(request, "define/effect.html", {"effect": effect})
    fields = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    again = [(name, value) for name, value in fields if name not in {"look", "csrfmiddlewaretoken"}]
    return render(
        request,
        "define/preview.html",
        {"dialogue": dialogue, "effect": effect, "again": again, "back": after_look(dialogue)},
    )


def after_look(dialogue: Dialogue) -> str:
    return reverse("define:shape", args=[dialogue.slug])


def page_url(dialogue: Dialogue, fragment: str = "") -> str:
    return reverse("define:page", args=[dialogue.slug]) + (f"#{fragment}" if fragment else "")
