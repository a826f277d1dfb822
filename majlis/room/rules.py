"""Who may write what, and when: speech rights by phase and role, who leads, and what closing asks for.

The rights follow from what a phase brings forth (its artefact), so that every shipped method has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account, Role
from majlis.language.words import in_all_languages
from majlis.room.methods import Method, Phase, method
from majlis.room.models import Card, Member, Room
from majlis.web.refused import Forbidden, NotNow, NotThere
from majlis.web.sentences import Sentence

Kind = Card.Kind
Seat = Member.Role
Rights = Mapping[Card.Kind, frozenset[Member.Role]]

EVERYBODY = frozenset(Seat)
GIVER = frozenset({Seat.CASE_GIVER})
# The note taker and the time keeper may also consult; the facilitator never does.
ADVISERS = frozenset({Seat.CONSULTANT, Seat.NOTE_TAKER, Seat.TIME_KEEPER})
ADVICE: frozenset[Card.Kind] = frozenset(Card.ADVICE)

# What may be written where this comes forth, and by whom at most; a phase narrows it to those who speak in it.
RIGHTS: Mapping[str, Rights] = {
    "role_sheet": {Kind.NOTE: EVERYBODY},
    "commitment_update": {Kind.NOTE: EVERYBODY},
    "case_card": {Kind.NOTE: EVERYBODY},
    "question_log": {Kind.QUESTION: ADVISERS, Kind.NOTE: GIVER},
    # A key question that was missed may still be written when the case giver speaks again.
    "key_question": {Kind.KEY_QUESTION: GIVER, Kind.NOTE: EVERYBODY},
    "hypothesis_cards": {Kind.NOTE: ADVISERS},
    "advice_cards": dict.fromkeys(Card.ADVICE, ADVISERS),
    "next_steps": {Kind.TAKEAWAY: GIVER, Kind.NEXT_STEP: GIVER, Kind.KEY_QUESTION: GIVER, Kind.NOTE: ADVISERS},
    "support_offers": {Kind.CONTACT: ADVISERS, Kind.RESOURCE: ADVISERS, Kind.NOTE: GIVER},
    "learning_notes": {Kind.LEARNING: EVERYBODY},
    "private_note": {},
}
ADVICE_NEEDED = 3
MOST_EXTRA_MINUTES = 5
LONGEST_CARD = 4000  # characters: a long page, far below a frame's limit

NOT_THERE = _("This room is not there, or it is not open to you.")
NOT_STARTED = _("The room is prepared. Writing begins when the facilitator starts the first phase.")
OVER = _("This room is closed. Nothing is written in it any more.")
LEADERS_ONLY = _("Only the facilitator of this room may do this.")
GIVER_ONLY = _("Only the case giver may do this.")
ARRANGERS_ONLY = _("Only the secretariat or a facilitator may arrange rooms.")
SILENT = _("You listen now and write nothing: the consultants speak. Afterwards you say what you keep.")
LEADS = _("You lead this phase and give no advice on the matter.")
OBSERVES = _("You observe. You speak in the learning round.")
INTERPRETS = _("You interpret on a channel of your own and write nothing here.")
LISTENS = _("You listen in this phase. Now speak: %(roles)s.")
STILL = _("This phase is silent: everybody notes for themselves.")
MAY_WRITE = _("You may write now: %(kinds)s.")
MAY_WRITE_FOR = _("You may write for those who speak now: %(kinds)s.")
WRONG_KIND = _("“%(kind)s” is not written in the phase “%(phase)s”. %(instead)s")
NOT_FOR_THEM = _("You can write for a member only what that member may write in this phase.")
NOT_A_WRITER = _("Only the note taker writes for others.")


# --- speech rights -------------------------------------------------------------------------------------------------


def voices(phase: Phase) -> frozenset[Member.Role]:
    """The roles that speak in a phase, with those who may consult beside their task."""
    speaking = phase.speaks | ADVISERS if Seat.CONSULTANT in phase.speaks else phase.speaks
    return speaking - phase.silent


def writable(how: Method, position: int, role: str) -> frozenset[Card.Kind]:
    """The kinds of card that a role may write for itself in the phase at this position of a method."""
    if not how.phases:
        return frozenset() if role in {Seat.OBSERVER, Seat.INTERPRETER} else frozenset({Kind.NOTE})
    phase = how.phase(position)
    if phase is None or role not in voices(phase):
        return frozenset()
    return frozenset(kind for kind, roles in RIGHTS[phase.artefact].items() if role in roles)


def writable_for_others(how: Method, position: int, role: str) -> frozenset[Card.Kind]:
    """The kinds that a role may write on behalf of somebody who speaks: the note taker's task, nobody else's."""
    if role != Seat.NOTE_TAKER:
        return frozenset()
    return frozenset().union(*(writable(how, position, each) for each in Seat))


def in_order(how: Method, position: int, kinds: Iterable[Card.Kind]) -> list[Card.Kind]:
    """Kinds in the order in which a phase asks for them: what it is for comes first."""
    phase, chosen = how.phase(position), set(kinds)
    return [kind for kind in (RIGHTS[phase.artefact] if phase else Kind) if kind in chosen]


def require_may_write(room: Room, member: Member, kind: Card.Kind, speaker: Member | None = None) -> None:
    """Raise in words unless `member` may write a card of this kind now, for themselves or for `speaker`."""
    require_running(room)
    how = method(room.method)
    if speaker and speaker != member:
        if member.role != Seat.NOTE_TAKER:
            raise Forbidden(NOT_A_WRITER)
        if kind not in writable(how, room.phase, speaker.role):
            raise Forbidden(NOT_FOR_THEM)
    elif kind not in writable(how, room.phase, member.role):
        raise Forbidden(why_not(how, room.phase, member.role, kind))


def why_not(how: Method, position: int, role: str, kind: Card.Kind) -> Sentence:
    """Why a role may not write this kind in this phase, and what it may do instead."""
    phase, instead = how.phase(position), what_now(how, position, role)
    if phase is None or not writable(how, position, role):
        return instead
    params = {"kind": in_all_languages(kind.label), "phase": phase.name.in_all(), "instead": in_all_languages(instead)}
    return Sentence(WRONG_KIND, params)


def what_now(how: Method, position: int, role: str) -> Sentence:
    """What a role may do in a phase, in words: which cards it may write, or why it writes none."""
    own, others = writable(how, position, role), writable_for_others(how, position, role)
    phase = how.phase(position)
    if own:
        return Sentence(MAY_WRITE, {"kinds": _labels(how, position, own)})
    if others:
        return Sentence(MAY_WRITE_FOR, {"kinds": _labels(how, position, others)})
    if role == Seat.INTERPRETER:
        return Sentence(INTERPRETS)
    if role == Seat.OBSERVER:
        return Sentence(OBSERVES)
    if phase is None:
        return Sentence(NOT_STARTED)
    if role in phase.silent:
        return Sentence(SILENT)
    if role == Seat.FACILITATOR and phase.artefact == "advice_cards":
        return Sentence(LEADS)
    speaking = [seat for seat in Seat if seat in phase.speaks]
    return (
        Sentence(LISTENS, {"roles": [in_all_languages(seat.label) for seat in speaking]})
        if speaking
        else Sentence(STILL)
    )


def _labels(how: Method, position: int, kinds: Iterable[Card.Kind]) -> list[dict[str, str]]:
    return [in_all_languages(kind.label) for kind in in_order(how, position, kinds)]


# --- who is who ----------------------------------------------------------------------------------------------------


def seat_of(account: Account | None, room: Room) -> Member | None:
    """This account's seat in the room, unless they were withdrawn from it."""
    if account is None or not account.is_authenticated or not account.is_active:
        return None
    seats = room.members.select_related("person__city", "person__account")
    return seats.filter(person__account=account, person__account__is_active=True, left_at=None).first()


