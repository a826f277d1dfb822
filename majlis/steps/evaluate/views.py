"""The room of evaluation and follow-up."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import activate, get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from majlis.accounts.actions import open_link
from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Partner, Step, StepRecord
from majlis.dialogue.queries import StepView, page_context, visible_dialogue
from majlis.dialogue.rules import can_facilitate
from majlis.language.models import Text
from majlis.outbox.models import Batch
from majlis.steps.evaluate import actions, queries
from majlis.steps.evaluate.actions.sharing import READ_RESULTS
from majlis.steps.evaluate.actions.surveys import survey_of
from majlis.steps.evaluate.forms import CommitmentForm, ProgressForm, SpaceForm, SurveyForm
from majlis.steps.evaluate.models import Commitment, Response
from majlis.steps.evaluate.queries.surveys import ANSWER
from majlis.steps.evaluate.rules import belongs_to, gate, pseudonym
from majlis.steps.evaluate.terms import questionnaires
from majlis.web.refused import NotThere, Refused

Forms = dict[str, Any]


def _reader(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _text(body: str) -> Text:
    """What somebody typed, in the language they were reading."""
    return Text(get_language() or "en", body.strip())


@login_required
@require_GET
def page(request: HttpRequest, dialogue: str) -> HttpResponse:
    return _page(request, visible_dialogue(dialogue, _reader(request)))


def _page(request: HttpRequest, dialogue: Dialogue, forms: Forms | None = None, status: int = 200) -> HttpResponse:
    account = _reader(request)
    context = page_context(dialogue, account, Step.EVALUATE)
    context["current"] = current = StepView(context["current"].record, list(gate(dialogue).conditions))
    if current.state == StepRecord.State.CLOSED:
        return render(request, "evaluate/closed.html", context)
    partners = _partners_of(dialogue, account)
    context |= {
        "next": queries.next_action(dialogue, account),
        "is_open": current.state == StepRecord.State.OPEN,
        "is_team": can_facilitate(account, dialogue),
        "results": [queries.results(survey) for survey in dialogue.surveys.order_by("code")],
        "spaces": dialogue.spaces.all(),
        "log": queries.delivery_log(dialogue),
        "space_form": SpaceForm(prefix="space"),
        "commitment_form": CommitmentForm(partners, prefix="commitment") if partners else None,
        **_commitments(request, dialogue, {partner.pk for partner in partners}),
        **(forms or {}),
    }
    return render(request, "evaluate/page.html", context, status=status)


def _partners_of(dialogue: Dialogue, account: Account) -> list[Partner]:
    """The partners in whose name this person may speak."""
    partners = list(dialogue.partners.select_related("city", "dialogue"))
    if can_facilitate(account, dialogue):
        return partners
    return [partner for partner in partners if belongs_to(account, partner)]


def _commitments(request: HttpRequest, dialogue: Dialogue, mine: set[int]) -> dict[str, Any]:
    """The list with its filters; forms to report progress only beside one's own."""
    status, city = request.GET.get("status", ""), request.GET.get("city", "")
    today = timezone.localdate()
    rows = [
        {
            "commitment": commitment,
            "is_overdue": commitment.is_overdue(today),
            "form": ProgressForm(initial={"status": commitment.status}, prefix=f"c{commitment.pk}")
            if commitment.partner_id in mine
            else None,
        }
        for commitment in queries.commitments(dialogue, status=status, city=city)
    ]
    return {
        "commitments": rows,
        "statuses": Commitment.Status.choices,
        "cities": [partner.city for partner in dialogue.partners.select_related("city")],
        "chosen_status": status,
        "chosen_city": city,
    }


@login_required
@require_GET
def deliveries(request: HttpRequest, dialogue: str) -> HttpResponse:
    """Who got the results, when, and what the mail server said."""
    found = visible_dialogue(dialogue, _reader(request))
    context = page_context(found, _reader(request), Step.EVALUATE) | {"log": queries.delivery_log(found)}
    context["current"] = StepView(context["current"].record, list(gate(found).conditions))
    return render(request, "evaluate/deliveries.html", context)


@login_required
@require_POST
def open_survey(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, _reader(request))
    actions.open_survey(by=_reader(request), dialogue=found, code=request.POST.get("code", "SV2"))
    messages.success(request, _("The survey is open. Next, ask the participants for their answers."))
    return _back(found)


@login_required
@require_POST
def ask_survey(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, _reader(request))
    survey = found.surveys.filter(code=request.POST.get("code", "SV2")).first()
    if survey is None:
        raise NotThere(_("Open the survey first."))
    return _to_drafts(actions.ask_survey(by=_reader(request), survey=survey))


@login_required
@require_POST
def share(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, _reader(request))
    return _to_drafts(actions.share_results(by=_reader(request), dialogue=found))


