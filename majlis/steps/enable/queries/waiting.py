"""The one next thing in this step, for each role, and what waits for a person on their own page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Participant, Session, Step, StepRecord
from majlis.dialogue.rules import can_facilitate, can_run
from majlis.steps.enable.models import BroughtCase, Round
from majlis.steps.enable.rules import gate
from majlis.web.sentences import Sentence
from majlis.web.waiting import NextAction

YOU = _("it is your turn")
TEAM = _("the secretariat and the facilitators")
SECRETARIAT = _("the secretariat")


def next_action(dialogue: Dialogue, account: Account) -> NextAction | None:
    """What this person, or else the team, does next in this step; None while it is closed or done."""
    record = dialogue.steps.get(step=Step.ENABLE)
    if record.state != StepRecord.State.OPEN:
        return None
    sessions = list(dialogue.sessions.prefetch_related("blocks"))
    if can_facilitate(account, dialogue):
        return _for_team(dialogue, account, sessions)
    participant = dialogue.participants.filter(person__account=account).select_related("person").first()
    if participant and participant.role == Participant.Role.PRACTITIONER:
        return _for_participant(dialogue, participant, sessions)
    return None


def _for_team(dialogue: Dialogue, account: Account, sessions: list[Session]) -> NextAction:
    yours = Sentence(YOU)
    if not sessions:
        return NextAction(
            Sentence(_("Plan the sessions")), Sentence(SECRETARIAT), Sentence(_("Go to the session calendar")),
            reverse("invite:page", args=[dialogue.slug]),
        )  # fmt: skip
    running = next((each for each in sessions if each.state == Session.State.RUNNING), None)
    if running:
        return NextAction(
            Sentence(_("Lead session %(code)s"), {"code": running.code}), yours, Sentence(_("Go to the session")),
            _session(dialogue, running), detail=Sentence(_("It is running now.")),
        )  # fmt: skip
    planned = [each for each in sessions if each.state == Session.State.PLANNED]
    empty = next((each for each in planned if not each.blocks.all()), None)
    if empty:
        return NextAction(
            Sentence(_("Write the run of show of session %(code)s"), {"code": empty.code}), yours,
            Sentence(_("Write the blocks")), reverse("enable:blocks", args=[dialogue.slug, empty.code]),
        )  # fmt: skip
    if planned and not Round.objects.filter(block__session__dialogue=dialogue).exists():
        return _groups(dialogue)
    if planned:
        return NextAction(
            Sentence(_("Start session %(code)s when it is time"), {"code": planned[0].code}), yours,
            Sentence(_("Go to the session")), _session(dialogue, planned[0]),
            detail=Sentence(_("Everything is ready: blocks, groups and rooms.")),
        )  # fmt: skip
    return _complete(dialogue, account)


def _groups(dialogue: Dialogue) -> NextAction:
    cities = dialogue.partners.count()
    brought = BroughtCase.objects.filter(dialogue=dialogue).values("participant__partner").distinct().count()
    return NextAction(
        Sentence(_("Plan the groups of all rounds")), Sentence(YOU), Sentence(_("Plan the groups")),
        reverse("enable:groups", args=[dialogue.slug]),
        detail=Sentence(_("%(brought)s of %(cities)s cities have brought a case. Groups without one find theirs in the room."),
                        {"brought": brought, "cities": cities}),
    )  # fmt: skip


def _complete(dialogue: Dialogue, account: Account) -> NextAction:
    now = gate(dialogue)
    if not now.is_open:
        return NextAction(
            Sentence(_("The sessions are over, but something is missing")),
            Sentence(TEAM),
            detail=now.missing[0].sentence,
        )
    if not can_run(account, dialogue):
        return NextAction(Sentence(_("All sessions are closed")), Sentence(SECRETARIAT))
    return NextAction(
        Sentence(_("Complete this step and open the evaluation")), Sentence(YOU), Sentence(_("Complete the step")),
        reverse("enable:complete", args=[dialogue.slug]), is_post=True,
    )  # fmt: skip


def _for_participant(dialogue: Dialogue, participant: Participant, sessions: list[Session]) -> NextAction | None:
    running = next((each for each in sessions if each.state == Session.State.RUNNING), None)
    if running:
        return NextAction(
            Sentence(_("Join session %(code)s: it is running"), {"code": running.code}), Sentence(YOU),
            Sentence(_("Join the session")), _session(dialogue, running),
        )  # fmt: skip
    has_case = BroughtCase.objects.filter(dialogue=dialogue, participant__partner=participant.partner_id).exists()
    has_groups = Round.objects.filter(block__session__dialogue=dialogue).exists()
    if not has_case and not has_groups and sessions:
        return NextAction(
            Sentence(_("Bring the question that your peers shall advise you on")), Sentence(YOU),
            Sentence(_("Bring a case")), reverse("enable:case", args=[dialogue.slug]),
        )  # fmt: skip
    coming = next((each for each in sessions if each.state == Session.State.PLANNED), None)
    if coming:
        return NextAction(
            Sentence(_("Come to session %(code)s: %(title)s"), {"code": coming.code, "title": coming.title.in_all()}),
            Sentence(YOU), Sentence(_("See the agenda and your group")), _session(dialogue, coming),
        )  # fmt: skip
    return None


def waiting(account: Account) -> list[NextAction]:
    """What waits for this person in every dialogue that stands at this step."""
    found = []
    open_ = Dialogue.objects.filter(steps__step=Step.ENABLE, steps__state=StepRecord.State.OPEN)
    for dialogue in open_:
        takes_part = can_facilitate(account, dialogue) or dialogue.participants.filter(person__account=account).exists()
        action = next_action(dialogue, account) if takes_part else None
        if action and action.url:
            found.append(action)
    return found


def _session(dialogue: Dialogue, session: Session) -> str:
    return reverse("enable:session", args=[dialogue.slug, session.code])
