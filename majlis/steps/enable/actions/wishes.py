"""What every plan keeps to: seats that stay, and pairs that are kept apart or together."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Participant, Session, Step
from majlis.dialogue.rules import require_open
from majlis.journal.actions import record
from majlis.steps.enable.models import PairRule, Seat, SeatLock
from majlis.steps.enable.queries.obstacles import label
from majlis.steps.enable.rules import require_facilitate, require_state
from majlis.web.refused import Refused
from majlis.web.sentences import Sentence


def lock_seat(*, by: Account, seat: Seat) -> SeatLock:
    """Keep somebody in their group of a session, however often its groups are planned again. Locking twice changes nothing."""
    session = seat.group.round.block.session
    require_facilitate(by, session.dialogue)
    if seat.participant.role != Participant.Role.PRACTITIONER:
        raise Refused(_("Facilitators of the dialogue lead another room each round; their seats cannot be locked."))
    with transaction.atomic():
        require_open(session.dialogue, Step.ENABLE)
        require_state(session, Session.State.PLANNED, Session.State.RUNNING)
        lock, is_new = SeatLock.objects.update_or_create(
            session=session, participant=seat.participant, defaults={"group": seat.group.number}
        )
        if is_new:
            record(
                act="enable.lock_seat", by=by, scope=session.dialogue.scope, subject=session,
                sentence=Sentence(_("A seat in group %(group)s of session %(code)s was locked"),
                                  {"group": seat.group.number, "code": session.code}),
                facts={"participant": seat.participant_id, "group": seat.group.number},
            )  # fmt: skip
    return lock


def release_seat(*, by: Account, session: Session, participant: Participant) -> None:
    """Let a locked seat be planned again like any other."""
    require_facilitate(by, session.dialogue)
    with transaction.atomic():
        require_open(session.dialogue, Step.ENABLE)
        gone, _rows = SeatLock.objects.filter(session=session, participant=participant).delete()
        if gone:
            record(
                act="enable.release_seat", by=by, scope=session.dialogue.scope, subject=session,
                sentence=Sentence(_("A locked seat of session %(code)s was released"), {"code": session.code}),
                facts={"participant": participant.pk},
            )  # fmt: skip


def rule_pair(*, by: Account, one: Participant, other: Participant, kind: str) -> PairRule:
    """Keep two participants apart or together in every round; a pair has one rule, the latest."""
    dialogue = one.dialogue
    require_facilitate(by, dialogue)
    if other.dialogue_id != dialogue.pk:
        raise Refused(_("This person does not take part in this dialogue."))
    if one.pk == other.pk:
        raise Refused(_("Choose two different people."))
    if kind not in PairRule.Kind.values:
        raise Refused(_("Say whether the two are kept apart or together."))
    with transaction.atomic():
        require_open(dialogue, Step.ENABLE)
        first, second = sorted((one, other), key=lambda each: each.pk)
        rule, _is_new = PairRule.objects.update_or_create(
            dialogue=dialogue, one=first, other=second, defaults={"kind": kind}
        )
        words = {
            PairRule.Kind.APART: _("From now on %(one)s and %(other)s are kept apart"),
            PairRule.Kind.TOGETHER: _("From now on %(one)s and %(other)s are kept together"),
        }
        record(
            act="enable.rule_pair", by=by, scope=dialogue.scope, subject=rule,
            sentence=Sentence(words[PairRule.Kind(kind)], {"one": label(first), "other": label(second)}),
        )  # fmt: skip
    return rule


def drop_pair(*, by: Account, rule: PairRule) -> None:
    """Forget a rule about two participants."""
    require_facilitate(by, rule.dialogue)
    with transaction.atomic():
        require_open(rule.dialogue, Step.ENABLE)
        record(
            act="enable.drop_pair", by=by, scope=rule.dialogue.scope, subject=rule,
            sentence=Sentence(_("%(one)s and %(other)s are planned like everybody else again"),
                              {"one": label(rule.one), "other": label(rule.other)}),
        )  # fmt: skip
        rule.delete()
