"""Who may do what while sessions are prepared and held, and what lets the dialogue pass on to its evaluation."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.dialogue.models import Dialogue, Participant, Session
from majlis.dialogue.rules import Condition, Gate, can_facilitate
from majlis.language.words import in_all_languages
from majlis.room.models import Room
from majlis.steps.enable.models import AgendaBlock, Group, Seat, WrittenConsultation
from majlis.steps.enable.terms import kinds
from majlis.steps.invite.models import Invitation
from majlis.web.refused import Forbidden, NotNow, Refused
from majlis.web.sentences import Sentence

CONSULT = "CONSULT"
LIVE_METHOD = "KB60"
WRITTEN_METHOD = "KBASYNC10"
SMALLEST, LARGEST = 5, 8  # people who consult a case together (design/domain 1.7)
INTERACTION_TARGET = 0.60  # share of all minutes; shown, never enforced (design/domain 0.2)

FACILITATORS_ONLY = _("Only the secretariat and the facilitators of this dialogue may do this.")
OWN_CASE_ONLY = _("A case is brought by the participant who knows it, or noted by the secretariat for them.")
OWN_ATTENDANCE_ONLY = _("You can say only for yourself that you are there.")
NO_PLANNING = _("There is no such plan in this dialogue.")
OVER = _("This session is already closed.")
SHOWN = 5  # names in a sentence; the rest is a number


class CannotBePlanned(Refused):
    """What was asked of the groups contradicts itself; `reasons` says each contradiction and what would mend it."""

    def __init__(self, reasons: Sequence[Sentence]) -> None:
        super().__init__(
            Sentence(_("The groups cannot be planned like this: %(reasons)s"),
                     {"reasons": [in_all_languages(reason) for reason in reasons]})
        )  # fmt: skip
        self.reasons = tuple(reasons)


def require_facilitate(account: Account | None, dialogue: Dialogue) -> None:
    if not can_facilitate(account, dialogue):
        raise Forbidden(FACILITATORS_ONLY)


def require_own(account: Account | None, participant: Participant, words: str) -> None:
    """Raise unless it is their own seat in the dialogue, or somebody who facilitates it."""
    if account and participant.person.account_id == account.pk:
        return
    if not can_facilitate(account, participant.dialogue):
        raise Forbidden(words)


def require_state(session: Session, *states: Session.State) -> None:
    """Raise NotNow in words unless the session is in one of these states."""
    if session.state in states:
        return
    words = {
        Session.State.PLANNED: _("Session %(code)s has not begun yet. Start it first."),
        Session.State.RUNNING: _("Session %(code)s is running; this can only be changed before it begins."),
        Session.State.HELD: OVER,
        Session.State.CANCELLED: OVER,
    }
    raise NotNow(words[Session.State(session.state)], code=session.code)


def session_address(session: Session) -> str:
    """The page of a session, to which its rooms lead back."""
    return reverse("enable:session", args=[session.dialogue.slug, session.code])


def check_blocks(session: Session, blocks: Sequence[tuple[str, int]]) -> None:
    """Refuse in words a run of show with an unknown block, impossible minutes, or more minutes than the session has."""
    if not blocks:
        raise Refused(_("A session needs at least one block."))
    for code, minutes in blocks:
        kind = kinds().get(code)
        if kind is None:
            raise Refused(_("There is no kind of block called “%(code)s”."), code=code)
        if not kind.shortest <= minutes <= kind.longest:
            raise Refused(
                _("“%(block)s” takes %(shortest)s to %(longest)s minutes, not %(minutes)s."),
                block=kind.name.in_all(), shortest=kind.shortest, longest=kind.longest, minutes=minutes,
            )  # fmt: skip
    total = sum(minutes for _code, minutes in blocks)
    if total > session.minutes:
        raise Refused(
            _("The blocks take %(total)s minutes, but session %(code)s lasts %(minutes)s. Shorten or remove a block."),
            total=total, code=session.code, minutes=session.minutes,
        )  # fmt: skip


def round_block(blocks: Iterable[AgendaBlock]) -> AgendaBlock | None:
    """The block of a session in which people sit in groups: its consultation, else its longest block in rooms.

    One round a session: who sits together keeps together over the session's other work in rooms.
    """
    found = [block for block in blocks if block.code in kinds() and kinds()[block.code].is_in_rooms]
    return max(found, key=lambda block: (block.code == CONSULT, block.minutes, -block.position), default=None)


def group_count(people: int) -> int:
    """How many groups: as few as let nobody need to meet anybody twice (a group has no more people than there are
    groups), within the size that a consultation bears."""
    if people <= LARGEST:
        return max(1, people // SMALLEST)
    fewest = -(-people // LARGEST)
    while -(-people // fewest) > fewest and people // (fewest + 1) >= SMALLEST:
        fewest += 1
    return fewest


def gate(dialogue: Dialogue) -> Gate:
    """All planned sessions held or cancelled with a reason; every participant assigned to at least one consultation."""
    return Gate([_sessions(dialogue), _consulted(dialogue)])


def _sessions(dialogue: Dialogue) -> Condition:
    sessions = list(dialogue.sessions.all())
    if not sessions:
        return Condition(Sentence(_("No session is planned yet")), False)
    waiting = [session for session in sessions if not _is_closed(session)]
    if not waiting:
        held = sum(session.state == Session.State.HELD for session in sessions)
        words = _("All %(sessions)s sessions are closed: %(held)s held, %(cancelled)s cancelled with a reason")
        numbers = {"sessions": len(sessions), "held": held, "cancelled": len(sessions) - held}
        return Condition(Sentence(words, numbers), True)
    words = _("%(closed)s of %(sessions)s sessions are held or cancelled with a reason; still to come: %(waiting)s")
    params = {
        "closed": len(sessions) - len(waiting),
        "sessions": len(sessions),
        "waiting": [session.code for session in waiting],
    }
    return Condition(Sentence(words, params), False, [session.title.in_all() for session in waiting])


def _is_closed(session: Session) -> bool:
    return session.state == Session.State.HELD or (
        session.state == Session.State.CANCELLED and bool(session.reason.strip())
    )


def _consulted(dialogue: Dialogue) -> Condition:
    people = list(practitioners(dialogue))
    seated = consulted(dialogue)
    missing = [participant for participant in people if participant.pk not in seated]
    numbers = {"assigned": len(people) - len(missing), "people": len(people)}
    if people and not missing:
        return Condition(Sentence(_("All %(people)s participants sit in at least one consultation"), numbers), True)
    cities = {p.partner.city.slug: p.partner.city.name.in_all() for p in missing if p.partner}
    if not seated or not people:
        words = _("%(assigned)s of %(people)s participants sit in at least one consultation")
        return Condition(Sentence(words, numbers), False, list(cities.values()))
    words = _(
        "%(assigned)s of %(people)s participants sit in at least one consultation; not yet: people from %(cities)s"
    )
    return Condition(Sentence(words, numbers | {"cities": some(list(cities.values()))}), False, list(cities.values()))


def practitioners(dialogue: Dialogue, joined: Collection[int] = ()) -> QuerySet[Participant]:
    """Those who are seated in groups: everybody who takes part for a city, has neither declined the invitation nor been
    refused a place, and not handed over their seat. joined: numbers of those who came all the same."""
    away = Q(invitation__answer=Invitation.Answer.NO) | Q(invitation__approval=Invitation.Approval.REFUSED)
    return (
        dialogue.participants.filter(role=Participant.Role.PRACTITIONER, gave_way=None)
        .filter(Q(pk__in=joined) | ~away)
        .select_related("person__city", "partner__city")
    )


def consulted(dialogue: Dialogue) -> set[int]:
    """Numbers of the participants with a seat in a consultation, live in a session that was not cancelled, or in writing."""
    live = Seat.objects.filter(group__in=consultation_groups(dialogue)).values_list("participant_id", flat=True)
    written = Participant.objects.filter(
        dialogue=dialogue,
        person__room_seats__room__written__dialogue=dialogue,
        person__room_seats__left_at=None,
    ).exclude(person__room_seats__room__state=Room.State.CANCELLED)
    return set(live) | set(written.values_list("pk", flat=True))


def consultation_groups(dialogue: Dialogue) -> Iterable[Group]:
    """The groups that consult a case in sessions that were not cancelled."""
    return Group.objects.filter(
        round__block__session__dialogue=dialogue, round__block__code=CONSULT
    ).exclude(round__block__session__state=Session.State.CANCELLED)  # fmt: skip


def written(dialogue: Dialogue) -> Iterable[WrittenConsultation]:
    return dialogue.written_consultations.exclude(room__state=Room.State.CANCELLED).select_related("room__case__city")


def some(names: Sequence[object]) -> list[object]:
    """At most five names and the number of the others, for a sentence that stays readable."""
    if len(names) <= SHOWN:
        return list(names)
    return [*names[:SHOWN], f"+{len(names) - SHOWN}"]
