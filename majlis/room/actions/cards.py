"""Writing cards and judging them."""

from django.db import transaction
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.language.models import LANGUAGES, Text
from majlis.language.words import in_all_languages
from majlis.network.models import Person
from majlis.room.actions import log
from majlis.room.methods import method
from majlis.room.models import Card, Member, Room
from majlis.room.queries import card_data, room_data
from majlis.room.rules import (
    GIVER_ONLY,
    LONGEST_CARD,
    require_may_write,
    require_running,
    require_seat,
    writable,
)
from majlis.web.refused import Forbidden, NotNow, NotThere, Refused
from majlis.web.sentences import Sentence


def add_card(
    *,
    by: Account,
    room: Room,
    kind: Card.Kind,
    text: Text,
    command: str = "",
    answer_to: Card | None = None,
    on_behalf_of: Person | None = None,
) -> Card:
    """Write a card, if phase and role allow it; the note taker may write it on behalf of a member who speaks.

    command: the client's own number for this act; the same one again returns the card it wrote before.
    Raises Forbidden in words for a role that may not write this now, NotNow for a room that does not run, Refused for
    an empty or too long text.
    """
    writer = require_seat(by, room)
    if kind not in Card.Kind.values:
        raise Refused(_("There is no card of the kind “%(kind)s”."), kind=kind)
    kind = Card.Kind(kind)
    _check(text)
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=room.pk)
        written = log.done_before(room, writer.person, command)
        if written:
            return _card_of(room, written.seq)
        speaker = _speaker(room, on_behalf_of) if on_behalf_of else writer
        require_may_write(room, writer, kind, speaker)
        if answer_to and (answer_to.room_id != room.pk or answer_to.kind != Card.Kind.QUESTION):
            raise Refused(_("An answer belongs to a question of this room."))
        seq = log.take_number(room)
        card = Card.objects.create(
            room=room, kind=kind, text=text, author=speaker.person, written_by=writer.person, phase=room.phase,
            seq=seq, answer_to=answer_to,
        )  # fmt: skip
        if kind == Card.Kind.KEY_QUESTION:
            _keep_question(room, text)
        log.append(room=room, name="card.added", actor=writer.person, seq=seq, command=command,
                   data={"card": card_data(card)})  # fmt: skip
        record(act="room.write", by=by, scope=room.scope, subject=card, facts={"kind": kind, "phase": room.phase},
               sentence=Sentence(_("A card of the kind “%(kind)s” was written in the room “%(room)s”."),
                                 {"kind": in_all_languages(kind.label), "room": room.name.in_all()}))  # fmt: skip
    return card


def judge_card(*, by: Account, card: Card, verdict: Card.Verdict, command: str = "") -> Card:
    """The case giver says of an advice card: keep, adapt or not now. They may change their mind until the room closes."""
    giver = _require_giver(by, card.room)
    if verdict not in Card.Verdict.values:
        raise Refused(_("Say keep, adapt or not now."))
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=card.room_id)
        card = Card.objects.select_related("author__city", "room").get(pk=card.pk)
        if log.done_before(room, giver.person, command):
            return card
        require_running(room)
        if not card.is_advice:
            raise Refused(_("Only advice is kept, adapted or left for later."))
        if Card.Kind.TAKEAWAY not in writable(method(room.method), room.phase, giver.role):
            raise NotNow(_("You say what you keep when the consultants have finished."))
        card.verdict = verdict
        card.save(update_fields=["verdict"])
        log.append(room=room, name="card.judged", actor=giver.person, command=command,
                   data={"card": card.pk, "verdict": verdict})  # fmt: skip
        record(act="room.judge", by=by, scope=room.scope, subject=card, facts={"verdict": verdict},
               sentence=Sentence(_("The case giver weighed a card in the room “%(room)s”."),
                                 {"room": room.name.in_all()}))  # fmt: skip
    return card


def declare_no_step(*, by: Account, room: Room, command: str = "") -> Room:
    """The case giver says that no next step follows, so that the room can be closed without one."""
    giver = _require_giver(by, room)
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=room.pk)
        if log.done_before(room, giver.person, command):
            return room
        require_running(room)
        if room.phase < method(room.method).position_of("next_steps"):
            raise NotNow(_("Hear the advice first; then say whether a step follows."))
        room.has_no_next_step = True
        room.version += 1
        room.save(update_fields=["has_no_next_step", "version"])
        log.append(room=room, name="step.declined", actor=giver.person, data={"room": room_data(room)}, command=command)
        record(act="room.decline_step", by=by, scope=room.scope, subject=room,
               sentence=Sentence(_("The case giver of the room “%(room)s” said that no next step follows."),
                                 {"room": room.name.in_all()}))  # fmt: skip
    return room


def _check(text: Text) -> None:
    if not text.body.strip():
        raise Refused(_("Write something first."))
    if len(text.body) > LONGEST_CARD:
        raise Refused(_("A card holds %(most)s characters; this one has %(length)s."),
                      most=LONGEST_CARD, length=len(text.body))  # fmt: skip
    if text.language not in LANGUAGES or "\0" in text.body:
        raise Refused(_("This text cannot be stored: its language or a character in it is not known here."))


def _card_of(room: Room, seq: int) -> Card:
    return Card.objects.select_related("author__city").get(room=room, seq=seq)


def _speaker(room: Room, person: Person) -> Member:
    speaker = room.members.select_related("person__city").filter(person=person, left_at=None).first()
    if speaker is None:
        raise NotThere(_("This person has no seat in the room."))
    return speaker


def _require_giver(by: Account, room: Room) -> Member:
    seat = require_seat(by, room)
    if seat.role != Member.Role.CASE_GIVER:
        raise Forbidden(GIVER_ONLY)
    return seat


def _keep_question(room: Room, text: Text) -> None:
    """The agreed key question is the case's own; an agreement to report an earlier wording does not cover it."""
    if room.case and room.case.key_question != text:
        room.case.key_question = text
        room.case.is_released = False
        room.case.save(update_fields=["key_question", "is_released"])
