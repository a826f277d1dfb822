"""The secretariat's desk for sub-topics; everybody else in the dialogue reads it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Step, StepRecord
from majlis.dialogue.queries import StepView, page_context, visible_dialogue
from majlis.dialogue.rules import can_facilitate, can_run, missing_before
from majlis.language.models import Text
from majlis.network.models import Statement
from majlis.steps.define import actions, queries
from majlis.steps.define.forms import BaselineForm, NameForm, ProposeForm, ReplyForm
from majlis.steps.define.models import Topic
from majlis.steps.define.rules import DOTS, Standing, gate_of, standing
from majlis.web.pictures import Row, Table, matrix
from majlis.web.refused import NotThere, Refused
from majlis.web.sentences import spoken

GONE = gettext_noop("This is not there any more. Reload the page and try again.")


def reader(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def typed(body: str) -> Text:
    """What somebody typed, in the language they were reading."""
    return Text(get_language() or "en", body.strip())


@login_required
@require_GET
def page(request: HttpRequest, dialogue: str) -> HttpResponse:
    return show(request, visible_dialogue(dialogue, reader(request)))


def show(
    request: HttpRequest, dialogue: Dialogue, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page; `forms` carry back what was typed when an act was refused."""
    account = reader(request)
    context = page_context(dialogue, account, Step.DEFINE)
    record: StepRecord = context["current"].record
    now = standing(dialogue)
    context["current"] = StepView(record, list(gate_of(now).conditions))
    if record.state == StepRecord.State.CLOSED:
        return render(
            request, "define/closed.html", context | {"before": [spoken(each) for each in missing_before(record)]}
        )
    may_change = record.state == StepRecord.State.OPEN and can_run(account, dialogue)
    views = queries.topic_views(now, dialogue)
    context |= {
        "next": queries.next_action(dialogue, account, now),
        "may_change": may_change,
        "is_team": can_facilitate(account, dialogue),
        "propose_form": ProposeForm(),
        "views": views,
        "cards": [(view, BaselineForm.of(view.topic)) for view in views],
        "dots": DOTS,
        "uncovered": now.uncovered,
        "consents": queries.consent_views(now, dialogue),
        "answered": len(now.partners) - len(now.unanswered),
        "round": queries.asked(dialogue, now.digest),
        "statements": _tied(now, dialogue) if now.topics else [],
        **(_picture(now, views) if views else {}),
        **(forms or {}),
    }
    return render(request, "define/page.html", context, status=status)


def _tied(now: Standing, dialogue: Dialogue) -> list[tuple[Statement, list[tuple[Topic, bool]]]]:
    """Each need and vision with every topic and whether it is tied to it."""
    tied = {(topic.pk, each.pk) for topic in now.topics for each in now.ties[topic.pk]}
    return [
        (each, [(topic, (topic.pk, each.pk) in tied) for topic in now.topics]) for each in queries.statements(dialogue)
    ]


def _picture(now: Standing, views: list[queries.TopicView]) -> dict[str, Any]:
    """How many needs and visions of each partner are tied to each topic."""
    columns, rows = [str(view.topic) for view in views], []
    for partner in now.partners:
        counts = [sum(each.city_id == partner.city_id for each in (*view.needs, *view.visions)) for view in views]
        rows.append(Row(str(partner.city), counts))
    caption = _("Needs and visions of each partner by sub-topic")
    table = Table(
        caption, [_("City"), *columns], [[row.name, *row.values] for row in rows], list(range(1, len(columns) + 1))
    )
    # Names of topics are too long to head a narrow column: they stand numbered below the picture.
    numbers = [str(number) for number in range(1, len(columns) + 1)]
    return {"picture": matrix(numbers, rows, caption), "table": table}


def back(dialogue: Dialogue, fragment: str) -> HttpResponse:
    return redirect(reverse("define:page", args=[dialogue.slug]) + f"#{fragment}")


def _topic(dialogue: Dialogue, number: int) -> Topic:
    topic = dialogue.topics.filter(pk=number).first()
    if topic is None:
        raise NotThere(GONE)
    return topic


def _numbers(values: list[str]) -> set[int]:
    """Ids from a form; what is no number names nothing."""
    return {int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 18}


def checked(form: Form) -> Form:
    """The form when it is valid; otherwise its first problem as a refusal."""
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else ""
        raise Refused(gettext_noop("%(field)s: %(problem)s"), field=str(label), problem=str(errors[0]))
    return form


