"""Asking every partner to agree to its roles, and its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from majlis.accounts.actions import GONE, issue_link, use_link
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Dialogue, Partner, Step
from majlis.dialogue.rules import require_open, require_run
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.outbox.actions import Letter, draft_batch, withdraw
from majlis.outbox.models import Batch
from majlis.steps.invite.actions.note import check_responsibilities, follow_gate
from majlis.steps.invite.comparing import changes, listed, terms_of
from majlis.steps.invite.models import ConceptNote, RoleAgreement
from majlis.steps.invite.rules import AGREE, can_answer_for, has_agreed, is_about, not_agreed
from majlis.web.refused import Forbidden, NotNow, NotThere, Refused
from majlis.web.sentences import Sentence

KIND = "invite.agreement"
NO_NOTE = _("Write goal, expected outcome and roles first: partners agree to what is written.")
CHANGED = _(
    "The concept note has changed since this page was opened. Please read the new version below and answer again."
)
LONGEST_COMMENT = 2000


@dataclass(frozen=True)
class Asked:
    partner: Partner
    account: Account
    note: ConceptNote

    @property
    def once(self) -> str:
        """A new version of the terms, or of the partner's own role, may be asked again; the same one may not."""
        agreement = self.partner.role_agreement
        return f"{KIND}:{self.partner.pk}:{self.note.terms_version}.{agreement.own_role.version}:{self.account.pk}"


@transaction.atomic
def ask_agreement(*, by: Account, dialogue: Dialogue) -> Batch:
    """Draft a mail to the focal point of every partner whose agreement to the present terms is missing."""
    require_run(by, dialogue)
    require_open(dialogue, Step.INVITE)
    note = _written_note(dialogue)
    asked = _to_ask(dialogue, note, with_declined=False)
    if not asked:
        raise NotNow(_("Every partner has answered: there is nobody left to ask."))
    batch = draft_batch(by=by, kind=KIND, scope=dialogue.scope, letters=_letters(dialogue, asked))
    follow_gate(dialogue)
    return batch


@transaction.atomic
def remind_agreement(*, by: Account, dialogue: Dialogue) -> Batch:
    """Draft a reminder, one a day at most, to those partners only that were asked and have not answered."""
    require_run(by, dialogue)
    require_open(dialogue, Step.INVITE)
    note = _written_note(dialogue)
    asked = [each for each in _to_ask(dialogue, note, with_declined=False) if each.partner.role_agreement.of_version]
    if not asked:
        raise NotNow(_("Every partner has answered: there is nobody left to ask."))
    today = f":{timezone.now():%Y-%m-%d}"
    letters = _letters(dialogue, asked, "invite/mail/agreement_reminder", suffix=today)
    return draft_batch(by=by, kind=KIND, scope=dialogue.scope, letters=letters)


def _written_note(dialogue: Dialogue) -> ConceptNote:
    note = ConceptNote.objects.filter(dialogue=dialogue).first()
    if note is None or not (note.goal and note.expected_outcome and note.roles):
        raise NotNow(NO_NOTE)
    return note


def _to_ask(dialogue: Dialogue, note: ConceptNote, *, with_declined: bool) -> list[Asked]:
    """The focal points to ask, each with a row that says so."""
    asked = []
    for partner in not_agreed(dialogue):
        agreement: RoleAgreement | None = getattr(partner, "role_agreement", None)
        is_current = agreement is not None and agreement.of_version == note.terms_version
        if is_current and agreement and agreement.answer == RoleAgreement.Answer.DECLINED and not with_declined:
            continue
        focal_point = partner.city.people.select_related("account").filter(is_focal_point=True).first()
        if focal_point is None:
            raise Refused(
                _("%(city)s has no focal point who could agree. Name one in the network first."),
                city=partner.city.name.in_all(),
            )  # fmt: skip
        if not is_current or agreement is None:
            agreement = agreement or RoleAgreement(partner=partner)
            agreement.answer, agreement.of_version = RoleAgreement.Answer.ASKED, note.terms_version
            agreement.answered_at = None
            agreement.save()
            partner.role_agreement = agreement
        asked.append(Asked(partner, focal_point.account, note))
    return asked


def _letters(dialogue: Dialogue, asked: Sequence[Asked], template: str = "", suffix: str = "") -> Iterator[Letter]:
    """Asking for the first time or about a change, unless another template is named."""
    for each in asked:
        agreement = each.partner.role_agreement
        with override(each.account.language):
            new_terms = terms_of(each.note, agreement)
            changed = changes(agreement.agreed_terms, new_terms) if agreement.agreed_terms else []
            who_does_what = listed(new_terms["responsibilities"])
        link = issue_link(account=each.account, act=AGREE, subject=each.partner)
        context = {
            "dialogue": dialogue, "city": each.partner.city, "note": each.note,
            "own_role": agreement.own_role, "changes": changed, "agreement": agreement, "who_does_what": who_does_what,
            "hours": new_terms["effort_hours"],
            "link": settings.PUBLIC_URL + reverse("invite:agree", args=[dialogue.slug, link.token]),
        }  # fmt: skip
        asking = "invite/mail/agreement_changed" if changed else "invite/mail/agreement"
        yield Letter(
            each.account,
            template or asking,
            context,
            each.once + suffix,
            zone=each.account.zone or each.partner.city.zone,
        )


