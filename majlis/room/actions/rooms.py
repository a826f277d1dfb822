"""Opening rooms and who sits in them."""

import secrets
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.journal.actions import record
from majlis.language.models import LANGUAGES, Text
from majlis.network.models import Person
from majlis.room.actions import log
from majlis.room.methods import methods
from majlis.room.models import Case, LiveStream, Member, Room
from majlis.room.queries import member_data, room_data, seats
from majlis.room.rules import ARRANGERS_ONLY, OVER, can_arrange, require_lead, require_seat, seat_of
from majlis.web.refused import Forbidden, NotNow, NotThere, Refused
from majlis.web.sentences import Sentence

Seats = Sequence[tuple[Person, Member.Role]]


def open_room(
    *,
    by: Account | None,
    scope: str,
    name: Text,
    method: str,
    language: str,
    members: Seats,
    case: Case | None = None,
    back_url: str = "",
) -> Room:
    """Prepare a room with its method (a code, or empty for a plain room) and its seats; it starts with `advance`.

    scope: as in the journal, e.g. dialogue:led-mena-2026. back_url: path of the page to which the room leads back. Raises Forbidden, or Refused for an unknown method or language
    and for seats that contradict each other.
    """
    if not can_arrange(by, [(person.account_id, role) for person, role in members]):
        raise Forbidden(ARRANGERS_ONLY)
    if method and method not in methods():
        raise Refused(_("There is no method with the code “%(code)s”."), code=method)
    if language not in LANGUAGES:
        raise Refused(_("“%(code)s” is not a working language here."), code=language)
    _check(members)
    with transaction.atomic():
        stream = LiveStream.objects.create(name=f"room:{secrets.token_hex(8)}")
        room = Room.objects.create(
            name=name, scope=scope, method=method, stream=stream, case=case, language=language, back_url=back_url
        )
        stream.name = f"room:{room.pk}"
        stream.save(update_fields=["name"])
        Member.objects.bulk_create(Member(room=room, person=person, role=role) for person, role in members)
        log.append(room=room, name="room.opened", actor=_person(by), data=_members(room) | {"room": room_data(room)})
        record(act="room.open", by=by, scope=scope, subject=room, facts={"seats": len(members), "method": method},
               sentence=Sentence(_("The room “%(room)s” was prepared."), {"room": name.in_all()}))  # fmt: skip
    return room


def set_members(*, by: Account | None, room: Room, members: Seats) -> list[Member]:
    """Make these the seats of the room: new people get one, roles change, whoever is missing is withdrawn at once."""
    _require_arrange(by, room)
    _check(members)
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=room.pk)
        if room.is_over:
            raise NotNow(OVER)
        wanted = {person.pk: role for person, role in members}
        gone = list(room.members.filter(left_at=None).exclude(person__in=wanted))
        for person, role in wanted.items():
            Member.objects.update_or_create(room=room, person_id=person, defaults={"role": role, "left_at": None})
        room.members.filter(pk__in=[member.pk for member in gone]).update(left_at=timezone.now())
        for member in gone:
            log.append(room=room, name="member.withdrawn", actor=_person(by), data={"person": member.person_id})
        log.append(room=room, name="members.set", actor=_person(by), data=_members(room))
        record(act="room.seat", by=by, scope=room.scope, subject=room, facts={"seats": len(wanted)},
               sentence=Sentence(_("The seats of the room “%(room)s” were set."), {"room": room.name.in_all()}))  # fmt: skip
    return list(seats(room))


def join(*, by: Account, room: Room) -> Member:
    """Note that a member is here for the first time; later calls change nothing. NotThere without a seat."""
    member = require_seat(by, room)
    if member.joined_at is not None or room.is_over:
        return member
    with transaction.atomic():
        Room.objects.select_for_update().get(pk=room.pk)
        arrived = timezone.now()
        if Member.objects.filter(pk=member.pk, joined_at=None, left_at=None).update(joined_at=arrived):
            log.append(room=room, name="member.joined", actor=member.person, data={"person": member.person_id})
            record(act="room.join", by=by, scope=room.scope, subject=room,
                   sentence=Sentence(_("Somebody joined the room “%(room)s”."), {"room": room.name.in_all()}))  # fmt: skip
    member.refresh_from_db(fields=["joined_at", "left_at"])
    return member


def withdraw_member(*, by: Account | None, room: Room, person: Person) -> None:
    """Take somebody's seat away, or give up one's own; their open pages are closed at once. Nothing they wrote is lost."""
    own = seat_of(by, room)
    if own is None or own.person_id != person.pk:
        _require_arrange(by, room)
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=room.pk)
        if not room.members.filter(person=person, left_at=None).update(left_at=timezone.now()):
            raise NotThere(_("This person has no seat in the room."))
        log.append(room=room, name="member.withdrawn", actor=_person(by), data={"person": person.pk})
        record(act="room.withdraw", by=by, scope=room.scope, subject=room,
               sentence=Sentence(_("Somebody left the room “%(room)s” for good."), {"room": room.name.in_all()}))  # fmt: skip


def _require_arrange(by: Account | None, room: Room) -> None:
    if not can_arrange(by):
        require_lead(by, room)


def _check(members: Seats) -> None:
    """One seat per person, one facilitator, and a case given by one municipality."""
    people = [person.pk for person, _role in members]
    if len(set(people)) < len(people):
        raise Refused(_("Somebody is given two seats in the same room."))
    if sum(role == Member.Role.FACILITATOR for _person, role in members) > 1:
        raise Refused(_("A room has one facilitator, not several."))
    if len({person.city_id for person, role in members if role == Member.Role.CASE_GIVER}) > 1:
        raise Refused(_("A case is given by one municipality, not by several."))


def _members(room: Room) -> dict[str, object]:
    return {"members": [member_data(each) for each in seats(room)]}


def _person(account: Account | None) -> Person | None:
    return Person.objects.filter(account=account).first() if account else None
