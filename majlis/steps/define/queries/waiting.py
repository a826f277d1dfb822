"""What waits in this step, and for whom."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account, Role
from majlis.dialogue.models import Dialogue, Partner, Step, StepRecord
from majlis.dialogue.rules import can_facilitate, can_run
from majlis.steps.define.queries.answers import asked
from majlis.steps.define.queries.proposals import under_way
from majlis.steps.define.rules import Standing, is_focal_point, standing, tying_conditions
from majlis.web.sentences import Sentence
from majlis.web.waiting import NextAction

SECRETARIAT = _("Secretariat")


def next_action(dialogue: Dialogue, account: Account, now: Standing | None = None) -> NextAction | None:
    """The one next thing: for the secretariat what moves the step on; for a focal point its answer. None when nothing."""
    if StepRecord.objects.get(dialogue=dialogue, step=Step.DEFINE).state != StepRecord.State.OPEN:
        return None
    now = now or standing(dialogue)
    if not can_run(account, dialogue):
        mine = _own(now, dialogue, account)
        if mine or not can_facilitate(account, dialogue):
            return mine
        return NextAction(Sentence(_("The secretariat prepares the sub-topics")), Sentence(SECRETARIAT))
    return _of_secretariat(now, dialogue)


def _of_secretariat(now: Standing, dialogue: Dialogue) -> NextAction:
    who = Sentence(SECRETARIAT)

    def action(heading: str, label: str, at: str, detail: Sentence | None = None, is_post: bool = False) -> NextAction:
        url = reverse(f"define:{at}", args=[dialogue.slug])
        return NextAction(Sentence(heading), who, Sentence(label), url, is_post, detail)

    if under_way(dialogue):
        return NextAction(Sentence(_("Majlis is reading the needs and visions")), Sentence("Majlis"))
    if not now.topics:
        return action(_("Let Majlis propose sub-topics"), _("Propose sub-topics"), "propose", None, True)
    if now.objecting:
        url = reverse("define:answers", args=[dialogue.slug]) + "#objections"
        heading, label = _("Answer the open objections"), _("To the objections")
        return NextAction(Sentence(heading), who, Sentence(label), url)
    untied = [condition for condition in tying_conditions(now) if not condition.is_met]
    if untied:
        heading = _("Tie needs and visions to the sub-topics")
        return action(heading, _("To the ties"), "statements", untied[0].sentence)
    round_ = asked(dialogue, now.digest)
    if now.unanswered and (round_ is None or round_.batch is None):
        if dialogue.consents.filter(partner__in=now.unanswered).exists():
            detail = Sentence(_("Who has answered before is asked only about what has changed since."))
            return action(_("Ask the partners about the change"), _("Draft the mails"), "ask", detail, True)
        heading = _("Ask the partners for their dots and their consent")
        return action(heading, _("Ask for consent"), "ask", None, True)
    if round_ and round_.batch and round_.batch.state == "draft" and now.unanswered:
        url = reverse("outbox:batch", args=[round_.batch.pk])
        heading, label = _("Look at the drafted mails and send them"), _("To the drafts")
        return NextAction(Sentence(heading), who, Sentence(label), url)
    if now.unanswered:
        return _waiting_for(now.unanswered, reverse("define:answers", args=[dialogue.slug]))
    heading = _("The gate holds: complete the step and go on to the invitations")
    return action(heading, _("Complete the step"), "complete", None, True)


def _waiting_for(partners: Sequence[Partner], page: str) -> NextAction:
    cities = [partner.city.name.in_all() for partner in partners]
    return NextAction(
        Sentence(
            _("%(count)s partner has not answered yet"), {}, _("%(count)s partners have not answered yet"), len(cities)
        ),
        Sentence(_("%(cities)s"), {"cities": cities}),
        Sentence(_("Remind them")),
        page,
    )


def _own(now: Standing, dialogue: Dialogue, account: Account) -> NextAction | None:
    """What waits for a focal point."""
    if not now.topics or asked(dialogue, now.digest) is None:
        return None
    for partner in now.unanswered:
        if is_focal_point(account, partner):
            return NextAction(
                Sentence(_("Say what %(city)s thinks of the sub-topics"), {"city": partner.city.name.in_all()}),
                Sentence(_("Your turn")),
                Sentence(_("Give dots and consent")),
                reverse("define:partner", args=[dialogue.slug, partner.pk]),
            )
    return None


def waiting(account: Account) -> list[NextAction]:
    """What waits for this person in this step, over all dialogues."""
    open_here = Dialogue.objects.filter(steps__step=Step.DEFINE, steps__state=StepRecord.State.OPEN)
    if account.role != Role.SECRETARIAT:
        open_here = open_here.filter(
            partners__city__people__account=account, partners__city__people__is_focal_point=True
        ).distinct()
    found = (next_action(dialogue, account) for dialogue in open_here)
    return [action for action in found if action]
