"""What a member's page shows: for the template, and the same as data for the script that keeps it up to date.

The script holds no words of its own: it takes them from here, in the reader's language.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from majlis.room.methods import Method, Phase, method
from majlis.room.models import Card, Member, Room
from majlis.room.queries import cards, room_data, seats, snapshot_seq
from majlis.room.rules import (
    ADVICE_NEEDED,
    LONGEST_CARD,
    MOST_EXTRA_MINUTES,
    in_order,
    leads,
    needs_for_closing,
    what_now,
    writable,
    writable_for_others,
)


@dataclass(frozen=True)
class Outline:
    """The cards of one kind in order."""

    kind: Card.Kind
    cards: list[Card]


def page_of(room: Room, seat: Member, language: str) -> dict[str, Any]:
    """The template's context for a member."""
    how = method(room.method)
    # The number first: what comes between is seen twice, never missed.
    seq = snapshot_seq(room)
    written = list(cards(room))
    members = list(seats(room))
    can_judge = seat.role == Member.Role.CASE_GIVER and Card.Kind.TAKEAWAY in writable(how, room.phase, seat.role)
    own, others = writable(how, room.phase, seat.role), writable_for_others(how, room.phase, seat.role)
    return {
        "room": room,
        "seat": seat,
        "method": how,
        "phase": how.phase(room.phase),
        "phases": how.phases,
        "members": members,
        "words": what_now(how, room.phase, seat.role),
        "kinds": in_order(how, room.phase, own | others) if room.is_running else [],
        "speakers": _speakers(how, room.phase, members) if others else [],
        "writes_for_others": seat.role == Member.Role.NOTE_TAKER,
        "questions": [card for card in written if card.kind == Card.Kind.QUESTION],
        "outline": [Outline(kind, [card for card in written if card.kind == kind]) for kind in _kinds_of(how)],
        "key_question": _key_question(room, written),
        "leads": leads(how, seat.role),
        "gives_case": seat.role == Member.Role.CASE_GIVER,
        "can_judge": can_judge and room.is_running,
        "flags": _flags(room, how),
        "verdicts": list(Card.Verdict),
        "needs": needs_for_closing(room),
        "minutes_left": range(1, MOST_EXTRA_MINUTES - room.extended_minutes + 1),
        "longest": LONGEST_CARD,
        "language": language,
        "live": live_data(room, seat, members, seq, language),
    }


def _flags(room: Room, how: Method) -> set[str]:
    """What is possible in this state, for the controls' `data-when`; the script works out the same from the events."""
    last = len(how.phases) or 1
    found = {"prepared"} if room.state == Room.State.PREPARED else set()
    if not room.is_over:
        found.add("open")
    if room.is_running:
        found.add("running")
        if room.phase < last:
            found.add("not-last")
        if how.phases and room.extended_minutes < MOST_EXTRA_MINUTES:
            found.add("extendable")
        if _is_deciding(how, room.phase) and not room.has_no_next_step:
            found.add("deciding")
    return found


def _is_deciding(how: Method, position: int) -> bool:
    """Whether the case giver may already say that no step follows."""
    return 0 < how.position_of("next_steps") <= position


def live_data(room: Room, seat: Member, members: list[Member], seq: int, language: str) -> dict[str, Any]:
    """What the script starts from; frontend/src/room/data.ts has its type."""
    how = method(room.method)
    return {
        "room": room.pk,
        "me": seat.person_id,
        "role": seat.role,
        "language": language,
        "seq": seq,
        "now": timezone.now().isoformat(),
        "socket": f"/live/ws/{room.pk}/",
        "ticket": reverse("room:ticket", args=[room.pk]),
        "command": reverse("room:command", args=[room.pk]),
        "events": reverse("room:events", args=[room.pk]),
        "state": room_data(room),
        "phases": [_phase_data(how, position, seat, members) for position in range(len(how.phases) + 2)],
        "judges": seat.role == Member.Role.CASE_GIVER,
        "kinds": {kind.value: str(kind.label) for kind in Card.Kind},
        "advice": list(Card.ADVICE),
        "advice_needed": ADVICE_NEEDED,
        "verdicts": {verdict.value: str(verdict.label) for verdict in Card.Verdict},
        "roles": {role.value: str(role.label) for role in Member.Role},
        "words": live_words(),
    }


def live_words() -> dict[str, str]:
    """Every word that the script says."""
    return {
        "connecting": _("Connecting …"),
        "connected": _("Connected. What others write appears here by itself."),
        "waiting": _("The connection is interrupted. What you write is kept here and sent as soon as it is back."),
        "asking": _("Connected by asking every few seconds: this network blocks the direct line."),
        "gone": _("You no longer have a seat in this room."),
        "expired": _("You are no longer signed in. Sign in again; what you wrote is kept in this browser."),
        "saving": _("Being saved …"),
        "kept": _("Kept in this browser until the connection is back"),
        "saved": _("Saved"),
        "refused": _("Not saved: %(reason)s"),
        "again": _("Put it back into the form"),
        "discard": _("Discard"),
        "minutes_left": _("%(minutes)s:%(seconds)s left"),
        "time_over": _("Time is over"),
        "no_clock": _("No clock is running"),
        "present": _("Here now: %(count)s"),
        "here": _("here"),
        "new_card": _("New: %(kind)s by %(name)s"),
        "phase_now": _("Now: %(phase)s"),
        "closed": _("This room is closed. Nothing is written in it any more."),
        "answer": _("Answer to: %(question)s"),
        "write_first": _("Write something first."),
        "someone": _("Somebody"),
        "advice_needed": _("At least %(needed)s advice cards are written; so far: %(advice)s."),
    }


def _phase_data(how: Method, position: int, seat: Member, members: list[Member]) -> dict[str, Any]:
    """What changes on this member's page in a phase: its name and prompt, what they may write and why not more."""
    phase: Phase | None = how.phase(position)
    own, others = writable(how, position, seat.role), writable_for_others(how, position, seat.role)
    shown = phase.name.shown() if phase else None
    prompt = phase.prompt.shown() if phase else None
    return {
        "name": shown.body if shown else "",
        "language": shown.language if shown else "",
        "prompt": prompt.body if prompt else "",
        "prompt_language": prompt.language if prompt else "",
        "kinds": [kind.value for kind in in_order(how, position, own | others)],
        "speakers": [member.person_id for member in _speakers(how, position, members)] if others else [],
        "words": str(what_now(how, position, seat.role)),
        "judging": Card.Kind.TAKEAWAY in writable(how, position, Member.Role.CASE_GIVER),
        "deciding": _is_deciding(how, position),
        "answering": bool(phase and phase.artefact == "question_log"),
    }


def _speakers(how: Method, position: int, members: list[Member]) -> list[Member]:
    """For whom the note taker may write now."""
    return [member for member in members if writable(how, position, member.role)]


def _kinds_of(how: Method) -> list[Card.Kind]:
    """The kinds that this method can bring forth, in the order of its phases; a plain room has notes."""
    found: list[Card.Kind] = []
    for phase in how.phases:
        for role in Member.Role:
            found += [kind for kind in writable(how, phase.position, role) if kind not in found]
    return [kind for kind in Card.Kind if kind in found] or [Card.Kind.NOTE]


def _key_question(room: Room, written: list[Card]) -> Any:
    asked = [card for card in written if card.kind == Card.Kind.KEY_QUESTION]
    if asked:
        return asked[-1].text
    return room.case.key_question if room.case and room.case.key_question else None
