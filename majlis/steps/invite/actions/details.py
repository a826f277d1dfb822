"""What people tell about themselves when they register, and when that is forgotten again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.actions import GONE, set_preferences
from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Dialogue, Participant, Session
from majlis.journal.actions import record
from majlis.language.typed import cleaned
from majlis.language.words import in_all_languages
from majlis.steps.invite.actions.answers import answering
from majlis.steps.invite.models import Invitation
from majlis.steps.invite.queries import registration_of
from majlis.steps.invite.rsvp import LABELS, SENSITIVE, Asked, asked
from majlis.steps.invite.rules import require_begun
from majlis.web.refused import NotNow, NotThere, Refused
from majlis.web.sentences import Sentence

MISSING = _("“%(field)s” is missing.")
CODE, NAME = "consent_code_of_conduct", "display_name"


@transaction.atomic
def tell_details(
    *,
    details: Mapping[str, Any],
    link: ActionLink | None = None,
    by: Account | None = None,
    participant: Participant | None = None,
) -> Invitation:
    """Keep what somebody who comes tells for the programme: {key of rsvp.asked: answer}. Only those keys are taken.

    An enum is a value, a multi a list of values, a text or a bool what it is. Raises Refused for what is missing or not
    in the list, NotNow from somebody who has not said that they come. It can be changed later.
    """
    account, participant = answering(link, by, participant)
    require_begun(participant.dialogue)
    row = Invitation.objects.select_for_update().filter(participant=participant, sent_at__isnull=False).first()
    if row is None:
        raise NotThere(GONE)
    if row.answer not in (Invitation.Answer.YES, Invitation.Answer.TENTATIVE):
        raise NotNow(_("First say that you come; then we ask what we need for the programme."))
    told = checked(details, row.contribution)
    drafts = {page: typed for page, typed in row.draft.items() if page != "details"}
    if told == row.details and row.details_at:
        return row
    row.details, row.details_at, row.draft = told, timezone.now(), drafts
    row.save(update_fields=["details", "details_at", "draft"])
    if told.get(NAME):
        set_preferences(by=account, name=told[NAME])
    record(
        act="invite.tell_details", by=account, scope=participant.dialogue.scope, subject=row,
        sentence=Sentence(
            _("%(person)s completed the registration"), {"person": participant.person.role_title.in_all()}
        ),
    )  # fmt: skip
    return row


def checked(details: Mapping[str, Any], contribution: str) -> dict[str, Any]:
    """The answers that fit the fields asked, without empty ones; raises Refused naming the field."""
    brings_challenge = contribution != Invitation.Contribution.PRACTICE
    told = {}
    for key, field in asked().items():
        answer = _fitting(field, details.get(key))
        is_required = field.is_required or (field.is_for_challenges and brings_challenge)
        if answer is None and is_required:
            raise Refused(MISSING, field=in_all_languages(LABELS[key][0]))
        if answer is not None:
            told[key] = answer
    if told.get(CODE) is not True:
        raise Refused(_("Everybody keeps to the code of conduct. Tick it to take part."))
    return told


def _fitting(field: Asked, answer: Any) -> Any:
    """The answer if it fits its field, None if there is none; raises Refused otherwise."""
    if field.kind == "bool":
        return answer if isinstance(answer, bool) else None
    if field.kind == "text":
        text = cleaned(answer or "")
        if len(text) > field.longest:
            raise Refused(
                _("“%(field)s” is too long: at most %(most)s characters."),
                field=in_all_languages(LABELS[field.key][0]), most=field.longest,
            )  # fmt: skip
        return text or None
    chosen = [answer] if isinstance(answer, str) else list(answer or ())
    chosen = [value for value in chosen if value]
    if not set(chosen) <= set(field.values) or len(chosen) > field.most or (field.kind == "enum" and len(chosen) > 1):
        raise Refused(_("“%(field)s”: choose from the list."), field=in_all_languages(LABELS[field.key][0]))
    if field.kind == "enum":
        return chosen[0] if chosen else None
    return sorted(set(chosen), key=chosen.index) or None


def delete_restricted(*, now: datetime | None = None) -> int:
    """Forget sensitive answers and unsent drafts of dialogues that are over since the days they set; return of how many people.

    A job runs it every night.
    """
    moment, count = now or timezone.now(), 0
    for dialogue in Dialogue.objects.filter(participants__invitation__isnull=False).distinct():
        if (ends := kept_until(dialogue)) and ends < moment:
            count += _forgotten(dialogue)
    return count


def kept_until(dialogue: Dialogue) -> datetime | None:
    """When sensitive answers are deleted: so many days after the last session; None while no session is planned."""
    last = dialogue.sessions.exclude(state=Session.State.CANCELLED).order_by("starts_at").last()
    return (
        last.starts_at + timedelta(minutes=last.minutes, days=registration_of(dialogue).delete_after_days)
        if last
        else None
    )


@transaction.atomic
def _forgotten(dialogue: Dialogue) -> int:
    sensitive = [key for key, field in asked().items() if field.privacy == SENSITIVE]
    rows = Invitation.objects.select_for_update().filter(participant__dialogue=dialogue)
    holding = [row for row in rows if row.draft or set(sensitive) & set(row.details)]
    for row in holding:
        row.details, row.draft = {key: value for key, value in row.details.items() if key not in sensitive}, {}
    Invitation.objects.bulk_update(holding, ["details", "draft"])
    if holding:
        record(
            act="invite.delete_restricted", by=None, scope=dialogue.scope, facts={"count": len(holding)},
            sentence=Sentence(
                _("Sensitive answers of %(count)s person were deleted"), {},
                _("Sensitive answers of %(count)s people were deleted"), len(holding),
            ),
        )  # fmt: skip
    return len(holding)