@transaction.atomic
def give_role(
    *,
    by: Account,
    partner: Partner,
    role: Text,
    responsibilities: Mapping[str, str] | None = None,
    hours: int | None = None,
) -> RoleAgreement:
    """Give one partner a role of its own, e.g. after it declined; it alone is asked again.

    responsibilities and hours: its own instead of those of all; None or empty: as all.
    """
    require_run(by, partner.dialogue)
    require_open(partner.dialogue, Step.INVITE)
    note = _written_note(partner.dialogue)
    if not role.body.strip():
        raise Refused(_("Say which role this city takes on."))
    chart = check_responsibilities(responsibilities or {}, hours)
    agreement, _is_new = RoleAgreement.objects.select_for_update().get_or_create(
        partner=partner, defaults={"of_version": note.terms_version}
    )
    agreement.own_responsibilities, agreement.own_hours = chart, hours
    agreement.own_role = Text(role.language, role.body.strip(), agreement.own_role.version + 1, role.translations)
    agreement.answer, agreement.answered_at, agreement.of_version = RoleAgreement.Answer.ASKED, None, note.terms_version
    agreement.save()
    record(
        act="invite.give_role", by=by, scope=partner.dialogue.scope, subject=partner,
        sentence=Sentence(_("%(city)s was given a role of its own"), {"city": partner.city.name.in_all()}),
    )  # fmt: skip
    follow_gate(partner.dialogue)
    return agreement


@transaction.atomic
def answer_roles(
    *,
    answer: str,
    comment: str = "",
    link: ActionLink | None = None,
    by: Account | None = None,
    partner: Partner | None = None,
    of_version: int | None = None,
) -> RoleAgreement:
    """Record a partner's answer, given by an action link or by its focal point signed in (by and partner).

    answer: agreed or declined; declining needs a comment. of_version: the terms that were read; an answer to older ones is
    refused. The same answer twice is one answer. A link of somebody who is no longer focal point opens nothing.
    """
    account, partner = _answering(link, by, partner)
    if answer not in {RoleAgreement.Answer.AGREED, RoleAgreement.Answer.DECLINED}:
        raise Refused(_("Choose whether your city agrees or declines."))
    comment = comment.strip()
    if answer == RoleAgreement.Answer.DECLINED and not comment:
        raise Refused(_("Say why your city declines, so that the secretariat can propose another role."))
    if len(comment) > LONGEST_COMMENT:
        raise Refused(_("The comment is too long: at most %(most)s characters."), most=LONGEST_COMMENT)
    require_open(partner.dialogue, Step.INVITE)
    agreement = RoleAgreement.objects.select_for_update().filter(partner=partner).first()
    note = ConceptNote.objects.filter(dialogue=partner.dialogue).first()
    if agreement is None or note is None:
        raise NotNow(NO_NOTE)
    if of_version is not None and of_version != note.terms_version:
        raise NotNow(CHANGED)
    said = Text(account.language, comment)
    if agreement.answer == answer and agreement.of_version == note.terms_version and agreement.comment.body == comment:
        return agreement
    agreement.answer, agreement.comment, agreement.of_version = answer, said, note.terms_version
    agreement.answered_at, agreement.answered_by = timezone.now(), account
    if answer == RoleAgreement.Answer.AGREED:
        agreement.agreed_terms, agreement.agreed_at = terms_of(note, agreement), agreement.answered_at
    agreement.save()
    if link:
        use_link(link)
    withdraw(account=account, kind=KIND, scope=partner.dialogue.scope)
    agreed = _("%(city)s agreed to its roles and responsibilities")
    declined = _("%(city)s declined its roles and responsibilities: %(reason)s")
    city = {"city": partner.city.name.in_all(), "reason": comment}
    record(
        act="invite.answer_roles", by=account, scope=partner.dialogue.scope, subject=partner,
        sentence=Sentence(agreed if answer == RoleAgreement.Answer.AGREED else declined, city),
        facts={"answer": answer, "version": note.terms_version, "by_link": bool(link)},
    )  # fmt: skip
    follow_gate(partner.dialogue)
    return agreement


def _answering(link: ActionLink | None, by: Account | None, partner: Partner | None) -> tuple[Account, Partner]:
    """Who answers for which partner; NotThere with the same calm words for every link that does not fit."""
    if link is None:
        if by is None or partner is None or not can_answer_for(by, partner):
            raise Forbidden(_("Only the focal point of a city may answer for it."))
        return by, partner
    found = partner_of(link)
    if partner is not None and partner != found:
        raise NotThere(GONE)
    return link.account, found


def partner_of(link: ActionLink) -> Partner:
    """The partner that a link is about; NotThere unless its reader is still focal point there."""
    number = int(link.subject.rpartition(":")[2])
    partner = Partner.objects.select_related("dialogue", "city").filter(pk=number).first()
    if partner is None or not is_about(link, partner) or not can_answer_for(link.account, partner):
        raise NotThere(GONE)
    return partner


__all__ = ["answer_roles", "ask_agreement", "give_role", "has_agreed", "partner_of", "remind_agreement"]
