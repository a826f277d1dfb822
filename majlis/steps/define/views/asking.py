"""What the partners were asked and answered: dots, consent, objections."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from majlis.dialogue.models import Dialogue
from majlis.dialogue.queries import visible_dialogue
from majlis.dialogue.rules import GONE
from majlis.steps.define import actions, queries
from majlis.steps.define.forms import ReplyForm
from majlis.steps.define.models import Objection
from majlis.steps.define.rules import Standing, standing
from majlis.steps.define.views.frame import frame, reader, shown, typed
from majlis.web.pictures import Bar, Table, bars
from majlis.web.refused import NotThere, Refused


@login_required
@require_GET
def answers(request: HttpRequest, dialogue: str) -> HttpResponse:
    return show(request, visible_dialogue(dialogue, reader(request)))


def show(
    request: HttpRequest, dialogue: Dialogue, refused: dict[int, ReplyForm] | None = None, status: int = 200
) -> HttpResponse:
    """The page; `refused` carries back a reply that did not do."""
    now = standing(dialogue)
    context = frame(request, dialogue, now)
    raised = list(queries.objections(dialogue)) if context["is_team"] else []
    context |= {
        "tab": "answers",
        "next": queries.next_action(dialogue, reader(request), now),
        "consents": queries.consent_views(now, dialogue),
        "answered": len(now.partners) - len(now.unanswered),
        "round": queries.asked(dialogue, now.digest),
        "topics": now.topics,
        "objections": [
            (each, (refused or {}).get(each.pk) or ReplyForm(prefix=f"reply-{each.pk}"), _since(each, dialogue, now))
            for each in raised
        ],
        "picture": _picture(dialogue),
    }
    return shown(request, "define/answers.html", context, status)


def _since(objection: Objection, dialogue: Dialogue, now: Standing) -> bool:
    """Whether the list has changed since an open objection was raised, so that it may have led to the change."""
    return objection.state == Objection.State.OPEN and objection.of_topics != now.digest


def _picture(dialogue: Dialogue) -> dict[str, Any] | None:
    """Dots by topic, in the order of the list: what matters to how many partners. Cities are not told apart."""
    results = queries.results(dialogue)
    if not any(each.dots for each in results):
        return None
    caption = _("Dots by sub-topic, in the order of the list")
    drawn = [
        Bar(f"{number}. {each.topic}", needed=each.dots, available=each.dots, said=str(each.dots))
        for number, each in enumerate(results, 1)
    ]
    rows = [[str(each.topic), each.dots, each.voters] for each in results]
    table = Table(caption, [_("Sub-topic"), _("Dots"), _("Partners")], rows, [1, 2])
    return {"picture": bars(drawn, caption), "table": table}


@login_required
@require_POST
def ask(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    batch = actions.ask_consent(by=reader(request), dialogue=found)
    messages.success(request, _("The mails are drafted. Look at them in each language, then send them."))
    return redirect("outbox:batch", number=batch.pk)


@login_required
@require_POST
def remind(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    batch = actions.remind(by=reader(request), dialogue=found)
    messages.success(request, _("Reminders are drafted to those who have not answered."))
    return redirect("outbox:batch", number=batch.pk)


@login_required
@require_POST
def reply(request: HttpRequest, dialogue: str, objection: int) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    row = found.objections.select_related("dialogue").filter(pk=objection).first()
    if row is None:
        raise NotThere(GONE)
    form = ReplyForm(request.POST, prefix=f"reply-{objection}")
    if form.is_valid():
        try:
            actions.answer_objection(
                by=reader(request), objection=row, reply=typed(form.cleaned_data["reply"]),
                led_to_change=form.cleaned_data["led_to_change"],
            )  # fmt: skip
        except Refused as refused:
            if refused.status != Refused.status:
                raise
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Your reply is kept, and a mail to the focal point is drafted."))
            return redirect(reverse("define:answers", args=[found.slug]) + "#objections")
    return show(request, found, {objection: form}, 422)
