"""How a partner answers: by the link in its mail without an account, or signed in. A GET shows, a POST acts."""

from functools import partial

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
from majlis.steps.define.actions.consenting import partner_of
from majlis.steps.define.forms import AnswerForm
from majlis.steps.define.rules import DOTS, can_speak, digest, is_focal_point
from majlis.steps.define.views.desk import reader, typed
from majlis.web.refused import NotThere, Refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, dialogue: str, token: str) -> HttpResponse:
    """The page behind the link in the mail."""
    link = open_link(token, act=actions.CONSENT)
    # The link knows its reader's language; who chose another one in this browser keeps that.
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        activate(link.account.language)
    found = partner_of(link)
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
    initial = {"answer": given.answer, "reason": str(given.reason)} if given else {}
    form = AnswerForm(ballot, request.POST if request.method == "POST" else None, initial)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            speaker = {"link": link} if link else {"by": reader(request), "partner": row}
            act = partial(
                actions.answer,
                dots=form.dots,
                answer=form.cleaned_data["answer"],
                reason=typed(form.cleaned_data["reason"]),
            )
            try:
                with transaction.atomic():
                    act(**speaker)
            except Refused as refused:
                if refused.status != Refused.status:
                    raise
                form.add_error(
                    "reason" if refused.sentence.message == actions.NO_REASON else None, str(refused.sentence)
                )
            else:
                messages.success(
                    request, _("Thank you. Your answer is noted; you may change it while the step is open.")
                )
                return redirect(request.path)
        status = 422
    state = StepRecord.objects.get(dialogue=row.dialogue, step=Step.DEFINE).state
    context = {
        "dialogue": row.dialogue,
        "city": row.city,
        "ballot": [(each, form.dots_of(each.topic)) for each in ballot],
        "form": form,
        "dots": DOTS,
        "given": given,
        "is_old": bool(given) and given.of_topics != digest(each.topic for each in ballot),  # type: ignore[union-attr]
        "is_open": state == StepRecord.State.OPEN,
        "is_noted_for_others": link is None and not is_focal_point(reader(request), row),
    }
    return render(request, "define/answer.html", context, status=status)
