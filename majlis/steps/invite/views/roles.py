"""A city's answer to its roles: by a link without signing in, or signed in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from majlis.accounts.actions import GONE, open_link
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Partner, Step, StepRecord
from majlis.dialogue.queries import visible_dialogue
from majlis.steps.invite import actions
from majlis.steps.invite.actions.agreement import partner_of
from majlis.steps.invite.comparing import changes, listed, terms_of
from majlis.steps.invite.forms.agreement import RolesForm
from majlis.steps.invite.models import ConceptNote, RoleAgreement
from majlis.steps.invite.rules import AGREE
from majlis.steps.invite.views.reader import as_read_by, reader
from majlis.web.refused import NotThere, Refused


@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest, dialogue: str, token: str) -> HttpResponse:
    """The page behind the link in a focal point's mail: read the roles, agree or decline. Opening it changes nothing."""
    link = open_link(token, act=AGREE)
    partner = partner_of(link)
    if partner.dialogue.slug != dialogue:
        raise NotThere(GONE)
    with as_read_by(request, link.account, partner.city.zone):
        return _roles(request, partner, link.account, link)


@login_required
@require_http_methods(["GET", "POST"])
def roles(request: HttpRequest, dialogue: str) -> HttpResponse:
    """The same for a focal point who is signed in."""
    account = reader(request)
    found = visible_dialogue(dialogue, account)
    mine = found.partners.select_related("dialogue", "city").filter(
        city__people__account=account, city__people__is_focal_point=True
    )
    partner = mine.first()
    if partner is None:
        raise NotThere(_("You are not the focal point of a city in this dialogue."))
    return _roles(request, partner, account, None)


def _roles(request: HttpRequest, partner: Partner, account: Account, link: ActionLink | None) -> HttpResponse:
    note = ConceptNote.objects.filter(dialogue=partner.dialogue).first()
    agreement = RoleAgreement.objects.filter(partner=partner).first()
    if note is None or agreement is None:
        raise NotThere(_("There is nothing to agree to yet. You will get a mail when there is."))
    form, status = RolesForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.answer_roles(
                    link=link, by=account, partner=partner, answer=form.cleaned_data["answer"],
                    comment=form.cleaned_data["comment"], of_version=form.cleaned_data["of_version"],
                )  # fmt: skip
                messages.success(request, _("Thank you. Your city's answer is kept."))
                return redirect(request.path)
            except Refused as refused:
                form.add_error(None, str(refused.sentence))
                status = refused.status
    has_answered = agreement.of_version == note.terms_version and agreement.answer != RoleAgreement.Answer.ASKED
    if not form.is_bound or status == 409:
        # What was typed stays, but it is now an answer to the version that is shown.
        typed = {**form.data.dict()} if form.is_bound else {}  # type: ignore[attr-defined]
        before = {"answer": agreement.answer, "comment": str(agreement.comment)} if has_answered else {}
        kept, form = form, RolesForm(initial={**before, **typed, "of_version": note.terms_version})
        context_errors = list(kept.non_field_errors()) if status == 409 else []
    else:
        context_errors = []
    terms = terms_of(note, agreement)
    context = {
        "dialogue": partner.dialogue, "partner": partner, "note": note, "agreement": agreement, "form": form,
        "has_answered": has_answered, "problems": context_errors, "account": account, "hours": terms["effort_hours"],
        "changes": changes(agreement.agreed_terms, terms) if agreement.agreed_terms and not has_answered else [],
        "who_does_what": listed(terms["responsibilities"]),
        "is_open": _is_open(partner),
    }  # fmt: skip
    return render(request, "invite/agree.html", context, status=status)


def _is_open(partner: Partner) -> bool:
    record = StepRecord.objects.get(dialogue=partner.dialogue, step=Step.INVITE)
    return record.state == StepRecord.State.OPEN