@login_required
@require_POST
def propose(request: HttpRequest, dialogue: str) -> HttpResponse:
    found, form = visible_dialogue(dialogue, reader(request)), ProposeForm(request.POST)
    if not form.is_valid():
        return show(request, found, {"propose_form": form}, 422)
    try:
        topics = actions.propose_topics(by=reader(request), dialogue=found, **form.cleaned_data)
    except Refused as refused:
        if refused.status != Refused.status:
            raise
        form.add_error(None, str(refused.sentence))
        return show(request, found, {"propose_form": form}, 422)
    messages.success(
        request, _("Sub-topics proposed: %(count)s. Look at them, then ask the partners.") % {"count": len(topics)}
    )
    return back(found, "topics")


@login_required
@require_POST
def add(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    form = checked(NameForm(request.POST))
    topic = actions.add_topic(by=reader(request), dialogue=found, name=typed(form.cleaned_data["name"]))
    messages.success(request, _("The sub-topic was added. Tie needs and visions to it."))
    return back(found, f"topic-{topic.pk}")


@login_required
@require_POST
def rename(request: HttpRequest, dialogue: str, topic: int) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    form = checked(NameForm(request.POST))
    actions.rename_topic(by=reader(request), topic=_topic(found, topic), name=typed(form.cleaned_data["name"]))
    return back(found, f"topic-{topic}")


@login_required
@require_POST
def merge(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    topics = list(found.topics.filter(pk__in=_numbers(request.POST.getlist("topic"))))
    name = request.POST.get("name", "").strip()[:160]
    kept = actions.merge_topics(by=reader(request), topics=topics, name=typed(name) if name else None)
    messages.success(request, _("The sub-topics were merged."))
    return back(found, f"topic-{kept.pk}")


@login_required
@require_POST
def split(request: HttpRequest, dialogue: str, topic: int) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    form = checked(NameForm(request.POST))
    chosen = list(Statement.objects.filter(pk__in=_numbers(request.POST.getlist("statement"))))
    made = actions.split_topic(
        by=reader(request), topic=_topic(found, topic), name=typed(form.cleaned_data["name"]), statements=chosen
    )
    messages.success(request, _("The sub-topic was split."))
    return back(found, f"topic-{made.pk}")


@login_required
@require_POST
def remove(request: HttpRequest, dialogue: str, topic: int) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    actions.remove_topic(by=reader(request), topic=_topic(found, topic))
    messages.success(request, _("The sub-topic was removed."))
    return back(found, "topics")


@login_required
@require_POST
def ties(request: HttpRequest, dialogue: str) -> HttpResponse:
    """All ties of the topics that the form showed: a box named <topic>-<statement> for each that is ticked."""
    found = visible_dialogue(dialogue, reader(request))
    wanted: dict[int, set[int]] = {number: set() for number in _numbers(request.POST.getlist("topic"))}
    for box in request.POST.getlist("tie"):
        topic, _dash, statement = box.partition("-")
        for number in _numbers([topic]) & set(wanted):
            wanted[number] |= _numbers([statement])
    count = actions.set_ties(by=reader(request), dialogue=found, ties=wanted)
    messages.success(request, _("Ties changed: %(count)s.") % {"count": count})
    return back(found, "ties")


@login_required
@require_POST
def baseline(request: HttpRequest, dialogue: str, topic: int) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    row = _topic(found, topic)
    form = BaselineForm.of(row, request.POST)
    if not form.is_valid():
        cards = [
            (view, form if view.topic.pk == topic else BaselineForm.of(view.topic))
            for view in queries.topic_views(standing(found), found)
        ]
        return show(request, found, {"cards": cards}, 422)
    data = form.cleaned_data
    actions.set_baseline(
        by=reader(request), topic=row, indicator=typed(data["indicator"]), value=data["value"], unit=data["unit"],
        on=data["on"],
    )  # fmt: skip
    return back(found, f"topic-{topic}")


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
def reply(request: HttpRequest, dialogue: str, consent: int) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    row = found.consents.filter(pk=consent).first()
    if row is None:
        raise NotThere(GONE)
    form = checked(ReplyForm(request.POST))
    actions.answer_objection(by=reader(request), consent=row, reply=typed(form.cleaned_data["reply"]))
    messages.success(request, _("Your reply is kept, and a mail to the focal point is drafted."))
    return back(found, "consent")


@login_required
@require_POST
def complete(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    actions.complete(by=reader(request), dialogue=found)
    messages.success(request, _("The sub-topics stand. Next: the invitations."))
    return redirect("invite:page", dialogue=found.slug)
