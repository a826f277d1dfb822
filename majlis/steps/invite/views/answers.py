"""A person's answer to the invitation and what they tell for the programme: by a link without signing in, or signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from majlis.accounts.actions import GONE, open_link
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Participant
from majlis.dialogue.queries import visible_dialogue
from majlis.language.models import Text
from majlis.steps.invite import actions, queries
from majlis.steps.invite.actions.answers import participant_of
from majlis.steps.invite.actions.details import kept_until
from majlis.steps.invite.forms.answers import AnswerForm, DetailsForm
from majlis.steps.invite.letters import spoken_time
from majlis.steps.invite.models import Invitation
from majlis.steps.invite.rules import ANSWER
from majlis.steps.invite.views.reader import as_read_by, reader
from majlis.web.refused import NotThere, Refused

COMING = {Invitation.Answer.YES, Invitation.Answer.TENTATIVE}
Page = Callable[[HttpRequest, Participant, Account, ActionLink | None], HttpResponse]


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, dialogue: str, token: str) -> HttpResponse:
    """The page behind the link in an invitation: yes, no or tentative, sessions, a practice or a challenge."""
    return _by_link(request, dialogue, token, _invitation)


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, dialogue: str, token: str) -> HttpResponse:
    """The page after it: what the programme needs to know of somebody who comes."""
    return _by_link(request, dialogue, token, _details)


@login_required
@require_http_methods(["GET", "POST"])
def answer_mine(request: HttpRequest, dialogue: str) -> HttpResponse:
    """The answer of a participant who is signed in."""
    return _signed_in(request, dialogue, _invitation)


@login_required
@require_http_methods(["GET", "POST"])
def details_mine(request: HttpRequest, dialogue: str) -> HttpResponse:
    return _signed_in(request, dialogue, _details)


def _by_link(request: HttpRequest, dialogue: str, token: str, page: Page) -> HttpResponse:
    link = open_link(token, act=ANSWER)
    participant = participant_of(link)
    if participant.dialogue.slug != dialogue:
        raise NotThere(GONE)
    city = participant.person.city
    with as_read_by(request, link.account, city.zone if city else participant.dialogue.zone):
        return page(request, participant, link.account, link)


def _signed_in(request: HttpRequest, dialogue: str, page: Page) -> HttpResponse:
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    mine = found.participants.select_related("dialogue", "person__city", "person__account", "partner")
    participant = mine.filter(person__account=account).first()
    if participant is None:
        raise NotThere(_("You are not a participant of this dialogue."))
    return page(request, participant, account, None)


def _row(participant: Participant) -> Invitation:
    row = Invitation.objects.filter(participant=participant, sent_at__isnull=False).first()
    if row is None:
        raise NotThere(_("There is no invitation for you here yet. You will get a mail when there is."))
    return row


def _address(name: str, participant: Participant, link: ActionLink | None) -> str:
    slug = participant.dialogue.slug
    return reverse(f"invite:{name}", args=[slug, link.token]) if link else reverse(f"invite:{name}_mine", args=[slug])


def _calendar(participant: Participant, link: ActionLink | None) -> str:
    slug = participant.dialogue.slug
    return (
        reverse("invite:calendar_by_link", args=[slug, link.token]) if link else reverse("invite:calendar", args=[slug])
    )


def _invitation(
    request: HttpRequest, participant: Participant, account: Account, link: ActionLink | None
) -> HttpResponse:
    row, status = _row(participant), 200
    if kept := _kept_draft(request, "answer", participant, account, link):
        return kept
    form = _answer_form(request, participant, account, row)
    if request.method == "POST":
        status = 422
        if form.is_valid() and (now := _answered(form, participant, account, link)):
            messages.success(request, _("Thank you. Your answer is kept; you can change it here at any time."))
            asks_more = now.answer in COMING and now.details_at is None
            return redirect(_address("details" if asks_more else "answer", participant, link))
    context = {
        "dialogue": participant.dialogue, "participant": participant, "row": row, "form": form, "account": account,
        "note": queries.note_of(participant.dialogue), "has_answered": row.answer != Invitation.Answer.OPEN,
        "registration": queries.registration_of(participant.dialogue), "places": queries.places_of(row),
        "is_coming": row.answer in COMING, "details_at": _address("details", participant, link), "calendar_at": _calendar(participant, link), "has_draft": "answer" in row.draft,
        "dates": form.dates,
    }  # fmt: skip
    return render(request, "invite/answer.html", context, status=status)


def _kept_draft(
    request: HttpRequest, page: str, participant: Participant, account: Account, link: ActionLink | None
) -> HttpResponse | None:
    """The answer to “keep as a draft”: pressed, or sent by draft.js while somebody types (then without a page)."""
    if request.method != "POST" or request.POST.get("keep") != "draft":
        return None
    typed = {key: values for key, values in request.POST.lists() if key not in {"csrfmiddlewaretoken", "keep"}}
    actions.keep_draft(page=page, typed=typed, link=link, by=account, participant=participant)
    if request.headers.get("X-Draft"):
        return HttpResponse(status=204)
    messages.info(request, _("Kept as a draft. It is not sent yet: come back to it by the same link."))
    return redirect(request.path)


def _begin_with(form: forms.Form, typed: dict[str, list[str]]) -> None:
    """Show a draft in a fresh form."""
    for key, values in typed.items():
        if key in form.fields:
            is_many = isinstance(form.fields[key], forms.MultipleChoiceField)
            form.initial[key] = values if is_many else "\n".join(values)


def _answer_form(request: HttpRequest, participant: Participant, account: Account, row: Invitation) -> AnswerForm:
    dialogue = participant.dialogue
    city = participant.person.city
    zone = account.zone or (city.zone if city else dialogue.zone)
    planned = list(queries.planned_sessions(dialogue))
    labels = [(session.pk, f"{session.title} · {spoken_time(session, zone)}") for session in planned]
    zones = dialogue.partners.values_list("city__zone", flat=True)
    is_new = row.answer == Invitation.Answer.OPEN
    before: dict[str, Any] = {
        "answer": "" if is_new else row.answer, "contribution": row.contribution, "zone": zone, "language": account.language,
        "contribution_text": row.contribution_text.body,
    }  # fmt: skip
    for number, said in row.by_session.values_list("session_id", "answer"):
        before[f"session-{number}"] = "" if said in (row.answer, Invitation.Answer.OPEN) else said
    form = AnswerForm(labels, zone, {*zones, dialogue.zone}, request.POST or None, initial=before)
    _begin_with(form, row.draft.get("answer", {}))
    return form


def _answered(
    form: AnswerForm, participant: Participant, account: Account, link: ActionLink | None
) -> Invitation | None:
    values = form.cleaned_data
    language = values["language"] or account.language
    try:
        return actions.answer_invitation(
            link=link, by=account, participant=participant, answer=values["answer"], by_session=form.by_session(),
            contribution=values["contribution"], contribution_text=Text(language, values["contribution_text"].strip()),
            zone=values["zone"], language=values["language"],
        )  # fmt: skip
    except Refused as refused:
        if refused.status not in {409, 422}:
            raise
        form.add_error(None, str(refused.sentence))
        return None


def _details(request: HttpRequest, participant: Participant, account: Account, link: ActionLink | None) -> HttpResponse:
    row, status = _row(participant), 200
    if row.answer not in COMING:
        return redirect(_address("answer", participant, link))
    if kept := _kept_draft(request, "details", participant, account, link):
        return kept
    form = _details_form(request, participant, row)
    if request.method == "POST":
        status = 422
        if form.is_valid() and _told(form, participant, account, link):
            messages.success(
                request, _("Thank you. Your registration is complete; you can change it here at any time.")
            )
            return redirect(_address("answer", participant, link))
    context = {
        "dialogue": participant.dialogue, "participant": participant, "row": row, "form": form, "account": account,
        "kept_until": kept_until(participant.dialogue), "answer_at": _address("answer", participant, link),
    }  # fmt: skip
    return render(request, "invite/details.html", context, status=status)


def _details_form(request: HttpRequest, participant: Participant, row: Invitation) -> DetailsForm:
    person = participant.person
    known: dict[str, Any] = {"languages_speak": person.languages, "interpreting": ["none"]}
    if person.organisation_id is None and person.city_id:
        known["actor_type"] = "ACT.MUN"
    told = {key: "yes" if value is True else "no" if value is False else value for key, value in row.details.items()}
    form = DetailsForm(row.contribution, request.POST or None, initial=known | told)
    _begin_with(form, row.draft.get("details", {}))
    return form


def _told(form: DetailsForm, participant: Participant, account: Account, link: ActionLink | None) -> bool:
    try:
        actions.tell_details(details=form.details(), link=link, by=account, participant=participant)
    except Refused as refused:
        if refused.status != 422:
            raise
        form.add_error(None, str(refused.sentence))
        return False
    return True
