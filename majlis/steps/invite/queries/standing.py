"""Where the step stands: the one next thing, for whom it waits."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Participant, Partner, Step, StepRecord
from majlis.dialogue.rules import can_run
from majlis.outbox.models import Batch
from majlis.steps.invite.models import Invitation, RoleAgreement
from majlis.steps.invite.queries.invited import counts, draft_of, invitations, open_invitations
from majlis.steps.invite.queries.notes import PartnerAnswer, note_of, partner_answers
from majlis.steps.invite.queries.places import for_approval, with_news
from majlis.steps.invite.rules import has_agreed
from majlis.web.sentences import Sentence
from majlis.web.waiting import NextAction

SECRETARIAT = Sentence(_("the secretariat"))

YOU = Sentence(_("you"))


def next_action(dialogue: Dialogue, account: Account) -> NextAction | None:
    """The one next thing in this step for this reader; None when the step is not open."""
    record = StepRecord.objects.filter(dialogue=dialogue, step=Step.INVITE).first()
    if record is None or record.state == StepRecord.State.CLOSED:
        return None
    if record.state == StepRecord.State.DONE:
        return _own_turn(dialogue, account) or (_afterwards(dialogue) if can_run(account, dialogue) else None)
    if own := _own_turn(dialogue, account):
        return own
    todo = _secretariats_turn(dialogue)
    if can_run(account, dialogue):
        return todo
    return NextAction(todo.heading, todo.who, detail=todo.detail)


def _secretariats_turn(dialogue: Dialogue) -> NextAction:
    note, slug = note_of(dialogue), dialogue.slug
    if note is None or not (note.goal and note.expected_outcome and note.roles):
        return NextAction(
            Sentence(_("Write the concept note")), SECRETARIAT, Sentence(_("Write")), reverse("invite:note", args=[slug]),
            detail=Sentence(_("Goal, expected outcome and what every partner takes on; an invitation cannot leave before.")),
        )  # fmt: skip
    answers = partner_answers(dialogue, note)
    if not all(has_agreed(each.partner, note.terms_version) for each in answers):
        return _agreements_turn(dialogue, answers)
    if not dialogue.sessions.exists():
        return NextAction(
            Sentence(_("Plan the sessions")), SECRETARIAT, Sentence(_("Plan")), reverse("dialogue:sessions", args=[slug]),
            detail=Sentence(_("An invitation names its dates in each reader's own time.")),
        )  # fmt: skip
    return _invitations_turn(dialogue)


def _agreements_turn(dialogue: Dialogue, answers: Sequence[PartnerAnswer]) -> NextAction:
    slug = dialogue.slug
    if batch := draft_of(dialogue, "invite.agreement"):
        return NextAction(
            Sentence(_("Look at the mails that ask every partner to agree, and send them")), SECRETARIAT,
            Sentence(_("Look and send")), reverse("outbox:batch", args=[batch.pk]),
        )  # fmt: skip
    unasked = [each for each in answers if each.state in {"open", "changed"}]
    if unasked:
        return NextAction(
            Sentence(_("Ask %(count)s partner to agree to its roles"), {}, _("Ask %(count)s partners to agree to their roles"), len(unasked)),
            SECRETARIAT, Sentence(_("Draft the mails")), reverse("invite:ask", args=[slug]), is_post=True,
        )  # fmt: skip
    declined = [each.partner for each in answers if each.state == "declined"]
    if declined:
        return NextAction(
            Sentence(_("%(city)s declined its roles: give it another one"), {"city": declined[0].city.name.in_all()}),
            SECRETARIAT, Sentence(_("Give another role")), reverse("invite:role", args=[slug, declined[0].pk]),
        )  # fmt: skip
    silent = [each.partner.city.name.in_all() for each in answers if each.state == "asked"]
    return NextAction(
        Sentence(_("Wait for the agreement of %(count)s partner"), {}, _("Wait for the agreement of %(count)s partners"), len(silent)),
        Sentence(_("%(cities)s"), {"cities": silent[:4]}), Sentence(_("Draft a reminder")),
        reverse("invite:remind_agreement", args=[slug]), is_post=True,
    )  # fmt: skip


def _invitations_turn(dialogue: Dialogue) -> NextAction:
    slug, counted = dialogue.slug, counts(list(invitations(dialogue)))
    if todo := _afterwards(dialogue):
        return todo
    if not dialogue.participants.filter(partner__isnull=False).exists() and not _was_drafted(
        dialogue, "invite.delegation"
    ):
        return NextAction(
            Sentence(_("Invite the cities to name their delegations")), SECRETARIAT, Sentence(_("Draft the mails")),
            reverse("invite:invite_delegations", args=[slug]), is_post=True,
        )  # fmt: skip
    return NextAction(
        Sentence(_("Complete the step")), SECRETARIAT, Sentence(_("Complete")), reverse("invite:complete", args=[slug]),
        is_post=True,
        detail=Sentence(
            _("%(answered)s of %(sent)s have answered. Answers are welcome afterwards too."),
            {"answered": counted.answered, "sent": counted.sent},
        ),
    )  # fmt: skip


def _afterwards(dialogue: Dialogue) -> NextAction | None:
    """What may be to do as long as people answer, after the step is done too: drafts, decisions, new people."""
    slug = dialogue.slug
    if draft_of(dialogue, "invite.invitation", "invite.update", "invite.delegation"):
        return NextAction(
            Sentence(_("Look at the drafted invitations and send them")), SECRETARIAT, Sentence(_("Look and send")),
            reverse("invite:send", args=[slug]),
        )  # fmt: skip
    if batch := draft_of(dialogue, "invite.removal", "invite.handover", "invite.place", "invite.reminder"):
        return NextAction(
            Sentence(_("Look at the drafted mails and send them")), SECRETARIAT, Sentence(_("Look and send")),
            reverse("outbox:batch", args=[batch.pk]),
        )  # fmt: skip
    asked = for_approval(dialogue).count()
    if asked:
        return NextAction(
            Sentence(_("%(count)s person waits for approval"), {}, _("%(count)s people wait for approval"), asked),
            SECRETARIAT, Sentence(_("Look and decide")), reverse("invite:places", args=[slug]),
        )  # fmt: skip
    news = with_news(dialogue).count()
    if news:
        return NextAction(
            Sentence(_("Tell %(count)s person where they stand"), {}, _("Tell %(count)s people where they stand"), news),
            SECRETARIAT, Sentence(_("Draft the mails")), reverse("invite:tell_places", args=[slug]), is_post=True,
        )  # fmt: skip
    sent = Invitation.objects.filter(participant__dialogue=dialogue, sent_at__isnull=False)
    missing = Participant.objects.filter(dialogue=dialogue).exclude(pk__in=sent.values("participant")).count()
    if missing:
        return NextAction(
            Sentence(_("Draft %(count)s invitation"), {}, _("Draft %(count)s invitations"), missing), SECRETARIAT,
            Sentence(_("Draft")), reverse("invite:draft", args=[slug]), is_post=True,
        )  # fmt: skip
    return None


def _was_drafted(dialogue: Dialogue, kind: str) -> bool:
    return Batch.objects.filter(scope=dialogue.scope, kind=kind).exclude(state=Batch.State.CANCELLED).exists()


def _own_turn(dialogue: Dialogue, account: Account) -> NextAction | None:
    """What this reader must do in person: agree for a city, answer an invitation."""
    partner = asked_partners(account).filter(dialogue=dialogue).first()
    if partner:
        return _agree_turn(partner)
    row = open_invitations(account).filter(participant__dialogue=dialogue).first()
    return _answer_turn(row) if row else None


def _agree_turn(partner: Partner) -> NextAction:
    return NextAction(
        Sentence(_("Does %(city)s agree to its roles?"), {"city": partner.city.name.in_all()}), YOU,
        Sentence(_("Read and answer")), reverse("invite:roles", args=[partner.dialogue.slug]),
    )  # fmt: skip


def _answer_turn(row: Invitation) -> NextAction:
    dialogue = row.participant.dialogue
    return NextAction(
        Sentence(_("Answer the invitation to “%(title)s”"), {"title": dialogue.title.in_all()}), YOU,
        Sentence(_("Answer")), reverse("invite:answer_mine", args=[dialogue.slug]),
    )  # fmt: skip


def asked_partners(account: Account) -> QuerySet[Partner]:
    """The partners for which this focal point has been asked and has not answered."""
    return Partner.objects.select_related("city", "dialogue").filter(
        city__people__account=account, city__people__is_focal_point=True, role_agreement__answer=RoleAgreement.Answer.ASKED,
        dialogue__steps__step=Step.INVITE, dialogue__steps__state=StepRecord.State.OPEN,
    )  # fmt: skip


def waiting(account: Account) -> list[NextAction]:
    """What waits for this person in the step Invite of any dialogue."""
    own = [_agree_turn(partner) for partner in asked_partners(account)]
    own += [_answer_turn(row) for row in open_invitations(account)]
    if account.is_secretariat:
        running = Dialogue.objects.filter(steps__step=Step.INVITE, steps__state=StepRecord.State.OPEN)
        own += [_secretariats_turn(dialogue) for dialogue in running]
    return own
