"""Acts on a dialogue as a whole: its partners and participants, its spine."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account, Role
from majlis.dialogue.models import Dialogue, Participant, Partner, Session, Step, StepRecord
from majlis.dialogue.rules import NOT_MET, SECRETARIAT_ONLY, Gate, missing_words, require_run, step_name
from majlis.journal.actions import record
from majlis.language.models import Text
from majlis.network.models import City, Person
from majlis.web.refused import Forbidden, NotNow, Refused
from majlis.web.sentences import Sentence


@transaction.atomic
def create_dialogue(
    *,
    by: Account,
    slug: str,
    title: Text,
    organiser: Text,
    languages: list[str],
    mode: str = "virtual",
    zone: str = "UTC",
    is_illustrative: bool = False,
) -> Dialogue:
    """Open a dialogue; its first step, Cluster, is open and the five others closed."""
    if by.role != Role.SECRETARIAT:
        raise Forbidden(SECRETARIAT_ONLY)
    if Dialogue.objects.filter(slug=slug).exists():
        raise Refused(_("There is already a dialogue with the short name “%(slug)s”. Choose another one."), slug=slug)
    dialogue = Dialogue.objects.create(
        slug=slug,
        title=title,
        organiser=organiser,
        languages=languages,
        mode=mode,
        zone=zone,
        is_illustrative=is_illustrative,
    )
    StepRecord.objects.bulk_create(
        StepRecord(dialogue=dialogue, step=step, position=n) for n, step in enumerate(Step, 1)
    )
    dialogue.steps.filter(step=Step.CLUSTER).update(state=StepRecord.State.OPEN, opened_at=timezone.now())
    record(
        act="dialogue.create", by=by, scope=dialogue.scope, subject=dialogue,
        sentence=Sentence(_("The dialogue “%(title)s” was opened"), {"title": title.in_all()}),
    )  # fmt: skip
    return dialogue


@transaction.atomic
def add_partners(*, by: Account, dialogue: Dialogue, cities: Iterable[City]) -> list[Partner]:
    """Bring cities into the dialogue; those already in it stay as they are."""
    require_run(by, dialogue)
    added = []
    for city in cities:
        partner, is_new = Partner.objects.get_or_create(dialogue=dialogue, city=city)
        if is_new:
            added.append(partner)
    if added:
        record(
            act="dialogue.add_partners", by=by, scope=dialogue.scope,
            sentence=Sentence(_("%(count)s city joined the dialogue"), {}, _("%(count)s cities joined the dialogue"), len(added)),
            facts={"cities": [partner.city.slug for partner in added]},
        )  # fmt: skip
    return added


@transaction.atomic
def add_participants(
    *, by: Account, dialogue: Dialogue, people: Iterable[Person], role: str = "practitioner"
) -> list[Participant]:
    """Name people as participants; practitioners belong to the partner of their city."""
    require_run(by, dialogue)
    partners = {partner.city_id: partner for partner in dialogue.partners.all()}
    added = []
    for person in people:
        partner = partners.get(person.city_id) if role == Participant.Role.PRACTITIONER and person.city_id else None
        if role == Participant.Role.PRACTITIONER and partner is None:
            raise Refused(
                _("%(person)s cannot take part: %(city)s is not a partner of this dialogue. Add the city first."),
                person=person.role_title.in_all(), city=person.city.name.in_all() if person.city else "–",
            )  # fmt: skip
        participant, is_new = Participant.objects.get_or_create(
            dialogue=dialogue, person=person, defaults={"partner": partner, "role": role}
        )
        if is_new:
            added.append(participant)
    if added:
        record(
            act="dialogue.add_participants", by=by, scope=dialogue.scope,
            sentence=Sentence(_("%(count)s person was named as participant"), {}, _("%(count)s people were named as participants"), len(added)),
            facts={"participants": [participant.pk for participant in added]},
        )  # fmt: skip
    return added


@transaction.atomic
def name_delegate(*, by: Account, partner: Partner, person: Person) -> Participant:
    """Name a person of a partner's city as participant. Called by the step Invite, which has checked permission."""
    participant, is_new = Participant.objects.get_or_create(
        dialogue=partner.dialogue, person=person, defaults={"partner": partner}
    )
    if not is_new:
        raise Refused(_("This person takes part already. Name somebody else."))
    record(
        act="dialogue.name_delegate", by=by, scope=partner.dialogue.scope, subject=participant,
        sentence=Sentence(
            _("%(city)s named %(person)s for its delegation"),
            {"city": partner.city.name.in_all(), "person": person.role_title.in_all()},
        ),
    )  # fmt: skip
    return participant


