"""What a browser may ask of a room while it runs: names and arguments from outside, turned into actions.

The same commands come over WebSocket and over HTTP; each carries the client's own number, so a repeat changes nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from majlis.accounts.models import Account
from majlis.language.models import Text
from majlis.network.models import Person
from majlis.room import actions
from majlis.room.models import Card, Room
from majlis.web.refused import Refused

Args = Mapping[str, Any]
NUMBER = re.compile(r"[A-Za-z0-9_-]{8,60}")
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Command:
    """One command of one member. `number` is theirs alone; the log keeps it."""

    by: Account
    room: Room
    number: str
    args: Args


def perform(*, by: Account, room: Room, name: str, number: str, args: Args) -> dict[str, Any]:
    """Do what is asked and return what the acknowledgement says; it is committed then. Refused in every other case."""
    if not NUMBER.fullmatch(number):
        raise Refused(_("A command needs a number of its own: 8 to 60 letters, digits, - or _."))
    act = COMMANDS.get(name)
    if act is None:
        raise Refused(_("There is no command “%(name)s”."), name=name[:40])
    return act(Command(by, room, number, args))


def _add_card(command: Command) -> dict[str, Any]:
    args = command.args
    text = Text(_word(args, "language"), _word(args, "text", most=100_000))
    kind: Any = _word(args, "kind")
    card = actions.add_card(
        by=command.by,
        room=command.room,
        kind=kind,
        text=text,
        command=command.number,
        answer_to=_card(command, "answer_to"),
        on_behalf_of=_person(args),
    )  # fmt: skip
    return {"card": card.pk, "seq": card.seq}


def _judge_card(command: Command) -> dict[str, Any]:
    card = _card(command, "card")
    if card is None:
        raise Refused(_("Say which card you mean."))
    verdict: Any = _word(command.args, "verdict")
    actions.judge_card(by=command.by, card=card, verdict=verdict, command=command.number)
    return {}


def _advance(command: Command) -> dict[str, Any]:
    version = _integer(command.args, "version")
    room = actions.advance(by=command.by, room=command.room, expected_version=version, command=command.number)
    return {"version": room.version}


def _extend(command: Command) -> dict[str, Any]:
    minutes = _integer(command.args, "minutes") or 0
    return {
        "version": actions.extend(by=command.by, room=command.room, minutes=minutes, command=command.number).version
    }


def _decline_step(command: Command) -> dict[str, Any]:
    return {"version": actions.declare_no_step(by=command.by, room=command.room, command=command.number).version}


def _close(command: Command) -> dict[str, Any]:
    return {"version": actions.close_room(by=command.by, room=command.room, command=command.number).version}


def _cancel(command: Command) -> dict[str, Any]:
    reason = _word(command.args, "reason", most=1000)
    room = actions.cancel_room(by=command.by, room=command.room, reason=reason, command=command.number)
    return {"version": room.version}


COMMANDS: Mapping[str, Callable[[Command], dict[str, Any]]] = {
    "card.add": _add_card,
    "card.judge": _judge_card,
    "phase.next": _advance,
    "phase.extend": _extend,
    "step.decline": _decline_step,
    "room.close": _close,
    "room.cancel": _cancel,
}


# --- arguments from outside ----------------------------------------------------------------------------------------


def _word(args: Args, key: str, most: int = 40) -> str:
    value = args.get(key, "")
    if not isinstance(value, str) or len(value) > most:
        raise Refused(_("“%(key)s” is not a text that fits."), key=key)
    return value


def _integer(args: Args, key: str) -> int | None:
    """A whole number, as JSON has it or as a form sends it; None if nothing was given."""
    value = args.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_ID:
        raise Refused(_("“%(key)s” is not a whole number."), key=key)
    return value


def _card(command: Command, key: str) -> Card | None:
    number = _integer(command.args, key)
    if number is None:
        return None
    card = Card.objects.select_related("room").filter(room=command.room, pk=number).first()
    if card is None:
        raise Refused(_("This card is not in the room."))
    return card


def _person(args: Args) -> Person | None:
    number = _integer(args, "on_behalf_of")
    if number is None:
        return None
    person = Person.objects.filter(pk=number).first()
    if person is None:
        raise Refused(_("This person has no seat in the room."))
    return person
