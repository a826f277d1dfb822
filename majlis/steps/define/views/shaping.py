"""Changing the list: add, merge, split, remove, order. Each change can be looked at before it is kept."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from majlis.dialogue.queries import visible_dialogue
from majlis.dialogue.rules import require_run
from majlis.network.models import Statement
from majlis.steps.define import actions, queries
from majlis.steps.define.forms import NamesForm, ProposeForm
from majlis.steps.define.rules import standing
from majlis.steps.define.views.frame import changed, checked, frame, numbers, page_url, reader, shown, topic_of, typed


@login_required
@require_GET
def shape(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    require_run(reader(request), found)
    now = standing(found)
    context = frame(request, found, now)
    if not context["may_change"] and not context["is_closed"]:
        return redirect(page_url(found))
    context |= {
        "tab": "shape",
        "views": queries.topic_views(now, found),
        "names_form": NamesForm(),
        "propose_form": ProposeForm(),
    }
    return shown(request, "define/shape.html", context)


@login_required
@require_POST
def add(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    form = NamesForm(request.POST)
    checked(form)
    return changed(
        request,
        found,
        lambda: actions.add_topic(by=reader(request), dialogue=found, name=form.text()),
        _("The sub-topic was added. Tie needs and visions to it."),
        lambda topic: reverse("define:topic", args=[found.slug, topic.pk]),
    )


@login_required
@require_POST
def merge(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    topics = list(found.topics.filter(pk__in=numbers(request.POST.getlist("topic"))))
    name = request.POST.get("name", "").strip()[:160]
    return changed(
        request,
        found,
        lambda: actions.merge_topics(by=reader(request), topics=topics, name=typed(name) if name else None),
        _("The sub-topics were merged."),
        lambda kept: page_url(found, f"topic-{kept.pk}"),
    )


@login_required
@require_POST
def split(request: HttpRequest, dialogue: str, topic: int) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    row, name = topic_of(found, topic), request.POST.get("name", "").strip()[:160]
    chosen = list(Statement.objects.filter(pk__in=numbers(request.POST.getlist("statement"))))
    return changed(
        request,
        found,
        lambda: actions.split_topic(by=reader(request), topic=row, name=typed(name), statements=chosen),
        _("The sub-topic was split."),
        lambda made: page_url(found, f"topic-{made.pk}"),
    )


@login_required
@require_POST
def remove(request: HttpRequest, dialogue: str, topic: int) -> HttpResponse:
    found = visible_dialogue(dialogue, reader(request))
    row = topic_of(found, topic)
    return changed(
        request,
        found,
        lambda: actions.remove_topic(by=reader(request), topic=row),
        _("The sub-topic was removed."),
        lambda _none: page_url(found),
    )


@login_required
@require_POST
def order(request: HttpRequest, dialogue: str) -> HttpResponse:
    """The whole list in a new order, as dragging leaves it."""
    found = visible_dialogue(dialogue, reader(request))
    actions.order_topics(by=reader(request), dialogue=found, order=numbers(request.POST.getlist("topic")))
    return redirect(reverse("define:shape", args=[found.slug]) + "#order")


@login_required
@require_POST
def move(request: HttpRequest, dialogue: str, topic: int) -> HttpResponse:
    """One place up or down, by button; the focus comes back to where it was."""
    found = visible_dialogue(dialogue, reader(request))
    way = "up" if request.POST.get("way") == "up" else "down"
    actions.move_topic(by=reader(request), topic=topic_of(found, topic), places=-1 if way == "up" else 1)
    return redirect(reverse("define:shape", args=[found.slug]) + f"#{way}-{topic}")