@transaction.atomic
def substitute_participant(*, by: Account, participant: Participant, person: Person) -> Participant:
    """Let another person of the same city take a participant's place. Called by the step Invite, which has checked permission.

    Before the first session the place itself passes on, with everything planned for it. Once a session has begun the
    former person stays among the participants, for they may have taken part, and a new one joins beside them.
    """
    participant = Participant.objects.select_for_update().select_related("dialogue", "person").get(pk=participant.pk)
    if participant.dialogue.participants.filter(person=person).exists():
        raise Refused(_("This person takes part already. Name somebody else."))
    former = participant.person
    begun = participant.dialogue.sessions.filter(state__in=[Session.State.RUNNING, Session.State.HELD])
    if begun.exists():
        participant = Participant.objects.create(
            dialogue=participant.dialogue, person=person, partner=participant.partner, role=participant.role
        )
    else:
        participant.person = person
        participant.save(update_fields=["person"])
    record(
        act="dialogue.substitute_participant", by=by, scope=participant.dialogue.scope, subject=participant,
        sentence=Sentence(
            _("%(person)s takes the place of %(former)s"),
            {"person": person.role_title.in_all(), "former": former.role_title.in_all()},
        ),
    )  # fmt: skip
    return participant


def record_gate(dialogue: Dialogue, step: Step, gate: Gate) -> None:
    """Keep what the gate says now, so that the spine shows it everywhere from six rows. Steps call it after every act."""
    conditions = [condition.as_json() for condition in gate.conditions]
    StepRecord.objects.filter(dialogue=dialogue, step=step).update(conditions=conditions)


@transaction.atomic
def complete_step(*, by: Account, dialogue: Dialogue, step: Step, gate: Gate) -> StepRecord:
    """Close a step whose gate holds and open the next one; refuse in words otherwise. Steps call it with their own gate."""
    require_run(by, dialogue)
    row = StepRecord.objects.select_for_update().get(dialogue=dialogue, step=step)
    if row.state == StepRecord.State.DONE:
        return row
    conditions = [condition.as_json() for condition in gate.conditions]
    if row.state == StepRecord.State.CLOSED or not gate.is_open:
        raise NotNow(NOT_MET, step=step_name(step), missing=missing_words(conditions))
    row.state, row.conditions, row.done_at, row.done_by = StepRecord.State.DONE, conditions, timezone.now(), by
    row.save()
    following = StepRecord.objects.filter(dialogue=dialogue, position=row.position + 1, state=StepRecord.State.CLOSED)
    following.update(state=StepRecord.State.OPEN, opened_at=timezone.now())
    record(
        act="dialogue.complete_step", by=by, scope=dialogue.scope, subject=row,
        sentence=Sentence(_("The step “%(step)s” was completed"), {"step": step_name(step)}),
    )  # fmt: skip
    return row


@transaction.atomic
def reopen_step(*, by: Account, dialogue: Dialogue, step: Step) -> StepRecord:
    """Open a finished step again; the steps after it that were open close until its gate holds once more. Nothing adopted is lost."""
    require_run(by, dialogue)
    row = StepRecord.objects.select_for_update().get(dialogue=dialogue, step=step)
    if row.state != StepRecord.State.DONE:
        raise NotNow(_("Only a step that is done can be reopened."))
    row.state, row.done_at, row.done_by = StepRecord.State.OPEN, None, None
    row.save()
    later = StepRecord.objects.filter(dialogue=dialogue, position__gt=row.position)
    later.update(state=StepRecord.State.CLOSED, done_at=None, done_by=None)
    record(
        act="dialogue.reopen_step", by=by, scope=dialogue.scope, subject=row,
        sentence=Sentence(_("The step “%(step)s” was reopened"), {"step": step_name(step)}),
    )  # fmt: skip
    return row
