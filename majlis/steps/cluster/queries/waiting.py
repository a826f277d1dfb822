"""Who is missing what, whom it waits for, and the one next thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account, Role
from majlis.dialogue.models import Dialogue, Partner, Step, StepRecord
from majlis.dialogue.rules import Gate, can_facilitate, can_run
from majlis.network.models import Person
from majlis.network.queries import last_asked
from majlis.steps.cluster.queries.proposals import adopted, latest
from majlis.steps.cluster.rules import gate
from majlis.web.sentences import Sentence
from majlis.web.waiting import NextAction

SECRETARIAT = _("Secretariat")
PROPOSE = _("Let Majlis propose clusters")
ADOPT = _("Look at the proposal, move cities where you know better, and adopt it")
COMPLETE = _("The gate holds: complete the step and go on to the sub-topics")
GATHER = _("Gather the missing needs and visions")
FILL = _("Add partners to the dialogue")


@dataclass(frozen=True)
class Missing:
    """A partner that lacks a need or a vision: its focal point (None: nobody to ask), and when a mail last asked it."""

    partner: Partner
    has_need: bool
    has_vision: bool
    focal_point: Person | None
    asked_at: datetime | None


def missing(partners: Iterable[Partner]) -> list[Missing]:
    """Who lacks a need or a vision, of partners as `rules.stated_partners` gives them; two queries if somebody does."""
    lacking = [(each, bool(getattr(each, "has_need", 0)), bool(getattr(each, "has_vision", 0))) for each in partners]
    lacking = [each for each in lacking if not (each[1] and each[2])]
    if not lacking:
        return []
    people = Person.objects.filter(city__in=[each[0].city_id for each in lacking], is_focal_point=True)
    focal = {person.city_id: person for person in people.filter(account__is_active=True)}
    asked = last_asked(focal.values())
    return [
        Missing(partner, need, vision, person, asked.get(person.pk) if person else None)
        for partner, need, vision in lacking
        for person in [focal.get(partner.city_id)]
    ]


def next_action(dialogue: Dialogue, account: Account, held: Gate | None = None) -> NextAction | None:
    """The one next thing for whoever prepares the dialogue; None for others and when the step is done.

    held: the gate, where the caller has it already.
    """
    state = StepRecord.objects.get(dialogue=dialogue, step=Step.CLUSTER).state
    if state != StepRecord.State.OPEN or not can_facilitate(account, dialogue):
        return None
    page, who = reverse("cluster:page", args=[dialogue.slug]), Sentence(SECRETARIAT)
    if not can_run(account, dialogue):
        return NextAction(Sentence(_("The secretariat prepares the clusters")), who)
    held = held or gate(dialogue)
    if not held.conditions[0].is_met:
        return NextAction(
            Sentence(FILL), who, Sentence(_("Choose partners")), reverse("dialogue:partners", args=[dialogue.slug])
        )
    if not held.missing:
        label = Sentence(_("Complete the step"))
        return NextAction(Sentence(COMPLETE), who, label, reverse("cluster:complete", args=[dialogue.slug]), True)
    if latest(dialogue) is None:
        return NextAction(Sentence(PROPOSE), who, Sentence(_("Set weights and propose")), page + "#propose")
    if adopted(dialogue) is None:
        return NextAction(Sentence(ADOPT), who, Sentence(_("To the proposal")), page + "#proposal")
    return NextAction(
        Sentence(GATHER), who, Sentence(_("See who is missing")), page + "#missing", False, held.missing[0].sentence
    )


def waiting(account: Account) -> list[NextAction]:
    """What waits for this person in this step, over all dialogues."""
    if account.role != Role.SECRETARIAT:
        return []
    open_here = Dialogue.objects.filter(steps__step=Step.CLUSTER, steps__state=StepRecord.State.OPEN)
    found = (next_action(dialogue, account) for dialogue in open_here)
    return [action for action in found if action]
