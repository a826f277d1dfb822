"""A municipality is invited, not only a person: it names its delegation, substitutes, hands over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from majlis.accounts.actions import GONE, issue_link, revoke_links
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.actions.dialogues import name_delegate as take_part
from majlis.dialogue.actions.dialogues import substitute_participant
from majlis.dialogue.models import Dialogue, Participant, Partner, Session
from majlis.dialogue.rules import can_run, require_run
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.network.actions.people import hand_over as make_focal_point
from majlis.network.actions.people import name_person
from majlis.network.models import Person
from majlis.outbox.actions import Letter, draft_batch, spend, withdraw
from majlis.outbox.models import Batch
from majlis.steps.invite.actions.agreement import partner_of
from majlis.steps.invite.actions.invitations import draft_held, draft_removal
from majlis.steps.invite.actions.note import follow_gate
from majlis.steps.invite.letters import Programme, context_of_city
from majlis.steps.invite.models import Invitation, Replacement, SessionAnswer
from majlis.steps.invite.queries import delegation, seats_of
from majlis.steps.invite.rules import AGREE, ANSWER, DELEGATE, SEATS, can_answer_for, require_begun
from majlis.web.refused import Forbidden, NotNow, NotThere, Refused
from majlis.web.sentences import Sentence

KIND = "invite.delegation"
NOT_FREE = _("This seat is taken. Substitute its person instead.")


@dataclass(frozen=True)
class Named:
    """Who is named: an address, a role title in its language, and whom they work for if not the municipality."""

    address: str
    role_title: Text
    organisation: str = ""
    actor_type: str = ""


@transaction.atomic
def invite_delegations(*, by: Account, dialogue: Dialogue) -> Batch:
    """Draft a mail to the focal point of every partner with free seats: name your delegation. Held until the gate is open."""
    require_run(by, dialogue)
    require_begun(dialogue)
    programme = Programme.of(dialogue)
    if not programme.sessions:
        raise NotNow(_("Plan the sessions first: an invitation names its dates."))
    lacking = [each for each in seats_of(dialogue) if each.free]
    if not lacking:
        raise NotNow(_("Every delegation is complete."))
    batch = draft_held(by, dialogue, KIND, _letters(programme, [each.partner for each in lacking]))
    follow_gate(dialogue)
    return batch


def _letters(programme: Programme, partners: Sequence[Partner]) -> Iterator[Letter]:
    for partner in partners:
        focal_point = partner.city.people.select_related("account").filter(is_focal_point=True).first()
        if focal_point is None:
            raise Refused(
                _("%(city)s has no focal point who could name its delegation. Name one in the network first."),
                city=partner.city.name.in_all(),
            )  # fmt: skip
        account = focal_point.account
        once = f"{KIND}:{partner.pk}:{account.pk}"
        context = context_of_city(programme, partner, account, _link(partner, account))
        yield Letter(account, "invite/mail/delegation", context, once, zone=account.zone or partner.city.zone)


def _link(partner: Partner, account: Account) -> str:
    link = issue_link(account=account, act=DELEGATE, subject=partner, days=180)
    return settings.PUBLIC_URL + reverse("invite:delegation", args=[partner.dialogue.slug, link.token])


@transaction.atomic
def name_delegate(
    *,
    seat: int,
    named: Named,
    link: ActionLink | None = None,
    by: Account | None = None,
    partner: Partner | None = None,
) -> Participant:
    """Put a person on a free seat of a delegation, by link or signed in; their own invitation is drafted by the secretariat."""
    account, partner = acting_for(link, by, partner)
    require_begun(partner.dialogue)
    if seat not in SEATS:
        raise Refused(_("A delegation has the seats 1, 2 and 3."))
    if any(each.number == seat and each.participant for each in delegation(partner)):
        raise NotNow(NOT_FREE)
    person = _person(account, partner, named, seat)
    return take_part(by=account, partner=partner, person=person)


def _person(account: Account, partner: Partner, named: Named, seat: int) -> Person:
    spend(addresses=[named.address], by=account)
    return name_person(
        by=account, city=partner.city, address=named.address, role_title=named.role_title, seat=seat,
        organisation=named.organisation if seat == SEATS[-1] else "", actor_type=named.actor_type,
    )  # fmt: skip


@transaction.atomic
def substitute(
    *, participant: Participant, named: Named, link: ActionLink | None = None, by: Account | None = None
) -> Participant:
    """Let another person take a seat; the city keeps it, with its places in sessions. Who leaves is taken off the calendars.

    The former person's links stop working; the new one is invited like everybody else and answers for themselves.
    """
    account, partner = acting_for(link, by, participant.partner)
    participant = Participant.objects.select_related("person__account", "partner", "dialogue").get(pk=participant.pk)
    if participant.partner != partner:
        raise NotThere(GONE)
    require_begun(partner.dialogue)
    former, seat = participant.person, participant.person.seat
    if hasattr(participant, "gave_way"):
        raise NotNow(_("This person has already been substituted."))
    person = _person(account, partner, named, seat)
    row = Invitation.objects.select_for_update().filter(participant=participant).first()
    if row and row.sent_at and row.answer != Invitation.Answer.NO:
        draft_removal(dialogue=partner.dialogue, account=former.account, row=row)
    revoke_links(act=ANSWER, subject=participant, account=former.account)
    for kind in ("invite.invitation", "invite.reminder", "invite.place"):
        withdraw(account=former.account, kind=kind, scope=partner.dialogue.scope)
    taking = substitute_participant(by=account, participant=participant, person=person)
    if row:
        _pass_on(row, taking)
    Replacement.objects.create(
        partner=partner,
        seat=seat,
        left=former,
        came=person,
        by=account,
        former=participant if taking != participant else None,
    )
    return taking


def _pass_on(row: Invitation, taking: Participant) -> None:
    """Places of sessions that have not begun pass on; what the former person told about themselves does not."""
    if row.participant_id == taking.pk:
        fresh = Invitation(pk=row.pk, participant=taking, approval=row.approval)
        fresh.save()
        row.by_session.update(answer=Invitation.Answer.OPEN)
        return
    fresh = Invitation.objects.create(participant=taking, approval=row.approval)
    for one in row.by_session.filter(session__state=Session.State.PLANNED):
        SessionAnswer.objects.create(
            invitation=fresh, session_id=one.session_id, answer=Invitation.Answer.OPEN, place=one.place, since=one.since
        )
        one.answer, one.place = Invitation.Answer.NO, SessionAnswer.Place.NONE
        one.save(update_fields=["answer", "place"])


@transaction.atomic
def hand_over(
    *, named: Named, link: ActionLink | None = None, by: Account | None = None, partner: Partner | None = None
) -> Person:
    """Hand the focal point's part over to a successor: the former links stop working, a mail with new ones is drafted."""
    account, partner = acting_for(link, by, partner)
    dialogue = partner.dialogue
    require_begun(dialogue)
    free = next((each.number for each in delegation(partner) if each.participant is None), 1)
    successor = _person(account, partner, named, free if free != SEATS[-1] else 1)
    if successor.is_focal_point:
        raise Refused(_("This person is the focal point already."))
    former = partner.city.people.select_related("account").filter(is_focal_point=True).first()
    make_focal_point(by=account, city=partner.city, to=successor)
    if former:
        for act in (AGREE, DELEGATE):
            revoke_links(act=act, subject=partner, account=former.account)
        for kind in ("invite.agreement", KIND):
            withdraw(account=former.account, kind=kind, scope=dialogue.scope)
    context = context_of_city(Programme.of(dialogue), partner, successor.account, _link(partner, successor.account))
    letter = Letter(
        successor.account, "invite/mail/handover", context, f"invite.handover:{partner.pk}:{successor.pk}",
        zone=successor.account.zone or partner.city.zone,
    )  # fmt: skip
    draft_batch(by=None, kind="invite.handover", scope=dialogue.scope, letters=[letter])
    record(
        act="invite.hand_over", by=account, scope=dialogue.scope, subject=partner,
        sentence=Sentence(
            _("%(city)s has a new focal point: %(person)s"),
            {"city": partner.city.name.in_all(), "person": successor.role_title.in_all()},
        ),
    )  # fmt: skip
    return successor


def acting_for(link: ActionLink | None, by: Account | None, partner: Partner | None) -> tuple[Account, Partner]:
    """Who acts for which city: its focal point by link or signed in, or the secretariat. The step's row is locked.

    A link is looked at again under that lock: of two who press at once, the second finds it used up.
    """
    if link is not None:
        found = partner_of(link)
        require_begun(found.dialogue)
        link.refresh_from_db()
        if not link.is_live() or found != partner_of(link) or partner not in (None, found):
            raise NotThere(GONE)
        return link.account, found
    if by is None or partner is None or not (can_answer_for(by, partner) or can_run(by, partner.dialogue)):
        raise Forbidden(_("Only the focal point of a city may name its delegation."))
    return by, partner
