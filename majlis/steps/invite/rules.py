"""Who may write, agree, invite and answer; and the gate that every invitation must pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from majlis.accounts.models import Account, ActionLink
from majlis.dialogue.models import Dialogue, Participant, Partner, Step, StepRecord
from majlis.dialogue.rules import (
    CLOSED,
    Condition,
    Gate,
    can_facilitate,
    can_run,
    missing_before,
    missing_words,
    step_name,
)
from majlis.language.models import LANGUAGES
from majlis.steps.invite.models import ConceptNote, Invitation, Registration, RoleAgreement
from majlis.web import calendar
from majlis.web.refused import NotNow
from majlis.web.sentences import Sentence

AGREE = "invite.agree"  # the action link by which a focal point answers for its city
ANSWER = "invite.answer"  # the action link by which a participant answers the invitation
DELEGATE = "invite.delegate"  # the action link by which a focal point names its delegation
SEATS = (1, 2, 3)  # two practitioners of the municipality and one partner, as the network calls for
NOT_YET = _("An invitation cannot leave yet: %(missing)s")


def gate(dialogue: Dialogue) -> Gate:
    """Goal written, expected outcome defined, roles agreed by every partner."""
    note = ConceptNote.objects.filter(dialogue=dialogue).first()
    waiting = [partner.city.name.in_all() for partner in not_agreed(dialogue)]
    has_roles = bool(note and note.roles)
    if waiting:
        roles = Sentence(
            _("Roles and responsibilities agreed by every partner; %(count)s partner is missing: %(cities)s"),
            {"cities": waiting[:5]},
            _("Roles and responsibilities agreed by every partner; %(count)s partners are missing, among them %(cities)s"),
            len(waiting),
        )  # fmt: skip
    else:
        roles = Sentence(_("Roles and responsibilities agreed by every partner"))
    return Gate(
        [
            Condition(Sentence(_("Goal written")), bool(note and note.goal)),
            Condition(Sentence(_("Expected outcome defined")), bool(note and note.expected_outcome)),
            Condition(roles, has_roles and not waiting and dialogue.partners.exists(), waiting),
        ]
    )


def not_agreed(dialogue: Dialogue) -> list[Partner]:
    """The partners whose agreement to the present goal, outcome and roles is missing, in two queries."""
    version = ConceptNote.objects.filter(dialogue=dialogue).values_list("terms_version", flat=True).first() or 0
    partners = dialogue.partners.select_related("city", "role_agreement")
    return [partner for partner in partners if not has_agreed(partner, version)]


def has_agreed(partner: Partner, terms_version: int) -> bool:
    agreement: RoleAgreement | None = getattr(partner, "role_agreement", None)
    return bool(agreement and agreement.answer == RoleAgreement.Answer.AGREED and agreement.of_version == terms_version)


def require_gate(dialogue: Dialogue) -> None:
    """Raise NotNow, naming what is missing, unless invitations may leave."""
    present = gate(dialogue)
    if not present.is_open:
        missing = missing_words([condition.as_json() for condition in present.conditions])
        raise NotNow(NOT_YET, missing=missing)


def require_begun(dialogue: Dialogue) -> StepRecord:
    """Return the step's record, locked; raise NotNow while the step is closed.

    Invitations are answered, repeated and corrected for weeks after the step is done.
    """
    record = StepRecord.objects.select_for_update().get(dialogue=dialogue, step=Step.INVITE)
    if record.state == StepRecord.State.CLOSED:
        raise NotNow(CLOSED, step=step_name(Step.INVITE), missing=missing_before(record))
    return record


def can_answer_for(account: Account | None, partner: Partner) -> bool:
    """The focal point of the partner's city."""
    return (
        bool(account and account.is_active)
        and partner.city.people.filter(account=account, is_focal_point=True).exists()
    )


def can_answer(account: Account | None, participant: Participant) -> bool:
    return bool(account and account.is_active) and participant.person.account_id == account.pk  # type: ignore[union-attr]


def may_read(account: Account, dialogue: Dialogue) -> frozenset[str]:
    """The levels of rsvp_fields.yaml that somebody may read about others: P1 participants, P2 organisers, P3 sensitive."""
    if can_run(account, dialogue):
        return frozenset({"P1", "P2", "P3"})
    if can_facilitate(account, dialogue):
        return frozenset({"P1", "P2"})
    takes_part = dialogue.participants.filter(person__account=account).exists()
    speaks = dialogue.partners.filter(city__people__account=account, city__people__is_focal_point=True).exists()
    return frozenset({"P1"}) if account.is_active and (takes_part or speaks) else frozenset()


def is_about(link: ActionLink, subject: Partner | Participant) -> bool:
    return link.subject == f"{subject._meta.model_name}:{subject.pk}"


def require_window(registration: Registration, answer: str, row: Invitation) -> None:
    """Raise NotNow before registration opens, and after it has closed unless somebody calls off or changes their answer."""
    now, zone = timezone.now(), registration.dialogue.zone
    if registration.opens_at and now < registration.opens_at:
        raise NotNow(
            _("Registration opens on %(day)s. Your link works then too."), day=_day(registration.opens_at, zone)
        )
    if registration.closes_at and now > registration.closes_at and answer != Invitation.Answer.NO:
        if row.answer in (Invitation.Answer.YES, Invitation.Answer.TENTATIVE):
            return  # who is registered may still change to which sessions they come
        raise NotNow(
            _("Registration closed on %(day)s. Write to the secretariat if you still want to come."),
            day=_day(registration.closes_at, zone),
        )  # fmt: skip


def _day(moment: datetime, zone: str) -> dict[str, str]:
    """29 September 2026 in every language, as the event's own calendar has it."""
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = calendar.long_day(calendar.in_zone(moment, zone).date())
    return said


@dataclass(frozen=True)
class InLine:
    """Somebody with or without a place in a session: code of their city, its country, since when."""

    city: str
    country: str
    since: datetime


def next_in_line(one: InLine, seated: Sequence[InLine]) -> tuple[bool, int, datetime]:
    """The order of a waiting list, smallest first: cities with nobody in the session before others, then those from the
    country with the fewest places, then whoever has waited longest. So every city is heard before one is heard twice."""
    cities = {each.city for each in seated if each.city}
    countries = Counter(each.country for each in seated if each.country)
    return one.city in cities, countries[one.country], one.since


# How many of a hundred come, by what they answered. Free online events lose up to half of those who register (a found case:
# 180 registered, 90 came). Here a city sends its people, so more come: eight of ten who said yes. Who needed a reminder
# to say so, comes a little less often; half-hearted answers and silence bring few. Assumptions, to be corrected by what
# sessions show, and used for groups of people only.
COME_OF_100 = {"yes": 80, "reminded": 65, "tentative": 40, "silent": 10}


@dataclass(frozen=True)
class Expected:
    """How many are expected in a session, from how many said yes at once, yes after a reminder, perhaps, nothing."""

    yes: int
    reminded: int
    tentative: int
    silent: int

    @property
    def count(self) -> int:
        counts = {"yes": self.yes, "reminded": self.reminded, "tentative": self.tentative, "silent": self.silent}
        return round(sum(COME_OF_100[key] * count for key, count in counts.items()) / 100)