@login_required
@require_POST
def complete(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, _reader(request))
    actions.complete(by=_reader(request), dialogue=found)
    messages.success(request, _("The evaluation is complete. The report is open now."))
    return redirect("report:page", found.slug)


@login_required
@require_POST
def open_space(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, _reader(request))
    form = SpaceForm(request.POST, prefix="space")

    def act(data: dict[str, Any]) -> None:
        actions.open_space(
            by=_reader(request), dialogue=found, name=_text(data["name"]), purpose=_text(data["purpose"])
        )

    if _done(form, act):
        messages.success(request, _("The space is open."))
        return _back(found, "space")
    return _page(request, found, {"space_form": form}, status=422)


@login_required
@require_POST
def make_commitment(request: HttpRequest, dialogue: str) -> HttpResponse:
    found = visible_dialogue(dialogue, _reader(request))
    form = CommitmentForm(_partners_of(found, _reader(request)), request.POST, prefix="commitment")

    def act(data: dict[str, Any]) -> None:
        actions.make_commitment(
            by=_reader(request), partner=data["partner"], what=_text(data["what"]), due_on=data["due_on"]
        )

    if _done(form, act):
        messages.success(request, _("The commitment is noted."))
        return _back(found, "commitments")
    return _page(request, found, {"commitment_form": form}, status=422)


@login_required
@require_POST
def update_commitment(request: HttpRequest, dialogue: str, number: int) -> HttpResponse:
    found = visible_dialogue(dialogue, _reader(request))
    commitment = queries.commitments(found).filter(pk=number).first()
    if commitment is None:
        raise NotThere(_("There is no such commitment in this dialogue."))
    form = ProgressForm(request.POST, prefix=f"c{number}")

    def act(data: dict[str, Any]) -> None:
        actions.update_commitment(
            by=_reader(request), commitment=commitment, status=Commitment.Status(data["status"]),
            due_on=data["due_on"], reason=_text(data["reason"]) if data["reason"] else None,
        )  # fmt: skip

    if _done(form, act):
        messages.success(request, _("Thank you. Your report is noted."))
        return _back(found, f"commitment-{number}")
    context = _commitments(request, found, {partner.pk for partner in _partners_of(found, _reader(request))})
    for row in context["commitments"]:
        if row["commitment"].pk == number:
            row["form"] = form
    return _page(request, found, context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, dialogue: str, token: str) -> HttpResponse:
    """The survey, answered from the link in the mail without signing in. A GET shows, a POST keeps the answers."""
    link = open_link(token, act=ANSWER)
    _speak_to(request, link.account)
    survey = survey_of(link)
    questionnaire = questionnaires()[survey.code]
    context = {"survey": survey, "dialogue": survey.dialogue, "questionnaire": questionnaire}
    if survey.dialogue.slug != dialogue:
        raise NotThere(_("There is no such survey."))
    name = pseudonym(survey.dialogue, link.account)
    if request.method != "POST":
        if survey.is_closed(timezone.now()) or Response.objects.filter(survey=survey, pseudonym=name).exists():
            return render(request, "evaluate/answered.html", context)
        return render(
            request, "evaluate/answer.html", context | {"form": SurveyForm(questionnaire, queries.choices(survey))}
        )
    form = SurveyForm(questionnaire, queries.choices(survey), request.POST)
    if _done(form, lambda _data: actions.answer_survey(link=link, answers=form.answers())):
        return redirect("evaluate:answer", dialogue, token)
    return render(request, "evaluate/answer.html", context | {"form": form}, status=422)


@require_GET
def results(request: HttpRequest, dialogue: str, token: str) -> HttpResponse:
    """The results as a partner reads them from the link in the mail."""
    link = open_link(token, act=READ_RESULTS)
    _speak_to(request, link.account)
    found = Dialogue.objects.filter(slug=dialogue).first()
    if found is None or link.subject != f"dialogue:{found.pk}":
        raise NotThere(_("There are no such results."))
    context = {
        "dialogue": found,
        "results": [queries.results(survey) for survey in found.surveys.order_by("code")],
        "spaces": found.spaces.all(),
        "commitments": [{"commitment": each} for each in queries.commitments(found)],
    }
    return render(request, "evaluate/results_page.html", context)


def _done(form: Any, act: Callable[[dict[str, Any]], object]) -> bool:
    """Run the act on a valid form; a refusal stands on the form, so that nothing typed is lost."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Refused as refused:
        if refused.status != Refused.status:
            raise
        form.add_error(None, str(refused.sentence))
        return False
    return True


def _back(dialogue: Dialogue, anchor: str = "") -> HttpResponse:
    return redirect(reverse("evaluate:page", args=[dialogue.slug]) + (f"#{anchor}" if anchor else ""))


def _to_drafts(batch: Batch) -> HttpResponse:
    return redirect("outbox:batch", batch.pk)


def _speak_to(request: HttpRequest, account: Account) -> None:
    """Use the language of the person the link was made for, unless the reader has chosen one here."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        activate(account.language)
