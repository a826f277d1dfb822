"""How a partner answers: by the link in its mail without an account, or signed in. A GET shows, a POST acts."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import activate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from majlis.accounts.actions import GONE, open_link
from majlis.accounts.models import ActionLink
from majlis.dialogue.models import Partner, Step, StepRecord
from majlis.dialogue.queries import visible_dialogue
from majlis.steps.define import actions, queries
from majlis.steps.define.forms import AnswerForm
from majlis.steps.define.models import Consent
from majlis.steps.define.queries import Ballot
from majlis.steps.define.rules import DOTS, can_speak, digest, is_focal_point
from majlis.steps.define.views.frame import reader, typed
from majlis.web.refused import NotThere, Refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, dialogue: str, token: str) -> HttpResponse:
    """The page behind the link in the mail."""
    link = open_link(token, act=actions.CONSENT)
    # The link knows its reader's language; who chose another one in this browser keeps that.
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        activate(link.account.language)
    found = actions.partner_of(link)
    if found.dialogue.slug != dialogue:
        raise NotThere(GONE)
    return _answer(request, found, link)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: HttpRequest, dialogue: str, partner: int) -> HttpResponse:
    """The same page for whoever signed in: the focal point, or the secretariat that notes what it was told."""
    row = (
        visible_dialogue(dialogue, reader(request))
        .partners.select_related("city", "dialogue")
        .filter(pk=partner)
        .first()
    )
    if row is None or not can_speak(reader(request), row):
        raise NotThere(GONE)
    return _answer(request, row, None)


def _answer(request: HttpRequest, row: Partner, link: ActionLink | None) -> HttpResponse:
    ballot = queries.ballot(row)
    given = row.consents.filter(dialogue=row.dialogue).first()
    initial: dict[str, Any] = {"answer": given.answer, "reason": str(given.reason)} if given else {}
    form = AnswerForm(ballot, request.POST.dict() if request.method == "POST" else None, initial)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _is_taken(request, row, link, form):
            messages.success(request, _("Thank you. Your answer is noted; you may change it while the step is open."))
            return redirect(request.path)
        status = 422
    form.see(digest(each.topic for each in ballot))
    return render(request, "define/answer.html", _context(request, row, link, form, ballot, given), status=status)


def _is_taken(request: HttpRequest, row: Partner, link: ActionLink | None, form: AnswerForm) -> bool:
    """Give the answer; when it is refused, the form says why and keeps what was typed."""
    data = form.cleaned_data
    act = partial(
        actions.answer, dots=form.dots, answer=data["answer"], reason=typed(data["reason"]), of_topics=data["of_topics"]
    )
    try:
        with transaction.atomic():
            act(link=link) if link else act(by=reader(request), partner=row)
    except Refused as refused:
        if refused.status != Refused.status:
            raise
        form.add_error("reason" if refused.sentence.message == actions.NO_REASON else None, str(refused.sentence))
        return False
    return True


def _context(
    request: HttpRequest,
    row: Partner,
    link: ActionLink | None,
    form: AnswerForm,
    ballot: list[Ballot],
    given: Consent | None,
) -> dict[str, Any]:
    state = StepRecord.objects.get(dialogue=row.dialogue, step=Step.DEFINE).state
    topics = [each.topic for each in ballot]
    is_old = given is not None and given.of_own != digest(topics, row.city_id)
    return {
        "dialogue": row.dialogue,
        "city": row.city,
        "ballot": [(each, form.dots_of(each.topic)) for each in ballot],
        "form": form,
        "dots": DOTS,
        "given": given,
        "is_old": is_old,
        "changes": queries.changes_since(given.of_topics, row.dialogue, topics) if given and is_old else [],
        "objections": queries.objections(row.dialogue).filter(partner=row),
        "results": queries.results(row.dialogue) if given and not is_old else [],
        "is_open": state == StepRecord.State.OPEN,
        "is_noted_for_others": link is None and not is_focal_point(reader(request), row),
    }