def require_seat(account: Account | None, room: Room) -> Member:
    """Their seat; NotThere for everybody else, so that a room and its absence look the same."""
    seat = seat_of(account, room)
    if seat is None:
        raise NotThere(NOT_THERE)
    return seat


def leads(how: Method, role: str) -> bool:
    """The facilitator moves the phases; where a method has none, the time keeper, else everybody at the table."""
    if Seat.FACILITATOR in how.roles:
        return role == Seat.FACILITATOR
    if Seat.TIME_KEEPER in how.roles:
        return role in {Seat.TIME_KEEPER, Seat.FACILITATOR}
    return role not in {Seat.OBSERVER, Seat.INTERPRETER}


def require_lead(account: Account | None, room: Room) -> Member:
    seat = require_seat(account, room)
    if not leads(method(room.method), seat.role):
        raise Forbidden(LEADERS_ONLY)
    return seat


def can_arrange(account: Account | None, seats: Iterable[tuple[int, str]] = ()) -> bool:
    """Majlis itself, the secretariat, facilitators, and whoever facilitates among `seats` ((account number, role))."""
    if account is None:
        return True
    if account.is_active and account.role in {Role.SECRETARIAT, Role.FACILITATOR}:
        return True
    return account.is_active and (account.pk, Seat.FACILITATOR) in {(number, Seat(role)) for number, role in seats}


def can_see_state(account: Account, room: Room) -> bool:
    """The secretariat sees that a room runs and in which phase, never what is said in it."""
    return bool(account.is_authenticated and account.is_active and account.role == Role.SECRETARIAT)


def require_running(room: Room) -> None:
    if room.is_over:
        raise NotNow(OVER)
    if not room.is_running:
        raise NotNow(NOT_STARTED)


# --- closing -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """One thing that closing a consultation asks for; `key` is key_question, advice or next_step."""

    key: str
    sentence: Sentence
    is_met: bool


def needs_for_closing(room: Room) -> list[Need]:
    """A key question, three advice cards, and a next step or the word that none follows; nothing for a plain room."""
    how = method(room.method)
    counted = dict(room.cards.values_list("kind").annotate(Count("pk")).order_by())
    advice = sum(counted.get(kind, 0) for kind in ADVICE)
    has_question = bool(counted.get(Kind.KEY_QUESTION)) or bool(room.case and room.case.key_question)
    needs = []
    if how.position_of("key_question"):
        needs.append(Need("key_question", Sentence(_("The key question is written.")), has_question))
    if how.position_of("advice_cards"):
        said = Sentence(_("At least %(needed)s advice cards are written; so far: %(advice)s."),
                        {"needed": ADVICE_NEEDED, "advice": advice})  # fmt: skip
        needs.append(Need("advice", said, advice >= ADVICE_NEEDED))
    if how.position_of("next_steps"):
        step = bool(counted.get(Kind.NEXT_STEP)) or room.has_no_next_step
        said = Sentence(_("A next step is written, or the case giver says that none follows."))
        needs.append(Need("next_step", said, step))
    return needs
